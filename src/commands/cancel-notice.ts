/** Pulls what has not left of a notice. Before the dot a cancellation wins; after it there is nothing to pull. */
import { actorLabel } from '../domain/actor.ts';
import { isFollowUp, type NoticeState } from '../domain/notice.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { barredTask } from './barred-task.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { personOf } from './lock-notice.ts';

export interface CancelledNotice {
  /** `released` when part of it had left already: that part runs to its end, the rest is pulled. */
  readonly state: NoticeState;
  readonly cancelled: number;
}

export function cancelNotice(
  house: House,
  request: Request,
  input: { noticeId: string; reason: string },
): Promise<Answer<CancelledNotice>> {
  return runCommand(house, request, 'cancel-notice', async (store) => {
    const notice = await store.notices.lock(input.noticeId);
    if (notice === null) return refuse('not-found', 'There is no such notice.');
    const { caseId, noticeId } = notice;
    if (notice.state === 'dispatched' || notice.state === 'cancelled') {
      return refuse('conflict', `The notice is "${notice.state}": there is nothing left to pull.`);
    }
    if (isFollowUp(notice)) {
      return refuse(
        'conflict',
        'What follows a sent notice is owed: revise it, or declare a supplement unnecessary with the opinion of the DPO.',
      );
    }
    const cancelled = await store.notices.cancelRows(noticeId);
    const partly = await store.notices.mayHaveLeft(noticeId);
    if (partly && cancelled === 0) {
      return refuse(
        'conflict',
        'Every copy has left or is at its dot: a later notice can withdraw it, nothing can pull it.',
      );
    }
    // A further version that is pulled takes nothing back of what an earlier one told.
    const restored = partly && notice.state !== 'released';
    const state = restored ? 'dispatched' : partly ? notice.state : 'cancelled';
    const by = actorLabel(request.actor);
    const { personId } = personOf(request.actor);
    await store.notices.note({
      caseId,
      noticeId,
      version: notice.version,
      kind: 'cancellation',
      text: input.reason,
      personId,
    });
    await store.notices.setState(noticeId, state);
    await store.alarms.endApprovalCalls([noticeId]);
    for (const kind of ['approve', 'file-at-portal', 'revise', 'draft-blocked', barredTask]) {
      await store.tasks.completeBySubject(caseId, kind, `notice/${noticeId}`, by, 'cancelled');
    }
    await store.house.wake('notice', noticeId);
    await store.house.wake('breach-case', caseId);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'notice.cancelled',
      actor: by,
      data: {
        noticeId,
        version: notice.version,
        from: notice.state,
        rows: cancelled,
        partly,
        restored,
      },
      personal: { reason: input.reason },
    });
    return done({ state, cancelled });
  });
}
