/** The three parts of the risk: confidentiality, availability, integrity, each with the rules it used. */
import type { BreachFacts, FactName } from '../domain/facts.ts';
import { compareLevels, highest } from './assessment.ts';
import type { RiskLevel } from './assessment.ts';
import type { Policy } from './policy.ts';
import type { RuleId } from './rules.ts';
import { credentialsUnusable, dataTier, matrixLevel, recipientClass } from './tiers.ts';
import type { RecipientClass, Tier } from './tiers.ts';

/** A rule that fired and the facts it read. */
export interface RuleTrace {
  readonly id: RuleId;
  readonly facts: readonly FactName[];
}

export interface Part {
  readonly level: RiskLevel;
  readonly rules: readonly RuleTrace[];
}

type Certainty = 'none' | 'not_ruled_out' | 'shown';

const disclosureFacts: readonly FactName[] = ['confidentiality.state', 'exfiltration'];

const tierFacts: readonly FactName[] = [
  ...(['data.categories', 'data.specialCategories', 'data.criminalConvictions'] as const),
  ...(['subjects.identifiability', 'subjects.vulnerable', 'subjects.safetyCritical'] as const),
];

const recipientFacts: readonly FactName[] = [
  ...(['recipients.class', 'recipients.count'] as const),
  ...(['recipients.trustDocumented', 'recipients.containment'] as const),
];

/** How sure a disclosure is: the worse of access and copying out. */
export function disclosureCertainty({ confidentiality, exfiltration }: BreachFacts): Certainty {
  const said: readonly string[] = [confidentiality.state, exfiltration];
  if (said.includes('likely') || said.includes('confirmed')) return 'shown';
  return said.includes('not_ruled_out') ? 'not_ruled_out' : 'none';
}

/** The risk from disclosure; misuse already seen outweighs every reason to think nothing was disclosed. */
export function confidentialityPart(facts: BreachFacts, policy: Policy): Part {
  const disclosure = disclosurePart(facts, policy);
  if (!facts.misuseObserved) return disclosure;
  const rule: RuleTrace = { id: 'C-MISUSE', facts: ['misuseObserved', ...tierFacts] };
  const floor: RiskLevel = confidentialityTier(facts) >= 2 ? 'high-risk' : 'risk';
  return { level: highest([disclosure.level, floor]), rules: [...disclosure.rules, rule] };
}

function confidentialityTier(facts: BreachFacts): Tier {
  return dataTier(facts, credentialsUnusable(facts) ? ['credentials'] : []);
}

function disclosurePart(facts: BreachFacts, policy: Policy): Part {
  const certainty = disclosureCertainty(facts);
  if (certainty === 'none') {
    return { level: 'unlikely', rules: [{ id: 'C-01', facts: disclosureFacts }] };
  }
  const { encryption, keyCompromised } = facts.protection;
  const encryptionFacts: readonly FactName[] = [
    'protection.encryption',
    'protection.keyCompromised',
  ];
  if (encryption === 'state_of_the_art' && keyCompromised === 'no') {
    return { level: 'unlikely', rules: [{ id: 'C-02', facts: encryptionFacts }] };
  }
  const rules: RuleTrace[] = [];
  if (credentialsUnusable(facts)) {
    rules.push({ id: 'C-02b', facts: ['data.categories', 'protection.credentialStorage'] });
  }
  const tier = confidentialityTier(facts);
  const recipient = recipientClass(facts, policy);
  const matrixFacts = [...disclosureFacts, ...encryptionFacts, ...tierFacts, ...recipientFacts];
  rules.push({ id: 'C-M', facts: matrixFacts });
  const scaled = atScale(facts, policy, recipient, tier);
  if (scaled) rules.push({ id: 'C-SCALE', facts: ['subjects.count'] });
  const level = scaled ? 'high-risk' : matrixLevel(recipient, tier);
  if (certainty !== 'not_ruled_out' || tier === 3) return { level, rules };
  rules.push({ id: 'C-NRO', facts: disclosureFacts });
  return { level: compareLevels(level, 'risk') > 0 ? 'risk' : level, rules };
}

function atScale(
  facts: BreachFacts,
  policy: Policy,
  recipient: RecipientClass,
  tier: Tier,
): boolean {
  const { count } = facts.subjects;
  return recipient === 'D' && tier === 2 && (count === null || count >= policy.largeScale);
}

/** The risk from loss of access, for a time or for good. */
export function availabilityPart(facts: BreachFacts, policy: Policy): Part {
  const { state, backup, effectOnSubjects } = facts.availability;
  const effect: FactName = 'availability.effectOnSubjects';
  const used: readonly FactName[] = ['availability.state', effect];
  if (state === 'none') return part('unlikely', 'A-01', ['availability.state']);
  if (weighs(effectOnSubjects)) return part('high-risk', 'A-04', used);
  if (state === 'permanent') {
    return dataTier(facts) === 3
      ? part('high-risk', 'A-04', ['availability.state', ...tierFacts])
      : part('risk', 'A-03', used);
  }
  const restoration: readonly FactName[] = [
    'availability.backup',
    'availability.restorationHours',
    ...used,
  ];
  const partial = backup === 'partial' || backup === 'none' || backup === 'unknown';
  return effectOnSubjects === 'minor' || partial || restoredLate(facts, policy)
    ? part('risk', 'A-02', restoration)
    : part('unlikely', 'A-01', restoration);
}

/** A full backup makes hours immaterial while nobody feels them; without one they count by policy. */
function restoredLate({ availability }: BreachFacts, policy: Policy): boolean {
  const { backup, restorationHours } = availability;
  if (restorationHours === null) return true;
  return backup !== 'full' && restorationHours > policy.availabilityHoursNoRisk;
}

/** The risk from altered data. */
export function integrityPart({ integrity }: BreachFacts): Part {
  const used: readonly FactName[] = ['integrity.state', 'integrity.effectOnSubjects'];
  if (integrity.state === 'none') return part('unlikely', 'I-01', ['integrity.state']);
  if (weighs(integrity.effectOnSubjects)) return part('high-risk', 'I-03', used);
  return integrity.effectOnSubjects === 'minor'
    ? part('risk', 'I-02', used)
    : part('unlikely', 'I-01', used);
}

/** An effect nobody knows counts as a severe one. */
function weighs(effect: BreachFacts['integrity']['effectOnSubjects']): boolean {
  return effect === 'significant' || effect === 'severe' || effect === 'unknown';
}

function part(level: RiskLevel, id: RuleId, facts: readonly FactName[]): Part {
  return { level, rules: [{ id, facts }] };
}
