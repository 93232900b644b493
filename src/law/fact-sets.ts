/** A case whose people are not alike: each group assessed by its own facts, and the case by the worst of them. */
import { assembleFacts, factValues } from '../domain/facts.ts';
import type { BreachFacts, FactName } from '../domain/facts.ts';
import type { JsonValue } from '../domain/json.ts';
import { assess } from './assess.ts';
import { compareLevels } from './assessment.ts';
import type { Assessment } from './assessment.ts';
import { defaultPolicy } from './policy.ts';
import type { Policy } from './policy.ts';

/** People of a case who stand apart, `212 of 3,140 with weak hashes`: what is different for them. */
export interface FactSet {
  readonly name: string;
  readonly different: ReadonlyMap<FactName, JsonValue>;
}

export interface AssessedSets {
  /** For the case as a whole; what it answers is the worst answer of any group. */
  readonly whole: Assessment;
  readonly groups: readonly { readonly name: string; readonly assessment: Assessment }[];
  /** Groups whose people are told; the others are not told because of these. */
  readonly told: readonly string[];
}

/**
 * Assesses the facts of the case and those of each group laid over them. A group can only raise the whole; who is told
 * under Art. 34 is decided group by group.
 */
export function assessSets(
  facts: BreachFacts,
  unknown: readonly FactName[],
  sets: readonly FactSet[],
  policy: Policy = defaultPolicy,
  authorityIds: readonly string[] = [],
): AssessedSets {
  const own = assess(facts, unknown, policy, authorityIds);
  const groups = sets.map(({ name, different }) => {
    const values = new Map([...factValues(facts), ...different]);
    const stillUnknown = unknown.filter((fact) => !different.has(fact));
    const { facts: theirs } = assembleFacts(values);
    return { name, assessment: assess(theirs, stillUnknown, policy, authorityIds) };
  });
  const whole = groups.reduce((worst, { assessment }) => worse(worst, assessment), own);
  const told = groups
    .filter(({ assessment }) => assessment.notifySubjects === 'yes')
    .map(({ name }) => name);
  return { whole, groups, told };
}

/** The assessment that demands more; of two alike, one that is established over one that rests on unknowns. */
function worse(one: Assessment, other: Assessment): Assessment {
  return demand(other) > demand(one) ? other : one;
}

/** How much an assessment demands, one digit each, the weightiest first: breach, level, who is told, established. */
function demand(assessment: Assessment): string {
  const { isBreach, riskLevel, notifySubjects, publicCommunication, restsOnUnknowns } = assessment;
  const level = riskLevel === null ? 0 : compareLevels(riskLevel, 'unlikely');
  const people = notifySubjects === 'yes' ? 2 : publicCommunication === 'yes' ? 1 : 0;
  return [isBreach ? 1 : 0, level, people, restsOnUnknowns ? 0 : 1].join('');
}
