/** The answer to a dot that came after its row was put in doubt: the doubt is over, and whoever waited for it is told. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import { caseTimeAt } from '../domain/instant.ts';
import type { ClaimedDelivery } from '../domain/notice-ports.ts';
import type { Store } from '../domain/ports.ts';
import { settleTold } from './settle-obligation.ts';

const dispatcher: Actor = { kind: 'machine', name: 'dispatch' };

// A further copy may have ended the notice meanwhile, and may have been refused: this one counts all the same.
async function settleAfterTheEnd(store: Store, caseId: string, noticeId: string): Promise<void> {
  const notice = await store.notices.read(noticeId);
  if (notice?.state !== 'dispatched') return;
  const file = await store.cases.read(caseId);
  const [sent] = await store.notices.sentRows(noticeId, 1);
  if (file === null || sent === undefined) return;
  await settleTold(store, notice, {
    dispatchedAt: caseTimeAt(file.clock, sent.atDotAt),
    nowAt: caseTimeAt(file.clock, await store.house.now()),
  });
}

/** In the transaction that settles the row; false when the row is not this attempt's doubt, and then nothing changed. */
export async function acceptLate(
  store: Store,
  { deliveryId, attemptId }: Pick<ClaimedDelivery, 'deliveryId' | 'attemptId'>,
  reply: string,
): Promise<boolean> {
  const row = await store.notices.settleLate(deliveryId, attemptId, reply);
  if (row === null) return false;
  const { caseId, noticeId } = row;
  const by = actorLabel(dispatcher);
  const subject = `delivery/${deliveryId}`;
  // What this copy did, a further one need not do.
  await store.resends.cancelLater(deliveryId);
  await store.tasks.completeBySubject(caseId, 'in-doubt', subject, by, 'accepted after all');
  await store.house.wake('notice', noticeId);
  await settleAfterTheEnd(store, caseId, noticeId);
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'delivery.resolved',
    actor: by,
    data: { deliveryId, noticeId, how: 'sent' },
  });
  return true;
}
