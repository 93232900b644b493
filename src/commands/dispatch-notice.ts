/** Dispatches a released notice over the ledger: safe to repeat, to interrupt and to run several at once. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/instant.ts';
import type { Stopwatch, Wire } from '../domain/notice-ports.ts';
import type { Notice } from '../domain/notice.ts';
import type { House, Store } from '../domain/ports.ts';
import type { NoticeBarrier } from '../domain/release-ports.ts';
import { dispatchPolicy, isMass, policyFor, type DispatchPolicy } from '../ledger/window.ts';
import { openBarredTask } from './barred-task.ts';
import { Batch, dispatcher } from './dispatch-batch.ts';
import { runLanes, type Work } from './dispatch-lanes.ts';
import { finishNotice, type LedgerState } from './finish-notice.ts';
import { singleLane } from './send-delivery.ts';
import { massLane } from './send-window.ts';
import { WindowFeed } from './window-feed.ts';

export interface DispatchDeps {
  readonly wire: Wire;
  /** The process's own clock when left out. */
  readonly clock?: Stopwatch;
  readonly policy?: DispatchPolicy;
  /** Random when left out. */
  readonly newAttemptId?: () => string;
}

export interface DispatchOptions {
  /** At most this many rows in this call; more only while a row hangs at its dot. */
  readonly limit: number;
  /** No row is begun later than this; ten minutes when left out. */
  readonly withinMs?: number;
  /** Told after every row or window and every few seconds, so that a long batch is seen to live. */
  readonly onProgress?: () => void;
  /** Once aborted no further row is begun; those on their way come to their end. */
  readonly signal?: AbortSignal | undefined;
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

const relayDownSeconds = 20;
const releaseVoidSeconds = 60;
const barredSeconds = 300;

const processClock: Stopwatch = {
  nowMs: () => performance.now(),
  pause: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms).unref();
    }),
};

/**
 * Sends what is due of a notice, at most `limit` rows, over four sessions: people in windows when they are many, every
 * other recipient fenced one by one. A row left behind by a crash before its dot is tried again; one left at its dot is
 * put in doubt and never sent again by a machine. Nothing leaves without a release whose approvers may still approve.
 * When all rows have ended, so has the notice.
 */
export async function dispatchNotice(
  house: House,
  { wire, clock = processClock, policy = dispatchPolicy, newAttemptId = randomUUID }: DispatchDeps,
  noticeId: string,
  { limit, withinMs = policy.beginWithinMs, onProgress = () => undefined, signal }: DispatchOptions,
): Promise<Dispatched> {
  const { recipientKind, recipients } = await recover(house, noticeId);
  const parts = { house, wire, clock, newAttemptId, noticeId, limit, withinMs, onProgress, signal };
  const batch = new Batch({ ...parts, policy: policyFor(recipients, policy) });
  const conclude = async (): Promise<LedgerState> => {
    await holdBack(house, noticeId, batch.isRelayDown);
    batch.isRelayDown = false;
    const state = await finishNotice(house, noticeId);
    // Nobody waits for this batch any more; what it gave back is due before the others think.
    if (batch.isStopped)
      await house.as(dispatcher, (store) => store.house.wake('notice', noticeId));
    return state;
  };
  await runLanes(batch, recipients, {
    ...lanesOf(batch, isMass(recipientKind, recipients, policy)),
    async between() {
      await recover(house, noticeId);
      await conclude();
    },
  });
  const ledger = await conclude();
  const { sent, bounced, retried } = batch.counted;
  return { sent, retried: retried + batch.counted['relay-down'], bounced, ...ledger };
}

function lanesOf(batch: Batch, mass: boolean): Pick<Work, 'lane' | 'letGo'> {
  if (!mass) {
    return { lane: (lane) => singleLane(batch, lane), letGo: () => Promise.resolve() };
  }
  const feed = new WindowFeed(batch);
  return { lane: (lane) => massLane(batch, feed, lane), letGo: () => feed.letGo() };
}

/** Takes back what a lost sender held, and looks to how many the notice goes. */
function recover(
  house: House,
  noticeId: string,
): Promise<{
  readonly recipientKind: Notice['recipientKind'];
  readonly recipients: number;
}> {
  return house.as(dispatcher, async (store) => {
    const notice = await store.notices.read(noticeId);
    if (notice === null) return { recipientKind: 'authority', recipients: 0 };
    await store.notices.recover(noticeId);
    const version = await store.notices.liveVersion(noticeId);
    return { recipientKind: notice.recipientKind, recipients: version?.recipientCount ?? 0 };
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
  const { noticeId } = notice;
  if (barrier.kind === 'held') {
    await store.notices.postpone(noticeId, barrier.forSeconds);
    return;
  }
  await openBarredTask(store, notice);
  await store.notices.postpone(noticeId, barredSeconds);
}
