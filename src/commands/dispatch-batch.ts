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
  /** Rows never tried are taken in the order of their ids; null before the first, undefined when none is left. */
  private newAfter: string | null | undefined = null;

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

  /** Claims at most so many rows; none when no further row may be begun, or none is due. */
  async claim(rows: number): Promise<readonly ClaimedDelivery[]> {
    const wanted = this.isHeldUp ? rows : Math.min(rows, this.input.limit - this.begun);
    if (wanted <= 0 || !this.mayBegin()) return [];
    this.begun += wanted;
    const claimed = await this.claimDue(wanted);
    this.begun -= wanted - claimed.length;
    return claimed;
  }

  private mayBegin(): boolean {
    const isLate = this.input.clock.nowMs() > this.endsMs;
    return !this.isStopped && !isLate && !this.isRelayDown;
  }

  private async claimDue(rows: number): Promise<readonly ClaimedDelivery[]> {
    const { house, noticeId, policy } = this.input;
    const claim = (newAfter?: string | null): Promise<readonly ClaimedDelivery[]> =>
      house.as(dispatcher, (store) =>
        store.notices.claim(noticeId, rows, policy.claimLeaseSeconds, newAfter),
      );
    if (this.newAfter === undefined) return claim();
    const claimed = await claim(this.newAfter);
    if (claimed.length === 0) {
      this.newAfter = undefined;
      return claim();
    }
    const ids = claimed.map((row) => row.deliveryId).concat(this.newAfter ?? '');
    this.newAfter = ids.reduce((last, id) => (id > last ? id : last), '');
    return claimed;
  }
}
