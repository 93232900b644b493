/** Hands what rang to the person in charge, and keeps trying until somebody's mailbox has taken it. */
import type { CallWay } from '../domain/out-of-band.ts';
import type { AlarmChannel, Ring, WatchStore } from '../domain/watch-ports.ts';

export interface AlarmChannels {
  readonly mail: AlarmChannel;
  /** Used while mail is barred; null: then people are telephoned. */
  readonly outOfBand: AlarmChannel | null;
}

/** One attempt for each unhanded ring; nobody in the role is a complaint, not a silence. */
export async function handOver(
  store: WatchStore,
  channels: AlarmChannels,
  complain: (part: string, error: unknown) => void,
): Promise<void> {
  for (const ring of await store.unhanded()) {
    try {
      await store.handed(ring, await call(store, channels, ring));
    } catch (error) {
      complain('alarms', error);
      await store.notHanded(ring.ringId);
    }
  }
}

/** Calls the person by the way that may be trusted at this moment. */
async function call(
  store: WatchStore,
  { mail, outOfBand }: AlarmChannels,
  ring: Ring,
): Promise<CallWay> {
  const { email, personId } = ring;
  if (email === null || personId === null) throw new Error(`nobody holds the role ${ring.role}`);
  if (!(await store.isMailBarred(ring.caseId))) {
    await mail.call({ ...ring, email });
    return 'mail';
  }
  // Nothing can be sent: who reads the page is asked to telephone, and the deputy is called when nobody answers.
  if (outOfBand === null || ring.outOfBand === null) return 'telephone';
  await outOfBand.call({ ...ring, email: ring.outOfBand });
  return 'out-of-band';
}
