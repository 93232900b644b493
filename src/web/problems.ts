/** Problems on the wire: RFC 9457, one status per type, nothing inside that a caller may not see. */
import type { FastifyReply } from 'fastify';
import type { FieldFault, Problem, ProblemType } from '../domain/problem.ts';

type EdgeProblemType = ProblemType | 'method-not-allowed';

interface Shape {
  readonly status: number;
  readonly title: string;
}

const shapes: Readonly<Record<EdgeProblemType, Shape>> = {
  malformed: { status: 400, title: 'The request cannot be read' },
  invalid: { status: 422, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'You may not do this' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'This cannot be done here' },
  conflict: { status: 409, title: 'Not possible as things stand' },
  'four-eyes': { status: 409, title: 'Another person is needed' },
  stale: { status: 409, title: 'It has changed since you read it' },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used before' },
  'in-progress': { status: 409, title: 'The same request is being worked on' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media': { status: 415, title: 'This content type is not read here' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available just now' },
  internal: { status: 500, title: 'Something went wrong here' },
};

/** A refusal on its way to the error handler of the edge. */
export class ProblemError extends Error {
  readonly problem: Omit<Problem, 'type'> & { readonly type: EdgeProblemType };
  constructor(type: EdgeProblemType, detail: string, errors?: readonly FieldFault[]) {
    super(type);
    this.name = 'ProblemError';
    this.problem = { type, detail, ...(errors === undefined ? {} : { errors }) };
  }
}

/** The HTTP status of a problem type. */
export function statusOf(type: EdgeProblemType): number {
  return shapes[type].status;
}

/** The heading of a problem type, for people. */
export function titleOf(type: EdgeProblemType): string {
  return shapes[type].title;
}

/** Answers with `application/problem+json` and the correlation id under which the log has the rest. */
export function sendProblem(reply: FastifyReply, problem: ProblemError['problem']): FastifyReply {
  const { status, title } = shapes[problem.type];
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: `/problems/${problem.type}`,
      title,
      status,
      detail: problem.detail,
      ...(problem.errors === undefined ? {} : { errors: problem.errors }),
      correlationId: reply.request.id,
    });
}
