/** Mass dispatch: one session for many rows, a window of them taken to the dot by the commit that settles the one before. */
import type { ClaimedDelivery, WireOutcome, WireSession } from '../domain/notice-ports.ts';
import { firstWindow, nextWindow, type WindowEnd } from '../ledger/window.ts';
import type { Batch } from './dispatch-batch.ts';
import type { Lane } from './dispatch-lanes.ts';
import { approvedBytes, quarantine, resultOf } from './send-delivery.ts';
import { surely } from './settle-surely.ts';
import { WindowLedger } from './window-ledger.ts';

/** Keeps one session open over many windows; its first window is one row, so that a dead server costs no more. */
export async function massLane(batch: Batch, lane: Lane): Promise<void> {
  const ledger = new WindowLedger(batch);
  let session = null as WireSession | null;
  let size = firstWindow;
  try {
    for (;;) {
      const window = await nextWindowOf(batch, lane, ledger, size);
      if (window === null) return;
      if (session?.isUsable() !== true) {
        session?.close();
        const opened = await batch.input.wire.open(window.transport);
        if ('kind' in opened) {
          window.refuse(opened);
          return;
        }
        session = opened;
      }
      size = nextWindow(size, await window.send(session), batch.input.policy);
      batch.input.onProgress();
    }
  } finally {
    session?.close();
    await surely(batch.input.clock, () => ledger.write());
  }
}

/** Takes the next window, or gives null when no row may be begun; in both cases what the last one learned is written. */
async function nextWindowOf(
  batch: Batch,
  lane: Lane,
  ledger: WindowLedger,
  size: number,
): Promise<Window | null> {
  const { clock } = batch.input;
  // Counted from before the question: the lease of the rows ends no earlier than reckoned from here.
  const askedMs = clock.nowMs();
  const attemptId = batch.input.newAttemptId();
  try {
    const [first, ...others] = await ledger.turn(size, attemptId);
    return first === undefined
      ? null
      : new Window(batch, lane, ledger, askedMs, [first, ...others]);
  } catch (fault) {
    // Whether rows were taken is not known; that no dot of theirs was sent is.
    await surely(clock, () => ledger.giveBackAll(attemptId));
    throw fault;
  }
}

interface Ready {
  readonly row: ClaimedDelivery;
  readonly bytes: Uint8Array;
}

class Window {
  private readonly batch: Batch;
  private readonly lane: Lane;
  private readonly ledger: WindowLedger;
  private readonly askedMs: number;
  private readonly rows: readonly [ClaimedDelivery, ...ClaimedDelivery[]];
  /** Rows of the window, in their order, whose turn has not come. */
  private waiting: Ready[] = [];

  constructor(
    batch: Batch,
    lane: Lane,
    ledger: WindowLedger,
    askedMs: number,
    rows: readonly [ClaimedDelivery, ...ClaimedDelivery[]],
  ) {
    this.batch = batch;
    this.lane = lane;
    this.ledger = ledger;
    this.askedMs = askedMs;
    this.rows = rows;
  }

  get transport(): ClaimedDelivery['transport'] {
    return this.rows[0].transport;
  }

  /** No session: every row waits, and other rows would fare the same. */
  refuse(outcome: WireOutcome): void {
    for (const row of this.rows) this.ledger.learn(row, outcome, null);
  }

  async send(session: WireSession): Promise<WindowEnd> {
    await this.makeReady();
    this.lane.letGo = () => this.letGo();
    try {
      while (session.isUsable() && this.isInTime() && !this.batch.isStopped) {
        const next = this.waiting.shift();
        if (next === undefined) break;
        await this.sendOne(session, next);
      }
      return this.end(session);
    } finally {
      this.lane.letGo = () => Promise.resolve();
      this.giveBack();
    }
  }

  private isInTime(): boolean {
    const { clock, policy } = this.batch.input;
    return clock.nowMs() - this.askedMs <= policy.dotsWithinMs;
  }

  private end(session: WireSession): WindowEnd {
    if (!session.isUsable()) return 'cut';
    return this.waiting.length === 0 ? 'whole' : 'late';
  }

  private async sendOne(session: WireSession, { row, bytes }: Ready): Promise<void> {
    const { lane, batch, ledger } = this;
    const { clock } = batch.input;
    let dotMs: number | null = null;
    const beforeDot = (): boolean => {
      if (batch.isStopped || !this.isInTime()) return false;
      dotMs = clock.nowMs();
      lane.atDotSinceMs = dotMs;
      return true;
    };
    const { sender: from, address: to } = row;
    const outcome = await session.send({ from, to, bytes, beforeDot });
    lane.atDotSinceMs = null;
    ledger.learn(row, outcome, dotMs);
    // Every other row would be told the same.
    if (resultOf(outcome) === 'relay-down') this.giveBack();
  }

  private async makeReady(): Promise<void> {
    for (const row of this.rows) {
      const bytes = approvedBytes(row);
      if (bytes !== null) this.waiting.push({ row, bytes });
      else this.batch.count(await quarantine(this.batch.input.house, row));
    }
  }

  private async letGo(): Promise<void> {
    this.giveBack();
    await this.ledger.write();
  }

  private giveBack(): void {
    for (const { row } of this.waiting.splice(0)) this.ledger.giveBack(row);
  }
}
