/** Assesses facts: what is owed to whom by the risk, what that rests on, and what would change it. */
import { factNames, factValues } from '../domain/facts.ts';
import type { BreachFacts, FactName } from '../domain/facts.ts';
import type { Answers, Assessment, RuleUsed } from './assessment.ts';
import { changesFrom } from './changes.ts';
import { judge } from './judge.ts';
import type { RuleTrace } from './parts.ts';
import { defaultPolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import { cautiousReading, establishedReading, openFacts } from './readings.ts';
import { reviewFlags } from './review.ts';
import { ruleSetVersion, ruleText } from './rules.ts';

/**
 * Proposes a result from the facts; a named person decides. What nobody knows counts at its worse value
 * (Art. 33(1), rec. 85 GDPR); `restsOnUnknowns` tells when an answer would be milder without that. Pass as
 * `unknown` the names `assembleFacts` listed, and the authorities to be told: what one of them demands beyond can only raise. No clock, no I/O: the same facts give the same result.
 */
export function assess(
  facts: BreachFacts,
  unknown: readonly FactName[] = [],
  policy: Policy = defaultPolicy,
  authorityIds: readonly string[] = [],
): Assessment {
  const open = openFacts(facts, unknown);
  const cautious = cautiousReading(facts, open);
  const judged = judge(cautious, policy, authorityIds);
  const established = judge(establishedReading(facts, open), policy, authorityIds);
  const read = new Set(judged.rules.flatMap((rule) => rule.facts));
  const unknownsUsed = factNames.filter((name) => read.has(name) && open.has(name));
  const whatWouldChangeIt = changesFrom(cautious, policy, authorityIds);
  return {
    ruleSetVersion,
    restsOnUnknowns: !sameDuties(judged.answers, established.answers),
    ...judged.answers,
    document: judged.document,
    parts: judged.parts,
    rules: judged.rules.map((trace) => ruleUsed(trace, facts, unknown)),
    unknownsUsed,
    humanReview: reviewFlags({
      facts,
      policy,
      rules: judged.rules.map((rule) => rule.id),
      riskLevel: judged.answers.riskLevel,
      unknownsUsed: unknownsUsed.length,
      changes: whatWouldChangeIt,
    }),
    whatWouldChangeIt,
  };
}

/** Of one role both, so that a breach or none settles whether controllers are told. */
function sameDuties(one: Answers, other: Answers): boolean {
  return (
    one.isBreach === other.isBreach &&
    one.notifySA === other.notifySA &&
    one.notifySubjects === other.notifySubjects &&
    one.publicCommunication === other.publicCommunication
  );
}

function ruleUsed(trace: RuleTrace, facts: BreachFacts, unknown: readonly FactName[]): RuleUsed {
  const values = factValues(facts);
  return {
    id: trace.id,
    citation: ruleText(trace.id).citation,
    factsUsed: trace.facts.map((name) => ({
      name,
      value: unknown.includes(name) ? 'unknown' : (values.get(name) ?? null),
    })),
  };
}
