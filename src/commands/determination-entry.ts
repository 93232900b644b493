/** What the register keeps of a step from facts to obligations: results of each track, and what moved. */
import type { JsonObject } from '../domain/json.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import type { AssessedTrack } from './assess-tracks.ts';

/** How an assessment stands in the register; the whole of it is kept in its own row. */
export function entryOf({ kept, whole }: AssessedTrack): JsonObject {
  const { riskLevel, notifySA, notifySubjects, restsOnUnknowns } = whole;
  return {
    ...{ trackId: kept.trackId, riskLevel, notifySA, notifySubjects, restsOnUnknowns },
    severity: kept.severity?.se ?? null,
    groups: kept.groups.map(({ name, result }) => ({ name, riskLevel: result.riskLevel })),
  };
}

/** From what to what each changed obligation moved. */
export async function movesOf(
  store: Store,
  caseId: string,
  existing: ReadonlyMap<string, Obligation>,
  changed: readonly string[],
): Promise<readonly JsonObject[]> {
  if (changed.length === 0) return [];
  const before = new Map([...existing.values()].map((one) => [one.obligationId, one]));
  return (await store.obligations.ofCase(caseId))
    .filter(({ obligationId }) => changed.includes(obligationId))
    .map(({ obligationId, provision, recipientKey, state, dueAt, reason }) => {
      const was = before.get(obligationId);
      return {
        ...{ obligationId, provision, recipientKey },
        from: { state: was?.state ?? null, dueAt: was?.dueAt ?? null, reason: was?.reason ?? null },
        to: { state, dueAt, reason },
      };
    });
}
