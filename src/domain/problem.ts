/** Why a command was refused: one value a person can act on, shaped for RFC 9457 at the edge. */

export type ProblemType =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'four-eyes'
  | 'stale'
  | 'key-reused'
  | 'in-progress'
  | 'too-large'
  | 'unsupported-media'
  | 'rate-limited'
  | 'unavailable'
  | 'internal';

export interface FieldFault {
  /** JSON pointer to the field, `/facts/0/value`. */
  readonly pointer: string;
  readonly detail: string;
}

export interface Problem {
  readonly type: ProblemType;
  /** One sentence that says what is wrong and what to do next; no personal data. */
  readonly detail: string;
  readonly errors?: readonly FieldFault[];
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | Refusal;
export interface Refusal {
  readonly ok: false;
  readonly problem: Problem;
}

export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refuse(type: ProblemType, detail: string, errors?: readonly FieldFault[]): Refusal {
  return { ok: false, problem: { type, detail, ...(errors === undefined ? {} : { errors }) } };
}
