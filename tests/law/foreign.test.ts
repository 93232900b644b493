/** People protected by another law than the controller's own: the authority there is put to a person, people are told once. */
import { describe, expect, it } from 'vitest';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import { assess } from '../../src/law/assess.ts';
import { deriveObligations, type TrackInput } from '../../src/law/obligations.ts';
import type { Values } from './plain-facts.ts';
import { factsOfCase } from './published-cases.ts';
import { aRisk, highRisk, noBreach, noRisk, said, trackOf } from './tracks.ts';

const awareAt = '2026-06-12T15:45:00.000Z';

function lines(country: string, affectedCountries: readonly string[], no = 4): readonly string[] {
  const facts = assembleFacts(factValues(factsOfCase(no)).set('role', 'controller')).facts;
  const track: TrackInput = {
    trackId: 'track',
    affiliate: { key: 'own', country, mainEstablishment: true, zone: 'Europe/Berlin' },
    role: 'controller',
    processingKey: 'portal',
    crossBorder: true,
    affectedCountries,
    awareAt,
    awarenessProvisional: false,
    assessment: assess(facts),
    assessmentFactsVersion: 1,
  };
  return deriveObligations({ tracks: [track], engagements: [] }).map(
    (one) =>
      `${one.provision} ${one.recipientKey}: ${one.state}, due ${one.dueAt ?? 'without a number'}`,
  );
}
const in72h = '2026-06-15T15:45:00.000Z';

describe('people of the UK and Switzerland with an affiliate in the EU', () => {
  it('open the obligation to the ICO and the FDPIC, for a person to decide, with their own due', () => {
    expect(lines('EE', ['EE', 'GB', 'CH'])).toEqual([
      'ch-fadp/24/1 ch-fdpic: to-decide, due without a number',
      'ch-fadp/24/4 portal: not-owed, due without a number',
      `gdpr/33/1 ee-aki: owed, due ${in72h}`,
      'gdpr/33/5 own: owed, due without a number',
      'gdpr/34/1 portal: owed, due without a number',
      `uk-gdpr/33/1 gb-ico: to-decide, due ${in72h}`,
      'uk-gdpr/34/1 portal: not-owed, due without a number',
    ]);
  });
  it('keep the threshold of each law: a risk that is not high is nothing for the FDPIC', () => {
    expect(lines('EE', ['GB', 'CH'], 16)).toContain(
      'ch-fadp/24/1 ch-fdpic: not-owed, due without a number',
    );
    expect(lines('EE', ['GB', 'CH'], 16)).toContain(`uk-gdpr/33/1 gb-ico: to-decide, due ${in72h}`);
  });
});

describe('people who are told once', () => {
  it.each<[string, Values, string]>([
    [
      'by the one notice',
      highRisk,
      'Not owed apart, because people in CH are told by the one notice under the GDPR, once and not twice; Swiss FADP has the same aim.',
    ],
    [
      'are told nowhere of a risk that is not high',
      aRisk,
      'Not owed, because a high risk to people is not likely (a risk to people is not unlikely).',
    ],
    [
      'are told nowhere of what is no breach',
      noBreach,
      'Not owed, because this is not a personal data breach, Art. 4(12) GDPR.',
    ],
  ])('%s', (_, values, reason) => {
    const track = trackOf('EE', 'controller', values, { affectedCountries: ['EE', 'CH'] });
    const derived = deriveObligations({ tracks: [track], engagements: [] });
    expect(said(derived, 'ch-fadp/24/4')).toEqual([`own: not-owed, ${reason}`]);
  });
});

describe('why a law reaches a controller that does not sit there', () => {
  const because = 'Owed, because a high risk to people is likely (confidentiality).';
  it.each([
    [
      'GB',
      'uk-gdpr/33/1',
      'gb-ico',
      'the UK GDPR reaches a controller outside the UK that offers goods or services there or monitors behaviour, Art. 3(2)',
    ],
    [
      'CH',
      'ch-fadp/24/1',
      'ch-fdpic',
      'the FADP reaches what has an effect in Switzerland, Art. 3(1)',
    ],
    [
      'GI',
      'gi-gdpr/33/1',
      'gi-gra',
      'the Gibraltar GDPR reaches a controller outside that offers goods or services there or monitors behaviour, Art. 3(2)',
    ],
    [
      'JE',
      'je-dpl/20/1',
      'je-joic',
      'the Jersey law may reach a controller outside; its conditions were not read',
    ],
    [
      'GG',
      'gg-dpl/42/1',
      'gg-odpa',
      'the Guernsey law may reach a controller outside; its conditions were not read',
    ],
    [
      'IM',
      'im-gdpr/33/1',
      'im-ic',
      'the law of the Isle of Man may reach a controller outside; its conditions were not read',
    ],
  ])('%s: a person says whether it does', (country, provision, authorityId, reach) => {
    const track = trackOf('EE', 'controller', highRisk, { affectedCountries: ['EE', country] });
    const derived = deriveObligations({ tracks: [track], engagements: [] });
    expect(said(derived, provision)).toEqual([
      `${authorityId}: to-decide, To decide: people in ${country} are affected, and ${reach}; a person says whether it does. If so: ${because}`,
    ]);
  });
  it('the GDPR: every authority of people affected, in full', () => {
    const more = { affectedCountries: ['GB', 'IE', 'EE', 'US'], processingKey: 'shop' };
    const track = trackOf('GB', 'controller', highRisk, more);
    const derived = deriveObligations({ tracks: [track], engagements: [] });
    const reason = `To decide: people in IE, EE are affected, and the GDPR reaches a controller outside the EEA that offers goods or services there or monitors behaviour, Art. 3(2); a person says whether it does. If so: ${because}`;
    expect(said(derived, 'gdpr/33/1')).toEqual([
      `ee-aki: to-decide, ${reason}`,
      `ie-dpc: to-decide, ${reason}`,
    ]);
    expect(said(derived, 'gdpr/34/1')).toEqual([
      'shop: not-owed, Not owed apart, because people in IE, EE are told by the one notice under the UK GDPR, once and not twice; GDPR has the same aim.',
    ]);
    expect(derived[0]).toMatchObject({
      provision: 'gdpr/33/1',
      authority: {
        authorityId: 'ee-aki',
        role: 'competent',
        why: 'EDPB 9/2022 v2.0 para. 73: no establishment in the EU, so every authority whose residents are affected',
      },
      dueAt: '2026-06-15T15:45:00.000Z',
      dueBasis: 'statute',
      targetAt: '2026-06-14T15:45:00.000Z',
    });
  });
  it('nothing is put to a person where nothing would be owed', () => {
    const track = trackOf('EE', 'controller', noRisk, { affectedCountries: ['GB'] });
    const derived = deriveObligations({ tracks: [track], engagements: [] });
    expect(said(derived, 'uk-gdpr/33/1')).toEqual([
      'gb-ico: not-owed, Not owed, because a risk to people is unlikely; the reasons are documented.',
    ]);
  });
  it('no law reached anybody before it was in force', () => {
    const more = { affectedCountries: ['CH'], awareAt: '2023-08-31T12:00:00.000Z' };
    const derived = deriveObligations({
      tracks: [trackOf('EE', 'controller', highRisk, more)],
      engagements: [],
    });
    expect(derived.map(({ provision }) => provision)).toEqual([
      ...['gdpr/33/1', 'gdpr/33/5', 'gdpr/34/1'],
    ]);
  });
});

describe('people elsewhere', () => {
  it('of the EU with an affiliate in the UK open the obligation to each authority of theirs', () => {
    expect(lines('GB', ['GB', 'IE', 'FR']).filter((one) => one.startsWith('gdpr/'))).toEqual([
      `gdpr/33/1 fr-cnil: to-decide, due ${in72h}`,
      `gdpr/33/1 ie-dpc: to-decide, due ${in72h}`,
      'gdpr/34/1 portal: not-owed, due without a number',
    ]);
  });
  it.each([
    ['GI', 'gi-gdpr/33/1'],
    ['JE', 'je-dpl/20/1'],
    ['GG', 'gg-dpl/42/1'],
    ['IM', 'im-gdpr/33/1'],
  ])('of %s open %s', (country, provision) => {
    expect(lines('IE', ['IE', country]).join('\n')).toMatch(new RegExp(`${provision} .*to-decide`));
  });
  it('of countries whose law is not carried open nothing', () => {
    expect(lines('EE', ['EE', 'US', 'JP'])).toEqual(lines('EE', ['EE']));
  });
});
