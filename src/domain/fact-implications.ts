/** What follows from a fact that was said for one that was not, so that nobody is asked twice. */
import type { FactName } from './fact-fields.ts';
import type { JsonValue } from './json.ts';

type Said = (name: FactName) => JsonValue | undefined;
type Implication = (said: Said) => JsonValue | undefined;

/** Special categories of Art. 9(1) GDPR among the categories of data. */
export const specialDataCategories: readonly string[] = [
  ...['health', 'biometric_genetic', 'political_religious_union', 'sexual_life', 'ethnic_origin'],
];

const identifyingCategories: readonly string[] = [
  ...['name', 'contact', 'national_id', 'id_document', 'payment_card', 'bank_account'],
  ...['photo_video', 'biometric_genetic', 'protected_address'],
];

const categoriesSaid = (said: Said): readonly JsonValue[] | undefined => {
  const value = said('data.categories');
  return Array.isArray(value) ? value : undefined;
};

const oneOf = (value: JsonValue | undefined, ...texts: readonly string[]): boolean =>
  texts.some((text) => text === value);

const nothingDisclosed = (said: Said): boolean =>
  oneOf(said('confidentiality.state'), 'none', 'ruled_out');

const recipientClass: Implication = (said) => {
  if (nothingDisclosed(said)) return 'none';
  if (oneOf(said('actor'), 'malicious_external', 'malicious_internal')) return 'malicious';
  return said('actor') === 'thief_opportunistic' ? 'unknown' : undefined;
};

const classSaid = (said: Said): JsonValue | undefined =>
  said('recipients.class') ?? recipientClass(said);

const whenNone =
  (state: FactName, value: JsonValue): Implication =>
  (said) =>
    said(state) === 'none' ? value : undefined;

const unclaimed =
  (value: JsonValue): Implication =>
  () =>
    value;

/** An exemption or mitigation nobody has claimed is not claimed; it is no gap in what we know. */
export const implications: Partial<Record<FactName, Implication>> = {
  personalDataInvolved: (said) => ((categoriesSaid(said) ?? []).length > 0 ? true : undefined),
  exfiltration: (said) => {
    const state = said('confidentiality.state');
    if (state === 'none') return 'not_applicable';
    return state === 'ruled_out' ? 'ruled_out' : undefined;
  },
  'integrity.effectOnSubjects': whenNone('integrity.state', 'none'),
  'availability.backup': whenNone('availability.state', 'not_applicable'),
  'availability.restorationHours': whenNone('availability.state', null),
  'availability.effectOnSubjects': whenNone('availability.state', 'none'),
  'data.specialCategories': (said) => {
    const categories = categoriesSaid(said);
    if (categories === undefined) return undefined;
    return categories.some((item) => oneOf(item, ...specialDataCategories)) ? 'present' : 'none';
  },
  'data.criminalConvictions': (said) => categoriesSaid(said)?.includes('criminal'),
  'data.alreadyPublic': unclaimed(false),
  'protection.keyCompromised': (said) =>
    oneOf(said('protection.encryption'), 'none', 'weak') ? 'not_applicable' : undefined,
  'protection.credentialStorage': (said) =>
    categoriesSaid(said)?.includes('credentials') === false ? 'not_applicable' : undefined,
  'subjects.identifiability': (said) =>
    categoriesSaid(said)?.some((item) => oneOf(item, ...identifyingCategories)) === true
      ? 'direct'
      : undefined,
  'recipients.class': recipientClass,
  'recipients.count': (said) =>
    oneOf(classSaid(said), 'known_many') || classSaid(said) === undefined ? undefined : null,
  'recipients.trustDocumented': (said) =>
    oneOf(classSaid(said), 'trusted_external') || classSaid(said) === undefined ? undefined : false,
  'recipients.containment': (said) =>
    oneOf(classSaid(said), 'none', 'unknown', 'malicious', 'public', 'known_adverse')
      ? 'not_applicable'
      : undefined,
  'mitigation.measures': unclaimed([]),
  'mitigation.highRiskNeutralised': unclaimed(false),
  'mitigation.neutralisedReason': unclaimed(null),
  'mitigation.individualContactDisproportionate': unclaimed(false),
  misuseObserved: (said) => (nothingDisclosed(said) ? false : undefined),
};
