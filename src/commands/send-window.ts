/** Mass dispatch: one session for many rows, a window of them put at the dot by one commit and settled by another. */
import type {
  AttemptOutcome,
  ClaimedDelivery,
  WireOutcome,
  WireSession,
} from '../domain/notice-ports.ts';
import { firstWindow, nextWindow, type WindowEnd } from '../ledger/window.ts';
import { acceptLate } from './accept-late.ts';
import { dispatcher, type Batch, type RowResult } from './dispatch-batch.ts';
import type { Lane } from './dispatch-lanes.ts';
import { approvedBytes, quarantine, resultOf, settlement } from './send-delivery.ts';
import { surely } from './settle-surely.ts';

/** Keeps one session open over many windows; its first window is one row, so that a dead server costs no more. */
export async function massLane(batch: Batch, lane: Lane): Promise<void> {
  let session = null as WireSession | null;
  let size = firstWindow;
  try {
    for (;;) {
      const rows = await batch.claim(size);
      const [first] = rows;
      if (first === undefined) return;
      const window = new Window(batch, lane, rows);
      if (session?.isUsable() !== true) {
        session?.close();
        const opened = await batch.input.wire.open(first.transport);
        if ('kind' in opened) {
          await window.refuse(opened);
          return;
        }
        session = opened;
      }
      size = nextWindow(size, await window.send(session), batch.input.policy);
      batch.input.onProgress();
    }
  } finally {
    session?.close();
  }
}

interface Ready {
  readonly row: ClaimedDelivery;
  readonly bytes: Uint8Array;
}

/** Certain: its dot was never sent, by us who held the row. */
const givenBack: WireOutcome = {
  kind: 'not-sent',
  cause: 'fenced',
  reply: 'given back before its dot',
};

class Window {
  private readonly batch: Batch;
  private readonly lane: Lane;
  private readonly rows: readonly ClaimedDelivery[];
  /** Rows of the window, in their order, whose turn has not come. */
  private waiting: Ready[] = [];
  /** What is known and not yet written. */
  private writing: Promise<void> = Promise.resolve();
  private known: { readonly written: AttemptOutcome; readonly result: RowResult }[] = [];

  constructor(batch: Batch, lane: Lane, rows: readonly ClaimedDelivery[]) {
    this.batch = batch;
    this.lane = lane;
    this.rows = rows;
  }

  /** No session: every row waits, and other rows would fare the same. */
  async refuse(outcome: WireOutcome): Promise<void> {
    for (const row of this.rows) this.learn(row, outcome, null);
    await this.writeSurely();
  }

  async send(session: WireSession): Promise<WindowEnd> {
    await this.makeReady();
    const { clock, policy } = this.batch.input;
    // Counted from before the question: the lease of the rows ends no earlier than reckoned from here.
    const askedMs = clock.nowMs();
    const isInTime = (): boolean => clock.nowMs() - askedMs <= policy.dotsWithinMs;
    await this.mark();
    this.lane.letGo = () => this.letGo();
    try {
      while (session.isUsable() && isInTime() && !this.batch.isStopped) {
        const next = this.waiting.shift();
        if (next === undefined) break;
        await this.sendOne(session, next, isInTime);
      }
      return this.end(session);
    } finally {
      this.lane.letGo = () => Promise.resolve();
      this.giveBack();
      await this.writeSurely();
    }
  }

  private end(session: WireSession): WindowEnd {
    if (!session.isUsable()) return 'cut';
    return this.waiting.length === 0 ? 'whole' : 'late';
  }

  private async sendOne(
    session: WireSession,
    { row, bytes }: Ready,
    isInTime: () => boolean,
  ): Promise<void> {
    const { lane, batch } = this;
    const { clock } = batch.input;
    let dotMs: number | null = null;
    const beforeDot = (): boolean => {
      if (batch.isStopped || !isInTime()) return false;
      dotMs = clock.nowMs();
      lane.atDotSinceMs = dotMs;
      return true;
    };
    const { sender: from, address: to } = row;
    const outcome = await session.send({ from, to, bytes, beforeDot });
    lane.atDotSinceMs = null;
    this.learn(row, outcome, dotMs);
    // Every other row would be told the same.
    if (resultOf(outcome) === 'relay-down') this.giveBack();
  }

  /** Bytes and their digests first: between the mark and the dots nothing else takes time. */
  private async makeReady(): Promise<void> {
    for (const row of this.rows) {
      const bytes = approvedBytes(row);
      if (bytes !== null) this.waiting.push({ row, bytes });
      else this.batch.count(await quarantine(this.batch.input.house, row));
    }
  }

  /** The fence: one commit, after which the dots of these rows may go out. Rows that are no longer ours are left alone. */
  private async mark(): Promise<void> {
    const { house, noticeId, policy } = this.batch.input;
    const ours = this.waiting.map(({ row }) => row);
    try {
      const marked = await house.as(dispatcher, (store) =>
        store.notices.markWindow(noticeId, ours, policy.dotLeaseSeconds),
      );
      const isMarked = ({ row }: Ready): boolean => marked.has(row.deliveryId);
      const lost = this.waiting.filter((one) => !isMarked(one));
      this.waiting = this.waiting.filter(isMarked);
      for (const { row } of lost) this.learn(row, givenBack, null);
    } catch (fault) {
      // Whether they are marked is not known; that no dot of theirs was sent is.
      this.giveBack();
      await this.writeSurely();
      throw fault;
    }
  }

  private async letGo(): Promise<void> {
    this.giveBack();
    await this.write();
  }

  private giveBack(): void {
    for (const { row } of this.waiting.splice(0)) this.learn(row, givenBack, null);
  }

  private learn(row: ClaimedDelivery, outcome: WireOutcome, dotMs: number | null): void {
    const { deliveryId, attemptId, attempts } = row;
    const learned = settlement(outcome, attempts);
    const isBack = outcome === givenBack && learned.kind === 'retry';
    const dotAgeMs = dotMs === null ? null : this.batch.input.clock.nowMs() - dotMs;
    this.known.push({
      written: {
        ...{ deliveryId, attemptId, dotAgeMs },
        outcome: isBack ? { ...learned, afterSeconds: 0 } : learned,
      },
      result: resultOf(outcome),
    });
  }

  private writeSurely(): Promise<void> {
    return surely(this.batch.input.clock, () => this.write());
  }

  // One after the other, so that what one could not write is written by the next.
  private write(): Promise<void> {
    const written = this.writing.then(() => this.writeKnown());
    this.writing = written.catch(() => undefined);
    return written;
  }

  private async writeKnown(): Promise<void> {
    const known = this.known.splice(0);
    if (known.length === 0) return;
    try {
      const ours = await this.batch.input.house.as(dispatcher, async (store) => {
        const settled = new Set(await store.notices.settleWindow(known.map((one) => one.written)));
        for (const { written } of known) {
          const { deliveryId, outcome } = written;
          if (settled.has(deliveryId) || outcome.kind !== 'sent') continue;
          if (await acceptLate(store, written, outcome.reply)) settled.add(deliveryId);
        }
        // Nobody waits for this batch any more: whoever does must hear with this commit that rows are due again.
        const { isStopped, input } = this.batch;
        if (isStopped && known.some(({ written }) => written.outcome.kind === 'retry'))
          await store.house.wake('notice', input.noticeId);
        return settled;
      });
      for (const { written, result } of known)
        this.batch.count(ours.has(written.deliveryId) ? result : 'not-ours');
    } catch (fault) {
      this.known.unshift(...known);
      throw fault;
    }
  }
}
