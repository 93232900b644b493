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
  await store.obligations.markDispatched(
    obligationId,
    dispatchedAt,
    dispatchedLate(obligation, dispatchedAt),
  );
  if (receiptAt !== null) await store.obligations.discharge(obligationId, receiptAt);
  await store.alarms.silence(`obligation/${obligationId}`);
}
