/** A drill whose scope grows after sending: people and customers found later are told once, the rest hear what changed. */
import { confirmed, estimated } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export const scopeDoubles: Scenario = {
  name: 'scope-doubles',
  summary:
    'a second host and a second database after 6 customers and 120 people were told: 7 more and 500 more, nobody twice',
  title: 'Stolen administrator key at the hosting platform',
  description:
    'A key of an administrator is used from abroad on a hypervisor and on a database of the customer portal.',
  hits: [
    { kind: 'asset', key: 'hypervisor-04' },
    { kind: 'asset', key: 'portal-db-03' },
  ],
  firstFacts: confirmed({
    personalDataInvolved: true,
    breachOfSecurity: true,
    actor: 'malicious_external',
    'confidentiality.state': 'likely',
    'duration.ongoing': true,
  }),
  acts: [
    {
      by: 'rita',
      atMinutes: 30,
      says: 'records what is known of the first host and the first database',
      kind: 'facts',
      facts: [
        ...confirmed({
          'confidentiality.state': 'confirmed',
          'recipients.class': 'malicious',
          'integrity.state': 'none',
          'availability.state': 'none',
          'duration.ongoing': false,
          misuseObserved: false,
          'data.categories': ['name', 'contact', 'credentials'],
          'data.specialCategories': 'none',
          'data.alreadyPublic': false,
          'protection.encryption': 'none',
          'protection.keyCompromised': 'not_applicable',
          'protection.credentialStorage': 'weak_hash',
          'subjects.vulnerable': false,
          'subjects.safetyCritical': false,
          'mitigation.measures': ['the key is revoked'],
        }),
        ...estimated({ exfiltration: 'likely' }),
      ],
    },
    {
      by: 'leo',
      atMinutes: 45,
      says: 'fixes the instant of awareness',
      kind: 'awareness',
      evidence: 'Sign-in log of hypervisor-04',
    },
    {
      by: 'leo',
      atMinutes: 50,
      says: 'determines: a personal data breach',
      kind: 'determination',
      determination: 'breach',
      reason: 'Data of customers and of portal contacts were open to whoever holds the key',
    },
  ],
  later: {
    acts: [
      {
        by: 'rita',
        atMinutes: 60,
        says: 'records that data were copied out, for certain',
        kind: 'facts',
        facts: confirmed({ exfiltration: 'confirmed' }),
      },
      {
        by: 'rita',
        atMinutes: 70,
        says: 'finds the same key on a second host and in a second database',
        kind: 'hits',
        hits: [
          { kind: 'asset', key: 'hypervisor-08' },
          { kind: 'asset', key: 'portal-db-01' },
        ],
      },
    ],
    // The authority and the six customers of the first host; the people of the second database are a further part.
    followUps: { supplements: 7, withdrawals: 0, furtherParts: 1 },
  },
  expected: { authorities: ['ee-aki'], controllers: 13, dataSubjects: 620 },
};
