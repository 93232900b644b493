/** What every line of the obligations says alike: its text of the law, its due and our own aim, and the facts it rests on. */
import { describe, expect, it } from 'vitest';
import type { ContractTerm } from '../../src/domain/contract-term.ts';
import { assess } from '../../src/law/assess.ts';
import type { Assessment } from '../../src/law/assessment.ts';
import {
  contractualDues,
  customerClock,
  factsRead,
  lineOf,
  statutoryDues,
} from '../../src/law/line.ts';
import type { TrackInput } from '../../src/law/obligations.ts';
import type { Provision, ProvisionId } from '../../src/law/provision.ts';
import { provisionInForce } from '../../src/law/provisions.ts';
import { factsOfCase } from './published-cases.ts';

const awareAt = '2026-06-12T15:45:00.000Z';
const zone = 'Europe/Berlin';
const assessment: Assessment = {
  ...assess(factsOfCase(8)),
  ruleSetVersion: 'of-this-test',
  rules: [
    {
      ...{ id: 'C-M', citation: 'rec. 75 GDPR' },
      factsUsed: [
        { name: 'exfiltration', value: 'confirmed' },
        { name: 'actor', value: 'unknown' },
      ],
    },
    {
      ...{ id: 'C-SCALE', citation: 'rec. 75 GDPR' },
      factsUsed: [
        { name: 'actor', value: 'accidental' },
        { name: 'subjects.count', value: 10 },
      ],
    },
  ],
};
const readFacts = [
  { name: 'exfiltration', value: 'confirmed' },
  { name: 'actor', value: 'unknown' },
  { name: 'subjects.count', value: 10 },
];
const track: TrackInput = {
  ...{ trackId: 't-1', role: 'controller', awareAt, awarenessProvisional: false },
  affiliate: { key: 'de', country: 'DE', mainEstablishment: true, zone },
  ...{ assessment, assessmentFactsVersion: 1 },
};
const provisional: TrackInput = { ...track, awarenessProvisional: true };

function inForce(id: ProvisionId): Provision {
  const text = provisionInForce(id, awareAt);
  if (text === null) throw new Error(`${id} is not in force`);
  return text;
}
const dues = (id: ProvisionId, targetHours = 20) =>
  statutoryDues(inForce(id), { fromAt: awareAt, zone }, targetHours);

describe('a line', () => {
  const said = { recipientKey: 'de-he-hbdi', state: 'owed', reason: 'A risk is likely.' } as const;

  it('takes from its track and text what it does not say itself', () => {
    expect(lineOf(track, inForce('gdpr/33/1'), said)).toEqual({
      provision: 'gdpr/33/1',
      affiliateKey: 'de',
      trackId: 't-1',
      recipientKind: 'authority',
      recipientKey: 'de-he-hbdi',
      state: 'owed',
      reason: 'A risk is likely.',
      citation: 'Art. 33(1) GDPR',
      label: 'Notify the supervisory authority',
      verification: 'source-read',
      factsUsed: readFacts,
      ruleSetVersion: 'of-this-test',
      engagementKeys: [],
      authority: null,
      dueAt: null,
      dueBasis: 'none',
      targetAt: null,
      dueWorking: [],
    });
  });
  it('that owes nothing has no due, whatever was worked out for it', () => {
    const notOwed = { ...said, state: 'not-owed', dues: dues('gdpr/33/1') } as const;
    expect(lineOf(provisional, inForce('gdpr/33/1'), notOwed)).toMatchObject({
      ...{ dueAt: null, dueBasis: 'none', targetAt: null, dueWorking: [] },
      reason: 'A risk is likely.',
    });
  });

  const reasonOf = (of: TrackInput, id: ProvisionId, withDues = true) =>
    lineOf(of, inForce(id), withDues ? { ...said, dues: dues(id) } : said).reason;
  const plain = 'A risk is likely.';
  const warned = 'A risk is likely. The clock runs on a provisional awareness.';
  const detected: TrackInput = { ...provisional, detectedAt: awareAt };

  it.each<[string, TrackInput, ProvisionId, string]>([
    ['is fixed', track, 'gdpr/33/1', plain],
    ['is provisional', provisional, 'gdpr/33/1', warned],
    ['is provisional, and no number is given but an aim', provisional, 'gdpr/34/1', warned],
    ['is provisional, whatever was detected', detected, 'gdpr/33/1', warned],
    ['stands in for a detection nobody recorded', provisional, 'eprivacy-611/2/2', warned],
    ['does not matter, hours running from a detection', detected, 'eprivacy-611/2/2', plain],
    ['does not matter, days running from a submission', provisional, 'eprivacy-611/2/3', plain],
  ])('where the awareness %s, the reason warns of it or not by the text', (_, of, id, reason) => {
    expect(reasonOf(of, id)).toBe(reason);
  });
  it('without a due or an aim has no clock to warn of', () => {
    expect(reasonOf(provisional, 'gdpr/33/1', false)).toBe(plain);
  });
});

describe('the dues of a text', () => {
  it('are its period, as statute, and our own aim before it; holidays are no matter', () => {
    const { dueWorking, ...rest } = dues('gdpr/33/1', 48);
    expect(rest).toEqual({
      ...{ dueAt: '2026-06-15T15:45:00.000Z', dueBasis: 'statute' },
      targetAt: '2026-06-14T15:45:00.000Z',
    });
    expect(dueWorking[2]).toContain('Due 2026-06-15T17:45:00+02:00 (2026-06-15T15:45:00Z).');
    expect(dueWorking.at(-1)).toContain('(no public holidays named)');
  });
  it('never set an aim after the due', () => {
    expect(dues('gdpr/33/1', 100).targetAt).toBe('2026-06-15T15:45:00.000Z');
  });
  it('are our aim alone where the law says "without undue delay"', () => {
    expect(dues('gdpr/34/1', 72)).toMatchObject({
      ...{ dueAt: null, dueBasis: 'none', targetAt: '2026-06-15T15:45:00.000Z' },
    });
  });
});

describe('the dues towards a customer', () => {
  const clock = customerClock(inForce('gdpr/33/2'), track, awareAt, 24);
  const law = [
    'gdpr/33/2 (Art. 33(2) GDPR; in force from 2018-05-25) gives no number of hours or days from awareness.',
    'Aware 2026-06-12T17:45:00+02:00 (2026-06-12T15:45:00Z).',
    'The law gives no number; it says "without undue delay" or the like. Only a contract or our own aim sets an hour.',
    'Our own aim, policy and not law: 24 hours.',
  ];
  const term = (count: number, more: Partial<ContractTerm> = {}): ContractTerm => ({
    ...{ standsIn: 'agreement', period: { unit: 'hours', count }, trigger: 'awareness' },
    ...{ channel: 'email', contact: null, given: 'sent' },
    ...more,
  });

  it('are our aim where no contract gives a number', () => {
    expect(contractualDues(track, [], clock)).toEqual({
      ...{ dueAt: null, dueBasis: 'none', targetAt: '2026-06-13T15:45:00.000Z' },
      dueWorking: law,
    });
  });
  it('are the earliest term of all its engagements, after the law and our aim', () => {
    expect(contractualDues(track, [{ terms: [term(36)] }, { terms: [term(8)] }], clock)).toEqual({
      ...{ dueAt: '2026-06-12T23:45:00.000Z', dueBasis: 'contract' },
      targetAt: '2026-06-12T23:45:00.000Z',
      dueWorking: [
        ...law,
        'The master agreement gives 36 hours from awareness at 2026-06-12T17:45:00+02:00: 2026-06-14T05:45:00+02:00 (2026-06-14T03:45:00Z); by e-mail, given once sent.',
        'The master agreement gives 8 hours from awareness at 2026-06-12T17:45:00+02:00: 2026-06-13T01:45:00+02:00 (2026-06-12T23:45:00Z); by e-mail, given once sent.',
      ],
    });
  });
  it('run from the suspicion where a contract says so, in the zone of the affiliate', () => {
    const suspected = { ...track, suspectedAt: '2026-06-12T05:45:00.000Z' };
    const terms = [term(24, { trigger: 'suspicion' })];
    const { dueAt, targetAt, dueWorking } = contractualDues(suspected, [{ terms }], clock);
    expect([dueAt, targetAt]).toEqual(['2026-06-13T05:45:00.000Z', '2026-06-13T05:45:00.000Z']);
    expect(dueWorking.at(-1)).toContain('from suspicion at 2026-06-12T07:45:00+02:00');
  });
});

it('the facts an assessment read are each named once, as the first rule read them', () => {
  expect(factsRead(assessment)).toEqual(readFacts);
});
