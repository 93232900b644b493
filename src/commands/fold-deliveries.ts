/** Folds delivery transitions into the register: one entry with a Merkle root for up to a thousand of them. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { UnfoldedEvent } from '../domain/notice-ports.ts';
import type { House } from '../domain/ports.ts';
import { leafHash, merkleRoot } from '../register/merkle.ts';

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

/** Folds every case that has something to fold: what a crash left behind, and what people's commands changed. */
export async function foldAllDeliveryEvents(house: House): Promise<number> {
  const cases = await house.as(dispatcher, (store) => store.notices.unfoldedCases(100));
  let folded = 0;
  for (const caseId of cases) folded += await foldDeliveryEvents(house, caseId);
  return folded;
}

function foldOnce(house: House, caseId: string): Promise<number> {
  return house.as(dispatcher, async (store) => {
    const events = await store.notices.unfoldedEvents(caseId, eventsPerFold);
    const first = events[0];
    const last = events.at(-1);
    if (first === undefined || last === undefined) return 0;
    const root = merkleRoot(events.map(deliveryEventLeaf));
    const { eventId: fromEvent } = first;
    const { eventId: toEvent } = last;
    await store.notices.recordFold(caseId, { fromEvent, toEvent, events: events.length, root });
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'deliveries.folded',
      actor: actorLabel(dispatcher),
      data: { fromEvent, toEvent, events: events.length, root: Buffer.from(root).toString('hex') },
    });
    return events.length;
  });
}

/**
 * The leaf of one transition: SHA-256 over 0x00 and its canonical JSON. Members in the order of their names, plain text
 * and whole numbers: what JSON.stringify gives is RFC 8785's form, and it is wanted millions of times.
 */
function deliveryEventLeaf(event: UnfoldedEvent): Uint8Array {
  const { actor, at, attemptId, deliveryId, eventId, fromState, replySha256, toState } = event;
  const leaf = JSON.stringify({
    ...{ actor, at, attemptId, deliveryId },
    ...{ eventId, fromState, replySha256, toState },
  });
  return leafHash(Buffer.from(leaf, 'utf8'));
}
