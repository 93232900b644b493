/** Sends a notice back for rework, also after its release as long as nothing has left: the DPO's veto. */
import { actorLabel } from '../domain/actor.ts';
import type { NoticeState } from '../domain/notice.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockNotice, personOf } from './lock-notice.ts';

/** Refused once anything of the notice may have reached anybody. */
export function returnNotice(
  house: House,
  request: Request,
  input: { noticeId: string; reason: string },
): Promise<Answer<{ state: NoticeState }>> {
  return runCommand(house, request, 'return-notice', async (store) => {
    const found = await lockNotice(store, input.noticeId);
    if (!found.ok) return found;
    const { notice, version } = found.value;
    const { caseId, noticeId } = notice;
    if (notice.state !== 'in-review' && notice.state !== 'released') {
      return refuse(
        'conflict',
        `The notice is "${notice.state}": only one in review or released can be sent back.`,
      );
    }
    if (notice.state === 'released') await store.notices.cancelRows(noticeId);
    // Asked after the rows are cancelled: from here on no other row can reach its dot.
    if (await store.notices.mayHaveLeft(noticeId)) {
      return refuse(
        'conflict',
        'Part of the notice has left: it can be cancelled for the rest, not sent back.',
      );
    }
    const by = actorLabel(request.actor);
    const { personId } = personOf(request.actor);
    await store.notices.note({
      caseId,
      noticeId,
      version: version.version,
      kind: 'return',
      text: input.reason,
      personId,
    });
    await store.notices.setState(noticeId, 'returned');
    await store.alarms.endApprovalCalls([noticeId]);
    const subject = `notice/${noticeId}`;
    await store.tasks.completeBySubject(caseId, 'approve', subject, by, 'sent back');
    await store.tasks.completeBySubject(caseId, 'file-at-portal', subject, by, 'sent back');
    await store.tasks.open({
      caseId,
      kind: 'revise',
      subject,
      title: `Sent back: ${version.subject}`,
      role: 'legal',
    });
    await store.house.wake('notice', noticeId);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'notice.returned',
      actor: by,
      data: { noticeId, version: version.version, digest: version.digest, from: notice.state },
      personal: { reason: input.reason },
    });
    return done({ state: 'returned' });
  });
}
