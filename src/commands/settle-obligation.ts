/** Marks an obligation as dispatched and, with evidence of acceptance, as discharged; its alarms stop ringing. */
import type { Instant } from '../domain/instant.ts';
import { isFollowUp, type Notice } from '../domain/notice.ts';
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

/**
 * Settles the obligation of an initial notice by what is known of its recipients now, after its end; gives whether nobody
 * is left untold. `dispatchedAt` is what counts where nothing had left by mail before; case time.
 */
export async function settleTold(
  store: Store,
  notice: Notice,
  { dispatchedAt, nowAt }: { dispatchedAt: Instant; nowAt: Instant },
): Promise<boolean> {
  const obligation = await store.obligations.lock(notice.obligationId);
  const isComplete = (await store.notices.untold(notice.noticeId)) === 0;
  if (obligation?.state !== 'owed' || isFollowUp(notice)) return isComplete;
  await settleObligation(store, obligation, {
    dispatchedAt: obligation.dispatchedAt ?? dispatchedAt,
    receiptAt: isComplete ? nowAt : null,
  });
  await store.house.wake('breach-case', notice.caseId);
  return isComplete;
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
      title: `It left late: record the reasons${owedWith(obligation)}. ${obligation.label}`,
      role: 'legal',
    });
  }
  if (receiptAt !== null) await store.obligations.discharge(obligationId, receiptAt);
  await store.alarms.silence(`obligation/${obligationId}`);
}

/** Art. 33(1) wants the reasons with a late notice, in the EU and the UK; the rules of providers and of others do not. */
function owedWith({ provision }: Obligation): string {
  return provision.endsWith('gdpr/33/1') ? ', which are owed with it, Art. 33(1)' : '';
}
