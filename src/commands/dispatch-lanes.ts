/** The lanes of a batch: they work side by side, and one that hangs at its dot holds up none of the others. */
import type { Batch } from './dispatch-batch.ts';

/** One lane's state, as the others must know it. */
export interface Lane {
  /** Since when the lane waits for the answer to a dot, by the monotonic clock; null when it does not. */
  atDotSinceMs: number | null;
}

/** What lanes do, and what is done beside them. */
export interface Work {
  lane(lane: Lane): Promise<void>;
  /** While all lanes hang: gives back what they hold besides the rows at their dots. May be called again. */
  letGo(): Promise<void>;
  /** While lanes hang and no other runs: what others left behind, and what became of the rows so far, does not wait. */
  between(): Promise<void>;
}

interface Running {
  readonly lane: Lane;
  readonly end: Promise<void>;
  hasEnded: boolean;
}

const lanes = 4;

/**
 * Runs lanes, no more than there are recipients, until each has ended. While some hang and no other runs, now and then another lane looks for rows that have
 * become due. The first fault is thrown when all have ended: a lane must not go on
 * sending while the caller already tries again.
 */
export async function runLanes(batch: Batch, recipients: number, work: Work): Promise<void> {
  const { clock, policy, onProgress, limit } = batch.input;
  const crew = new Set<Running>();
  const faults: unknown[] = [];
  let startedMs = clock.nowMs();
  const start = (): void => {
    startedMs = clock.nowMs();
    crew.add(running(work, faults));
  };
  for (let n = 0; n < Math.min(lanes, limit, Math.max(1, recipients)); n++) start();
  for (;;) {
    const ends = Promise.all([...crew].map(({ end }) => end));
    await Promise.race([ends, clock.pause(policy.beatMs)]);
    onProgress();
    for (const one of crew) if (one.hasEnded) crew.delete(one);
    if (crew.size === 0) break;
    const hung = hanging(batch, crew);
    batch.isHeldUp = hung > 0;
    // What cannot be written now is written at the next beat.
    if (hung === crew.size) await work.letGo().catch(() => undefined);
    const waitMs = hung < lanes ? policy.againMs : policy.spareMs;
    if (hung < crew.size || clock.nowMs() - startedMs < waitMs) continue;
    // A fault does not end this: it is tried again next time.
    await work.between().catch(() => undefined);
    if (!batch.isStopped) start();
    else startedMs = clock.nowMs();
  }
  if (faults.length > 0) throw faults[0];
}

function running(work: Work, faults: unknown[]): Running {
  const lane: Lane = { atDotSinceMs: null };
  const end = work
    .lane(lane)
    .catch((fault: unknown) => {
      faults.push(fault);
    })
    .then(() => {
      one.hasEnded = true;
    });
  const one: Running = { lane, end, hasEnded: false };
  return one;
}

function hanging({ input }: Batch, crew: ReadonlySet<Running>): number {
  const sinceMs = input.clock.nowMs() - input.policy.hungAfterMs;
  const hung = [...crew].filter(
    ({ lane, hasEnded }) => !hasEnded && lane.atDotSinceMs !== null && lane.atDotSinceMs <= sinceMs,
  );
  return hung.length;
}
