/** Groups of people who stand apart in one case, and what single authorities demand beyond the rules. */
import { describe, expect, it } from 'vitest';
import type { FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { assess } from '../../src/law/assess.ts';
import { assessSets } from '../../src/law/fact-sets.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { factsOfCase } from './published-cases.ts';

const set = (name: string, different: Partial<Record<FactName, JsonValue>>) => ({
  name,
  different: new Map(Object.entries(different) as [FactName, JsonValue][]),
});

describe('212 of 3,140 people whose passwords were weakly hashed', () => {
  // After EDPB 01/2021, case 6, strongly hashed credentials: here of people who can be identified.
  const facts = {
    ...factsOfCase(6),
    subjects: { ...factsOfCase(6).subjects, count: 3_140, identifiability: 'direct' as const },
  };
  const weak = set('weak hashes', {
    'protection.credentialStorage': 'weak_hash',
    'subjects.count': 212,
  });

  it('raise the case, and are told themselves', () => {
    const own = assess(facts);
    const { whole, groups, told } = assessSets(facts, [], [weak]);
    expect(own.notifySubjects).toBe('no');
    expect(whole.notifySubjects).toBe('yes');
    expect(groups.map(({ assessment }) => assessment.riskLevel)).toEqual(['high-risk']);
    expect(told).toEqual(['weak hashes']);
  });
  it('never lower the case', () => {
    const harmless = set('strong hashes', { 'protection.credentialStorage': 'strong_salted_hash' });
    const weakOnes = {
      ...facts,
      protection: { ...facts.protection, credentialStorage: 'weak_hash' as const },
    };
    expect(assessSets(weakOnes, [], [harmless]).whole).toEqual(assess(weakOnes));
  });
  it('leave the case as it is where there are none', () => {
    expect(assessSets(facts, [], [])).toEqual({ whole: assess(facts), groups: [], told: [] });
  });
});

describe('an authority that demands more', () => {
  const misdirected = factsOfCase(16);
  const withNumber = {
    ...misdirected,
    data: { ...misdirected.data, categories: ['name', 'contact', 'national_id'] as const },
    recipients: {
      ...misdirected.recipients,
      class: 'trusted_external' as const,
      trustDocumented: true,
      containment: 'confirmed' as const,
    },
  };

  it('raises the result for its own cases, with a rule of its own', () => {
    const elsewhere = assess(withNumber);
    const inPoland = assess(withNumber, [], defaultPolicy, ['pl-uodo']);
    expect(elsewhere.riskLevel).toBe('risk');
    expect(inPoland.riskLevel).toBe('high-risk');
    expect(inPoland.rules.map(({ id }) => id)).toContain('O-PL-ID');
  });
  it('changes nothing where its condition does not hold', () => {
    expect(assess(misdirected, [], defaultPolicy, ['pl-uodo'])).toEqual(assess(misdirected));
  });
});
