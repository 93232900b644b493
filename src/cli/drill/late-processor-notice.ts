/** A drill that is late from its first minute: the report of our own processor lay unread until its 72 hours were over. */
import { confirmed } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export const lateProcessorNotice: Scenario = {
  name: 'late-processor-notice',
  summary:
    'a processor of ours reported 80 hours ago, unread: two authorities are told late, with reasons',
  title: 'Printing house put invoices into wrong envelopes',
  description:
    'Our printing house wrote to a mailbox that nobody reads at weekends: invoices of some customers went out in the envelopes of others.',
  hits: [
    { kind: 'asset', key: 'billing-db-ee' },
    { kind: 'asset', key: 'billing-db-de' },
  ],
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
  acts: [
    {
      by: 'rita',
      atMinutes: 20,
      says: 'records what the printing house knows of the letters and of who opened them',
      kind: 'facts',
      facts: confirmed({
        'data.categories': ['name', 'contact', 'billing'],
        'data.specialCategories': 'none',
        'protection.encryption': 'none',
        'protection.keyCompromised': 'not_applicable',
        'subjects.count': 140,
        'subjects.countIsEstimate': false,
        'subjects.types': ['customer contacts'],
        'subjects.vulnerable': false,
        'subjects.safetyCritical': false,
        'recipients.class': 'known_limited',
        'recipients.containment': 'requested',
        'recipients.trustDocumented': false,
        'mitigation.measures': ['the letters were asked back; new ones are checked by sample'],
      }),
    },
    {
      by: 'leo',
      atMinutes: 30,
      says: 'fixes the instant of awareness: when the report arrived, not when it was read',
      kind: 'awareness',
      evidence: 'Date of arrival of the e-mail of the printing house',
    },
    {
      by: 'leo',
      atMinutes: 35,
      says: 'determines: a personal data breach, and late',
      kind: 'determination',
      determination: 'breach',
      reason: 'Invoices of customers were disclosed to other customers',
    },
  ],
  late: {
    reportedHoursAgo: 80,
    reasons: {
      en: 'Reasons for the delay: the report of our processor arrived at a mailbox that nobody read over the weekend. It was found today; the mailbox is now watched at all hours.',
      de: 'Gründe für die Verzögerung: Die Meldung unseres Auftragsverarbeiters ging in einem Postfach ein, das über das Wochenende niemand gelesen hat. Sie wurde heute gefunden; das Postfach wird jetzt rund um die Uhr überwacht.',
    },
  },
  expected: {
    authorities: ['de-be-blnbdi', 'ee-aki'],
    controllers: 0,
    dataSubjects: 0,
    notOwed: ['gdpr/34/1'],
  },
};
