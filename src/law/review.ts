/** Which flags a result carries for human review. */
import type { BreachFacts } from '../domain/facts.ts';
import type { Change, RiskLevel } from './assessment.ts';
import { disagrees, severity } from './enisa.ts';
import { disclosureCertainty } from './parts.ts';
import type { Policy } from './policy.ts';
import type { RuleId } from './rules.ts';
import { reviewFlagIds } from './review-flags.ts';
import type { ReviewFlag } from './review-flags.ts';
import { dataTier } from './tiers.ts';

interface Reviewed {
  readonly facts: BreachFacts;
  readonly policy: Policy;
  readonly rules: readonly RuleId[];
  readonly riskLevel: RiskLevel | null;
  readonly unknownsUsed: number;
  readonly changes: readonly Change[];
}

/** The flags of a result, in a fixed order. A processor assesses no risk, so only unknowns concern it. */
export function reviewFlags(reviewed: Reviewed): ReviewFlag[] {
  const { facts, rules, riskLevel } = reviewed;
  const rests: Readonly<Record<ReviewFlag, boolean>> = {
    'HR-KEY': rules.includes('C-02') || facts.protection.keyCompromised === 'unknown',
    'HR-ART9-INCIDENTAL': facts.data.specialCategories === 'incidental',
    'HR-TRUST': facts.recipients.class === 'trusted_external' && facts.recipients.trustDocumented,
    'HR-IDENT': facts.subjects.identifiability === 'not_reasonably',
    'HR-PUBLIC': facts.data.alreadyPublic,
    'HR-RULED-OUT':
      facts.confidentiality.state === 'ruled_out' || facts.exfiltration === 'ruled_out',
    'HR-MISUSE': facts.misuseObserved || facts.actor === 'malicious_internal',
    'HR-34-3-B': facts.mitigation.highRiskNeutralised,
    'HR-34-3-C': facts.mitigation.individualContactDisproportionate,
    'HR-NRO-SCALE': notRuledOutAtScale(reviewed),
    'HR-CHILD': facts.subjects.vulnerable,
    'HR-BORDER': reviewed.changes.some((change) => raises(change, riskLevel)),
    'HR-ENISA': riskLevel !== null && disagrees(severity(facts), riskLevel),
    'HR-UNKNOWN': reviewed.unknownsUsed > 0,
  };
  return reviewFlagIds.filter(
    (flag) =>
      rests[flag] && (riskLevel !== null || flag === 'HR-UNKNOWN' || flag === 'HR-RULED-OUT'),
  );
}

function notRuledOutAtScale({ facts, policy }: Reviewed): boolean {
  const { count } = facts.subjects;
  return (
    disclosureCertainty(facts) === 'not_ruled_out' &&
    dataTier(facts) === 2 &&
    (count === null || count >= policy.largeScale)
  );
}

function raises({ riskLevel }: Change, now: RiskLevel | null): boolean {
  return now === 'unlikely'
    ? riskLevel === 'risk' || riskLevel === 'high-risk'
    : now === 'risk' && riskLevel === 'high-risk';
}
