/** The log of the web edge, by allow-list: whatever Fastify or a plugin hands over, only this much is written. */
import { pino } from 'pino';
import type { FastifyBaseLogger } from 'fastify';
import type { Level } from './log.ts';

/** Our own sentences and Fastify's that say nothing of a request. */
const sentences = /^(request failed|Server listening at https?:\/\/[\w.:[\]-]+)$/;

/** A pino logger that drops every field and sentence not named here: no body, header, query, address or error text. */
export function openWebLog(
  level: Level,
  destination: pino.DestinationStream = pino.destination({ dest: 2, sync: true }),
): FastifyBaseLogger {
  return pino(
    {
      level,
      base: { pid: process.pid, part: 'serve' },
      hooks: {
        logMethod([first, second]: unknown[], method) {
          const message = typeof first === 'string' ? first : second;
          method.call(this, allowed(first), sentenceOf(message));
        },
      },
    },
    destination,
  );
}

function sentenceOf(message: unknown): string {
  return typeof message === 'string' && sentences.test(message) ? message : 'web edge';
}

/** Of an error its kind and code; of fields those by which a fault is found again. */
function allowed(first: unknown): Record<string, unknown> {
  if (typeof first !== 'object' || first === null) return {};
  if (first instanceof Error) return faultFields(first);
  const { correlationId, name, code, frames, err, statusCode } = first as Record<string, unknown>;
  return {
    correlationId,
    name,
    code,
    frames,
    statusCode,
    ...(err instanceof Error ? faultFields(err) : {}),
  };
}

function faultFields(error: Error): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, code };
}
