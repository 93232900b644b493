/** What follows from the ledger: tasks for what waits for a person, and the end of a notice whose rows have all ended. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import { targetStep } from '../domain/alarm.ts';
import { caseTimeAt, type Instant } from '../domain/instant.ts';
import { isFollowUp, type DeliveryCounts, type Notice } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { House, Store } from '../domain/ports.ts';
import { callUnlessAnswered } from './answer-calls.ts';
import { openBouncedTask } from './bounced-task.ts';
import { dispatchedLate, settleObligation } from './settle-obligation.ts';

const dispatcher: Actor = { kind: 'machine', name: 'dispatch' };

/** Where the rows of a notice stand after a batch. */
export interface LedgerState {
  readonly remaining: number;
  readonly inDoubt: number;
  /** Wall time; null when only a person can bring news. */
  readonly nextAttemptAt: Instant | null;
}

/** Opens each task once; when no row is left to send or to resolve, ends the notice and settles its obligation. */
export function finishNotice(house: House, noticeId: string): Promise<LedgerState> {
  return house.as(dispatcher, async (store) => {
    const notice = await store.notices.lock(noticeId);
    const counts = await store.notices.counts(noticeId);
    const remaining = counts.pending + counts.claimed + counts['at-dot'] + counts.retry;
    const nextAttemptAt = await store.notices.nextAttemptAt(noticeId);
    if (notice?.state === 'released' && notice.channel === 'email') {
      await openTasks(store, notice, counts);
      if (remaining === 0 && counts['in-doubt'] === 0) await end(store, notice, counts);
    }
    return { remaining, inDoubt: counts['in-doubt'], nextAttemptAt };
  });
}

async function openTasks(store: Store, notice: Notice, counts: DeliveryCounts): Promise<void> {
  const { caseId, noticeId } = notice;
  if (counts['in-doubt'] > 0) {
    const title =
      'A copy may or may not have arrived: look at the server, then say which. It is not sent again by itself.';
    for (const deliveryId of await store.notices.inDoubtIds(noticeId)) {
      await store.tasks.open({
        caseId,
        kind: 'in-doubt',
        subject: `delivery/${deliveryId}`,
        title,
        role: 'legal',
      });
    }
  }
  if (counts.bounced > 0) {
    await openBouncedTask(store, notice, counts.bounced);
  }
}

async function end(store: Store, notice: Notice, counts: DeliveryCounts): Promise<void> {
  const { noticeId, caseId } = notice;
  const file = await store.cases.read(caseId);
  const obligation = await store.obligations.lock(notice.obligationId);
  if (file === null || obligation === null) throw new Error(`notice ${noticeId} has lost its case`);
  const [last] = await store.notices.sentRows(noticeId, 1);
  const ending = await endingOf(store, noticeId, last !== undefined);
  const dispatchedAt = last === undefined ? null : caseTimeAt(file.clock, last.atDotAt);
  if (dispatchedAt !== null) {
    const nowAt = caseTimeAt(file.clock, await store.house.now());
    await settle(store, notice, obligation, {
      dispatchedAt,
      nowAt,
      // With anybody left out the obligation stays owed until a person records how they were told.
      isComplete: (await store.notices.untold(noticeId)) === 0,
    });
  }
  if (ending === 'unproven') {
    const title =
      'Nobody is known to have this notice, but a copy that was given up may have arrived. ' +
      'Ask the recipient before any further copy, and record what they say.';
    const subject = `notice/${noticeId}`;
    await store.tasks.open({ caseId, kind: 'unproven', subject, title, role: 'legal' });
  }
  if (ending !== 'undelivered') await store.alarms.silence(`notice/${noticeId}`, targetStep);
  if (dispatchedAt !== null) await callUnlessAnswered(store, notice, file, dispatchedAt);
  await store.notices.setState(noticeId, ending === 'undelivered' ? 'returned' : 'dispatched');
  await store.house.wake('breach-case', caseId);
  await store.register.append({
    stream: `case/${caseId}`,
    type: `notice.${ending}`,
    actor: actorLabel(dispatcher),
    data: {
      noticeId,
      version: notice.version,
      obligationId: notice.obligationId,
      dispatchedAt,
      phase: notice.phase,
      late:
        dispatchedAt !== null && !isFollowUp(notice) && dispatchedLate(obligation, dispatchedAt),
      sent: counts.sent,
      bounced: counts.bounced,
      cancelled: counts.cancelled,
      suppressed: counts.suppressed,
      abandoned: counts.abandoned,
    },
  });
}

type Ending = 'dispatched' | 'unproven' | 'undelivered';

/**
 * Where certainly nobody got it, it goes back to people, who correct the addresses or take another channel. Where somebody
 * may hold a copy it has left the house, whatever is proven: a revised version would be a second copy.
 */
async function endingOf(store: Store, noticeId: string, isProven: boolean): Promise<Ending> {
  if (isProven) return 'dispatched';
  return (await store.notices.mayHaveLeft(noticeId)) ? 'unproven' : 'undelivered';
}

async function settle(
  store: Store,
  notice: Notice,
  obligation: Obligation,
  {
    dispatchedAt,
    nowAt,
    isComplete,
  }: { dispatchedAt: Instant; nowAt: Instant; isComplete: boolean },
): Promise<void> {
  const { caseId, noticeId } = notice;
  if (notice.recipientKind !== 'data-subject') {
    for (const { reply } of await store.notices.sentRows(noticeId, 10)) {
      await store.notices.addReceipt({
        caseId,
        noticeId,
        kind: 'server-acceptance',
        evidence: reply,
        receivedAt: nowAt,
        by: actorLabel(dispatcher),
      });
    }
  }
  // A later notice discharges nothing that the first has not.
  if (isFollowUp(notice)) return;
  await settleObligation(store, obligation, { dispatchedAt, receiptAt: isComplete ? nowAt : null });
}
