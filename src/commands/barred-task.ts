/** The task of a notice that mail may not carry: by which way its recipient can be told meanwhile. */
import type { Notice } from '../domain/notice.ts';
import type { Store } from '../domain/ports.ts';

/** One task for a notice, named in `barredTask`. */
export const barredTask = 'channel-barred';

const ways: Readonly<Record<Notice['recipientKind'], string>> = {
  authority: 'let a person file this notice instead',
  controller: 'tell this customer by telephone or post once the notice is released, and record it',
  'data-subject': 'tell these people by post once the notice is released, and record it',
};

/** Opens it once; opening mail completes it. */
export async function openBarredTask(
  store: Store,
  { caseId, noticeId, recipientKind }: Pick<Notice, 'caseId' | 'noticeId' | 'recipientKind'>,
): Promise<void> {
  const title = `Mail is barred: ${ways[recipientKind]}, or have two people open mail again.`;
  const subject = `notice/${noticeId}`;
  await store.tasks.open({ caseId, kind: barredTask, subject, title, role: 'legal' });
}
