/** Hands what rang to the person in charge, and keeps trying until somebody's mailbox has taken it. */
import type { CallWay } from '../domain/out-of-band.ts';
import type { AlarmChannel, Ring, WatchStore } from '../domain/watch-ports.ts';

export interface AlarmChannels {
  readonly mail: AlarmChannel;
  /** Used while mail is barred; null: then people are telephoned. */
  readonly outOfBand: AlarmChannel | null;
}

/**
 * One attempt for everything unhanded; nobody in the role is a complaint, not a silence. What rings alike at one person in
 * one case is one call: whoever has to tell three thousand customers is called once about them.
 */
export async function handOver(
  store: WatchStore,
  channels: AlarmChannels,
  complain: (part: string, error: unknown) => void,
): Promise<void> {
  for (const rings of alike(await store.unhanded())) {
    try {
      await store.handed(rings, await call(store, channels, rings));
    } catch (error) {
      complain('alarms', error);
      await store.notHanded(rings.map(({ ringId }) => ringId));
    }
  }
}

type Rings = readonly [Ring, ...Ring[]];

function alike(rings: readonly Ring[]): readonly Rings[] {
  const groups = Map.groupBy(rings, ({ caseId, step, line, role, personId }) =>
    JSON.stringify([caseId, step, line, role, personId]),
  );
  return [...groups.values()].flatMap((group): Rings[] => {
    const [first, ...rest] = group.toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1));
    return first === undefined ? [] : [[first, ...rest]];
  });
}

/** Calls the person by the way that may be trusted at this moment. */
async function call(
  store: WatchStore,
  { mail, outOfBand }: AlarmChannels,
  rings: Rings,
): Promise<CallWay> {
  const [first] = rings;
  const { email, personId } = first;
  if (email === null || personId === null) throw new Error(`nobody holds the role ${first.role}`);
  const about = { ...first, alike: rings.length, lastDueAt: rings.at(-1)?.dueAt ?? first.dueAt };
  if (!(await store.isMailBarred(first.caseId))) {
    await mail.call({ ...about, email });
    return 'mail';
  }
  // Nothing can be sent: who reads the page is asked to telephone, and the deputy is called when nobody answers.
  if (outOfBand === null || first.outOfBand === null) return 'telephone';
  await outOfBand.call({ ...about, email: first.outOfBand });
  return 'out-of-band';
}
