/** What may be said of a breach, what follows from it, and what counts while nobody has said it. */
import { describe, expect, it } from 'vitest';
import {
  assembleFacts,
  checkFact,
  contradictions,
  factNames,
  factValues,
} from '../../src/domain/facts.ts';
import type { FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { factsOfCase, publishedCases } from './published-cases.ts';

const said = (values: Partial<Record<FactName, JsonValue>>) =>
  assembleFacts(
    new Map(
      factNames.flatMap((name) => {
        const value = values[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  );

describe('a fact that cannot be recorded', () => {
  it.each([
    ['confidentiality.state', 'leaked', 'one of none, ruled_out, not_ruled_out, likely, confirmed'],
    ['subjects.count', -1, 'a whole number of 0 or more, or null when nobody knows'],
    ['subjects.count', 2.5, 'a whole number'],
    ['subjects.vulnerable', 'yes', 'true or false'],
    ['data.categories', ['name', 'name'], 'without repeats'],
    ['data.categories', 'name', 'a list'],
    ['availability.restorationHours', '6', 'a number of 0 or more'],
    ['subjects.types', [1], 'a list of texts'],
    ['mitigation.neutralisedReason', 7, 'a text, or null'],
    ['confidentiality', 'none', 'is not a fact'],
    ['toString', 'none', 'is not a fact'],
  ])('%s = %j is refused with the reason', (name, value, reason) => {
    expect(checkFact(name, value)).toContain(reason);
  });
});

describe('a document made of single facts', () => {
  it.each(publishedCases)('is the same again after taking apart: case $no', ({ facts }) => {
    expect(assembleFacts(factValues(facts))).toEqual({ facts, unknown: [] });
  });
  it('counts what nobody has said against us and lists it as unknown', () => {
    const { facts, unknown } = said({});
    expect(facts.confidentiality.state).toBe('not_ruled_out');
    expect(facts.integrity.effectOnSubjects).toBe('unknown');
    expect(facts.subjects).toMatchObject({
      count: null,
      vulnerable: true,
      identifiability: 'direct',
    });
    expect(unknown).toContain('confidentiality.state');
    expect(unknown).toContain('subjects.count');
  });
  it('never takes an exemption nobody claimed for a gap in what we know', () => {
    const { facts, unknown } = said({});
    expect(facts.mitigation.highRiskNeutralised).toBe(false);
    expect(unknown.filter((name) => name.startsWith('mitigation.'))).toEqual([]);
  });
  it('does not ask twice: no loss of availability has no effect on people', () => {
    const { facts, unknown } = said({
      'availability.state': 'none',
      'confidentiality.state': 'none',
    });
    expect(facts.availability.effectOnSubjects).toBe('none');
    expect(facts.exfiltration).toBe('not_applicable');
    expect(unknown.filter((name) => name.startsWith('availability.'))).toEqual([]);
    expect(unknown).not.toContain('exfiltration');
  });
  it('knows from the categories whether special, criminal or identifying data are among them', () => {
    const { facts, unknown } = said({ 'data.categories': ['name', 'health'] });
    expect(facts.data.specialCategories).toBe('present');
    expect(facts.data.criminalConvictions).toBe(false);
    expect(facts.subjects.identifiability).toBe('direct');
    expect(unknown).not.toContain('protection.credentialStorage');
  });
  it('takes a value that does not fit its fact as unsaid', () => {
    expect(said({ 'availability.state': 'gone' }).unknown).toContain('availability.state');
  });
});

describe('facts that cannot be true together', () => {
  const clashing: [string, Partial<Record<FactName, JsonValue>>][] = [
    [
      'data copied out, yet nothing disclosed',
      { exfiltration: 'confirmed', 'confidentiality.state': 'none' },
    ],
    [
      'misuse seen, yet nothing disclosed',
      { misuseObserved: true, 'confidentiality.state': 'ruled_out', exfiltration: 'ruled_out' },
    ],
    ['a disclosure to nobody', { 'recipients.class': 'none' }],
    ['categories of personal data, yet none involved', { personalDataInvolved: false }],
    ['health data, yet no special categories', { 'data.categories': ['health'] }],
    ['criminal data, yet not under Art. 10', { 'data.categories': ['criminal'] }],
    ['encrypted without a key', { 'protection.encryption': 'state_of_the_art' }],
    ['credentials that were not stored', { 'data.categories': ['credentials'] }],
    ['an effect of data not altered', { 'integrity.effectOnSubjects': 'severe' }],
    ['an effect of data not lost', { 'availability.effectOnSubjects': 'minor' }],
    ['a high risk ended without a reason', { 'mitigation.highRiskNeutralised': true }],
  ];
  it.each(clashing)('%s', (_, values) => {
    const changed = factValues(factsOfCase(8));
    for (const name of factNames) if (values[name] !== undefined) changed.set(name, values[name]);
    const found = contradictions(assembleFacts(changed).facts);
    expect(found).toHaveLength(1);
    expect(found[0]?.names.some((name) => Object.hasOwn(values, name))).toBe(true);
  });
  it('are not made of what nobody has said', () => {
    const { facts, unknown } = said({ 'data.categories': ['credentials'] });
    expect(contradictions(facts, unknown)).toEqual([]);
  });
});
