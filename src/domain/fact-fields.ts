/** Every fact the law asks about: its kind, its allowed values, and what stands in while nobody has said it. */
import type { JsonValue } from './json.ts';

export type FactKind =
  'choice' | 'choices' | 'flag' | 'count' | 'number' | 'texts' | 'text-or-nothing';

export interface FactField<T extends JsonValue> {
  readonly kind: FactKind;
  /** What may be said, in words of the facts document; empty where any value of the kind will do. */
  readonly values: readonly string[];
  readonly fits: (value: JsonValue | undefined) => value is T;
  /** The value that counts while nobody has said it: the `unknown` of the fact, else the worse one for Art. 33(1). */
  readonly whenUnsaid: T;
}

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] =>
  Array.isArray(value);

function choice<const V extends readonly string[]>(
  values: V,
  whenUnsaid: V[number],
): FactField<V[number]> {
  const fits = (value: JsonValue | undefined): value is V[number] =>
    values.some((allowed) => allowed === value);
  return { kind: 'choice', values, fits, whenUnsaid };
}

function choices<const V extends readonly string[]>(values: V): FactField<readonly V[number][]> {
  const fits = (value: JsonValue | undefined): value is readonly V[number][] =>
    isList(value) &&
    value.every((item) => values.some((allowed) => allowed === item)) &&
    new Set(value).size === value.length;
  return { kind: 'choices', values, fits, whenUnsaid: [] };
}

function flag(whenUnsaid: boolean): FactField<boolean> {
  const fits = (value: JsonValue | undefined): value is boolean => typeof value === 'boolean';
  return { kind: 'flag', values: ['true', 'false'], fits, whenUnsaid };
}

function amount(kind: 'count' | 'number'): FactField<number | null> {
  const fits = (value: JsonValue | undefined): value is number | null =>
    value === null ||
    (typeof value === 'number' &&
      value >= 0 &&
      (kind === 'count' ? Number.isSafeInteger(value) : Number.isFinite(value)));
  return { kind, values: [], fits, whenUnsaid: null };
}

function texts(): FactField<readonly string[]> {
  const fits = (value: JsonValue | undefined): value is readonly string[] =>
    isList(value) && value.every((item) => typeof item === 'string');
  return { kind: 'texts', values: [], fits, whenUnsaid: [] };
}

function textOrNothing(): FactField<string | null> {
  const fits = (value: JsonValue | undefined): value is string | null =>
    value === null || typeof value === 'string';
  return { kind: 'text-or-nothing', values: [], fits, whenUnsaid: null };
}

const effects = ['none', 'minor', 'significant', 'severe', 'unknown'] as const;

/** Kinds of personal data a breach may touch. */
const dataCategories = [
  'username',
  'name',
  'contact',
  'ip_address',
  'purchase_item',
  'customer_relation',
  'preference',
  'dob',
  'gender_civil_status',
  'education_employment',
  'insurance_contract',
  'vehicle',
  'financial_status',
  'bank_account',
  'behavioural',
  'location',
  'communications_metadata',
  'photo_video',
  'billing',
  'national_id',
  'id_document',
  'payment_card',
  'transaction_history',
  'credentials',
  'health',
  'biometric_genetic',
  'political_religious_union',
  'sexual_life',
  'ethnic_origin',
  'criminal',
  'communications_content',
  'protected_address',
] as const;

/** The facts of the breach-facts document v1.0 by dotted name, in the document's order. */
export const factFields = {
  role: choice(['controller', 'processor', 'joint_controller'], 'controller'),
  personalDataInvolved: flag(true),
  breachOfSecurity: flag(true),
  actor: choice(
    ['accidental', 'malicious_external', 'malicious_internal', 'thief_opportunistic', 'unknown'],
    'unknown',
  ),
  'confidentiality.state': choice(
    ['none', 'ruled_out', 'not_ruled_out', 'likely', 'confirmed'],
    'not_ruled_out',
  ),
  exfiltration: choice(
    ['not_applicable', 'ruled_out', 'not_ruled_out', 'likely', 'confirmed'],
    'not_ruled_out',
  ),
  'integrity.state': choice(
    ['none', 'altered_restored', 'altered_not_restored'],
    'altered_not_restored',
  ),
  'integrity.effectOnSubjects': choice(effects, 'unknown'),
  'availability.state': choice(['none', 'temporary', 'permanent'], 'permanent'),
  'availability.backup': choice(
    ['full', 'partial', 'none', 'not_applicable', 'unknown'],
    'unknown',
  ),
  'availability.restorationHours': amount('number'),
  'availability.effectOnSubjects': choice(effects, 'unknown'),
  'data.categories': choices(dataCategories),
  'data.specialCategories': choice(['none', 'incidental', 'inferred', 'present'], 'present'),
  'data.criminalConvictions': flag(true),
  'data.alreadyPublic': flag(false),
  'protection.encryption': choice(['none', 'weak', 'state_of_the_art'], 'none'),
  'protection.keyCompromised': choice(['no', 'yes', 'unknown', 'not_applicable'], 'unknown'),
  'protection.credentialStorage': choice(
    ['not_applicable', 'unknown', 'plaintext', 'weak_hash', 'strong_salted_hash'],
    'unknown',
  ),
  'subjects.count': amount('count'),
  'subjects.countIsEstimate': flag(true),
  'subjects.types': texts(),
  'subjects.vulnerable': flag(true),
  'subjects.safetyCritical': flag(true),
  'subjects.identifiability': choice(['direct', 'indirect', 'not_reasonably'], 'direct'),
  'recipients.class': choice(
    [
      'none',
      'internal_bound',
      'trusted_external',
      'known_limited',
      'known_many',
      'known_adverse',
      'unknown',
      'malicious',
      'public',
    ],
    'unknown',
  ),
  'recipients.count': amount('count'),
  'recipients.trustDocumented': flag(false),
  'recipients.containment': choice(
    ['confirmed', 'requested', 'none', 'impossible', 'not_applicable'],
    'none',
  ),
  'duration.exposureHours': amount('number'),
  'duration.ongoing': flag(true),
  'mitigation.measures': texts(),
  'mitigation.highRiskNeutralised': flag(false),
  'mitigation.neutralisedReason': textOrNothing(),
  'mitigation.individualContactDisproportionate': flag(false),
  misuseObserved: flag(true),
} as const;

/** A fact by its dotted name, such as `confidentiality.state`. */
export type FactName = keyof typeof factFields;

/** The type of each fact's value. */
export type FactValues = {
  [N in FactName]: (typeof factFields)[N] extends FactField<infer T> ? T : never;
};
