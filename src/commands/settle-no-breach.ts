/** What was owed while a case was thought a breach, once it is not: unsent notices are pulled, sent ones proposed for withdrawal. */
import { actorLabel } from '../domain/actor.ts';
import type { CaseFile } from '../domain/case.ts';
import type { Notice } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import { contractSubject } from './ask-contracts.ts';
import { machineRequest } from './command.ts';
import { pullUnsent } from './create-follow-up.ts';
import { askToWithdraw } from './follow-notices.ts';

const engine = actorLabel(machineRequest('engine').actor);
const reason = 'Not owed, because the case was determined not to be a breach.';
const everyPhase = ['initial', 'supplementary', 'final'] as const;

/** The case is locked. What nobody was told of is not owed any more; the rest waits for a person. Twice gives the same. */
export async function settleNoBreach(store: Store, file: CaseFile): Promise<void> {
  const pulled: string[] = [];
  const lowered: string[] = [];
  const proposed: string[] = [];
  for (const obligation of await store.obligations.ofCase(file.caseId)) {
    if (obligation.recipientKind === 'register' || isSettled(obligation)) continue;
    const standing = await store.followUps.standing(obligation.obligationId);
    pulled.push(...(await pullUnsent(store, standing, everyPhase)));
    if (obligation.dispatchedAt !== null || (await isOnItsWay(store, standing))) {
      await askToWithdraw(store, obligation);
      proposed.push(obligation.obligationId);
    } else {
      await lower(store, obligation);
      lowered.push(obligation.obligationId);
    }
  }
  await store.cases.markObliged(file.caseId, file.revision);
  await store.register.append({
    stream: `case/${file.caseId}`,
    type: 'obligations.lowered',
    actor: engine,
    data: { revision: file.revision, lowered, proposed, pulled },
  });
}

function isSettled({ state }: Obligation): boolean {
  return state === 'not-owed' || state === 'withdrawn';
}

// Released: copies may be leaving, or a person may be filing it right now.
async function isOnItsWay(store: Store, standing: readonly Notice[]): Promise<boolean> {
  for (const { noticeId, state } of standing) {
    if (state === 'released') return true;
    if (await store.notices.mayHaveLeft(noticeId)) return true;
  }
  return false;
}

async function lower(store: Store, { caseId, obligationId }: Obligation): Promise<void> {
  await store.obligations.decide(obligationId, 'not-owed', reason, engine);
  await store.alarms.silence(`obligation/${obligationId}`);
  await store.alarms.silence(contractSubject(obligationId));
  await store.tasks.completeBySubject(
    caseId,
    ['decide-obligation', 'review-obligation'],
    obligationId,
    engine,
    'not a breach',
  );
}
