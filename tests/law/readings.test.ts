/** What nobody knows, read two ways: at its worst for the authority (Art. 33(1) GDPR), and as if it turned out well for people (Art. 34(1)). */
import { describe, expect, it } from 'vitest';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import type { BreachFacts, FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { raisedBy } from '../../src/law/overlay.ts';
import { cautiousReading, establishedReading, openFacts } from '../../src/law/readings.ts';
import { factsOfCase } from './published-cases.ts';

type Said = Partial<Record<FactName, JsonValue>>;

/** Case 8, business data copied out by an employee; of it everything that bears on the result was said. */
function withFacts(more: Said): BreachFacts {
  const values = factValues(factsOfCase(8)).set('subjects.count', 10);
  for (const [name, value] of Object.entries(more)) values.set(name as FactName, value);
  return assembleFacts(values).facts;
}
const openIn = (more: Said, unknown: readonly FactName[] = []) =>
  [...openFacts(withFacts(more), unknown)].sort();

describe('a fact is open', () => {
  it.each<[string, Said, FactName[]]>([
    [
      'while a disclosure is not ruled out',
      { 'confidentiality.state': 'not_ruled_out' },
      ['confidentiality.state'],
    ],
    ['while a copy is not ruled out', { exfiltration: 'not_ruled_out' }, ['exfiltration']],
    [
      'while nobody knows what altered data do to people',
      { 'integrity.state': 'altered_restored', 'integrity.effectOnSubjects': 'unknown' },
      ['integrity.effectOnSubjects'],
    ],
    [
      'while nobody knows what lost data do to people',
      { 'availability.state': 'permanent', 'availability.effectOnSubjects': 'unknown' },
      ['availability.effectOnSubjects'],
    ],
    [
      'while nobody knows whether there is a backup, and for how long data are away',
      { 'availability.state': 'temporary', 'availability.backup': 'unknown' },
      ['availability.backup', 'availability.restorationHours'],
    ],
    ['while the categories are not named', { 'data.categories': [] }, ['data.categories']],
    [
      'while nobody knows whether the key is safe',
      {
        'protection.encryption': 'state_of_the_art',
        'protection.keyCompromised': 'unknown',
      },
      ['protection.keyCompromised'],
    ],
    [
      'while nobody knows how credentials were stored',
      { 'data.categories': ['credentials'], 'protection.credentialStorage': 'unknown' },
      ['protection.credentialStorage'],
    ],
    ['while nobody has counted the people', { 'subjects.count': null }, ['subjects.count']],
    [
      'while nobody has counted the many who received the data',
      { 'recipients.class': 'known_many', 'recipients.count': null },
      ['recipients.count'],
    ],
  ])('%s', (_, more, open) => {
    expect(openIn(more)).toEqual(open);
  });
  it('while nobody has said it at all', () => {
    expect(openIn({}, ['actor'])).toEqual(['actor']);
  });
});

describe('a fact is not open', () => {
  it.each<[string, Said]>([
    ['once it is said', {}],
    [
      'where a loss is over, its backup and hours known',
      {
        ...{ 'availability.state': 'temporary', 'availability.backup': 'full' },
        ...{ 'availability.restorationHours': 4, 'availability.effectOnSubjects': 'minor' },
      },
    ],
    [
      'where data are gone for good: a backup and hours no longer bear on it',
      {
        ...{ 'availability.state': 'permanent', 'availability.backup': 'unknown' },
        'availability.effectOnSubjects': 'minor',
      },
    ],
    ['where no personal data are involved', { personalDataInvolved: false, 'data.categories': [] }],
    [
      'where many received the data and are counted',
      { 'recipients.class': 'known_many', 'recipients.count': 150 },
    ],
    [
      'where the few who received the data are not counted',
      { 'recipients.class': 'known_limited', 'recipients.count': null },
    ],
  ])('%s', (_, more) => {
    expect(openIn(more)).toEqual([]);
  });
});

describe('of a breach of which nothing was said', () => {
  const { facts, unknown } = assembleFacts(new Map());
  const open = openFacts(facts, unknown);
  // What no reading of these touches: nobody claims a mitigation, and the rest bears on no result.
  const untouched = {
    ...{ schemaVersion: '1.0', role: 'controller', actor: 'unknown' },
    duration: { exposureHours: null, ongoing: true },
    mitigation: {
      ...{ measures: [], highRiskNeutralised: false, neutralisedReason: null },
      individualContactDisproportionate: false,
    },
  };

  it('the cautious reading takes everything at its worst: national numbers in malicious hands', () => {
    expect(cautiousReading(facts, open)).toEqual({
      ...untouched,
      ...{ personalDataInvolved: true, breachOfSecurity: true, misuseObserved: true },
      confidentiality: { state: 'not_ruled_out' },
      exfiltration: 'not_ruled_out',
      integrity: { state: 'altered_not_restored', effectOnSubjects: 'unknown' },
      availability: {
        ...{ state: 'permanent', backup: 'unknown', restorationHours: null },
        effectOnSubjects: 'unknown',
      },
      data: {
        ...{ categories: ['national_id'], specialCategories: 'present' },
        ...{ criminalConvictions: true, alreadyPublic: false },
      },
      protection: { encryption: 'none', keyCompromised: 'unknown', credentialStorage: 'unknown' },
      subjects: {
        ...{ count: null, countIsEstimate: true, types: [], vulnerable: true },
        ...{ safetyCritical: true, identifiability: 'direct' },
      },
      recipients: { class: 'malicious', count: null, trustDocumented: false, containment: 'none' },
    });
  });
  it('the established one finds no breach: nothing holds that anybody could rest on', () => {
    expect(establishedReading(facts, open)).toEqual({
      ...untouched,
      ...{ personalDataInvolved: false, breachOfSecurity: false, misuseObserved: false },
      confidentiality: { state: 'ruled_out' },
      exfiltration: 'ruled_out',
      integrity: { state: 'none', effectOnSubjects: 'none' },
      availability: {
        ...{ state: 'none', backup: 'full', restorationHours: 0, effectOnSubjects: 'none' },
      },
      data: {
        ...{ categories: [], specialCategories: 'none' },
        ...{ criminalConvictions: false, alreadyPublic: false },
      },
      protection: {
        ...{ encryption: 'state_of_the_art', keyCompromised: 'no' },
        credentialStorage: 'strong_salted_hash',
      },
      subjects: {
        ...{ count: 0, countIsEstimate: true, types: [], vulnerable: false },
        ...{ safetyCritical: false, identifiability: 'not_reasonably' },
      },
      recipients: {
        ...{ class: 'internal_bound', count: 0, trustDocumented: true, containment: 'confirmed' },
      },
    });
  });
  it('and neither reading touches what was said', () => {
    const said = withFacts({});
    expect(cautiousReading(said, openFacts(said, []))).toEqual(said);
    expect(establishedReading(said, openFacts(said, []))).toEqual(said);
  });
});

describe('the Polish authority on national numbers', () => {
  const numbers = withFacts({ 'data.categories': ['name', 'national_id'] });
  const rule = {
    id: 'O-PL-ID',
    facts: ['data.categories', 'confidentiality.state', 'exfiltration'],
  };
  it('takes their disclosure for a high risk, with the facts it read', () => {
    expect(raisedBy(['pl-uodo'], numbers, 'unlikely')).toEqual({
      level: 'high-risk',
      rules: [rule],
    });
    expect(raisedBy(['de-bfdi', 'pl-uodo'], numbers, 'risk')).toEqual({
      ...{ level: 'high-risk', rules: [rule] },
    });
  });
  it('adds no rule where the risk is high already', () => {
    expect(raisedBy(['pl-uodo'], numbers, 'high-risk')).toEqual({ level: 'high-risk', rules: [] });
  });
  it('asks nothing more where nothing was disclosed, of other data, or of other authorities', () => {
    const kept = { level: 'risk', rules: [] };
    const lost = {
      ...numbers,
      confidentiality: { state: 'none' },
      exfiltration: 'ruled_out',
    } as const;
    expect(raisedBy(['pl-uodo'], lost, 'risk')).toEqual(kept);
    expect(raisedBy(['pl-uodo'], withFacts({}), 'risk')).toEqual(kept);
    expect(raisedBy(['de-bfdi'], numbers, 'risk')).toEqual(kept);
  });
});
