/** A drill without a notice: an invoice mailed to one wrong but trusted reader, who has deleted it. */
import { confirmed } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export const misSentMail: Scenario = {
  name: 'mis-sent-mail',
  summary: 'one e-mail to a wrong but trusted reader, deleted: documented, nobody is owed a notice',
  title: 'Invoice mailed to the wrong firm',
  description:
    'The invoice of one customer went to the accountant of another firm, who is bound to secrecy, noticed it and wrote back at once.',
  hits: [{ kind: 'asset', key: 'mail-store-ee' }],
  firstFacts: confirmed({
    personalDataInvolved: true,
    breachOfSecurity: true,
    actor: 'accidental',
    'confidentiality.state': 'confirmed',
    exfiltration: 'not_applicable',
    'integrity.state': 'none',
    'availability.state': 'none',
    'duration.ongoing': false,
    misuseObserved: false,
  }),
  // Real people need minutes for it; a slower clock lets the drill show that.
  speed: 60,
  acts: [
    {
      by: 'rita',
      atMinutes: 1,
      says: 'records who read it and that it is deleted, by the written word of the reader',
      kind: 'facts',
      facts: confirmed(
        {
          'data.categories': ['name', 'contact', 'billing'],
          'data.specialCategories': 'none',
          'protection.encryption': 'none',
          'protection.keyCompromised': 'not_applicable',
          'subjects.count': 1,
          'subjects.countIsEstimate': false,
          'subjects.types': ['customer contacts'],
          'subjects.vulnerable': false,
          'subjects.safetyCritical': false,
          'recipients.class': 'trusted_external',
          'recipients.count': 1,
          'recipients.trustDocumented': true,
          'recipients.containment': 'confirmed',
          'mitigation.measures': ['the reader deleted the e-mail and confirmed it in writing'],
        },
        'correspondence-ee',
      ),
    },
    {
      by: 'leo',
      atMinutes: 2,
      says: 'fixes the instant of awareness',
      kind: 'awareness',
      evidence: 'Reply of the wrong reader',
    },
    {
      by: 'leo',
      atMinutes: 2.5,
      says: 'determines: a personal data breach, and a small one',
      kind: 'determination',
      determination: 'breach',
      reason: 'Personal data of one person were disclosed to somebody without a right to them',
    },
  ],
  expected: {
    authorities: [],
    controllers: 0,
    dataSubjects: 0,
    notOwed: ['gdpr/33/1', 'gdpr/34/1'],
  },
};
