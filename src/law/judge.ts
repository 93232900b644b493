/** The order of the rules: is it a breach, whose is it, how high is the risk, who is told, what exempts. */
import type { BreachFacts, FactName } from '../domain/facts.ts';
import { highest } from './assessment.ts';
import type { Answers, Assessment } from './assessment.ts';
import {
  availabilityPart,
  confidentialityPart,
  disclosureCertainty,
  integrityPart,
} from './parts.ts';
import type { RuleTrace } from './parts.ts';
import { raisedBy } from './overlay.ts';
import type { Policy } from './policy.ts';

/** One run of the rules over facts taken as they stand. */
export interface Judgement {
  readonly answers: Answers;
  readonly document: boolean;
  readonly parts: Assessment['parts'];
  readonly rules: readonly RuleTrace[];
}

const noParts: Assessment['parts'] = { c: null, a: null, i: null };
const breachFacts: readonly FactName[] = [
  ...(['personalDataInvolved', 'breachOfSecurity', 'confidentiality.state'] as const),
  ...(['exfiltration', 'availability.state', 'integrity.state'] as const),
];

/** Runs the rules in their order: definition, role, parts, what single authorities demand beyond, thresholds, exemptions. */
export function judge(
  facts: BreachFacts,
  policy: Policy,
  authorityIds: readonly string[] = [],
): Judgement {
  const none = noBreach(facts);
  if (none !== null) return notABreach(facts, none);
  const breach: RuleTrace = { id: 'D-03', facts: breachFacts };
  if (facts.role === 'processor') return asProcessor(breach);
  const role: readonly RuleTrace[] =
    facts.role === 'joint_controller' ? [{ id: 'J-01', facts: ['role'] }] : [];
  const c = confidentialityPart(facts, policy);
  const a = availabilityPart(facts, policy);
  const i = integrityPart(facts);
  const raised = raisedBy(authorityIds, facts, highest([c.level, a.level, i.level]));
  const { answers, rules } = thresholds(facts, raised.level);
  return {
    answers,
    document: true,
    parts: { c: c.level, a: a.level, i: i.level },
    rules: [breach, ...role, ...c.rules, ...a.rules, ...i.rules, ...raised.rules, ...rules],
  };
}

/** Why this is no personal data breach, Art. 4(12) GDPR; null if it is one. */
function noBreach(facts: BreachFacts): RuleTrace | null {
  if (!facts.personalDataInvolved) return { id: 'D-01', facts: ['personalDataInvolved'] };
  const nothingLost =
    disclosureCertainty(facts) === 'none' &&
    !facts.misuseObserved &&
    facts.availability.state === 'none' &&
    facts.integrity.state === 'none';
  return !facts.breachOfSecurity || nothingLost ? { id: 'D-02', facts: breachFacts } : null;
}

function notABreach(facts: BreachFacts, rule: RuleTrace): Judgement {
  const ours = facts.role === 'processor' ? null : 'no';
  const answers: Answers = {
    isBreach: false,
    notifyController: 'no',
    notifySA: ours,
    notifySubjects: ours,
    publicCommunication: ours,
    riskLevel: null,
  };
  return { answers, document: false, parts: noParts, rules: [rule] };
}

function asProcessor(breach: RuleTrace): Judgement {
  const answers: Answers = {
    isBreach: true,
    notifyController: 'yes',
    notifySA: null,
    notifySubjects: null,
    publicCommunication: null,
    riskLevel: null,
  };
  const rules: readonly RuleTrace[] = [breach, { id: 'P-01', facts: ['role'] }];
  return { answers, document: true, parts: noParts, rules };
}

/** Art. 33(1), 34(1) and 34(3) GDPR over the risk; 34(3)(b) never touches the notice to the authority. */
function thresholds(
  { mitigation }: BreachFacts,
  riskLevel: Answers['riskLevel'],
): { answers: Answers; rules: readonly RuleTrace[] } {
  const base = { isBreach: true, notifyController: 'no', riskLevel } as const;
  const nobody = { ...base, notifySubjects: 'no', publicCommunication: 'no' } as const;
  if (riskLevel === 'unlikely') {
    return { answers: { ...nobody, notifySA: 'no' }, rules: [{ id: 'N-33-0', facts: [] }] };
  }
  const told: RuleTrace = { id: 'N-33', facts: [] };
  const toAuthority: Answers = { ...nobody, notifySA: 'yes' };
  if (riskLevel === 'risk') return { answers: toAuthority, rules: [told] };
  const people: RuleTrace = { id: 'N-34', facts: [] };
  const { highRiskNeutralised, neutralisedReason } = mitigation;
  if (highRiskNeutralised && (neutralisedReason ?? '').trim() !== '') {
    const used: readonly FactName[] = [
      'mitigation.highRiskNeutralised',
      'mitigation.neutralisedReason',
    ];
    return { answers: toAuthority, rules: [told, { id: 'E-34-3-b', facts: used }] };
  }
  if (mitigation.individualContactDisproportionate) {
    const used: readonly FactName[] = ['mitigation.individualContactDisproportionate'];
    return {
      answers: { ...toAuthority, publicCommunication: 'yes' },
      rules: [told, people, { id: 'E-34-3-c', facts: used }],
    };
  }
  return { answers: { ...toAuthority, notifySubjects: 'yes' }, rules: [told, people] };
}
