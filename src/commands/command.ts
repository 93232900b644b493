/** How every command runs: one transaction, idempotency key and right checked first, refused means nothing changed. */
import { actorLabel, mayDo, type Actor, type Right } from '../domain/actor.ts';
import type { JsonValue } from '../domain/json.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome, type Problem } from '../domain/problem.ts';

/** Who asks, under which idempotency key, with which body (SHA-256 hex over method, path and body). */
export interface Request {
  readonly actor: Actor;
  readonly key: string | null;
  readonly bodySha256: string;
}

/** A request of a machine of ours: no key, because the engine's steps are idempotent by state. */
export function machineRequest(
  name: 'engine' | 'watch' | 'dispatch' | 'import' | 'intake',
): Request {
  return { actor: { kind: 'machine', name }, key: null, bodySha256: '' };
}

export type Answer<T> = Outcome<T> & { readonly replayed?: boolean };

class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.type);
    this.problem = problem;
  }
}

/**
 * Runs `fn` for a person who has the right, once per idempotency key. A key seen before with the same body gives the
 * first answer again; with another body it is refused. A refusal rolls the transaction back.
 */
export async function runCommand<T>(
  house: House,
  request: Request,
  right: Right,
  fn: (store: Store) => Promise<Outcome<T>>,
): Promise<Answer<T>> {
  const { actor, key, bodySha256 } = request;
  if (!mayDo(actor, right)) {
    return refuse(
      'forbidden',
      `This needs the right "${right}", which none of your roles carries.`,
    );
  }
  try {
    return await house.as(actor, async (store): Promise<Answer<T>> => {
      const label = actorLabel(actor);
      const kept = key === null ? null : await store.house.answerUnder(label, key);
      if (kept !== null) {
        if (kept.bodySha256 !== bodySha256) {
          return refuse(
            'key-reused',
            'This Idempotency-Key was used with another request; use a new key.',
          );
        }
        // The answer was stored by this command under this body, so it has the command's own shape.
        return { ...done(kept.answer as T), replayed: true };
      }
      const outcome = await fn(store);
      if (!outcome.ok) throw new Refused(outcome.problem);
      if (key !== null) {
        await store.house.keepAnswer(label, key, bodySha256, outcome.value as JsonValue);
      }
      return outcome;
    });
  } catch (error) {
    if (error instanceof Refused) return { ok: false, problem: error.problem };
    throw error;
  }
}
