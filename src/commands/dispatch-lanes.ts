/** The lanes of a batch: they work side by side, and one that hangs at its dot holds up none of the others. */
import type { Batch } from './dispatch-batch.ts';

/** One lane's state, as the others must know it. */
export interface Lane {
  /** Since when the lane waits for the answer to a dot, by the monotonic clock; null when it does not. */
  atDotSinceMs: number | null;
  /** Gives back what the lane holds besides the row at its dot. May be called again. */
  letGo: () => Promise<void>;
}

interface Running {
  readonly lane: Lane;
  readonly end: Promise<void>;
  hasEnded: boolean;
}

const lanes = 4;

/**
 * Runs lanes until each has ended. While some hang and no other runs, `between` is called now and then and another
 * lane looks for rows that have become due. The first fault is thrown when all have ended: a lane must not go on
 * sending while the caller already tries again.
 */
export async function runLanes(
  batch: Batch,
  work: (lane: Lane) => Promise<void>,
  between: () => Promise<void>,
): Promise<void> {
  const { clock, policy, onProgress, limit } = batch.input;
  const crew = new Set<Running>();
  const faults: unknown[] = [];
  let startedMs = clock.nowMs();
  const start = (): void => {
    startedMs = clock.nowMs();
    crew.add(running(work, faults));
  };
  for (let n = 0; n < Math.min(lanes, limit); n++) start();
  for (;;) {
    const ends = Promise.all([...crew].map(({ end }) => end));
    await Promise.race([ends, clock.pause(policy.beatMs)]);
    onProgress();
    for (const one of crew) if (one.hasEnded) crew.delete(one);
    if (crew.size === 0) break;
    const hung = await letHungGo(batch, crew);
    const waitMs = hung < lanes ? policy.againMs : policy.spareMs;
    if (hung < crew.size || clock.nowMs() - startedMs < waitMs) continue;
    // What others left behind, and what became of the rows so far, does not wait for the one that hangs. A fault does
    // not end this either: it is tried again next time.
    await between().catch(() => undefined);
    if (!batch.isStopped) start();
    else startedMs = clock.nowMs();
  }
  if (faults.length > 0) throw faults[0];
}

function running(work: (lane: Lane) => Promise<void>, faults: unknown[]): Running {
  const lane: Lane = { atDotSinceMs: null, letGo: () => Promise.resolve() };
  const end = work(lane)
    .catch((fault: unknown) => {
      faults.push(fault);
    })
    .then(() => {
      one.hasEnded = true;
    });
  const one: Running = { lane, end, hasEnded: false };
  return one;
}

/** How many lanes hang at a dot; each has given back what else it held. */
async function letHungGo(batch: Batch, crew: ReadonlySet<Running>): Promise<number> {
  const { clock, policy } = batch.input;
  const nowMs = clock.nowMs();
  const hung = [...crew].filter(
    ({ lane, hasEnded }) =>
      !hasEnded && lane.atDotSinceMs !== null && nowMs - lane.atDotSinceMs >= policy.hungAfterMs,
  );
  batch.isHeldUp = hung.length > 0;
  // What cannot be written now is written at the next beat.
  for (const { lane } of hung) await lane.letGo().catch(() => undefined);
  return hung.length;
}
