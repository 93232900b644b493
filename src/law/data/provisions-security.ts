/** Clocks of security law that the same facts feed: shown beside a case, never carried out here. */
import { hours, months } from '../period.ts';
import type { Provision } from '../provision.ts';

const incident = {
  regime: 'eu-nis2',
  status: 'in-force',
  effectiveFrom: '2024-10-18',
  effectiveTo: null,
  recipientKind: 'authority',
  use: 'shown-beside',
  threshold: 'significant-incident',
  verification: 'source-read',
} as const;
const reporting = 'https://www.sorena.io/artifacts/eu/nis2-directive/incident-reporting-workflow';

/** Directive (EU) 2022/2555; national law transposes it and decides the details. */
export const securityProvisions: readonly Provision[] = [
  {
    ...incident,
    id: 'nis2/23/4/a',
    citation: 'Art. 23(4)(a) Directive (EU) 2022/2555',
    label: 'Early warning to the CSIRT or competent authority',
    summary: 'Within 24 hours of becoming aware of a significant incident.',
    period: hours(24),
    trigger: 'awareness of a significant incident, Art. 23(3)',
    runsFrom: 'awareness',
    source: `https://nis2-info.eu/article-23-reporting-obligations; ${reporting}`,
  },
  {
    ...incident,
    id: 'nis2/23/4/b',
    citation: 'Art. 23(4)(b) Directive (EU) 2022/2555',
    label: 'Incident notification to the CSIRT or competent authority',
    summary: 'Within 72 hours of becoming aware of a significant incident.',
    period: hours(72),
    trigger: 'awareness of a significant incident, Art. 23(3)',
    runsFrom: 'awareness',
    source: reporting,
  },
  {
    ...incident,
    id: 'nis2/23/4/d',
    citation: 'Art. 23(4)(d) Directive (EU) 2022/2555',
    label: 'Final report to the CSIRT or competent authority',
    summary:
      'Within one month of submitting the incident notification; a progress report instead while the incident goes on.',
    period: months(1),
    trigger: 'the incident notification was submitted',
    runsFrom: 'submission',
    source: reporting,
  },
];
