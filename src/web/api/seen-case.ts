/** Finds the case a path names, by id or reference, for someone who may see it. */
import { z } from 'zod';
import type { Person } from '../../domain/actor.ts';
import type { Store } from '../../domain/ports.ts';
import type { Views } from '../../domain/views.ts';
import type { WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';

/** `{case}` of a path: an id, or a reference such as `B-2026-0042`. */
export const caseParam = z.object({ case: z.string().min(1).max(100) });

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const reference = /^[BD]-\d{4}-\d{4,9}$/;

/** What a case that is not there and one that is not for this person have in common. */
export function notFound(): ProblemError {
  return new ProblemError('not-found', 'There is no such thing, or it is not for you to see.');
}

/** The id a path means; null when no such case is to be seen. */
export async function caseIdOf(views: Views, named: string): Promise<string | null> {
  if (uuid.test(named)) return named.toLowerCase();
  return reference.test(named) ? await views.caseByReference(named) : null;
}

/** Reads something of a case in one transaction as the person. Throws `not-found` for a case not to be seen. */
export function readOfCase<T>(
  ports: WebPorts,
  person: Person,
  named: string,
  read: (views: Views, caseId: string, store: Store) => Promise<T>,
): Promise<T> {
  return ports.house.as(person, async (store) => {
    const { views, cases } = store;
    const caseId = await caseIdOf(views, named);
    if (caseId === null || (await cases.read(caseId)) === null) throw notFound();
    return read(views, caseId, store);
  });
}
