/** What would change the result: every fact that, altered alone, leads to another answer. */
import { assembleFacts, factChoices, factNames, factValues } from '../domain/facts.ts';
import type { BreachFacts, FactName } from '../domain/facts.ts';
import type { JsonValue } from '../domain/json.ts';
import type { Answers, Change } from './assessment.ts';
import { judge } from './judge.ts';
import type { Policy } from './policy.ts';

/** The role is for people to establish; the rest of these never bear on a result. Texts have no alternatives. */
const leftOut: readonly FactName[] = [
  ...(['role', 'actor', 'data.alreadyPublic', 'subjects.countIsEstimate'] as const),
  ...(['duration.exposureHours', 'duration.ongoing'] as const),
];

/** Facts that only make sense together move together: a cipher with its key, a measure with its reason. */
const movesWith: Partial<Record<FactName, readonly [FactName, JsonValue]>> = {
  'protection.encryption': ['protection.keyCompromised', 'no'],
  'mitigation.highRiskNeutralised': ['mitigation.neutralisedReason', 'to be given'],
};

/** One entry per fact and other outcome, in the document's order; the value shown is the first that does it. */
export function changesFrom(
  facts: BreachFacts,
  policy: Policy,
  authorityIds: readonly string[],
): Change[] {
  const values = factValues(facts);
  const before = outcomeKey(judge(facts, policy, authorityIds).answers);
  const changes: Change[] = [];
  for (const fact of factNames.filter((name) => !leftOut.includes(name))) {
    const from = values.get(fact) ?? null;
    const seen = new Set([before]);
    for (const to of alternatives(fact, from, policy)) {
      const answers = judge(altered(values, fact, to), policy, authorityIds).answers;
      const key = outcomeKey(answers);
      if (seen.has(key)) continue;
      seen.add(key);
      const { riskLevel, notifySA, notifySubjects, publicCommunication } = answers;
      changes.push({ fact, from, to, riskLevel, notifySA, notifySubjects, publicCommunication });
    }
  }
  return changes;
}

function outcomeKey(answers: Answers): string {
  return JSON.stringify([
    answers.isBreach,
    answers.notifyController,
    answers.notifySA,
    answers.notifySubjects,
    answers.publicCommunication,
    answers.riskLevel,
  ]);
}

function alternatives(fact: FactName, from: JsonValue, policy: Policy): readonly JsonValue[] {
  const { kind, values } = factChoices(fact);
  switch (kind) {
    case 'choice':
      return values.filter((value) => value !== from);
    case 'flag':
      return [from !== true];
    case 'count':
      return [0, fact === 'subjects.count' ? policy.largeScale : policy.manyKnown + 1];
    case 'number':
      return [0, policy.availabilityHoursNoRisk + 1, null];
    case 'choices':
      return withOneLessOrMore(Array.isArray(from) ? from : []);
    case 'texts':
    case 'text-or-nothing':
      return [];
  }
}

/** Without each category, and with one of each tier above contact data. */
function withOneLessOrMore(listed: readonly JsonValue[]): readonly JsonValue[] {
  const less = listed.map((left) => listed.filter((item) => item !== left));
  const more = ['dob', 'national_id'].filter((item) => !listed.includes(item));
  return [...less.filter((list) => list.length > 0), ...more.map((item) => [...listed, item])];
}

function altered(
  values: ReadonlyMap<FactName, JsonValue>,
  fact: FactName,
  to: JsonValue,
): BreachFacts {
  const next = new Map(values).set(fact, to);
  const other = movesWith[fact];
  if (other !== undefined) next.set(...other);
  return assembleFacts(next).facts;
}
