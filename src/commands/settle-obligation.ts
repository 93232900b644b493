/** Marks an obligation as dispatched and, with evidence of acceptance, as discharged; its alarms stop ringing. */
import type { Instant } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';

/** Late is what left after a due of statute or contract; missing our own target never is. */
export function dispatchedLate(
  { dueAt, dueBasis }: Pick<Obligation, 'dueAt' | 'dueBasis'>,
  dispatchedAt: Instant,
): boolean {
  return (
    dueAt !== null && (dueBasis === 'statute' || dueBasis === 'contract') && dispatchedAt > dueAt
  );
}

/** Instants are case time. Without a receipt the obligation stays owed, dispatched but not discharged. */
export async function settleObligation(
  store: Store,
  obligation: Obligation,
  { dispatchedAt, receiptAt }: { dispatchedAt: Instant; receiptAt: Instant | null },
): Promise<void> {
  const { obligationId } = obligation;
  const late = dispatchedLate(obligation, dispatchedAt);
  await store.obligations.markDispatched(obligationId, dispatchedAt, late);
  if (late && !obligation.late && obligation.recipientKind === 'authority') {
    await store.tasks.open({
      caseId: obligation.caseId,
      kind: 'reasons-for-delay',
      subject: `obligation/${obligationId}`,
      title: `It left late: record the reasons, which are owed with it, Art. 33(1). ${obligation.label}`,
      role: 'legal',
    });
  }
  if (receiptAt !== null) await store.obligations.discharge(obligationId, receiptAt);
  await store.alarms.silence(`obligation/${obligationId}`);
}
