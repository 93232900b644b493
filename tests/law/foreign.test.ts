/** People protected by another law than the controller's own: the authority there is put to a person, people are told once. */
import { describe, expect, it } from 'vitest';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import { assess } from '../../src/law/assess.ts';
import { deriveObligations, type TrackInput } from '../../src/law/obligations.ts';
import { factsOfCase } from './published-cases.ts';

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
