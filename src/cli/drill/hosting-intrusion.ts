/** The default drill: an intruder on the hosting platform reaches customers' systems and our own portal contacts. */
import { confirmed, estimated } from './scenario.ts';
import type { Scenario } from './scenario.ts';

/** How many the intrusion reaches; the demo organisation is made to fit. */
export interface Reach {
  readonly customers: number;
  readonly people: number;
}
export const usualReach: Reach = { customers: 30, people: 500 };

const name = 'hosting-intrusion';

/** True for the one scenario that can be played at any size. */
export function hasReach(scenario: Scenario): boolean {
  return scenario.name === name;
}

/** Two cores draft and send some ten notices a second: of more customers than this the dues would come first. */
const mostAtUsualSpeed = 400;

/** The intrusion, reaching so many. */
export const hostingIntrusionAt = ({ customers, people }: Reach): Scenario => ({
  name,
  ...(customers > mostAtUsualSpeed ? { speed: 100 } : {}),
  summary: `processor for ${String(customers)} customers and controller for ${String(people)} portal contacts, in one incident`,
  title: 'Intruder on the hosting platform',
  description:
    'The night shift sees an unknown administrator session on a hypervisor. It reaches a flow collector, a managed database cluster and the database of the customer portal.',
  hits: [
    { kind: 'asset', key: 'hypervisor-07' },
    { kind: 'asset', key: 'flow-collector-02' },
    { kind: 'asset', key: 'database-cluster-03' },
    { kind: 'asset', key: 'portal-db-01' },
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
      atMinutes: 20,
      says: 'records what the logs show: data left the house',
      kind: 'facts',
      facts: [
        ...confirmed({
          'confidentiality.state': 'confirmed',
          'recipients.class': 'malicious',
          'recipients.count': null,
          'recipients.trustDocumented': false,
          'recipients.containment': 'impossible',
          'integrity.state': 'none',
          'integrity.effectOnSubjects': 'none',
          'availability.state': 'none',
          'availability.backup': 'full',
          'availability.restorationHours': 0,
          'availability.effectOnSubjects': 'none',
          'duration.ongoing': false,
          misuseObserved: false,
        }),
        ...estimated({ exfiltration: 'likely', 'duration.exposureHours': 9 }),
      ],
    },
    {
      by: 'rita',
      atMinutes: 40,
      says: 'records which data of the portal contacts were in the dump',
      kind: 'facts',
      facts: confirmed(
        {
          'data.categories': ['name', 'contact', 'credentials'],
          'data.specialCategories': 'none',
          'data.criminalConvictions': false,
          'data.alreadyPublic': false,
          'protection.encryption': 'none',
          'protection.keyCompromised': 'not_applicable',
          'protection.credentialStorage': 'weak_hash',
          'subjects.count': people,
          'subjects.countIsEstimate': false,
          'subjects.types': ['contacts of business customers'],
          'subjects.vulnerable': false,
          'subjects.safetyCritical': false,
          'subjects.identifiability': 'direct',
          'mitigation.measures': [
            'the session was ended and the administrator account locked',
            'all portal passwords were reset',
          ],
          'mitigation.highRiskNeutralised': false,
          'mitigation.neutralisedReason': null,
          'mitigation.individualContactDisproportionate': false,
        },
        'portal-contacts',
      ),
    },
    {
      by: 'leo',
      atMinutes: 60,
      says: 'fixes the instant of awareness',
      kind: 'awareness',
      evidence: 'Report of the night shift, confirmed by the session log of hypervisor-07',
    },
    {
      by: 'leo',
      atMinutes: 65,
      says: 'determines: a personal data breach',
      kind: 'determination',
      determination: 'breach',
      reason: 'A dump of portal-db-01 was written to an address of the intruder',
    },
  ],
  expected: { authorities: ['ee-aki'], controllers: customers, dataSubjects: people },
});

export const hostingIntrusion = hostingIntrusionAt(usualReach);
