/** Whom a provider tells besides authorities, line by line: subscribers, Art. 3 and 4, and the contracting provider, Art. 5 of 611/2013. */
import { describe, expect, it } from 'vitest';
import { deriveObligations } from '../../src/law/obligations.ts';
import type { EngagementInput, TrackInput } from '../../src/law/obligations.ts';
import { assess } from '../../src/law/assess.ts';
import {
  aRisk,
  engagementOf,
  factsRead,
  highRisk,
  hoursOf,
  noBreach,
  noRisk,
  said,
  trackOf,
} from './tracks.ts';
import { plainWithout } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

const derive = (track: TrackInput, ...engagements: readonly EngagementInput[]) =>
  deriveObligations({ tracks: [track], engagements });
const provider = (values: Values = highRisk, more: Partial<TrackInput> = {}) =>
  trackOf('IE', 'provider', values, { detectedAt: '2026-06-12T12:00:00.000Z', ...more });
const common = {
  affiliateKey: 'own',
  trackId: 'track',
  ruleSetVersion: 'tocsin-2026.11.2',
  authority: null,
};
const unintelligible: Values = {
  ...highRisk,
  'protection.encryption': 'state_of_the_art',
  'protection.keyCompromised': 'no',
};
const whichLaw = 'To decide: which law binds a provider in US: 611/2013 binds those in the EEA.';

describe('a subscriber', () => {
  const line = 'eprivacy-611/3/1';
  it('is told once, for all its lines that are not excluded, without a number of hours', () => {
    const lines = derive(
      provider(),
      engagementOf('acme/voice'),
      engagementOf('acme/data', { exposure: 'not-excluded', terms: hoursOf(1) }),
      engagementOf('acme/old', { exposure: 'excluded' }),
    );
    expect(lines.filter(({ provision }) => provision === line)).toEqual([
      {
        ...common,
        provision: line,
        recipientKind: 'data-subject',
        recipientKey: 'acme',
        state: 'owed',
        reason: 'Owed, because an adverse effect on the data or privacy of subscribers is likely.',
        citation: 'Art. 3(1), 3(3) Regulation (EU) No 611/2013',
        label: 'Tell the subscribers and people affected',
        verification: 'source-read',
        factsUsed: [
          ...factsRead,
          { name: 'exposure/acme/data', value: 'not-excluded' },
          { name: 'exposure/acme/voice', value: 'likely' },
        ],
        engagementKeys: ['acme/data', 'acme/voice'],
        dueAt: null,
        dueBasis: 'none',
        targetAt: '2026-06-13T08:00:00.000Z',
        dueWorking: [
          'eprivacy-611/3/1 (Art. 3(1), 3(3) Regulation (EU) No 611/2013; in force from 2013-08-25) gives no number of hours or days from detection.',
          'Detected 2026-06-12T13:00:00+01:00 (2026-06-12T12:00:00Z).',
          'The law gives no number; it says "without undue delay" or the like. Only a contract or our own aim sets an hour.',
        ],
      },
    ]);
  });
  it.each<[string, Values, Partial<EngagementInput>, string]>([
    [
      'of what is no breach',
      noBreach,
      {},
      'not-owed, Not owed, because this is not a personal data breach.',
    ],
    [
      'whose lines are all excluded',
      highRisk,
      { exposure: 'excluded' },
      'not-owed, Not owed, because their lines are excluded; the evidence is kept.',
    ],
    [
      'where a risk is unlikely',
      noRisk,
      {},
      'not-owed, Not owed, because an adverse effect on subscribers is not likely.',
    ],
    [
      'where protection made the data unintelligible: once the authority is satisfied, Art. 4',
      unintelligible,
      {},
      'to-decide, To decide: whether the authority is satisfied that the protection made the data unintelligible, Art. 4. Once it is, nobody is told; until then they may have to be.',
    ],
    [
      'where the lost access still weighs although the data were unintelligible',
      { ...unintelligible, 'availability.state': 'permanent' },
      {},
      'owed, Owed, because an adverse effect on the data or privacy of subscribers is likely.',
    ],
    [
      'whose lines are only not excluded',
      highRisk,
      { exposure: 'not-excluded' },
      'to-decide, To decide: whether their lines are affected at all: that is only not excluded yet.',
    ],
    [
      'where there is a risk that is not high',
      aRisk,
      {},
      'to-decide, To decide: whether an adverse effect on subscribers is likely, by nature and content of the data, consequences and circumstances, Art. 3(2).',
    ],
  ])('%s', (_, values, more, expected) => {
    const lines = derive(provider(values), engagementOf('acme/voice', more));
    expect(said(lines, line)).toEqual([`acme: ${expected}`]);
  });
  it('is for a person to decide where a high risk rests on what is not known', () => {
    const { facts, unknown } = plainWithout(['subjects.safetyCritical'], aRisk);
    const track = provider(highRisk, { assessment: assess(facts, unknown) });
    expect(said(derive(track, engagementOf('acme/voice')), line)[0]).toMatch(
      /^acme: to-decide, To decide: whether an adverse effect on subscribers is likely/,
    );
  });
  it('of a provider outside the EEA and the UK is for a person: which law binds it', () => {
    const lines = derive(trackOf('US', 'provider'), engagementOf('acme/voice'));
    expect(said(lines, line)).toEqual([`acme: to-decide, ${whichLaw}`]);
  });
  it('of a provider in the UK is told under PECR, counted from awareness', () => {
    const lines = derive(trackOf('GB', 'provider'), engagementOf('acme/voice'));
    expect(lines.find(({ provision }) => provision === 'uk-pecr/5a/3')).toMatchObject({
      recipientKey: 'acme',
      state: 'owed',
      citation: 'Reg. 5A(3) PECR 2003',
      targetAt: '2026-06-13T11:45:00.000Z',
    });
  });
});

describe('a contracting provider', () => {
  const line = 'eprivacy-611/5';
  const wholesale = { wholesale: true } as const;
  it('is told at once, or within the hours of its contract, for all its lines that are not excluded', () => {
    const lines = derive(
      provider(),
      engagementOf('carrier/b', { ...wholesale, terms: hoursOf(1) }),
      engagementOf('carrier/a', { ...wholesale, exposure: 'confirmed' }),
      engagementOf('carrier/c', { ...wholesale, exposure: 'excluded', terms: hoursOf(0) }),
    );
    expect(lines.filter(({ provision }) => provision === line)).toEqual([
      {
        ...common,
        provision: line,
        recipientKind: 'controller',
        recipientKey: 'carrier',
        state: 'owed',
        reason:
          'Owed at once, because they have the contract with the subscribers and make the notices.',
        citation: 'Art. 5 Regulation (EU) No 611/2013',
        label: 'Tell the provider that has the contract with the subscribers',
        verification: 'secondary-source',
        factsUsed: [
          ...factsRead,
          { name: 'exposure/carrier/a', value: 'confirmed' },
          { name: 'exposure/carrier/b', value: 'likely' },
        ],
        engagementKeys: ['carrier/a', 'carrier/b'],
        dueAt: '2026-06-12T16:45:00.000Z',
        dueBasis: 'contract',
        targetAt: '2026-06-12T14:00:00.000Z',
        dueWorking: [
          'eprivacy-611/5 (Art. 5 Regulation (EU) No 611/2013; in force from 2013-08-25) gives no number of hours or days from detection.',
          'Detected 2026-06-12T13:00:00+01:00 (2026-06-12T12:00:00Z).',
          'The law gives no number; it says "without undue delay" or the like. Only a contract or our own aim sets an hour.',
          'Our own aim, policy and not law: 2 hours.',
          'The master agreement gives 1 hour from awareness at 2026-06-12T16:45:00+01:00: 2026-06-12T17:45:00+01:00 (2026-06-12T16:45:00Z); by e-mail, given once sent.',
        ],
      },
    ]);
  });
  it.each<[string, Values, Partial<EngagementInput>, string]>([
    [
      'of what is no breach',
      noBreach,
      {},
      'not-owed, Not owed, because this is not a personal data breach.',
    ],
    [
      'whose lines are all excluded',
      highRisk,
      { exposure: 'excluded' },
      'not-owed, Not owed, because their lines are excluded; the evidence is kept.',
    ],
    [
      'whatever the risk',
      noRisk,
      { exposure: 'not-excluded' },
      'owed, Owed at once, because they have the contract with the subscribers and make the notices.',
    ],
  ])('%s', (_, values, more, expected) => {
    const lines = derive(provider(values), engagementOf('carrier/a', { ...wholesale, ...more }));
    expect(said(lines, line)).toEqual([`carrier: ${expected}`]);
  });
  it('keeps the engagements on record where all of them are excluded', () => {
    const excluded = { ...wholesale, exposure: 'excluded' } as const;
    const all = ['c/b', 'c/d', 'c/a'].map((key) => engagementOf(key, excluded));
    const lines = derive(provider(), ...all);
    expect(lines.find(({ provision }) => provision === line)).toMatchObject({
      engagementKeys: ['c/a', 'c/b', 'c/d'],
      factsUsed: [
        ...factsRead,
        { name: 'exposure/c/a', value: 'excluded' },
        { name: 'exposure/c/b', value: 'excluded' },
        { name: 'exposure/c/d', value: 'excluded' },
      ],
    });
  });
  it('of a provider outside the EEA and the UK is for a person: which law binds it', () => {
    const lines = derive(trackOf('US', 'provider'), engagementOf('carrier/a', wholesale));
    expect(said(lines, line)).toEqual([`carrier: to-decide, ${whichLaw}`]);
  });
  it('of a provider in the UK is told under the retained Art. 5', () => {
    const lines = derive(trackOf('GB', 'provider'), engagementOf('carrier/a', wholesale));
    expect(said(lines, 'uk-pecr/611/5')).toEqual([
      'carrier: owed, Owed at once, because they have the contract with the subscribers and make the notices.',
    ]);
  });
});
