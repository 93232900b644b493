/** Writes what is already known of a mail although the database may be away for a moment. */
import type { Stopwatch } from '../domain/notice-ports.ts';

const tries = 6;

/** An outcome that is lost leaves its row in doubt: it is written again and again for half a minute, then the fault is thrown. */
export async function surely<T>(clock: Stopwatch, write: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await write();
    } catch (error) {
      if (tried === tries) throw error;
      await clock.pause(500 * 2 ** tried);
    }
  }
}
