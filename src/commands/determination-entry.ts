/** What the register keeps of a step from facts to obligations: results of each track, and what moved. */
import type { JsonObject } from '../domain/json.ts';
import type { AssessedTrack } from './assess-tracks.ts';
import type { Moved } from './revise-obligations.ts';

/** How an assessment stands in the register; the whole of it is kept in its own row. */
export function entryOf({ kept, whole }: AssessedTrack): JsonObject {
  const { riskLevel, notifySA, notifySubjects, restsOnUnknowns } = whole;
  return {
    ...{ trackId: kept.trackId, riskLevel, notifySA, notifySubjects, restsOnUnknowns },
    severity: kept.severity?.se ?? null,
    groups: kept.groups.map(({ name, result }) => ({ name, riskLevel: result.riskLevel })),
  };
}

/** From what to what a changed obligation moved. */
export function moveOf({ before, change }: Moved): JsonObject {
  const { obligationId, provision, recipientKey, state, dueAt, reason } = before;
  return {
    ...{ obligationId, provision, recipientKey },
    from: { state, dueAt, reason },
    to: { state: change.state, dueAt: change.dueAt, reason: change.reason },
  };
}
