/** Feeds the sessions of a mass dispatch from one window of rows at the dot, filled again before it is empty. */
import type { ClaimedDelivery, WireOutcome } from '../domain/notice-ports.ts';
import { firstWindow, nextWindow, type WindowEnd } from '../ledger/window.ts';
import type { Batch } from './dispatch-batch.ts';
import { surely } from './settle-surely.ts';
import { WindowLedger } from './window-ledger.ts';

/** A row that may be sent; its dot may go out until its time is over. */
export interface FedRow {
  readonly row: ClaimedDelivery;
  readonly askedMs: number;
}

export class WindowFeed {
  private readonly batch: Batch;
  private readonly ledger: WindowLedger;
  /** Rows at the dot by the ledger, in their order, whose turn has not come. */
  private waiting: FedRow[] = [];
  /** Rows that sessions have taken and not told the end of. */
  private taken = 0;
  private size = 0;
  private end: WindowEnd = 'well';
  private filling: Promise<boolean> | null = null;
  /** Set when nothing further was due: the window is then not filled until it is empty. */
  private isDry = false;
  private sessions = 0;

  constructor(batch: Batch) {
    this.batch = batch;
    this.ledger = new WindowLedger(batch);
  }

  /** A session that works on the feed; what nobody is left to send is given back when the last of them ends. */
  async during(work: () => Promise<void>): Promise<void> {
    this.sessions += 1;
    try {
      await work();
    } finally {
      this.sessions -= 1;
      // Rows that are being taken at this moment would be left at their dots with nobody to send them.
      await this.filling?.catch(() => undefined);
      if (this.sessions === 0 || this.isOver()) this.giveBack();
      await surely(this.batch.input.clock, () => this.ledger.write());
    }
  }

  /** The next row to send, or null when none may be begun. */
  async next(): Promise<FedRow | null> {
    while (!this.isOver()) {
      const fed = this.waiting.shift();
      if (fed !== undefined && this.isInTime(fed)) {
        this.taken += 1;
        this.fillAhead();
        return fed;
      }
      if (fed !== undefined) {
        this.end = 'late';
        this.ledger.giveBack(fed.row);
      } else if (!(await this.fill())) break;
    }
    return null;
  }

  isInTime({ askedMs }: FedRow): boolean {
    const { clock, policy } = this.batch.input;
    return clock.nowMs() - askedMs <= policy.dotsWithinMs;
  }

  /** What became of a row that `next` gave; `dotMs` is when its dot went, null when it did not. */
  learn({ row }: FedRow, outcome: WireOutcome, dotMs: number | null): void {
    this.taken -= 1;
    this.ledger.learn(row, outcome, dotMs);
  }

  /** A row that `next` gave has been settled by itself. */
  drop(): void {
    this.taken -= 1;
  }

  /** A session was lost: what may be wrong with the server should cost few rows. */
  cut(): void {
    this.end = 'cut';
  }

  /** Nobody sends now: gives back what waits and writes what is known. */
  async letGo(): Promise<void> {
    this.giveBack();
    await this.ledger.write();
  }

  private isOver(): boolean {
    return this.batch.isStopped || this.batch.isRelayDown;
  }

  private giveBack(): void {
    for (const { row } of this.waiting.splice(0)) this.ledger.giveBack(row);
  }

  private fillAhead(): void {
    if (this.isDry || (this.waiting.length + this.taken) * 2 > this.size) return;
    // Whoever finds the window empty asks again, and is told what is wrong.
    this.fill().catch(() => undefined);
  }

  private fill(): Promise<boolean> {
    this.filling ??= this.fillOnce().finally(() => {
      this.filling = null;
    });
    return this.filling;
  }

  /** Writes what is known and takes further rows, in one commit; says whether there were any. */
  private async fillOnce(): Promise<boolean> {
    const { clock, policy, onProgress } = this.batch.input;
    this.size = this.size === 0 ? firstWindow : nextWindow(this.size, this.end, policy);
    this.end = 'well';
    const free = Math.max(1, this.size - this.waiting.length - this.taken);
    // Counted from before the question: the lease of the rows ends no earlier than reckoned from here.
    const askedMs = clock.nowMs();
    const attemptId = this.batch.input.newAttemptId();
    try {
      const rows = await this.ledger.turn(free, attemptId);
      for (const row of rows) this.waiting.push({ row, askedMs });
      this.isDry = rows.length === 0;
      onProgress();
      return rows.length > 0;
    } catch (fault) {
      // Whether rows were taken is not known; that no dot of theirs was sent is.
      await surely(clock, () => this.ledger.giveBackAll(attemptId));
      throw fault;
    }
  }
}
