/** A drill in which everybody has been told when it turns out that there was no breach: all of it is withdrawn. */
import { confirmed } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export const sentThenNoBreach: Scenario = {
  name: 'sent-then-no-breach',
  summary:
    'an authority, 4 customers and 120 people are told of an intrusion that was a test: each is told so once',
  title: 'Unknown sessions on a hypervisor and the portal database',
  description:
    'Somebody reads the database of the customer portal from a hypervisor, with an account nobody recognises.',
  hits: [
    { kind: 'asset', key: 'portal-db-03' },
    { kind: 'asset', key: 'hypervisor-05' },
  ],
  firstFacts: confirmed({
    personalDataInvolved: true,
    breachOfSecurity: true,
    actor: 'malicious_external',
    'confidentiality.state': 'likely',
    'duration.ongoing': false,
  }),
  acts: [
    {
      by: 'rita',
      atMinutes: 30,
      says: 'records what the logs show: tables of the portal were read',
      kind: 'facts',
      facts: confirmed(
        {
          'confidentiality.state': 'confirmed',
          exfiltration: 'likely',
          'recipients.class': 'malicious',
          'integrity.state': 'none',
          'availability.state': 'none',
          misuseObserved: false,
          'data.categories': ['name', 'contact', 'credentials'],
          'data.specialCategories': 'none',
          'data.alreadyPublic': false,
          'protection.encryption': 'none',
          'protection.keyCompromised': 'not_applicable',
          'protection.credentialStorage': 'weak_hash',
          'subjects.vulnerable': false,
          'subjects.safetyCritical': false,
          'mitigation.measures': ['the account is locked and its sessions are ended'],
        },
        'case',
      ),
    },
    {
      by: 'leo',
      atMinutes: 45,
      says: 'fixes the instant of awareness',
      kind: 'awareness',
      evidence: 'Session log of hypervisor-05',
    },
    {
      by: 'leo',
      atMinutes: 50,
      says: 'determines: a personal data breach',
      kind: 'determination',
      determination: 'breach',
      reason: 'Tables with credentials were read by an account nobody recognises',
    },
  ],
  later: {
    acts: [
      {
        by: 'leo',
        atMinutes: 30,
        says: 'proposes "not a breach", dora agrees, eva confirms: it was the test of an auditor under contract',
        kind: 'lowering',
        claims: 'not-a-breach',
        reason:
          'The account belongs to the auditor of the penetration test; the contract is on file',
        evidence: 'The session log matches the plan of the test line by line',
        logs: ['session log of hypervisor-05', 'audit log of portal-db-03'],
      },
    ],
    followUps: { supplements: 0, withdrawals: 6, furtherParts: 0 },
  },
  expected: { authorities: ['ee-aki'], controllers: 4, dataSubjects: 120 },
};
