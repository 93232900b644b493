/** A message that came back after its server had taken it: evidence, and the recipient is to be told another way. */
import { actorLabel } from '../domain/actor.ts';
import { obligationAlarms } from '../domain/alarm.ts';
import type { CaseFile } from '../domain/case.ts';
import { caseTimeAt, type Instant } from '../domain/instant.ts';
import { isFollowUp } from '../domain/notice.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { openBouncedTask } from './bounced-task.ts';
import { runCommand, type Answer, type Request } from './command.ts';

/** The obligation is owed again, visibly, when it was discharged by what has now come back. `bouncedAt` is case time. */
export function recordBounce(
  house: House,
  request: Request,
  input: { deliveryId: string; evidence: string; bouncedAt: Instant | null },
): Promise<Answer<{ noticeId: string; reopened: boolean }>> {
  return runCommand(house, request, 'record-receipt', async (store) => {
    const row = await store.notices.lockDelivery(input.deliveryId);
    if (row === null) return refuse('not-found', 'There is no such delivery.');
    if (row.state !== 'sent') {
      return refuse(
        'conflict',
        `The delivery is "${row.state}": only one that a server has taken can come back.`,
      );
    }
    if (row.cameBack) return refuse('conflict', 'It is recorded already that this came back.');
    const { deliveryId, caseId, noticeId } = row;
    const file = await store.cases.read(caseId);
    if (file === null) return refuse('not-found', 'There is no such delivery.');
    const nowAt = caseTimeAt(file.clock, await store.house.now());
    const bouncedAt = input.bouncedAt ?? nowAt;
    if (bouncedAt > nowAt) {
      return refuse('invalid', 'A message cannot come back in the future.', [
        { pointer: '/bouncedAt', detail: `is after now, ${nowAt}` },
      ]);
    }
    const by = actorLabel(request.actor);
    const { evidence } = input;
    await store.notices.addLateBounce({ deliveryId, caseId, noticeId, evidence, bouncedAt, by });
    await openBouncedTask(store, { caseId, noticeId }, 1);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'bounce.recorded',
      actor: by,
      data: { deliveryId, noticeId, bouncedAt },
      personal: { evidence },
    });
    return done({ noticeId, reopened: await reopen(store, file, noticeId, by) });
  });
}

async function reopen(
  store: Store,
  file: CaseFile,
  noticeId: string,
  by: string,
): Promise<boolean> {
  const { caseId } = file;
  const notice = await store.notices.read(noticeId);
  // A later notice discharged nothing, so its bounce takes nothing back.
  if (notice === null || isFollowUp(notice)) return false;
  const obligation = await store.obligations.lock(notice.obligationId);
  if (obligation?.state !== 'discharged' || file.state === 'closed') return false;
  if ((await store.notices.untold(noticeId)) === 0) return false;
  const { obligationId, dueAt, label } = obligation;
  await store.obligations.reopen(obligationId);
  if (dueAt !== null) {
    const about = { obligationId, caseId, dueAt, label };
    await store.alarms.set(obligationAlarms(about, file.reference, file.clock));
  }
  await store.house.wake('breach-case', caseId);
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'obligation.reopened',
    actor: by,
    data: { obligationId, noticeId, provision: obligation.provision },
  });
  return true;
}
