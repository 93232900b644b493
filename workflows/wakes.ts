/** Waiting to be woken: a signal that came while a step ran is never lost. */
import { condition, setHandler } from '@temporalio/workflow';
import { wokenSignal } from './messages.ts';

export interface Wakes {
  /** What came so far asks for a look that is about to be taken anyway. */
  forget(): void;
  /** Waits for a wake, or until the wall instant if one is given; true when woken. */
  until(wallAtMs: number | null): Promise<boolean>;
}

/** Registers the handler; call it before the first await. */
export function listenForWakes(): Wakes {
  let pending = false;
  setHandler(wokenSignal, () => {
    pending = true;
  });
  return {
    forget() {
      pending = false;
    },
    async until(wallAtMs) {
      const remainingMs = wallAtMs === null ? null : wallAtMs - Date.now();
      if (!pending && remainingMs === null) await condition(() => pending);
      if (!pending && remainingMs !== null && remainingMs > 0) {
        await condition(() => pending, remainingMs);
      }
      const woken = pending;
      pending = false;
      return woken;
    },
  };
}
