/** What would change a result: each fact that, altered alone, leads to another answer, with the value that does it. */
import { describe, expect, it } from 'vitest';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import type { BreachFacts, FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { changesFrom } from '../../src/law/changes.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import type { Policy } from '../../src/law/policy.ts';
import { factsOfCase } from './published-cases.ts';

function altered(no: number, more: Partial<Record<FactName, JsonValue>>): BreachFacts {
  const values = factValues(factsOfCase(no));
  for (const [name, value] of Object.entries(more)) values.set(name as FactName, value);
  return assembleFacts(values).facts;
}

/** `fact: from > to = risk, authority, people`. */
function said(facts: BreachFacts, policy: Policy = defaultPolicy, authorities: string[] = []) {
  return changesFrom(facts, policy, authorities).map(
    ({ fact, from, to, riskLevel, notifySA, notifySubjects }) =>
      `${fact}: ${JSON.stringify(from)} > ${JSON.stringify(to)} = ${riskLevel ?? 'none'}, ${notifySA ?? 'none'}, ${notifySubjects ?? 'none'}`,
  );
}
const about = (fact: FactName, lines: readonly string[]) =>
  lines.filter((line) => line.startsWith(`${fact}:`));

describe('case 8, business data copied out by an employee: a risk, told to the authority and not to people', () => {
  it('would be another with each of these, in the order of the document', () => {
    expect(said(factsOfCase(8))).toEqual([
      'personalDataInvolved: true > false = none, no, no',
      'breachOfSecurity: true > false = none, no, no',
      'data.categories: ["name","contact","customer_relation"] > ["name","contact","customer_relation","dob"] = high-risk, yes, yes',
      'data.specialCategories: "none" > "inferred" = high-risk, yes, yes',
      'data.criminalConvictions: false > true = high-risk, yes, yes',
      'protection.encryption: "none" > "state_of_the_art" = unlikely, no, no',
      'subjects.vulnerable: false > true = high-risk, yes, yes',
      'subjects.safetyCritical: false > true = high-risk, yes, yes',
      'subjects.identifiability: "direct" > "not_reasonably" = unlikely, no, no',
      'recipients.class: "malicious" > "internal_bound" = unlikely, no, no',
    ]);
  });
});

describe('case 1, ransomware with a backup: a risk is unlikely', () => {
  it('would be another without the backup, or were people to feel it', () => {
    const lines = said(factsOfCase(1)).filter((line) => line.startsWith('availability'));
    expect(lines).toEqual([
      'availability.state: "temporary" > "permanent" = risk, yes, no',
      'availability.backup: "full" > "partial" = risk, yes, no',
      'availability.restorationHours: 6 > null = risk, yes, no',
      'availability.effectOnSubjects: "none" > "minor" = risk, yes, no',
      'availability.effectOnSubjects: "none" > "significant" = high-risk, yes, yes',
    ]);
  });
});

describe('a number is tried at nothing and just where policy draws its line', () => {
  const identity = { 'data.categories': ['name', 'contact', 'dob'] };

  it('people: at large scale, in hands nobody knows', () => {
    const few = altered(8, {
      ...{ ...identity, 'subjects.count': 9_999, 'recipients.class': 'unknown' },
    });
    expect(about('subjects.count', said(few))).toEqual([
      'subjects.count: 9999 > 10000 = high-risk, yes, yes',
    ]);
    expect(about('subjects.count', said(few, { ...defaultPolicy, largeScale: 12_000 }))).toEqual([
      'subjects.count: 9999 > 12000 = high-risk, yes, yes',
    ]);
    const many = altered(8, {
      ...identity,
      'subjects.count': 50_000,
      'recipients.class': 'unknown',
    });
    expect(about('subjects.count', said(many))).toEqual([
      'subjects.count: 50000 > 0 = risk, yes, no',
    ]);
  });
  it('recipients: at one more than are still few', () => {
    const to = (count: number | null) =>
      altered(8, {
        ...{ ...identity, 'recipients.class': 'known_many', 'recipients.count': count },
      });
    expect(about('recipients.count', said(to(5)))).toEqual([
      'recipients.count: 5 > 101 = high-risk, yes, yes',
    ]);
    expect(about('recipients.count', said(to(null)))).toEqual([
      'recipients.count: null > 0 = risk, yes, no',
    ]);
  });
  it('hours without access: at one more than leave no risk', () => {
    // Ransomware, restored from what is no backup in the sense of the document: hours count then.
    const hours = altered(1, { 'availability.backup': 'not_applicable' });
    expect(about('availability.restorationHours', said(hours))).toEqual([
      'availability.restorationHours: 6 > 25 = risk, yes, no',
    ]);
    const late = altered(1, {
      ...{ 'availability.backup': 'not_applicable', 'availability.restorationHours': 48 },
    });
    expect(about('availability.restorationHours', said(late))).toEqual([
      'availability.restorationHours: 48 > 0 = unlikely, no, no',
    ]);
  });
});

describe('categories of data are tried one less and one more', () => {
  it('without the one that makes the risk high; never without any', () => {
    const number = altered(8, { 'data.categories': ['name', 'contact', 'national_id'] });
    expect(about('data.categories', said(number))).toEqual([
      'data.categories: ["name","contact","national_id"] > ["name","contact"] = risk, yes, no',
    ]);
    const alone = altered(8, { 'data.categories': ['national_id'] });
    expect(about('data.categories', said(alone))).toEqual([]);
  });
  it('under the authority that demands more of national numbers', () => {
    const misdirected = altered(16, {
      ...{ 'data.categories': ['name'], 'recipients.class': 'trusted_external' },
      ...{ 'recipients.trustDocumented': true, 'recipients.containment': 'confirmed' },
    });
    const more = (authorities: string[]) =>
      about('data.categories', said(misdirected, defaultPolicy, authorities));
    expect(more([])).toEqual([
      'data.categories: ["name"] > ["name","national_id"] = risk, yes, no',
    ]);
    expect(more(['pl-uodo'])).toEqual([
      'data.categories: ["name"] > ["name","national_id"] = high-risk, yes, yes',
    ]);
  });
});

describe('facts that make sense together are altered together', () => {
  it('a high risk that was ended has its reason, Art. 34(3)(b) GDPR', () => {
    const high = altered(8, { 'data.criminalConvictions': true });
    expect(about('mitigation.highRiskNeutralised', said(high))).toEqual([
      'mitigation.highRiskNeutralised: false > true = high-risk, yes, no',
    ]);
  });
  it('and that people cannot be reached one by one leads to a public notice, Art. 34(3)(c)', () => {
    const high = altered(8, { 'data.criminalConvictions': true });
    expect(changesFrom(high, defaultPolicy, [])).toContainEqual({
      ...{ fact: 'mitigation.individualContactDisproportionate', from: false, to: true },
      ...{ riskLevel: 'high-risk', notifySA: 'yes', notifySubjects: 'no' },
      publicCommunication: 'yes',
    });
  });
});
