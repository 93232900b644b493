/** General laws of Gibraltar and the Crown dependencies: each a small pack of data, most of it still to be verified. */
import { hours } from '../period.ts';
import type { Period } from '../period.ts';
import type { Provision } from '../provision.ts';

const unverified = 'to be verified against the official text';

type Duty = Pick<
  Provision,
  'recipientKind' | 'summary' | 'trigger' | 'threshold' | 'use' | 'runsFrom' | 'status'
> & { readonly period: Period | null };

/** Laws made after the model of the GDPR, so alike in what they demand. */
const alike = {
  use: 'obligation',
  runsFrom: 'awareness',
  status: 'in-force',
} as const;
const toAuthority: Duty = {
  ...alike,
  recipientKind: 'authority',
  summary:
    'The controller notifies within 72 hours of becoming aware, unless a risk to people is unlikely.',
  trigger: 'the controller becomes aware',
  threshold: 'unless-unlikely',
  period: hours(72),
};
const toController: Duty = {
  ...alike,
  recipientKind: 'controller',
  summary:
    'The processor notifies the controller without undue delay after becoming aware of a breach.',
  trigger: 'the processor becomes aware',
  threshold: 'every-breach',
  period: null,
};
const toRegister: Duty = {
  ...alike,
  recipientKind: 'register',
  summary: 'The controller documents every breach, its effects and the remedies.',
  trigger: 'any personal data breach',
  threshold: 'every-breach',
  period: null,
};
const toPeople: Duty = {
  ...alike,
  recipientKind: 'data-subject',
  summary:
    'The controller tells the people affected without undue delay when a high risk is likely.',
  trigger: 'a high risk found likely',
  threshold: 'high-risk',
  period: null,
};
const customers = 'Tell the customer whose data we process';
const people = 'Tell the people affected';
const record = 'Document the breach';

type Named = Pick<Provision, 'id' | 'citation' | 'label'> &
  Partial<Pick<Provision, 'source' | 'verification'>>;

const pack =
  (regime: Provision['regime'], effectiveFrom: string) =>
  (duty: Duty, named: Named): Provision => ({
    regime,
    effectiveFrom,
    effectiveTo: null,
    source: unverified,
    verification: 'to-verify',
    ...duty,
    ...named,
  });

const gibraltar = pack('gi-gdpr', '2021-01-01');
const jersey = pack('je-dpl', '2018-05-25');
const guernsey = pack('gg-dpl', '2018-05-25');
const isleOfMan = pack('im-gdpr', '2018-05-25');

/** Every text of these laws. */
export const elsewhereProvisions: readonly Provision[] = [
  gibraltar(toAuthority, {
    id: 'gi-gdpr/33/1',
    citation: 'Art. 33(1) Gibraltar GDPR',
    label: 'Notify the Gibraltar Regulatory Authority',
    source: 'mirror of https://www.gra.gi/data-protection/reporting-a-data-breach',
    verification: 'source-read',
  }),
  gibraltar(toController, {
    id: 'gi-gdpr/33/2',
    citation: 'Art. 33(2) Gibraltar GDPR',
    label: customers,
  }),
  gibraltar(toRegister, {
    id: 'gi-gdpr/33/5',
    citation: 'Art. 33(5) Gibraltar GDPR',
    label: record,
  }),
  gibraltar(toPeople, { id: 'gi-gdpr/34/1', citation: 'Art. 34(1) Gibraltar GDPR', label: people }),
  jersey(toAuthority, {
    id: 'je-dpl/20/1',
    citation: 'Art. 20(1) of the Data Protection (Jersey) Law 2018',
    label: 'Notify the Jersey Information Commissioner',
    source: 'https://www.jerseyoic.org/resource-room/how-to-report-a-breach/',
    verification: 'source-read',
  }),
  jersey(toController, {
    id: 'je-dpl/20/processor',
    citation: 'Art. 20, duty of processors of the Data Protection (Jersey) Law 2018',
    label: customers,
  }),
  jersey(toRegister, {
    id: 'je-dpl/20/record',
    citation: 'Art. 20, record of breaches of the Data Protection (Jersey) Law 2018',
    label: record,
  }),
  jersey(toPeople, {
    id: 'je-dpl/20/people',
    citation: 'Art. 20, communication to people of the Data Protection (Jersey) Law 2018',
    label: people,
  }),
  guernsey(toAuthority, {
    id: 'gg-dpl/42/1',
    citation: 'Section 42 of the Data Protection (Bailiwick of Guernsey) Law 2017',
    label: 'Notify the Data Protection Authority of Guernsey',
  }),
  guernsey(toController, {
    id: 'gg-dpl/41/processor',
    citation:
      'Section 41, duty of processors of the Data Protection (Bailiwick of Guernsey) Law 2017',
    label: customers,
  }),
  guernsey(toRegister, {
    id: 'gg-dpl/42/record',
    citation:
      'Section 42, record of breaches of the Data Protection (Bailiwick of Guernsey) Law 2017',
    label: record,
  }),
  guernsey(toPeople, {
    id: 'gg-dpl/43/1',
    citation: 'Section 43 of the Data Protection (Bailiwick of Guernsey) Law 2017',
    label: people,
  }),
  isleOfMan(toAuthority, {
    id: 'im-gdpr/33/1',
    citation: 'Art. 33(1) of the applied GDPR (Isle of Man)',
    label: 'Notify the Isle of Man Information Commissioner',
    source: 'https://infocomm.powerappsportals.com/Personal-Data-Breach-Form',
    verification: 'source-read',
  }),
  isleOfMan(toController, {
    id: 'im-gdpr/33/2',
    citation: 'Art. 33(2) of the applied GDPR (Isle of Man)',
    label: customers,
  }),
  isleOfMan(toRegister, {
    id: 'im-gdpr/33/5',
    citation: 'Art. 33(5) of the applied GDPR (Isle of Man)',
    label: record,
  }),
  isleOfMan(toPeople, {
    id: 'im-gdpr/34/1',
    citation: 'Art. 34(1) of the applied GDPR (Isle of Man)',
    label: people,
  }),
];
