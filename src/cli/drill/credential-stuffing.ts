/** A drill as controller only: passwords leaked elsewhere open accounts of the customer portal. */
import { confirmed, estimated } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export const credentialStuffing: Scenario = {
  name: 'credential-stuffing',
  summary: 'controller for 120 people of the customer portal; no customer is told as controller',
  title: 'Foreign passwords tried at the customer portal',
  description:
    'A robot tries pairs of names and passwords that leaked elsewhere. Some of them open accounts of the customer portal; profiles and bank details were read.',
  hits: [{ kind: 'asset', key: 'portal-db-03' }],
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
      atMinutes: 15,
      says: 'records that the robot is shut out',
      kind: 'facts',
      facts: [
        ...confirmed({
          'confidentiality.state': 'confirmed',
          'recipients.class': 'malicious',
          'integrity.state': 'none',
          'availability.state': 'none',
          'duration.ongoing': false,
          misuseObserved: false,
        }),
        ...estimated({ exfiltration: 'likely', 'duration.exposureHours': 3 }),
      ],
    },
    {
      by: 'rita',
      atMinutes: 30,
      says: 'records which data the opened accounts show',
      kind: 'facts',
      facts: confirmed(
        {
          'data.categories': ['name', 'contact', 'username', 'bank_account'],
          'data.specialCategories': 'none',
          'data.alreadyPublic': false,
          'protection.encryption': 'none',
          'protection.keyCompromised': 'not_applicable',
          'subjects.count': 120,
          'subjects.countIsEstimate': false,
          'subjects.types': ['customer contacts'],
          'subjects.vulnerable': false,
          'subjects.safetyCritical': false,
          'mitigation.measures': [
            'the addresses of the robot are blocked and the sessions ended',
            'the passwords of the opened accounts were reset',
          ],
        },
        'portal-contacts',
      ),
    },
    {
      by: 'leo',
      atMinutes: 45,
      says: 'fixes the instant of awareness',
      kind: 'awareness',
      evidence: 'Alarm of the portal on failed sign-ins, confirmed by its session log',
    },
    {
      by: 'leo',
      atMinutes: 50,
      says: 'determines: a personal data breach',
      kind: 'determination',
      determination: 'breach',
      reason: 'Accounts were opened by somebody other than their owners',
    },
  ],
  expected: { authorities: ['ee-aki'], controllers: 0, dataSubjects: 120 },
};
