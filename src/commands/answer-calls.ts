/** The alarm that has somebody telephone a customer who does not answer a notice. */
import { telephoneStep } from '../domain/alarm.ts';
import type { CaseFile } from '../domain/case.ts';
import { plusHours, wallTimeAt, type Instant } from '../domain/instant.ts';
import type { Notice } from '../domain/notice.ts';
import type { Store } from '../domain/ports.ts';

/**
 * Has somebody telephone a customer who has not answered after the policy time, case time. The watch rings it and opens
 * the task, so that it comes although Temporal and the worker are down, and once.
 */
export async function callUnlessAnswered(
  store: Store,
  { noticeId, caseId, phase }: Notice,
  { reference, clock }: CaseFile,
  dispatchedAt: Instant,
): Promise<void> {
  const call = phase === 'initial' ? await store.notices.customerToCall(noticeId) : null;
  if (call === null) return;
  const dueAt = plusHours(dispatchedAt, call.afterMinutes / 60);
  const number = call.phone ?? 'no number in the catalogue';
  await store.alarms.set([
    {
      subject: `notice/${noticeId}`,
      step: telephoneStep,
      dueAt,
      ringAt: wallTimeAt(clock, dueAt),
      caseId,
      role: 'legal',
      line: `${reference}: a customer has not answered a notice. Please telephone them.`,
      taskKind: telephoneStep,
      taskTitle: `Telephone the breach contact of ${call.customer} (${number}): they have not answered the notice. Record what they say.`,
    },
  ]);
}
