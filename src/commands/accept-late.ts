/** The answer to a dot that came after its row was put in doubt: the doubt is over, and whoever waited for it is told. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { ClaimedDelivery } from '../domain/notice-ports.ts';
import type { Store } from '../domain/ports.ts';

const dispatcher: Actor = { kind: 'machine', name: 'dispatch' };

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
  await store.tasks.completeBySubject(caseId, 'in-doubt', subject, by, 'accepted after all');
  await store.house.wake('notice', noticeId);
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'delivery.resolved',
    actor: by,
    data: { deliveryId, noticeId, how: 'sent' },
  });
  return true;
}
