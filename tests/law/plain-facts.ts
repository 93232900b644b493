/** An incident in which nothing happened yet: every fact known and harmless, so that a claim names only what differs. */
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import type { AssembledFacts } from '../../src/domain/fact-document.ts';
import type { BreachFacts, FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';

export type Values = Partial<Record<FactName, JsonValue>>;

const plain: readonly (readonly [FactName, JsonValue])[] = [
  ['role', 'controller'],
  ['personalDataInvolved', true],
  ['breachOfSecurity', true],
  ['actor', 'accidental'],
  ['confidentiality.state', 'none'],
  ['exfiltration', 'not_applicable'],
  ['integrity.state', 'none'],
  ['integrity.effectOnSubjects', 'none'],
  ['availability.state', 'none'],
  ['availability.backup', 'full'],
  ['availability.restorationHours', 1],
  ['availability.effectOnSubjects', 'none'],
  ['data.categories', ['name']],
  ['data.specialCategories', 'none'],
  ['data.criminalConvictions', false],
  ['data.alreadyPublic', false],
  ['protection.encryption', 'none'],
  ['protection.keyCompromised', 'not_applicable'],
  ['protection.credentialStorage', 'not_applicable'],
  ['subjects.count', 10],
  ['subjects.countIsEstimate', false],
  ['subjects.types', ['customers']],
  ['subjects.vulnerable', false],
  ['subjects.safetyCritical', false],
  ['subjects.identifiability', 'direct'],
  ['recipients.class', 'known_limited'],
  ['recipients.count', 1],
  ['recipients.trustDocumented', false],
  ['recipients.containment', 'none'],
  ['duration.exposureHours', 1],
  ['duration.ongoing', false],
  ['mitigation.measures', ['asked for deletion']],
  ['mitigation.highRiskNeutralised', false],
  ['mitigation.neutralisedReason', null],
  ['mitigation.individualContactDisproportionate', false],
  ['misuseObserved', false],
];

/** The plain incident with what a claim is about. */
export function plainWith(values: Values): BreachFacts {
  return assembleFacts(new Map([...plain, ...(Object.entries(values) as [FactName, JsonValue][])]))
    .facts;
}

/** The same while nobody has said these facts. */
export function plainWithout(names: readonly FactName[], values: Values): AssembledFacts {
  const said = [...factValues(plainWith(values))].filter(([name]) => !names.includes(name));
  return assembleFacts(new Map(said));
}

/** A letter with names, sent to one known stranger who keeps it. */
export const misdirected: Values = { 'confidentiality.state': 'confirmed' };

export const breachFacts: readonly FactName[] = [
  ...(['personalDataInvolved', 'breachOfSecurity', 'confidentiality.state'] as const),
  ...(['exfiltration', 'availability.state', 'integrity.state'] as const),
];

export const tierFacts: readonly FactName[] = [
  ...(['data.categories', 'data.specialCategories', 'data.criminalConvictions'] as const),
  ...(['subjects.identifiability', 'subjects.vulnerable', 'subjects.safetyCritical'] as const),
];

/** What the risk of a disclosure is read from: what happened, the protection, the data, who has them. */
export const matrixFacts: readonly FactName[] = [
  ...(['confidentiality.state', 'exfiltration'] as const),
  ...(['protection.encryption', 'protection.keyCompromised'] as const),
  ...tierFacts,
  ...(['recipients.class', 'recipients.count'] as const),
  ...(['recipients.trustDocumented', 'recipients.containment'] as const),
];
