/** What counts without a lowering and what is to count with it: both are kept side by side. */
import type { CaseFile } from '../domain/case.ts';
import { assembleFacts, isFactName, type FactName } from '../domain/facts.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { LoweringAct } from '../domain/lowering.ts';
import type { Store } from '../domain/ports.ts';
import { assess } from '../law/assess.ts';

interface Results {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** The answer of the rules now, and what the act makes of it. */
export async function resultsOf(store: Store, file: CaseFile, act: LoweringAct): Promise<Results> {
  const before = {
    determination: file.determination,
    awareAt: file.awareness.awareAt,
    assessment: await assessed(store, file, []),
  };
  switch (act.kind) {
    case 'not-a-breach':
      return { before, after: { determination: 'not-a-breach' } };
    case 'facts':
      return { before, after: { assessment: await assessed(store, file, act.facts) } };
    case 'excluded':
      return {
        before,
        after: { excluded: act.entries.map(({ select, key }) => `${select}/${key}`) },
      };
    case 'later-awareness':
      return { before, after: { awareAt: act.awareAt } };
    case 'not-notified': {
      const obligations = await store.obligations.ofCase(file.caseId);
      const found = obligations.find(({ obligationId }) => obligationId === act.obligationId);
      const line = (state: string): JsonObject => ({
        provision: found?.provision ?? '',
        recipient: found?.recipientKey ?? '',
        state,
      });
      return {
        before: {
          ...before,
          obligation: { ...line(found?.state ?? ''), reason: found?.reason ?? '' },
        },
        after: { obligation: line('not-owed') },
      };
    }
  }
}

type Said = readonly { about: string; name: string; value: JsonValue; certainty: string }[];

async function assessed(store: Store, file: CaseFile, more: Said): Promise<JsonObject> {
  const values = new Map<FactName, JsonValue>();
  for (const fact of [...(await store.cases.currentFacts(file.caseId)), ...more]) {
    if (fact.about !== 'case' || !isFactName(fact.name)) continue;
    if (fact.certainty === 'unknown') values.delete(fact.name);
    else values.set(fact.name, fact.value);
  }
  const { facts, unknown } = assembleFacts(values);
  const { isBreach, riskLevel, notifySA, notifySubjects, restsOnUnknowns, ruleSetVersion } = assess(
    facts,
    unknown,
  );
  return { isBreach, riskLevel, notifySA, notifySubjects, restsOnUnknowns, ruleSetVersion };
}
