/** The task that asks people to tell by another way whom a server refused. */
import type { Store } from '../domain/ports.ts';

/** Opened once for a notice; the notice's page offers the ways on. */
export async function openBouncedTask(
  store: Store,
  { caseId, noticeId }: { caseId: string; noticeId: string },
  bounced: number,
): Promise<void> {
  const whom = bounced === 1 ? 'A recipient was' : `${String(bounced)} recipients were`;
  const title =
    `${whom} refused by their server: correct the address and have it approved, ` +
    'or telephone or write and record it.';
  await store.tasks.open({
    ...{ caseId, kind: 'bounced', subject: `notice/${noticeId}`, title, role: 'legal' },
  });
}
