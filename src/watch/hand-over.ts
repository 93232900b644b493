/** Hands what rang to the person in charge, and keeps trying until somebody's mailbox has taken it. */
import type { AlarmChannel, WatchStore } from '../domain/watch-ports.ts';

/** One attempt for each unhanded ring; nobody in the role is a complaint, not a silence. */
export async function handOver(
  store: WatchStore,
  channel: AlarmChannel,
  complain: (part: string, error: unknown) => void,
): Promise<void> {
  for (const ring of await store.unhanded()) {
    try {
      const { email, personId } = ring;
      if (email === null || personId === null)
        throw new Error(`nobody holds the role ${ring.role}`);
      await channel.call({ ...ring, email });
      await store.handed(ring.ringId, personId);
    } catch (error) {
      complain('alarms', error);
      await store.notHanded(ring.ringId);
    }
  }
}
