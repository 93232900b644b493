/** Remembers what a transaction reads of a whole case, so that comparing many recipients reads it once. */
import type { Store } from '../domain/ports.ts';

/** The same store, with reads of the case that hold for the whole transaction answered from memory the second time. */
export function remembering(store: Store): Store {
  const { cases } = store;
  const allExposures = once((key: string) => cases.exposures(key));
  return {
    ...store,
    cases: {
      ...cases,
      read: once((key: string) => cases.read(key)),
      tracks: once((key: string) => cases.tracks(key)),
      affiliates: once((key: number) => cases.affiliates(key)),
      processings: once((key: number) => cases.processings(key)),
      currentFacts: once((key: string) => cases.currentFacts(key)),
      exposures: (caseId, customerKey) =>
        customerKey === undefined ? allExposures(caseId) : cases.exposures(caseId, customerKey),
    },
    followUps: { ...store.followUps, finding: once((key: string) => store.followUps.finding(key)) },
  };
}

function once<Key, Found>(read: (key: Key) => Promise<Found>): (key: Key) => Promise<Found> {
  const known = new Map<Key, Promise<Found>>();
  return (key) => {
    const found = known.get(key) ?? read(key);
    known.set(key, found);
    return found;
  };
}
