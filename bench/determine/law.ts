/** The law alone over as many engagements: the same derivation as the step's, without a database. */
import type { FactInput } from '../../src/commands/record-facts.ts';
import { assembleFacts, type FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { assess } from '../../src/law/assess.ts';
import { deriveObligations, type EngagementInput } from '../../src/law/obligations.ts';

/** Credentials taken by somebody from outside: a high risk, and every customer on the host is told. */
const facts: Readonly<Partial<Record<FactName, JsonValue>>> = {
  personalDataInvolved: true,
  breachOfSecurity: true,
  actor: 'malicious_external',
  'confidentiality.state': 'confirmed',
  exfiltration: 'confirmed',
  'integrity.state': 'none',
  'availability.state': 'none',
  'data.categories': ['name', 'contact', 'credentials'],
  'protection.encryption': 'none',
  'recipients.class': 'malicious',
  misuseObserved: false,
};

export const factsOfTheCase = Object.entries(facts).map(([name, value]): FactInput => ({
  ...{ about: 'case', name, value, certainty: 'confirmed' },
  ...{ source: 'bench', observedAt: null },
}));

/** Seconds the law takes to assess one processor's track and derive its lines. */
export function lawOver(count: number): number {
  const engagements = Array.from({ length: count }, (_, index) => engagement(index));
  const startedMs = performance.now();
  const values = new Map(
    Object.entries(facts).map(([name, value]) => [name as FactName, value] as const),
  );
  const assembled = assembleFacts(values.set('role', 'processor'));
  const lines = deriveObligations({
    tracks: [
      {
        trackId: 'track',
        affiliate: { key: 'be', country: 'BE', mainEstablishment: true, zone: 'Europe/Brussels' },
        role: 'processor',
        awareAt: '2026-03-02T08:00:00.000Z',
        awarenessProvisional: true,
        assessment: assess(assembled.facts, assembled.unknown),
        assessmentFactsVersion: 1,
      },
    ],
    engagements,
  });
  const took = (performance.now() - startedMs) / 1000;
  if (lines.length <= count) throw new Error('a customer has no line');
  return took;
}

function within(count: number): EngagementInput['terms'][number] {
  return {
    ...{ standsIn: 'agreement', period: { unit: 'hours', count }, trigger: 'awareness' },
    ...{ channel: 'email', contact: null, given: 'sent' },
  };
}

function engagement(index: number): EngagementInput {
  return {
    engagementKey: `engagement-${String(index)}`,
    customerKey: `customer-${String(index)}`,
    affiliateKey: 'be',
    trackId: 'track',
    productKey: 'vault',
    role: 'processor',
    visibility: 'V3',
    exposure: 'likely',
    terms: index % 4 === 0 ? [] : [within(24 * (index % 4))],
    wholesale: false,
  };
}
