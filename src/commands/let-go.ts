/** What happens to a notice the moment it is released, whatever the basis. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { Store } from '../domain/ports.ts';
import type { LockedNotice } from './lock-notice.ts';

/** Moves a notice whose release is written to its dispatch, or to the person who files it. */
export async function letGo(
  store: Store,
  actor: Actor,
  { notice, version }: LockedNotice,
): Promise<void> {
  const { caseId, noticeId } = notice;
  const subject = `notice/${noticeId}`;
  await store.notices.setState(noticeId, 'released');
  await store.alarms.endApprovalCalls(noticeId);
  await store.tasks.completeBySubject(caseId, 'approve', subject, actorLabel(actor), 'released');
  if (notice.channel === 'portal') {
    const title = `File at the authority's portal, then record the reference: ${version.subject}`;
    await store.tasks.open({ caseId, kind: 'file-at-portal', subject, title, role: 'legal' });
  }
  await store.house.wake('notice', noticeId);
}
