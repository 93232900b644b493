/** Locks what a recipient has been told for a person's act on it, in the order the engine locks: case, notices, obligation. */
import type { CaseFile } from '../domain/case.ts';
import type { Told } from '../domain/follow-up-ports.ts';
import type { Notice } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { lockOpenCase } from './lock-case.ts';

export interface LockedTold {
  readonly obligation: Obligation;
  readonly file: CaseFile;
  /** Its notices that stand, oldest first. */
  readonly standing: readonly Notice[];
  readonly told: Told;
}

/** Refused when nothing that stands has left, when it was withdrawn, or while another copy is on its way. */
export async function lockTold(store: Store, obligationId: string): Promise<Outcome<LockedTold>> {
  const [some] = await store.followUps.standing(obligationId);
  if (some !== undefined) {
    const locked = await lockOpenCase(store, some.caseId);
    if (!locked.ok) return locked;
  }
  const standing: Notice[] = [];
  for (const { noticeId } of await store.followUps.standing(obligationId)) {
    const notice = await store.notices.lock(noticeId);
    if (notice !== null) standing.push(notice);
  }
  const obligation = await store.obligations.lock(obligationId);
  const file = obligation === null ? null : await store.cases.read(obligation.caseId);
  if (obligation === null || file === null) {
    return refuse('not-found', 'There is no such obligation.');
  }
  if (obligation.state === 'withdrawn') {
    return refuse('conflict', 'What was notified has been withdrawn already.');
  }
  if (standing.some(({ state }) => state === 'released')) {
    return refuse(
      'conflict',
      'A notice to this recipient is on its way: wait until it has left, or cancel it first.',
    );
  }
  const told = await store.followUps.told(obligationId);
  if (told === null) return refuse('conflict', 'No notice to this recipient has left.');
  return done({ obligation, file, standing, told });
}
