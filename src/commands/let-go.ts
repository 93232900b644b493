/** What happens to a notice the moment it is released, whatever the basis. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { Store } from '../domain/ports.ts';
import type { LockedNotice } from './lock-notice.ts';

/**
 * Moves notices whose release is written to their dispatch, or to the person who files them. Given together, because what
 * their calls share ends once.
 */
export async function letGo(
  store: Store,
  actor: Actor,
  released: readonly LockedNotice[],
): Promise<void> {
  for (const one of released) await moveOn(store, actor, one);
  const noticeIds = released.map(({ notice }) => notice.noticeId);
  await store.alarms.endApprovalCalls(noticeIds);
  await store.house.wake('notice', noticeIds);
}

async function moveOn(
  store: Store,
  actor: Actor,
  { notice, version }: LockedNotice,
): Promise<void> {
  const { caseId, noticeId } = notice;
  const subject = `notice/${noticeId}`;
  await store.notices.setState(noticeId, 'released');
  await store.tasks.completeBySubject(caseId, 'approve', subject, actorLabel(actor), 'released');
  if (notice.channel !== 'portal') return;
  const title = `File at the authority's portal, then record the reference: ${version.subject}`;
  await store.tasks.open({ caseId, kind: 'file-at-portal', subject, title, role: 'legal' });
}
