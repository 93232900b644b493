/** Dispatches a released notice over the ledger: safe to repeat, to interrupt and to run several at once. */
import type { Actor } from '../domain/actor.ts';
import type { Instant } from '../domain/instant.ts';
import type { Wire } from '../domain/notice-ports.ts';
import type { Notice } from '../domain/notice.ts';
import type { House, Store } from '../domain/ports.ts';
import type { NoticeBarrier } from '../domain/release-ports.ts';
import { claimLeaseSeconds } from '../ledger/delivery.ts';
import { finishNotice } from './finish-notice.ts';
import { foldDeliveryEvents } from './fold-deliveries.ts';
import { sendDelivery, type RowResult } from './send-delivery.ts';

export interface DispatchDeps {
  readonly wire: Wire;
}

export interface DispatchOptions {
  /** At most this many rows in this call. */
  readonly limit: number;
  /** Told after every row and every few seconds, so that a long batch is seen to live. */
  readonly onProgress?: () => void;
  /** Once aborted no further row is begun; those on their way come to their end. */
  readonly signal?: AbortSignal;
}

export interface Dispatched {
  readonly sent: number;
  readonly retried: number;
  readonly bounced: number;
  /** Rows of the notice that wait for a person. */
  readonly inDoubt: number;
  /** Rows that are still to be sent. */
  readonly remaining: number;
  /** Wall instant at which it is worth coming back; null when the notice has ended or waits for a person. */
  readonly nextAttemptAt: Instant | null;
}

const dispatcher: Actor = { kind: 'machine', name: 'dispatch' };
const lanes = 4;
const beatMs = 4_000;
const relayDownSeconds = 20;
const releaseVoidSeconds = 60;
const barredSeconds = 300;

/**
 * Sends what is due of a notice, at most `limit` rows, over four sessions. A row left behind by a crash before its dot is
 * tried again; one left at its dot is put in doubt and never sent again by a machine. Nothing leaves without a release
 * whose approvers may still approve. When all rows have ended, so has the notice.
 */
export async function dispatchNotice(
  house: House,
  { wire }: DispatchDeps,
  noticeId: string,
  options: DispatchOptions,
): Promise<Dispatched> {
  const caseId = await recover(house, noticeId);
  const counted: Record<RowResult, number> = {
    sent: 0,
    retried: 0,
    bounced: 0,
    'in-doubt': 0,
    'not-ours': 0,
    'relay-down': 0,
  };
  let begun = 0;
  const mayBegin = (): boolean =>
    begun < options.limit && counted['relay-down'] === 0 && options.signal?.aborted !== true;
  const lane = async (): Promise<void> => {
    while (mayBegin()) {
      begun++;
      const [row] = await house.as(dispatcher, (store) =>
        store.notices.claim(noticeId, 1, claimLeaseSeconds),
      );
      if (row === undefined) return;
      counted[await sendDelivery(house, wire, row)]++;
      options.onProgress?.();
    }
  };
  // The answer to one dot may take ten minutes; whoever watches this batch must see it live.
  const beat = setInterval(() => options.onProgress?.(), beatMs);
  try {
    await allToTheirEnd(Array.from({ length: Math.min(lanes, options.limit) }, lane));
  } finally {
    clearInterval(beat);
  }
  await holdBack(house, noticeId, counted['relay-down'] > 0);
  const ledger = await finishNotice(house, noticeId);
  if (caseId !== null) await foldDeliveryEvents(house, caseId);
  const { sent, bounced } = counted;
  return { sent, retried: counted.retried + counted['relay-down'], bounced, ...ledger };
}

// One lane's fault must not leave another one sending while the caller already tries again.
async function allToTheirEnd(running: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(running);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function recover(house: House, noticeId: string): Promise<string | null> {
  return house.as(dispatcher, async (store) => {
    const notice = await store.notices.read(noticeId);
    if (notice === null) return null;
    await store.notices.recover(noticeId);
    return notice.caseId;
  });
}

/** Keeps a notice from being taken up again at once where every row would meet the same obstacle. */
function holdBack(house: House, noticeId: string, relayDown: boolean): Promise<void> {
  return house.as(dispatcher, async (store) => {
    const notice = await store.notices.read(noticeId);
    if (notice?.state !== 'released' || notice.channel !== 'email') return;
    const { caseId } = notice;
    const subject = `notice/${noticeId}`;
    const barrier = await store.releases.barrier(noticeId);
    if (barrier !== null) {
      await waitAtBarrier(store, notice, barrier);
    } else if (!(await store.notices.releaseStands(noticeId))) {
      const title =
        'Nothing leaves: what gave it leave no longer stands. An approver lost the right, or an authorisation was revoked.';
      await store.tasks.open({ caseId, kind: 'release-void', subject, title, role: 'executive' });
      await store.notices.postpone(noticeId, releaseVoidSeconds);
    } else if (relayDown) {
      const title =
        'Our own mail server cannot be used: nothing leaves until it can. It is tried again by itself.';
      await store.tasks.open({ caseId, kind: 'mail-down', subject, title, role: 'executive' });
      await store.notices.postpone(noticeId, relayDownSeconds);
    } else {
      await store.tasks.completeBySubject(
        caseId,
        'mail-down',
        subject,
        'machine/dispatch',
        'mail leaves again',
      );
    }
  });
}

// A hold ends by itself at an instant; a bar ends when people say so, and that act lets the rows go on at once.
async function waitAtBarrier(store: Store, notice: Notice, barrier: NoticeBarrier): Promise<void> {
  const { caseId, noticeId } = notice;
  const subject = `notice/${noticeId}`;
  if (barrier.kind === 'held') {
    await store.notices.postpone(noticeId, barrier.forSeconds);
    return;
  }
  const title =
    'Mail is barred: tell this recipient another way and record it, or have two people open mail again.';
  await store.tasks.open({ caseId, kind: 'channel-barred', subject, title, role: 'legal' });
  await store.notices.postpone(noticeId, barredSeconds);
}
