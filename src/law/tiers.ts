/** How telling the data are (tier 0 to 3), who has them (class), and the risk the two make together. */
import type { BreachFacts } from '../domain/facts.ts';
import type { RiskLevel } from './assessment.ts';
import type { Policy } from './policy.ts';

/** 0 nothing identifying, 1 contact, 2 life and money, 3 identity, secrets and Art. 9 or 10 data. */
export type Tier = 0 | 1 | 2 | 3;

export type RecipientClass = 'A1' | 'A2' | 'B' | 'C' | 'D' | 'E';

type Category = BreachFacts['data']['categories'][number];

const categoryTiers: Readonly<Record<Category, Tier>> = {
  username: 1,
  name: 1,
  contact: 1,
  ip_address: 1,
  purchase_item: 1,
  customer_relation: 1,
  preference: 1,
  dob: 2,
  gender_civil_status: 2,
  education_employment: 2,
  insurance_contract: 2,
  vehicle: 2,
  financial_status: 2,
  bank_account: 2,
  behavioural: 2,
  location: 2,
  communications_metadata: 2,
  photo_video: 2,
  billing: 2,
  national_id: 3,
  id_document: 3,
  payment_card: 3,
  transaction_history: 3,
  credentials: 3,
  health: 3,
  biometric_genetic: 3,
  political_religious_union: 3,
  sexual_life: 3,
  ethnic_origin: 3,
  criminal: 3,
  communications_content: 3,
  protected_address: 3,
};

const specialCategories: readonly Category[] = [
  ...(['health', 'biometric_genetic', 'political_religious_union'] as const),
  ...(['sexual_life', 'ethnic_origin'] as const),
];

/** True if credentials are stored so that nobody can use them, and so drop out for confidentiality. */
export function credentialsUnusable({ data, protection }: BreachFacts): boolean {
  return (
    data.categories.includes('credentials') && protection.credentialStorage === 'strong_salted_hash'
  );
}

/**
 * The tier of the data; `dropped` categories do not count. Data already public count in full: lowering for
 * that reason is for a person. An incidental Art. 9 label is left out, and always flagged for review.
 */
export function dataTier(facts: BreachFacts, dropped: readonly Category[] = []): Tier {
  const { data, subjects } = facts;
  if (subjects.identifiability === 'not_reasonably') return 0;
  const sensitive = data.specialCategories === 'present' || data.specialCategories === 'inferred';
  if (subjects.safetyCritical || sensitive || data.criminalConvictions) return 3;
  const left = data.specialCategories === 'incidental' ? specialCategories : [];
  const counted = data.categories.filter((item) => ![...dropped, ...left].includes(item));
  const tier = ([3, 2, 1] as const).find((level) =>
    counted.some((item) => categoryTiers[item] === level),
  );
  return subjects.vulnerable ? oneHigher[tier ?? 0] : (tier ?? 0);
}

/** For vulnerable people; where no data are named there is nothing to raise. */
const oneHigher: Readonly<Record<Tier, Tier>> = { 0: 0, 1: 2, 2: 3, 3: 3 };

/** Who has the data, from most to least trusted; an unknown number of known recipients counts as many. */
export function recipientClass({ recipients }: BreachFacts, policy: Policy): RecipientClass {
  switch (recipients.class) {
    case 'internal_bound':
      return recipients.containment === 'confirmed' ? 'A1' : containedClass(recipients);
    case 'trusted_external':
      return recipients.trustDocumented && recipients.containment === 'confirmed'
        ? 'A2'
        : containedClass(recipients);
    case 'known_limited':
      return containedClass(recipients);
    case 'known_many':
      return recipients.count === null || recipients.count > policy.manyKnown ? 'E' : 'C';
    case 'none':
    case 'unknown':
      return 'D';
    case 'known_adverse':
    case 'malicious':
    case 'public':
      return 'E';
  }
}

function containedClass({ containment }: BreachFacts['recipients']): 'B' | 'C' {
  return containment === 'confirmed' || containment === 'requested' ? 'B' : 'C';
}

const n = 'unlikely';
const r = 'risk';
const h = 'high-risk';
const matrix: Readonly<Record<RecipientClass, Readonly<Record<Tier, RiskLevel>>>> = {
  A1: { 0: n, 1: n, 2: n, 3: n },
  A2: { 0: n, 1: n, 2: n, 3: r },
  B: { 0: n, 1: n, 2: r, 3: h },
  C: { 0: n, 1: r, 2: r, 3: h },
  D: { 0: n, 1: r, 2: r, 3: h },
  E: { 0: n, 1: r, 2: h, 3: h },
};

/** The risk of a disclosure by recipient class and tier. Source: rec. 75, 76, 85 GDPR; EDPB 9/2022 IV. */
export function matrixLevel(recipient: RecipientClass, tier: Tier): RiskLevel {
  return matrix[recipient][tier];
}
