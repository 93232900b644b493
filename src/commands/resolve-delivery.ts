/** A person's answer to a delivery in doubt: it arrived after all, or it is given up. */
import { actorLabel } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';

export function resolveDelivery(
  house: House,
  request: Request,
  input: { deliveryId: string; how: 'sent' | 'abandoned'; reason: string },
): Promise<Answer<{ noticeId: string }>> {
  return runCommand(house, request, 'record-receipt', async (store) => {
    const { deliveryId, how } = input;
    const row = await store.notices.resolveInDoubt(deliveryId, how);
    if (row === null) return refuse('not-found', 'There is no such delivery in doubt.');
    if (how === 'sent') await store.resends.cancelLater(deliveryId);
    const by = actorLabel(request.actor);
    await store.tasks.completeBySubject(row.caseId, 'in-doubt', `delivery/${deliveryId}`, by, how);
    // The workflow finishes the notice: it alone knows whether this was the last row.
    await store.house.wake('notice', row.noticeId);
    await store.register.append({
      stream: `case/${row.caseId}`,
      type: 'delivery.resolved',
      actor: by,
      data: { deliveryId, noticeId: row.noticeId, how },
      personal: { reason: input.reason },
    });
    return done({ noticeId: row.noticeId });
  });
}
