/** One JSON object a line on stderr, by allow-list: what is not named here is never logged. */
import { pino } from 'pino';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Fields that may be logged: ids, counts, names of parts and messages without personal data. */
export interface LogFields {
  readonly message?: string;
  readonly code?: string;
  readonly correlationId?: string;
  readonly count?: number;
}

/** Mail servers repeat the recipient in their refusals; a URL's user and password have the same form. */
const address = /[^\s<>@/:"']+(:[^\s<>@/"']+)?@[^\s<>@"',;)]+/g;

export type Log = (level: Level, part: string, fields: LogFields) => void;

export function openLog(level: Level): Log {
  const logger = pino(
    { level, base: { pid: process.pid } },
    pino.destination({ dest: 2, sync: true }),
  );
  return (at, part, { message, code, correlationId, count }) => {
    logger[at]({ part, message, code, correlationId, count });
  };
}

/**
 * An error as log fields: its kind and message without addresses, but of a database error only the state, because its
 * text may hold rows.
 */
export function faultOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { message: 'unknown failure' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const database = code !== undefined && /^[0-9A-Z]{5}$/.test(code);
  return {
    message: database
      ? `database error (${error.name})`
      : `${error.name}: ${error.message.replace(address, '<address>').slice(0, 300)}`,
    ...(code === undefined ? {} : { code }),
  };
}
