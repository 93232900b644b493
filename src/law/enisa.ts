/** The breach severity of ENISA (2013), shown with its working: advice beside the rules, never a threshold. */
import type { BreachFacts } from '../domain/facts.ts';
import type { RiskLevel } from './assessment.ts';

/** SE = DPC x EI + CB; each component between the bounds ENISA gives. */
export interface SeverityComponents {
  /** Data processing context, 1 to 4. */
  readonly dpc: number;
  /** Ease of identification: 0.25, 0.5, 0.75 or 1. */
  readonly ei: number;
  /** Circumstances of the breach: 0, 0.25 or 0.5 each. */
  readonly confidentiality: number;
  readonly integrity: number;
  readonly availability: number;
  /** 0 or 0.5. */
  readonly malicious: number;
}

type SeverityBand = 'low' | 'medium' | 'high' | 'very-high';

export interface Severity extends SeverityComponents {
  readonly se: number;
  readonly band: SeverityBand;
  /** Beside the formula, and for people to weigh: more than 100 people, unintelligible data. */
  readonly flags: readonly ('more-than-100-people' | 'unintelligible')[];
}

/** The formula and its bands, lower bounds included. Source: ENISA, working document v1.0, December 2013. */
export function severityOf(components: SeverityComponents): Pick<Severity, 'se' | 'band'> {
  const { dpc, ei, confidentiality, integrity, availability, malicious } = components;
  const se = dpc * ei + confidentiality + integrity + availability + malicious;
  const band = se < 2 ? 'low' : se < 3 ? 'medium' : se < 4 ? 'high' : 'very-high';
  return { se, band };
}

/** Severity from the facts, by our reading of ENISA's ladders; people may well score a case otherwise. */
export function severity(facts: BreachFacts): Severity {
  const components: SeverityComponents = {
    dpc: contextScore(facts),
    ei: { direct: 1, indirect: 0.5, not_reasonably: 0.25 }[facts.subjects.identifiability],
    confidentiality: confidentialityScore(facts),
    integrity: integrityScore(facts),
    availability: availabilityScore(facts),
    malicious:
      facts.actor === 'malicious_external' || facts.actor === 'malicious_internal' ? 0.5 : 0,
  };
  const { protection, subjects } = facts;
  const isUnintelligible =
    protection.encryption === 'state_of_the_art' && protection.keyCompromised === 'no';
  return {
    ...components,
    ...severityOf(components),
    flags: [
      ...((subjects.count ?? 101) > 100 ? (['more-than-100-people'] as const) : []),
      ...(isUnintelligible ? (['unintelligible'] as const) : []),
    ],
  };
}

const bandLevels: Readonly<Record<SeverityBand, RiskLevel>> = {
  low: 'unlikely',
  medium: 'risk',
  high: 'high-risk',
  'very-high': 'high-risk',
};

/**
 * True where the band, read as a threshold, would differ from the rules. It is no threshold: the Polish authority fined a
 * bank whose score was "medium" (UODO, DKN.5131.16.2021); a person looks at the difference.
 */
export function disagrees({ band }: Severity, riskLevel: RiskLevel): boolean {
  return bandLevels[band] !== riskLevel;
}

type Category = BreachFacts['data']['categories'][number];

const sensitive: readonly Category[] = [
  ...(['health', 'biometric_genetic', 'political_religious_union', 'sexual_life'] as const),
  ...(['ethnic_origin', 'criminal', 'communications_content'] as const),
];
const financial: readonly Category[] = ['financial_status', 'transaction_history', 'billing'];
const behavioural: readonly Category[] = [
  ...(['location', 'communications_metadata', 'behavioural', 'preference', 'ip_address'] as const),
];

function contextScore({ data, subjects }: BreachFacts): number {
  const has = (group: readonly Category[]): boolean =>
    data.categories.some((item) => group.includes(item));
  const isSensitive = data.specialCategories === 'present' || data.specialCategories === 'inferred';
  const scores = [
    1,
    ...(subjects.safetyCritical || subjects.vulnerable ? [4] : []),
    ...(has(sensitive) || isSensitive || data.criminalConvictions ? [4] : []),
    ...(has(['payment_card']) ? [4] : []),
    ...(has(financial) ? [3] : []),
    ...(has(['bank_account']) ? [2] : []),
    ...(has(behavioural) ? [2] : []),
  ];
  const score = Math.max(...scores);
  return data.alreadyPublic ? Math.max(1, score - 1) : score;
}

function confidentialityScore({ confidentiality, exfiltration, recipients }: BreachFacts): number {
  const said: readonly string[] = [confidentiality.state, exfiltration];
  if (!said.includes('likely') && !said.includes('confirmed')) return 0;
  switch (recipients.class) {
    case 'none':
      return 0;
    case 'internal_bound':
    case 'trusted_external':
    case 'known_limited':
    case 'known_many':
    case 'known_adverse':
      return 0.25;
    case 'unknown':
    case 'malicious':
    case 'public':
      return 0.5;
  }
}

function integrityScore({ integrity }: BreachFacts): number {
  if (integrity.state === 'none') return 0;
  if (integrity.state === 'altered_not_restored') return 0.5;
  return integrity.effectOnSubjects === 'none' ? 0 : 0.25;
}

function availabilityScore({ availability }: BreachFacts): number {
  if (availability.state === 'none') return 0;
  if (availability.state === 'permanent') return 0.5;
  return availability.backup === 'full' && availability.effectOnSubjects === 'none' ? 0 : 0.25;
}
