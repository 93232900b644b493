/** What providers of public electronic communications owe: Directive 2002/58/EC, Regulation 611/2013, and the UK's PECR. */
import { days, hours } from '../period.ts';
import type { Provision } from '../provision.ts';

const irishGuidance =
  'https://www.dataprotection.ie/general-guidance/guidance-organisaions/guidance-how-complete-data-breach-notification-form';
const danishGuidance =
  'https://digst.dk/sikkerhed/digitale-tilsyn/tilsyn-med-persondatasikkerhed-paa-teleomraadet/i-tilfaelde-af-brud-paa-persondatasikkerheden/';

const union = {
  regime: 'eprivacy-611',
  status: 'in-force',
  effectiveFrom: '2013-08-25',
  effectiveTo: null,
  use: 'obligation',
} as const;

/** Every text of these laws; the proposed Digital Omnibus would delete their basis, and each then gets its last day. */
export const telecomProvisions: readonly Provision[] = [
  {
    ...union,
    id: 'eprivacy-611/2/2',
    citation: 'Art. 2(1), 2(2) Regulation (EU) No 611/2013',
    label: 'Notify every competent national authority for electronic communications',
    summary:
      'The provider notifies every personal data breach connected with its service, whatever the risk, within 24 hours of detecting it where feasible, with the content of Annex I. No one-stop-shop.',
    recipientKind: 'authority',
    period: hours(24),
    trigger: 'the provider has detected the breach: it knows enough for a meaningful notice',
    runsFrom: 'detection',
    threshold: 'every-breach',
    source: `${irishGuidance}; ${danishGuidance}`,
    verification: 'source-read',
  },
  {
    ...union,
    id: 'eprivacy-611/2/3',
    citation: 'Art. 2(3) Regulation (EU) No 611/2013',
    label: 'Send the second notice to the national authority',
    summary:
      'Where the first notice was not complete, the second one follows as soon as possible, three days at most after the first was actually submitted; what is still missing is justified.',
    recipientKind: 'authority',
    period: days(3),
    trigger: 'the first notice was submitted and was not complete',
    runsFrom: 'submission',
    threshold: 'every-breach',
    source: `${irishGuidance}; ${danishGuidance}`,
    verification: 'source-read',
  },
  {
    ...union,
    id: 'eprivacy-611/3/1',
    citation: 'Art. 3(1), 3(3) Regulation (EU) No 611/2013',
    label: 'Tell the subscribers and people affected',
    summary:
      'The provider tells subscribers, who may be companies, and individuals without undue delay after detection, where an adverse effect on their data or privacy is likely; not where suitable protection made the data unintelligible, Art. 4, and later where the authority agreed to a delay, Art. 3(5).',
    recipientKind: 'data-subject',
    period: null,
    trigger: 'detection, and an adverse effect found likely',
    runsFrom: 'detection',
    threshold: 'adverse-effect',
    source: irishGuidance,
    verification: 'source-read',
  },
  {
    ...union,
    id: 'eprivacy-611/5',
    citation: 'Art. 5 Regulation (EU) No 611/2013',
    label: 'Tell the provider that has the contract with the subscribers',
    summary:
      'A provider that delivers part of the service without a contract with the subscribers informs the contracting provider at once; that one makes the notices.',
    recipientKind: 'controller',
    period: null,
    trigger: 'a breach at a provider without a contract with the subscribers',
    runsFrom: 'detection',
    threshold: 'every-breach',
    source: irishGuidance,
    verification: 'secondary-source',
  },
  {
    ...union,
    id: 'eprivacy/4/4',
    citation: 'Art. 4(4) Directive 2002/58/EC',
    label: 'Keep the inventory of breaches',
    summary:
      'The provider keeps an inventory of breaches: facts, effects and remedial action, enough for the authority to verify compliance.',
    recipientKind: 'register',
    period: null,
    trigger: 'any personal data breach connected with the service',
    runsFrom: 'detection',
    threshold: 'every-breach',
    source: irishGuidance,
    verification: 'secondary-source',
  },
  {
    id: 'uk-pecr/5a/2',
    regime: 'uk-pecr',
    citation: 'Reg. 5A(2) PECR 2003 with retained Art. 2(2) Regulation 611/2013',
    label: 'Notify the Information Commissioner as service provider',
    summary: 'The provider notifies every breach within 24 hours of detecting it.',
    status: 'superseded',
    effectiveFrom: '2013-08-25',
    effectiveTo: '2025-08-19',
    recipientKind: 'authority',
    use: 'obligation',
    period: hours(24),
    trigger: 'the provider has detected the breach',
    runsFrom: 'detection',
    threshold: 'every-breach',
    source: 'https://ico.org.uk/global/privacy-notice/report-a-breach-all-controllers/ (24 h text)',
    verification: 'source-read',
  },
  {
    id: 'uk-pecr/5a/2',
    regime: 'uk-pecr',
    citation: 'Reg. 5A(2) PECR 2003 as amended by s. 111 Data (Use and Access) Act 2025',
    label: 'Notify the Information Commissioner as service provider',
    summary:
      'The provider notifies every breach within 72 hours of becoming aware, with reasons if later, and in phases without undue further delay. Such a provider files no second notice under the UK GDPR.',
    status: 'in-force',
    effectiveFrom: '2025-08-20',
    effectiveTo: null,
    recipientKind: 'authority',
    use: 'obligation',
    period: hours(72),
    trigger: 'the provider becomes aware',
    runsFrom: 'awareness',
    threshold: 'every-breach',
    source: 'https://www.legislation.gov.uk/id/uksi/2025/904/regulation/2/c',
    verification: 'source-read',
  },
  {
    id: 'uk-pecr/5a/3',
    regime: 'uk-pecr',
    citation: 'Reg. 5A(3) PECR 2003',
    label: 'Tell the subscribers and users affected',
    summary:
      'The provider tells subscribers and users without undue delay where an adverse effect on their data or privacy is likely.',
    status: 'in-force',
    effectiveFrom: '2013-08-25',
    effectiveTo: null,
    recipientKind: 'data-subject',
    use: 'obligation',
    period: null,
    trigger: 'an adverse effect found likely',
    runsFrom: 'awareness',
    threshold: 'adverse-effect',
    source: 'to be verified against the official text',
    verification: 'to-verify',
  },
];
