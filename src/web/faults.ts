/** Turns whatever was thrown into a problem a caller may see, and logs the rest under the correlation id. */
import type { FastifyBaseLogger, FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { FieldFault } from '../domain/problem.ts';
import { ProblemError } from './problems.ts';

type Seen = ProblemError['problem'];

/** The problem behind an error of any origin; what is ours to repair is logged without message or data. */
export function problemOf(error: unknown, correlationId: string, log: FastifyBaseLogger): Seen {
  if (error instanceof ProblemError) return error.problem;
  if (hasZodFastifySchemaValidationErrors(error)) return validationProblem(error);
  const known = databaseProblem(codeOf(error)) ?? fastifyProblem(error);
  if (known === null || known.type === 'unavailable') logFault(error, correlationId, log);
  return (
    known ?? {
      type: 'internal',
      detail:
        'Nothing was changed. Try again; if it stays, give the correlation id to an operator.',
    }
  );
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** Whether a transaction cut off in its commit was kept is not known here: the key makes asking again safe. */
const databaseAway: Seen = {
  type: 'unavailable',
  detail:
    'The database does not answer just now. Ask again; under the same Idempotency-Key nothing is done twice.',
};
/** What the driver says without a code. */
const lostConnection =
  /timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable/;

function databaseProblem(code: string): Seen | null {
  if (code === 'BAD_CURSOR') {
    const errors = [{ pointer: '/cursor', detail: 'start again without a cursor' }];
    return { type: 'invalid', detail: 'This list gave out no such cursor.', errors };
  }
  if (code === '23505') {
    return { type: 'conflict', detail: 'The same was recorded at this moment; look again.' };
  }
  const away =
    /^(08|28|53|57|ECONN|ETIMEDOUT|EPIPE)/.test(code) || code === '40001' || code === '40P01';
  return away ? databaseAway : null;
}

function fastifyProblem(error: unknown): Seen | null {
  if (!(error instanceof Error)) return null;
  if (lostConnection.test(error.message)) return databaseAway;
  const { statusCode = 500 } = error as FastifyError;
  switch (statusCode) {
    case 400:
      return {
        type: 'malformed',
        detail: 'The request cannot be read as HTTP with this content type.',
      };
    case 404:
      return { type: 'not-found', detail: 'There is nothing here.' };
    case 413:
      return { type: 'too-large', detail: 'The body is larger than this route takes.' };
    case 415:
      return { type: 'unsupported-media', detail: 'Send application/json.' };
    case 429:
      return { type: 'rate-limited', detail: 'Too many requests; wait as Retry-After says.' };
    case 503:
      return { type: 'unavailable', detail: 'This server is stopping; try again.' };
    default:
      return null;
  }
}

interface ValidationError {
  readonly validation: readonly {
    readonly keyword: string;
    readonly instancePath: string;
    readonly message?: string;
    readonly params: object;
  }[];
  readonly validationContext?: string | undefined;
}

function validationProblem(error: ValidationError): Seen {
  const errors = error.validation.flatMap(fieldFaults).slice(0, 50);
  if (error.validationContext === 'params')
    return { type: 'not-found', detail: 'There is nothing here.' };
  if (error.validationContext === 'headers') {
    return { type: 'malformed', detail: 'A header is missing or cannot be used.', errors };
  }
  return {
    type: 'invalid',
    detail: 'Nothing was changed: see what is wrong with which field.',
    errors,
  };
}

function fieldFaults(issue: ValidationError['validation'][number]): FieldFault[] {
  const base = issue.instancePath === '/' ? '' : issue.instancePath;
  const keys =
    'keys' in issue.params && Array.isArray(issue.params.keys) ? issue.params.keys : null;
  if (issue.keyword === 'unrecognized_keys' && keys !== null) {
    return keys.map((key) => ({
      pointer: `${base}/${pointerPart(String(key))}`,
      detail: 'is not a field here',
    }));
  }
  return [{ pointer: base, detail: issue.message ?? 'is not valid' }];
}

/** One part of a JSON pointer, RFC 6901, cut to a length that can be read. */
export function pointerPart(key: string): string {
  return key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}

// Messages of database errors carry values; the log gets names, codes and places only.
function logFault(error: unknown, correlationId: string, log: FastifyBaseLogger): void {
  // A message may itself hold lines that look like frames.
  const stack = error instanceof Error ? (error.stack ?? '').replace(error.message, '') : '';
  log.error(
    {
      correlationId,
      name: error instanceof Error ? error.name : typeof error,
      code: codeOf(error),
      frames: stack
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 12),
    },
    'request failed',
  );
}
