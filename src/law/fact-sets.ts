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
  if (one.isBreach !== other.isBreach) return one.isBreach ? one : other;
  if (one.riskLevel === null || other.riskLevel === null) return one;
  const order = compareLevels(other.riskLevel, one.riskLevel);
  if (order !== 0) return order > 0 ? other : one;
  const people = (answer: Assessment): number =>
    answer.notifySubjects === 'yes' ? 2 : answer.publicCommunication === 'yes' ? 1 : 0;
  if (people(one) !== people(other)) return people(one) > people(other) ? one : other;
  return one.restsOnUnknowns && !other.restsOnUnknowns ? other : one;
}
