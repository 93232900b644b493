/** What routes declare and how they answer: every status with its schema, and commands run for the person who asks. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer, Request } from '../../commands/command.ts';
import type { EngineState } from '../../domain/views.ts';
import { canonicalJson } from '../../register/canonical.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';

const problem = z
  .object({
    type: z.string().meta({ format: 'uri-reference' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    correlationId: z.string(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

const meanings = {
  400: 'The request, or a header of it, cannot be read',
  401: 'No bearer token, or one that is not known',
  403: 'The right for this is missing',
  404: 'There is no such thing, or it is not for you to see',
  409: 'Not possible as things stand: conflict, four eyes, or stale',
  413: 'The body is too large',
  415: 'The content type is not read here',
  422: 'The request is not valid; `errors` name the fields',
  429: 'Too many requests; see Retry-After',
  500: 'Something went wrong here; nothing was changed',
  503: 'The database does not answer just now',
} as const;

function failures<Status extends keyof typeof meanings>(statuses: readonly Status[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: meanings[status],
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

const readFailures = failures([400, 401, 403, 404, 422, 429, 500, 503]);

/** Responses of a route that reads. */
export function readAnswers<S extends z.ZodType>(schema: S) {
  return { ...readFailures, 200: schema };
}

/** Responses of a route that gives something other than JSON. */
export function fileAnswers(mediaType: string, description: string) {
  const schema = z.string().describe(description);
  return { ...readFailures, 200: { description, content: { [mediaType]: { schema } } } };
}

const writeFailures = failures([400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503]);

/** Responses of a route that runs a command. */
export function writeAnswers<S extends z.ZodType>(schema: S) {
  return { ...writeFailures, 200: schema };
}

/** Responses of a route that may create what it names. */
export function createAnswers<S extends z.ZodType>(schema: S) {
  return { ...writeFailures, 200: schema, 201: schema };
}

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

/** Headers of a POST: the same key and body give the first answer again. */
export const keyHeader = z.looseObject({ 'idempotency-key': idempotencyKey.optional() });
/** Headers of a POST that must carry a key. */
export const neededKeyHeader = z.looseObject({
  'idempotency-key': z.string('Idempotency-Key is needed').pipe(idempotencyKey),
});

/** The request as commands take it: who, under which key, and the digest over method, path and body. */
export function commandRequest(request: FastifyRequest): Request {
  const key = request.headers['idempotency-key'];
  const path = request.url.split('?', 1)[0] ?? '';
  const spelled = canonicalJson({
    method: request.method,
    path,
    match: request.headers['if-match'] ?? null,
    body: request.sentBody,
  });
  return {
    actor: personOf(request),
    key: typeof key === 'string' ? key : null,
    bodySha256: createHash('sha256').update(spelled).digest('hex'),
  };
}

/** The value of an answer with the engine's state; a refusal is thrown to the error handler. */
export async function settle<T>(
  ports: WebPorts,
  reply: FastifyReply,
  answer: Answer<T>,
): Promise<{ value: T; engine: EngineState }> {
  if (!answer.ok) {
    throw new ProblemError(answer.problem.type, answer.problem.detail, answer.problem.errors);
  }
  if (answer.replayed === true) void reply.header('idempotency-replayed', 'true');
  return { value: answer.value, engine: await ports.engine() };
}
