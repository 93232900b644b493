/** What sessions have learned of the rows of a window and not yet written, and the one commit that writes it and takes further rows. */
import type { ClaimedDelivery, DeliveryOutcome, WireOutcome } from '../domain/notice-ports.ts';
import type { Store } from '../domain/ports.ts';
import { acceptLate } from './accept-late.ts';
import { dispatcher, type Batch, type RowResult } from './dispatch-batch.ts';
import { resultOf, settlement } from './send-delivery.ts';

const notSent = 'given back before its dot';

interface Known {
  readonly row: ClaimedDelivery;
  readonly learned: DeliveryOutcome;
  readonly result: RowResult;
  /** When its dot went, by the monotonic clock; null when it did not. */
  readonly dotMs: number | null;
}

/** Writes follow one another, so that what one could not write is written by the next. */
export class WindowLedger {
  private readonly batch: Batch;
  private known: Known[] = [];
  private writing: Promise<unknown> = Promise.resolve();

  constructor(batch: Batch) {
    this.batch = batch;
  }

  /** Notes what became of a row; `dotMs` is when its dot went, null when it did not. */
  learn(row: ClaimedDelivery, outcome: WireOutcome, dotMs: number | null): void {
    const result = resultOf(outcome);
    // Before the outcome is written: the commit that writes it must not take further rows.
    if (result === 'relay-down') this.batch.isRelayDown = true;
    this.known.push({ row, learned: settlement(outcome, row.attempts), result, dotMs });
  }

  /** Certain: its dot was never sent, by us who held the row. It is due at once. */
  giveBack(row: ClaimedDelivery): void {
    const learned = { kind: 'retry', reply: notSent, afterSeconds: 0 } as const;
    this.known.push({ row, learned, result: 'retried', dotMs: null });
  }

  /** Writes what is known. */
  async write(): Promise<void> {
    await this.inTurn(async () => {
      if (this.known.length > 0) await this.writeKnown(() => Promise.resolve([]));
    });
  }

  /** Writes what is known and takes at most so many rows to the dot for the attempt, in one commit. */
  turn(rows: number, attemptId: string): Promise<readonly ClaimedDelivery[]> {
    const { noticeId, policy } = this.batch.input;
    return this.inTurn(async () => {
      if (this.known.length === 0 && !this.batch.mayBegin()) return [];
      return this.writeKnown((store) =>
        this.batch.claim(rows, (limit, after) =>
          store.notices.takeWindow(noticeId, limit, attemptId, policy.dotLeaseSeconds, after),
        ),
      );
    });
  }

  /** Writes what is known and gives back whatever an attempt that sent nothing may hold. */
  async giveBackAll(attemptId: string): Promise<void> {
    const { noticeId } = this.batch.input;
    await this.inTurn(() =>
      this.writeKnown(async (store) => {
        const rows = await store.notices.returnWindow(noticeId, attemptId, notSent);
        if (rows > 0 && this.batch.isStopped) await store.house.wake('notice', noticeId);
        return [];
      }),
    );
  }

  private inTurn<T>(write: () => Promise<T>): Promise<T> {
    const written = this.writing.then(write);
    this.writing = written.catch(() => undefined);
    return written;
  }

  private async writeKnown(
    and: (store: Store) => Promise<readonly ClaimedDelivery[]>,
  ): Promise<readonly ClaimedDelivery[]> {
    const known = this.known.splice(0);
    try {
      const { ours, rows } = await this.batch.input.house.as(dispatcher, async (store) => {
        const settled = known.length === 0 ? new Set<string>() : await this.settle(store, known);
        return { ours: settled, rows: await and(store) };
      });
      for (const { row, result } of known)
        this.batch.count(ours.has(row.deliveryId) ? result : 'not-ours');
      return rows;
    } catch (fault) {
      this.known.unshift(...known);
      throw fault;
    }
  }

  private async settle(store: Store, known: readonly Known[]): Promise<Set<string>> {
    const nowMs = this.batch.input.clock.nowMs();
    const written = known.map(({ row: { deliveryId, attemptId }, learned, dotMs }) => {
      const dotAgeMs = dotMs === null ? null : nowMs - dotMs;
      return { deliveryId, attemptId, outcome: learned, dotAgeMs };
    });
    const settled = new Set(await store.notices.settleWindow(written));
    for (const { row, learned } of known) {
      if (settled.has(row.deliveryId) || learned.kind !== 'sent') continue;
      if (await acceptLate(store, row, learned.reply)) settled.add(row.deliveryId);
    }
    const isUnexpected = written.some(
      ({ outcome, dotAgeMs }) => outcome.kind === 'retry' && this.batch.mayBeGivenUp(dotAgeMs),
    );
    if (isUnexpected) await store.house.wake('notice', this.batch.input.noticeId);
    return settled;
  }
}
