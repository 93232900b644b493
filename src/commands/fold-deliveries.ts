/** Folds delivery transitions into the register: one entry with a Merkle root for up to a thousand of them. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { merkleRoot } from '../register/merkle.ts';

const dispatcher: Actor = { kind: 'machine', name: 'dispatch' };
const eventsPerFold = 1_000;

/** Folds what no entry covers yet of a case; gives how many transitions that was. May run anywhere, any number of times. */
export async function foldDeliveryEvents(house: House, caseId: string): Promise<number> {
  for (let folded = 0; ;) {
    const events = await foldOnce(house, caseId);
    folded += events;
    if (events < eventsPerFold) return folded;
  }
}

/** Folds every case that has something to fold. The worker does it every two seconds, beside whatever is being sent. */
export async function foldAllDeliveryEvents(house: House): Promise<number> {
  const cases = await house.as(dispatcher, (store) => store.notices.unfoldedCases(100));
  let folded = 0;
  for (const caseId of cases) folded += await foldDeliveryEvents(house, caseId);
  return folded;
}

function foldOnce(house: House, caseId: string): Promise<number> {
  return house.as(dispatcher, async (store) => {
    const unfolded = await store.notices.unfoldedEvents(caseId, eventsPerFold);
    if (unfolded === null) return 0;
    const { leaves, ...covered } = unfolded;
    const root = merkleRoot(hashesOf(leaves));
    await store.notices.recordFold(caseId, { ...covered, root });
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'deliveries.folded',
      actor: actorLabel(dispatcher),
      data: { ...covered, root: Buffer.from(root).toString('hex') },
    });
    return covered.events;
  });
}

function hashesOf(leaves: Uint8Array): Uint8Array[] {
  return Array.from({ length: leaves.length / 32 }, (_, n) => leaves.subarray(n * 32, n * 32 + 32));
}
