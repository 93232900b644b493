/** Locks a case for a change, or says why it cannot be changed. */
import type { CaseFile } from '../domain/case.ts';
import type { Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';

/** The locked case; `not-found` also when this actor may not see it, so that nothing is given away. */
export async function lockCase(store: Store, caseId: string): Promise<Outcome<CaseFile>> {
  const file = await store.cases.lock(caseId);
  return file === null ? refuse('not-found', 'There is no such case.') : done(file);
}

/** The locked case if it is not closed. */
export async function lockOpenCase(store: Store, caseId: string): Promise<Outcome<CaseFile>> {
  const locked = await lockCase(store, caseId);
  if (!locked.ok || locked.value.state !== 'closed') return locked;
  return refuse(
    'conflict',
    `${locked.value.reference} is closed; open a new case or ask to reopen it.`,
  );
}
