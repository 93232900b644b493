/** A drill in which mail itself is suspected: people are called out of band, and notices go another way or wait. */
import { confirmed } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export const mailboxCompromised: Scenario = {
  name: 'mailbox-compromised',
  summary:
    'an intruder reads a mailbox of ours: mail is barred, people are called out of band, the authority is told by filing',
  title: 'Mailbox of the portal operations taken over',
  description:
    'Somebody reads the mailbox of our portal operations, and with a password reset from it opened the customer portal and a hypervisor.',
  hits: [
    { kind: 'asset', key: 'portal-db-03' },
    { kind: 'asset', key: 'hypervisor-05' },
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
      atMinutes: 3,
      says: 'bars mail for the case: whoever reads one mailbox may read ours about it',
      kind: 'bar-mail',
      reason: 'A mailbox of ours is read by a stranger; others may be',
    },
    {
      by: 'rita',
      atMinutes: 30,
      says: 'records what the logs show: tables of the portal were read',
      kind: 'facts',
      facts: confirmed({
        'confidentiality.state': 'confirmed',
        exfiltration: 'likely',
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
        'mitigation.measures': [
          'the mailbox is locked, its rules are removed and its sessions are ended',
          'the passwords that were reset from it are void',
        ],
      }),
    },
    {
      by: 'leo',
      atMinutes: 45,
      says: 'fixes the instant of awareness',
      kind: 'awareness',
      evidence: 'Sign-in log of the mailbox and session log of the portal',
    },
    {
      by: 'leo',
      atMinutes: 50,
      says: 'determines: a personal data breach',
      kind: 'determination',
      determination: 'breach',
      reason: 'Tables with credentials were read with a password reset from the mailbox',
    },
  ],
  barred: {
    openedBy: ['rita', 'eva'],
    afterMinutes: 8,
    reason: 'Every mailbox and rule was checked, sessions were ended and passwords changed',
  },
  expected: { authorities: ['ee-aki'], controllers: 4, dataSubjects: 120 },
};
