/** Which authority is competent: one-stop-shop only with the main establishment, the UK and Switzerland apart. */
import { describe, expect, it } from 'vitest';
import {
  authorities,
  authorityById,
  competentAuthorities,
  notifiedAuthorities,
} from '../../src/law/authorities.ts';
import type { CompetenceQuestion } from '../../src/law/authorities.ts';
import { isInEea } from '../../src/law/regimes.ts';

const tallinn = { country: 'EE', mainEstablishment: true };
const frankfurt = { country: 'DE', region: 'DE-HE', mainEstablishment: false };
const eu = 'eu-gdpr' as const;
const of = (crossBorder: boolean, ...affectedCountries: string[]) => ({
  crossBorder,
  affectedCountries,
});

const table: [string, CompetenceQuestion, string[]][] = [
  [
    'the lead alone is told, those concerned are informed by it',
    { regime: eu, processing: of(true, 'EE', 'FI', 'DE'), affiliate: tallinn },
    ['lead ee-aki', 'concerned de-land', 'concerned fi-tsv'],
  ],
  [
    'a processing that is not cross-border goes to the authority of the seat',
    { regime: eu, processing: of(false, 'EE'), affiliate: tallinn },
    ['competent ee-aki'],
  ],
  [
    'a German seat goes to its Land',
    { regime: eu, processing: of(false, 'DE'), affiliate: frankfurt },
    ['competent de-he-hbdi'],
  ],
  [
    'a Bavarian company goes to the authority for companies, not the one for public bodies',
    { regime: eu, processing: of(false, 'DE'), affiliate: { ...frankfurt, region: 'DE-BY' } },
    ['competent de-by-baylda'],
  ],
  [
    'a German seat without its Land is a task, not a guess',
    {
      regime: eu,
      processing: of(false, 'DE'),
      affiliate: { country: 'DE', mainEstablishment: false },
    },
    ['competent de-land'],
  ],
  [
    'a Catalan company goes to the national authority',
    {
      regime: eu,
      processing: of(false, 'ES'),
      affiliate: { country: 'ES', region: 'ES-CT', mainEstablishment: false },
    },
    ['competent es-aepd'],
  ],
  [
    'without the main establishment there is no one-stop-shop',
    { regime: eu, processing: of(true, 'DE', 'FR', 'AT'), affiliate: frankfurt },
    ['competent at-dsb', 'competent de-he-hbdi', 'competent fr-cnil'],
  ],
  [
    'Norway, Iceland and Liechtenstein are in',
    { regime: eu, processing: of(true, 'NO', 'IS', 'LI'), affiliate: tallinn },
    ['lead ee-aki', 'concerned is-personuvernd', 'concerned li-dss', 'concerned no-datatilsynet'],
  ],
  [
    'people in the UK and Switzerland add no authority under EU law',
    { regime: eu, processing: of(true, 'EE', 'GB', 'CH'), affiliate: tallinn },
    ['lead ee-aki'],
  ],
  [
    'without an establishment in the EU every affected authority is told',
    {
      regime: eu,
      processing: of(true, 'IE', 'PL', 'US'),
      affiliate: { country: 'US', mainEstablishment: false },
    },
    ['competent ie-dpc', 'competent pl-uodo'],
  ],
  [
    'without known countries there is nobody to name yet',
    { regime: eu, processing: of(true), affiliate: { country: 'US', mainEstablishment: false } },
    [],
  ],
  [
    'the UK is apart, whatever else is affected',
    {
      regime: 'uk-gdpr',
      processing: of(true, 'EE', 'GB'),
      affiliate: { country: 'GB', mainEstablishment: true },
    },
    ['competent gb-ico'],
  ],
  [
    'Switzerland is apart',
    {
      regime: 'ch-fadp',
      processing: of(true, 'EE', 'CH'),
      affiliate: { country: 'CH', mainEstablishment: false },
    },
    ['competent ch-fdpic'],
  ],
];

describe('competence', () => {
  it.each(table)('%s', (_, question, expected) => {
    const chosen = competentAuthorities(question);
    expect(chosen.map(({ role, authorityId }) => `${role} ${authorityId}`)).toEqual(expected);
    expect(chosen.every((authority) => authority.why !== '')).toBe(true);
  });
});

describe('the reason given for a choice', () => {
  const why = (question: CompetenceQuestion) =>
    competentAuthorities(question).map((authority) => authority.why);
  const american = { country: 'US', mainEstablishment: false };

  it('cites Art. 56 GDPR for the lead and Art. 60 for those it informs', () => {
    expect(why({ regime: eu, processing: of(true, 'EE', 'FI'), affiliate: tallinn })).toEqual([
      'Art. 56 GDPR: cross-border processing with the main establishment in EE',
      'Art. 60 GDPR: people there are affected; the lead authority informs it',
    ]);
  });
  it('cites Art. 55 GDPR where the processing is not cross-border', () => {
    expect(why({ regime: eu, processing: of(false, 'EE'), affiliate: tallinn })).toEqual([
      'Art. 55 GDPR: the processing is not cross-border, and its controller sits in EE',
    ]);
  });
  it('cites Art. 55 GDPR for each where the main establishment is elsewhere', () => {
    const each =
      'Art. 55 GDPR: cross-border, but without the main establishment no one-stop-shop applies';
    expect(why({ regime: eu, processing: of(true, 'FR'), affiliate: frankfurt })).toEqual([
      each,
      each,
    ]);
  });
  it('cites para. 73 of the guidelines where there is no establishment in the Union', () => {
    expect(why({ regime: eu, processing: of(true, 'IE'), affiliate: american })).toEqual([
      'EDPB 9/2022 v2.0 para. 73: no establishment in the EU, so every authority whose residents are affected',
    ]);
  });
  it.each<[CompetenceQuestion['regime'], string, string]>([
    ['uk-gdpr', 'gb-ico', 'UK GDPR'],
    ['ch-fadp', 'ch-fdpic', 'Swiss FADP'],
    ['gi-gdpr', 'gi-gra', 'Gibraltar GDPR'],
    ['je-dpl', 'je-joic', 'Data Protection (Jersey) Law 2018'],
    ['gg-dpl', 'gg-odpa', 'Data Protection (Bailiwick of Guernsey) Law 2017'],
    ['im-gdpr', 'im-ic', 'applied GDPR of the Isle of Man'],
  ])('names %s for %s, apart from the one-stop-shop', (regime, id, law) => {
    const [only, ...more] = competentAuthorities({
      ...{ regime, processing: of(true, 'EE'), affiliate: american },
    });
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      ...{ authorityId: id, role: 'competent' },
      why: `${law}: always apart from the one-stop-shop of the EU`,
    });
  });
  it('stands in the whole answer: channel, languages and zone are those of the authority', () => {
    expect(
      competentAuthorities({
        ...{ regime: eu, processing: of(false, 'DE') },
        affiliate: { country: 'DE', mainEstablishment: true },
      }),
    ).toEqual([
      {
        authorityId: 'de-land',
        name: 'Authority of the German Land (Land to be recorded)',
        role: 'competent',
        channel: {
          ...{ kind: 'form', url: null, email: null },
          note: 'Record the Land of the seat; its authority then takes the place of this entry.',
        },
        languages: ['de'],
        zone: 'Europe/Berlin',
        verification: 'to-verify',
        why: 'Art. 55 GDPR: the processing is not cross-border, and its controller sits in DE',
      },
    ]);
  });
});

describe('the authorities an affiliate notifies itself', () => {
  it('leave out those that the lead authority informs', () => {
    const question = { processing: of(true, 'EE', 'FI'), affiliate: tallinn };
    expect(notifiedAuthorities(question)).toEqual(['ee-aki']);
  });
  it('are all that are competent, by the law of its country', () => {
    const processing = of(true, 'AT', 'GB');
    expect(notifiedAuthorities({ processing, affiliate: frankfurt })).toEqual([
      'at-dsb',
      'de-he-hbdi',
    ]);
    const london = { country: 'GB', mainEstablishment: true };
    expect(notifiedAuthorities({ processing, affiliate: london })).toEqual(['gb-ico']);
  });
});

describe('the authorities carried', () => {
  it('are 58, each with a source, a zone, a language and how far it was checked', () => {
    expect(authorities).toHaveLength(58);
    expect(new Set(authorities.map((authority) => authority.id)).size).toBe(58);
    for (const authority of authorities) {
      expect(authority.source).not.toBe('');
      expect(authority.languages.length).toBeGreaterThan(0);
      expect(() => new Intl.DateTimeFormat('en', { timeZone: authority.zone })).not.toThrow();
    }
  });
  it('leave no country of the EEA without one for companies', () => {
    const covered = new Set(
      authorities.filter(({ coversPrivate }) => coversPrivate).map(({ country }) => country),
    );
    expect([...covered].filter(isInEea)).toHaveLength(30);
  });
  it('take a breach notice by e-mail in Estonia, in Estonian or English', () => {
    const chosen = authorityById('ee-aki');
    expect(chosen?.channel).toMatchObject({ kind: 'email', email: 'info@aki.ee' });
    expect(chosen?.languages).toEqual(['et', 'en']);
    expect(authorityById('nowhere')).toBeNull();
  });
});
