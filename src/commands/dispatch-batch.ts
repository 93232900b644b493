/** What the lanes of one batch share: how many rows may still be begun, where claiming stands, what has been counted. */
import type { Actor } from '../domain/actor.ts';
import type { ClaimedDelivery, Stopwatch, Wire } from '../domain/notice-ports.ts';
import type { House } from '../domain/ports.ts';
import type { DispatchPolicy } from '../ledger/window.ts';

/** What became of a row, as the batch counts it; `relay-down` means other rows would fare the same now. */
export type RowResult = 'sent' | 'retried' | 'bounced' | 'in-doubt' | 'not-ours' | 'relay-down';

export const dispatcher: Actor = { kind: 'machine', name: 'dispatch' };

export interface BatchInput {
  readonly house: House;
  readonly wire: Wire;
  readonly clock: Stopwatch;
  readonly policy: DispatchPolicy;
  /** Names the attempt of a window. */
  readonly newAttemptId: () => string;
  readonly noticeId: string;
  readonly limit: number;
  /** No row is begun later than this. */
  readonly withinMs: number;
  readonly onProgress: () => void;
  readonly signal: AbortSignal | undefined;
}

export class Batch {
  readonly input: BatchInput;
  readonly counted: Record<RowResult, number> = {
    ...{ sent: 0, retried: 0, bounced: 0, 'in-doubt': 0, 'not-ours': 0, 'relay-down': 0 },
  };
  /** Set while a lane hangs at a dot: the others then do the work of further batches. */
  isHeldUp = false;
  /** Set when the mail server could not be used: no further row is begun until that has been dealt with. */
  isRelayDown = false;
  private begun = 0;
  private readonly endsMs: number;
  /** Rows are taken in the order of their ids: the last one taken, null before the first. */
  private after: string | null = null;

  constructor(input: BatchInput) {
    this.input = input;
    this.endsMs = input.clock.nowMs() + input.withinMs;
  }

  get isStopped(): boolean {
    return this.input.signal?.aborted === true;
  }

  count(result: RowResult): void {
    this.counted[result] += 1;
    if (result === 'relay-down') this.isRelayDown = true;
  }

  /**
   * Claims at most so many rows by `ask`, which is told where claiming stands; none when no further row may be begun, or
   * none is due.
   */
  async claim(
    rows: number,
    ask: (limit: number, after: string | null) => Promise<readonly ClaimedDelivery[]>,
  ): Promise<readonly ClaimedDelivery[]> {
    const wanted = this.isHeldUp ? rows : Math.min(rows, this.input.limit - this.begun);
    if (wanted <= 0 || !this.mayBegin()) return [];
    this.begun += wanted;
    let claimed: readonly ClaimedDelivery[] = [];
    try {
      claimed = await this.claimInOrder((after) => ask(wanted, after));
      return claimed;
    } finally {
      this.begun -= wanted - claimed.length;
    }
  }

  /**
   * Whether another sender may by now have looked at the rows and reckoned with the lease of one of them: whoever makes
   * that row due earlier has to say so with the same commit, for this process may be lost right after it.
   */
  mayBeGivenUp(dotAgeMs: number | null): boolean {
    return this.isStopped || (dotAgeMs !== null && dotAgeMs > this.input.policy.beatMs);
  }

  mayBegin(): boolean {
    // A row that hangs keeps the next batch from beginning: what is due meanwhile is this one's work.
    const heldUpMs = this.isHeldUp ? this.input.policy.heldUpForMs : 0;
    const isLate = this.input.clock.nowMs() > this.endsMs + heldUpMs;
    return !this.isStopped && !isLate && !this.isRelayDown;
  }

  /** After the last row the order begins anew: rows given back or due again stand before it. */
  private async claimInOrder(
    ask: (after: string | null) => Promise<readonly ClaimedDelivery[]>,
  ): Promise<readonly ClaimedDelivery[]> {
    const { after } = this;
    let claimed = await ask(after);
    if (claimed.length === 0 && after !== null) {
      this.after = null;
      claimed = await ask(null);
    }
    for (const { deliveryId } of claimed)
      if (this.after === null || deliveryId > this.after) this.after = deliveryId;
    return claimed;
  }
}
