/** The clocks of NIS2 beside a case, and what the facts say of a significant incident, Art. 23(3) Directive (EU) 2022/2555. */
import { describe, expect, it } from 'vitest';
import type { FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { clocksBeside, significanceIn } from '../../src/law/beside.ts';

const friday = { awareAt: '2026-06-12T15:45:00.000Z', zone: 'Europe/Tallinn' };

describe('the clocks beside a case', () => {
  it('are the three of Art. 23(4): two from awareness, the last from a submission made elsewhere', () => {
    expect(clocksBeside(['EE'], friday, 'indicated')).toEqual([
      {
        provision: 'nis2/23/4/a',
        citation: 'Art. 23(4)(a) Directive (EU) 2022/2555',
        label: 'Early warning to the CSIRT or competent authority',
        verification: 'source-read',
        significance: 'indicated',
        dueAt: '2026-06-13T15:45:00.000Z',
        working: [
          'nis2/23/4/a (Art. 23(4)(a) Directive (EU) 2022/2555; in force from 2024-10-18) gives 24 hours from awareness.',
          'Aware 2026-06-12T18:45:00+03:00 (2026-06-12T15:45:00Z).',
          'Strict, what is worked to: 24 hours elapse; weekends and holidays count. Due 2026-06-13T18:45:00+03:00 (2026-06-13T15:45:00Z).',
          'Regulation 1182/71, shown beside and never worked to: Art. 3(1) leaves out the hour of the event, so the hours run from 2026-06-12T19:00:00+03:00 to 2026-06-13T19:00:00+03:00 (2026-06-13T16:00:00Z). Art. 3(4) does not apply to hours.',
        ],
      },
      {
        provision: 'nis2/23/4/b',
        citation: 'Art. 23(4)(b) Directive (EU) 2022/2555',
        label: 'Incident notification to the CSIRT or competent authority',
        verification: 'source-read',
        significance: 'indicated',
        dueAt: '2026-06-15T15:45:00.000Z',
        working: [
          'nis2/23/4/b (Art. 23(4)(b) Directive (EU) 2022/2555; in force from 2024-10-18) gives 72 hours from awareness.',
          'Aware 2026-06-12T18:45:00+03:00 (2026-06-12T15:45:00Z).',
          'Strict, what is worked to: 72 hours elapse; weekends and holidays count. Due 2026-06-15T18:45:00+03:00 (2026-06-15T15:45:00Z).',
          'Regulation 1182/71, shown beside and never worked to: Art. 3(1) leaves out the hour of the event, so the hours run from 2026-06-12T19:00:00+03:00 to 2026-06-15T19:00:00+03:00 (2026-06-15T16:00:00Z). Art. 3(4) does not apply to hours.',
          'Art. 3(5), at least two working days (no public holidays named), is contested: the Bavarian and North Rhine-Westphalian authorities do not apply it to hours, part of the literature does. Counting days begun: no change; whole days only: 2026-06-17T00:00:00+03:00. Never rely on it.',
        ],
      },
      {
        provision: 'nis2/23/4/d',
        citation: 'Art. 23(4)(d) Directive (EU) 2022/2555',
        label: 'Final report to the CSIRT or competent authority',
        verification: 'source-read',
        significance: 'indicated',
        dueAt: null,
        working: [
          'Within one month of submitting the incident notification; a progress report instead while the incident goes on. It runs from a submission that is made, and recorded, elsewhere.',
        ],
      },
    ]);
  });
  it('stand where one country of the EEA is touched, and nowhere else', () => {
    expect(clocksBeside(['US', 'NO'], friday, 'not-known')).toHaveLength(3);
    expect(clocksBeside(['GB', 'CH', 'US'], friday, 'not-known')).toEqual([]);
    expect(clocksBeside([], friday, 'not-known')).toEqual([]);
  });
  it('begin with 18 October 2024, the day from which the directive had to be applied, on the wall of the zone', () => {
    const lateOnThe17th = '2024-10-17T21:30:00.000Z';
    const count = (zone: string) =>
      clocksBeside(['EE'], { awareAt: lateOnThe17th, zone }, 'indicated').length;
    expect([count('UTC'), count('Europe/Tallinn')]).toEqual([0, 3]);
  });
});

type Said = Partial<Record<FactName, JsonValue>>;
const ofCase = (values: Said) =>
  Object.entries(values).map(([name, value]) => ({
    ...{ about: 'case', name, value, certainty: 'confirmed' as const },
  }));
const nothingHappened: Said = {
  actor: 'accidental',
  'confidentiality.state': 'none',
  'integrity.state': 'none',
  'availability.state': 'none',
};
const attack: Said = { ...nothingHappened, actor: 'malicious_external' };
const without = (values: Said, name: FactName): Said =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));

describe('the facts speak for a significant incident', () => {
  it.each<[string, Said]>([
    ['an attack that probably took data', { ...attack, 'confidentiality.state': 'likely' }],
    ['an attack that took data', { ...attack, 'confidentiality.state': 'confirmed' }],
    [
      'an insider who took data',
      { ...attack, actor: 'malicious_internal', 'confidentiality.state': 'confirmed' },
    ],
    [
      'an attack that altered data, restored since',
      { ...attack, 'integrity.state': 'altered_restored' },
    ],
    [
      'an attack that made data unavailable for a while',
      { ...attack, 'availability.state': 'temporary' },
    ],
    [
      'an accident whose loss people feel',
      {
        ...nothingHappened,
        'availability.state': 'temporary',
        'availability.effectOnSubjects': 'significant',
      },
    ],
    [
      'a loss people feel severely, whoever did it',
      { 'availability.state': 'permanent', 'availability.effectOnSubjects': 'severe' },
    ],
  ])('%s', (_, values) => {
    expect(significanceIn(ofCase(values))).toBe('indicated');
  });
});

describe('the facts do not speak for one', () => {
  it.each<[string, Said]>([
    ['nothing happened', nothingHappened],
    ['an attack without effect', attack],
    [
      'an accident that disclosed data',
      { ...nothingHappened, 'confidentiality.state': 'confirmed' },
    ],
    [
      'an accident that altered data',
      { ...nothingHappened, 'integrity.state': 'altered_not_restored' },
    ],
    [
      'an accident whose loss people hardly feel',
      {
        ...nothingHappened,
        'availability.state': 'permanent',
        'availability.effectOnSubjects': 'minor',
      },
    ],
  ])('%s', (_, values) => {
    expect(significanceIn(ofCase(values))).toBe('not-indicated');
  });
});

describe('the facts do not yet say whether it may be one, so that the clock is shown as if it were', () => {
  it.each<[string, Said]>([
    ['nothing was said', {}],
    ['an attack, and nothing of its effect', { actor: 'malicious_external' }],
    ['nobody said who did it', without(nothingHappened, 'actor')],
    ['of confidentiality nothing was said', without(attack, 'confidentiality.state')],
    ['of integrity nothing was said', without(attack, 'integrity.state')],
    ['of availability nothing was said', without(attack, 'availability.state')],
    ['an effect on people, but not of what', { 'availability.effectOnSubjects': 'severe' }],
    [
      'a loss, and nothing of its effect',
      { ...nothingHappened, 'availability.state': 'temporary' },
    ],
    [
      'a loss whose effect is said to be unknown',
      {
        ...nothingHappened,
        'availability.state': 'temporary',
        'availability.effectOnSubjects': 'unknown',
      },
    ],
    [
      'data were taken, and who did it is said to be unknown',
      { ...nothingHappened, actor: 'unknown', 'confidentiality.state': 'confirmed' },
    ],
    [
      'an attack of which a disclosure is not ruled out: capable of harm is enough, Art. 23(3)',
      { ...attack, 'confidentiality.state': 'not_ruled_out' },
    ],
  ])('%s', (_, values) => {
    expect(significanceIn(ofCase(values))).toBe('not-known');
  });
});

describe('what counts', () => {
  const taken = ofCase({ ...attack, 'confidentiality.state': 'confirmed' });
  it('is what was said of the case, not of a single processing', () => {
    expect(significanceIn(taken.map((fact) => ({ ...fact, about: 'hosting' })))).toBe('not-known');
    const ofHosting = { about: 'hosting', name: 'actor', value: 'accidental' } as const;
    expect(significanceIn([...taken, { ...ofHosting, certainty: 'confirmed' }])).toBe('indicated');
  });
  it('is an estimate too, but nothing of which the source itself is uncertain, and no name we do not know', () => {
    const all = (certainty: 'estimated' | 'unknown') =>
      significanceIn(taken.map((fact) => ({ ...fact, certainty })));
    expect([all('estimated'), all('unknown')]).toEqual(['indicated', 'not-known']);
    const unheardOf = {
      about: 'case',
      name: 'weather',
      value: 'wet',
      certainty: 'confirmed',
    } as const;
    expect(significanceIn([...ofCase(nothingHappened), unheardOf])).toBe('not-indicated');
  });
});
