/** Tracks and engagements for claims about obligations: one affiliate `own`, one letter with national numbers gone astray. */
import type { TrackRole } from '../../src/domain/case.ts';
import type { ContractTerm } from '../../src/domain/contract-term.ts';
import { assess } from '../../src/law/assess.ts';
import type { EngagementInput, ObligationDraft, TrackInput } from '../../src/law/obligations.ts';
import { plainWith } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

const zones = {
  EE: 'Europe/Tallinn',
  DE: 'Europe/Berlin',
  IE: 'Europe/Dublin',
  GB: 'Europe/London',
  CH: 'Europe/Zurich',
  US: 'America/New_York',
} as const;
export type Country = keyof typeof zones;

/** A high risk: national numbers confirmed to be with a stranger who keeps them. */
export const highRisk: Values = {
  'confidentiality.state': 'confirmed',
  'data.categories': ['national_id'],
};
export const aRisk: Values = { 'confidentiality.state': 'confirmed' };
export const noRisk: Values = { ...aRisk, 'recipients.containment': 'confirmed' };
export const noBreach: Values = {};

const factsRole = {
  controller: 'controller',
  'joint-controller': 'joint_controller',
  processor: 'processor',
  provider: 'controller',
} as const;

export function trackOf(
  country: Country,
  role: TrackRole,
  values: Values = highRisk,
  more: Partial<TrackInput> = {},
): TrackInput {
  return {
    trackId: 'track',
    affiliate: { key: 'own', country, mainEstablishment: true, zone: zones[country] },
    role,
    awareAt: '2026-06-12T15:45:00.000Z',
    awarenessProvisional: false,
    assessment: assess(plainWith({ ...values, role: factsRole[role] })),
    assessmentFactsVersion: 1,
    ...more,
  };
}

export function engagementOf(
  engagementKey: string,
  more: Partial<EngagementInput> = {},
): EngagementInput {
  return {
    engagementKey,
    customerKey: engagementKey.split('/')[0] ?? '',
    affiliateKey: 'own',
    trackId: 'track',
    productKey: 'mail',
    role: 'processor',
    visibility: 'V3',
    exposure: 'likely',
    terms: [],
    ...more,
  };
}

/** A contract that gives hours from awareness, by e-mail, given once sent. */
export function hoursOf(count: number): readonly ContractTerm[] {
  return [
    {
      standsIn: 'agreement',
      period: { unit: 'hours', count },
      trigger: 'awareness',
      channel: 'email',
      contact: null,
      given: 'sent',
    },
  ];
}

/** Each line as `recipient: state, reason`, of one provision. */
export function said(lines: readonly ObligationDraft[], provision: string): readonly string[] {
  return lines
    .filter((line) => line.provision === provision)
    .map(({ recipientKey, state, reason }) => `${recipientKey}: ${state}, ${reason}`);
}

/** What the assessment of `highRisk` as controller read, once each, in the order of its rules. */
export const factsRead = [
  { name: 'personalDataInvolved', value: true },
  { name: 'breachOfSecurity', value: true },
  { name: 'confidentiality.state', value: 'confirmed' },
  { name: 'exfiltration', value: 'not_applicable' },
  { name: 'availability.state', value: 'none' },
  { name: 'integrity.state', value: 'none' },
  { name: 'protection.encryption', value: 'none' },
  { name: 'protection.keyCompromised', value: 'not_applicable' },
  { name: 'data.categories', value: ['national_id'] },
  { name: 'data.specialCategories', value: 'none' },
  { name: 'data.criminalConvictions', value: false },
  { name: 'subjects.identifiability', value: 'direct' },
  { name: 'subjects.vulnerable', value: false },
  { name: 'subjects.safetyCritical', value: false },
  { name: 'recipients.class', value: 'known_limited' },
  { name: 'recipients.count', value: 1 },
  { name: 'recipients.trustDocumented', value: false },
  { name: 'recipients.containment', value: 'none' },
] as const;
