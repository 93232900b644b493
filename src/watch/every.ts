/** Runs a piece of work again and again, never twice at once, until stopped. */
import { setTimeout as wait } from 'node:timers/promises';

/** Starts at once and pauses `pauseMs` after each run (longer after failures, 5 s at most); gives the way to stop. */
export function every(
  pauseMs: number,
  part: string,
  complain: (part: string, error: unknown) => void,
  work: () => Promise<unknown>,
): () => Promise<void> {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await work();
        failures = 0;
      } catch (error) {
        failures += 1;
        complain(part, error);
      }
      await wait(pauseAfterMs(pauseMs, failures), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  };
  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

/** The pause after a run, in ms: `pauseMs`, and longer the more runs in a row have failed, up to 5 s. */
export function pauseAfterMs(pauseMs: number, failuresInARow: number): number {
  return failuresInARow === 0
    ? pauseMs
    : Math.max(pauseMs, Math.min(5_000, 100 * 2 ** failuresInARow));
}
