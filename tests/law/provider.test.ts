/** What a provider of public electronic communications owes under 611/2013 and PECR: claims counsel can check. */
import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import { assess } from '../../src/law/assess.ts';
import { deriveObligations } from '../../src/law/obligations.ts';
import type { EngagementInput, ObligationDraft, TrackInput } from '../../src/law/obligations.ts';
import { telecomAuthorities } from '../../src/law/telecom-authorities.ts';
import { factsOfCase } from './published-cases.ts';

const detectedAt = '2026-10-24T18:30:00.000Z';
const seats = {
  DE: { key: 'frankfurt', country: 'DE', mainEstablishment: false, zone: 'Europe/Berlin' },
  IE: { key: 'dublin', country: 'IE', mainEstablishment: false, zone: 'Europe/Dublin' },
  GB: { key: 'london', country: 'GB', mainEstablishment: false, zone: 'Europe/London' },
  US: { key: 'boston', country: 'US', mainEstablishment: false, zone: 'America/New_York' },
} as const;

function provider(
  country: keyof typeof seats,
  no: number,
  more: Partial<TrackInput> = {},
  detection: string | null = detectedAt,
): TrackInput {
  const facts = assembleFacts(factValues(factsOfCase(no)).set('role', 'controller')).facts;
  return {
    trackId: 'provider',
    affiliate: seats[country],
    role: 'provider',
    awareAt: '2026-10-24T20:00:00.000Z',
    ...(detection === null ? {} : { detectedAt: detection }),
    awarenessProvisional: false,
    assessment: assess(facts),
    assessmentFactsVersion: 1,
    ...more,
  };
}

function line(customerKey: string, more: Partial<EngagementInput> = {}): EngagementInput {
  return {
    engagementKey: `${customerKey}/line`,
    customerKey,
    affiliateKey: 'frankfurt',
    trackId: 'provider',
    productKey: 'voice',
    role: 'controller',
    visibility: 'V1',
    exposure: 'likely',
    terms: [],
    ...more,
  };
}

const under = (lines: readonly ObligationDraft[], provision: string): ObligationDraft[] =>
  lines.filter((one) => one.provision === provision);
const derive = (tracks: readonly TrackInput[], engagements: readonly EngagementInput[] = []) =>
  deriveObligations({ tracks, engagements });

describe('a provider tells every competent national authority', () => {
  it('in Germany both, within 24 hours of detection, not of awareness: across the clock change 19:30', () => {
    const lines = under(derive([provider('DE', 4)]), 'eprivacy-611/2/2');
    expect(lines.map(({ recipientKey, state, dueAt }) => [recipientKey, state, dueAt])).toEqual([
      ['de-bfdi', 'owed', '2026-10-25T18:30:00.000Z'],
      ['de-bnetza', 'owed', '2026-10-25T18:30:00.000Z'],
    ]);
  });
  it('even where a risk to people is unlikely: there is no threshold', () => {
    expect(assess(factsOfCase(1)).notifySA).toBe('no');
    expect(under(derive([provider('IE', 1)]), 'eprivacy-611/2/2')).toMatchObject([
      { recipientKey: 'ie-dpc', state: 'owed', dueBasis: 'statute' },
    ]);
  });
  it('counted from awareness while nobody has recorded the detection', () => {
    const unsaid = provider('IE', 4, {}, null);
    expect(under(derive([unsaid]), 'eprivacy-611/2/2')).toMatchObject([
      { dueAt: '2026-10-25T20:00:00.000Z' },
    ]);
  });
  it('where none is carried, a person has to name it', () => {
    expect(under(derive([provider('US', 4)]), 'eprivacy-611/2/2')).toMatchObject([
      { recipientKey: 'authority-to-be-named', state: 'to-decide' },
    ]);
  });
  it.each([
    ['2025-08-19T12:00:00.000Z', '2025-08-20T10:00:00.000Z'],
    ['2025-08-20T12:00:00.000Z', '2025-08-23T12:00:00.000Z'],
  ])('in the UK, aware %s, by %s: 24 hours before 20 August 2025, 72 since', (awareAt, dueAt) => {
    const detected = '2025-08-19T10:00:00.000Z';
    const track = provider('GB', 4, { awareAt, detectedAt: detected });
    expect(under(derive([track]), 'uk-pecr/5a/2')).toMatchObject([
      { recipientKey: 'gb-ico', dueAt },
    ]);
  });
});

describe('the second notice', () => {
  const first = { authorityId: 'ie-dpc', at: '2026-10-25T17:00:00.000Z', isComplete: false };

  it('is due three days after the first was actually submitted', () => {
    const lines = under(
      derive([provider('IE', 4, { firstSubmissions: [first] })]),
      'eprivacy-611/2/3',
    );
    expect(lines).toMatchObject([{ state: 'owed', dueAt: '2026-10-28T17:00:00.000Z' }]);
  });
  it('is not owed while there is no first, nor after a complete one', () => {
    const complete = provider('IE', 4, { firstSubmissions: [{ ...first, isComplete: true }] });
    expect(under(derive([provider('IE', 4)]), 'eprivacy-611/2/3')).toEqual([]);
    expect(under(derive([complete]), 'eprivacy-611/2/3')).toMatchObject([{ state: 'not-owed' }]);
  });
  it('runs for each authority from its own submission', () => {
    const later = { ...first, at: '2026-10-25T18:00:00.000Z' };
    const submissions = [
      { ...first, authorityId: 'de-bfdi' },
      { ...later, authorityId: 'de-bnetza' },
    ];
    const lines = derive([provider('DE', 4, { firstSubmissions: submissions })]);
    expect(under(lines, 'eprivacy-611/2/3').map(({ dueAt }) => dueAt)).toEqual([
      '2026-10-28T17:00:00.000Z',
      '2026-10-28T18:00:00.000Z',
    ]);
  });
});

describe('subscribers, who may be companies', () => {
  it('are told without a number of hours where an adverse effect is likely, each once', () => {
    const engagements = [line('acme'), line('acme', { engagementKey: 'acme/2' }), line('zeta')];
    const lines = under(derive([provider('DE', 4)], engagements), 'eprivacy-611/3/1');
    expect(lines.map(({ recipientKey, state, dueAt }) => [recipientKey, state, dueAt])).toEqual([
      ['acme', 'owed', null],
      ['zeta', 'owed', null],
    ]);
    expect(lines[0]?.engagementKeys).toEqual(['acme/2', 'acme/line']);
  });
  it('are for a person to decide where the data were unintelligible: the authority has to be satisfied, Art. 4', () => {
    const lines = derive([provider('DE', 10)], [line('acme')]);
    expect(under(lines, 'eprivacy-611/3/1')).toMatchObject([{ state: 'to-decide' }]);
    expect(under(lines, 'eprivacy-611/2/2').every(({ state }) => state === 'owed')).toBe(true);
  });
  it('are for a person to decide where there is a risk but no high one', () => {
    const lines = derive([provider('DE', 2)], [line('acme')]);
    expect(under(lines, 'eprivacy-611/3/1')).toMatchObject([{ state: 'to-decide' }]);
  });
});

describe('a wholesale supplier', () => {
  it('tells the contracting provider at once, Art. 5, and nobody else: that one makes the notices', () => {
    const lines = derive([provider('DE', 4)], [line('carrier', { wholesale: true })]);
    expect(under(lines, 'eprivacy-611/5')).toMatchObject([
      { recipientKey: 'carrier', state: 'owed', dueAt: null, targetAt: '2026-10-24T20:30:00.000Z' },
    ]);
    expect(under(lines, 'eprivacy-611/2/2')).toEqual([]);
    expect(under(lines, 'eprivacy-611/3/1')).toEqual([]);
  });
  it('with subscribers of its own besides does both', () => {
    const lines = derive([provider('DE', 4)], [line('carrier', { wholesale: true }), line('acme')]);
    expect(under(lines, 'eprivacy-611/5')).toHaveLength(1);
    expect(under(lines, 'eprivacy-611/2/2')).toHaveLength(2);
    expect(under(lines, 'eprivacy-611/3/1')).toHaveLength(1);
  });
});

describe('every engagement', () => {
  const grade = fc.constantFrom('confirmed', 'likely', 'not-excluded', 'excluded');
  const engagement = fc.record({
    customerKey: fc.constantFrom('a', 'b', 'c'),
    exposure: grade,
    wholesale: fc.boolean(),
  });
  it('that is not excluded is named by exactly one line to its customer, whatever the country and the rest', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('DE', 'IE', 'GB', 'US'),
        fc.array(engagement, { minLength: 1, maxLength: 8 }),
        (country: 'DE' | 'IE' | 'GB' | 'US', drawn) => {
          const engagements = drawn.map(({ customerKey, ...more }, index) =>
            line(customerKey, { ...more, engagementKey: `e${String(index)}` }),
          );
          const lines = derive([provider(country, 4)], engagements).filter(
            ({ recipientKind }) =>
              recipientKind === 'controller' || recipientKind === 'data-subject',
          );
          for (const { engagementKey, exposure, customerKey, wholesale } of engagements) {
            const named = lines.filter(({ engagementKeys }) =>
              engagementKeys.includes(engagementKey),
            );
            const toIt = lines.filter(({ recipientKey }) => recipientKey === customerKey);
            expect(toIt.length).toBeGreaterThan(0);
            if (exposure === 'excluded') {
              expect(named.every(({ state }) => state === 'not-owed')).toBe(true);
              continue;
            }
            expect(named).toHaveLength(1);
            expect(named[0]?.recipientKey).toBe(customerKey);
            expect(named[0]?.provision.endsWith('/5')).toBe(wholesale);
          }
        },
      ),
    );
  });
});

describe('one filing, not two', () => {
  it('traffic data of the service are notified as provider and not again under Art. 33', () => {
    const own = provider('DE', 4, { trackId: 'own', role: 'controller', connectedService: true });
    const lines = under(derive([own]), 'gdpr/33/1');
    expect(lines.every(({ state }) => state === 'not-owed')).toBe(true);
    expect(lines[0]?.reason).toContain('Art. 95 GDPR');
  });
});

describe('the authorities of providers', () => {
  const countries = ['AT', 'BE', 'DE', 'DK', 'EE', 'FI', 'FR', 'GR', 'IE', 'NO', 'PL', 'RO', 'SE'];
  it.each(countries)('%s: each named with the state of its verification', (country) => {
    const authorities = telecomAuthorities(country);
    expect(authorities.length).toBeGreaterThan(0);
    for (const { why, verification } of authorities) {
      expect(why).toContain('611/2013');
      expect(['source-read', 'secondary-source', 'to-verify']).toContain(verification);
    }
  });
});
