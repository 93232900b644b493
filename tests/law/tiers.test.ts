/** How telling data are and who has them: the tables of the risk of a disclosure, row by row. */
import { describe, expect, it } from 'vitest';
import type { BreachFacts } from '../../src/domain/facts.ts';
import { factChoices } from '../../src/domain/facts.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { credentialsUnusable, dataTier, matrixLevel, recipientClass } from '../../src/law/tiers.ts';
import type { RecipientClass } from '../../src/law/tiers.ts';
import { plainWith } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

type Category = BreachFacts['data']['categories'][number];

const tiers: Readonly<Record<1 | 2 | 3, readonly Category[]>> = {
  1: [
    ...(['username', 'name', 'contact', 'ip_address', 'purchase_item'] as const),
    ...(['customer_relation', 'preference'] as const),
  ],
  2: [
    ...(['dob', 'gender_civil_status', 'education_employment', 'insurance_contract'] as const),
    ...(['vehicle', 'financial_status', 'bank_account', 'behavioural', 'location'] as const),
    ...(['communications_metadata', 'photo_video', 'billing'] as const),
  ],
  3: [
    ...(['national_id', 'id_document', 'payment_card', 'transaction_history'] as const),
    ...(['credentials', 'health', 'biometric_genetic', 'political_religious_union'] as const),
    ...(['sexual_life', 'ethnic_origin', 'criminal', 'communications_content'] as const),
    'protected_address',
  ],
};
const raisedTo = { 1: 2, 2: 3, 3: 3 } as const;

const tierOf = (values: Values, dropped: readonly Category[] = []) =>
  dataTier(plainWith(values), dropped);

describe.each([1, 2, 3] as const)('data of tier %i', (tier) => {
  it.each(tiers[tier])('are %s, one tier higher for vulnerable people', (category) => {
    const values = { 'data.categories': [category] };
    expect(tierOf(values)).toBe(tier);
    expect(tierOf({ ...values, 'subjects.vulnerable': true })).toBe(raisedTo[tier]);
  });
});

describe('the tier of data', () => {
  it('is fixed for every category that may be named', () => {
    const named = Object.values(tiers).flat().toSorted();
    expect(named).toEqual(factChoices('data.categories').values.toSorted());
  });
  it.each<[string, Values, 0 | 1 | 2 | 3]>([
    ['nothing named', { 'data.categories': [] }, 0],
    [
      'nothing named of vulnerable people',
      { 'data.categories': [], 'subjects.vulnerable': true },
      0,
    ],
    ['the most telling of several', { 'data.categories': ['vehicle', 'health', 'name'] }, 3],
    [
      'data by which nobody can be identified, whatever they are',
      {
        'data.categories': ['health'],
        'data.specialCategories': 'present',
        'subjects.identifiability': 'not_reasonably',
      },
      0,
    ],
    ['indirectly identifying ones in full', { 'subjects.identifiability': 'indirect' }, 1],
    ['what endangers life', { 'subjects.safetyCritical': true }, 3],
    ['special categories, Art. 9', { 'data.specialCategories': 'present' }, 3],
    ['special categories inferred from others', { 'data.specialCategories': 'inferred' }, 3],
    ['criminal convictions, Art. 10', { 'data.criminalConvictions': true }, 3],
    [
      'an incidental label of Art. 9 left out',
      { 'data.categories': ['name', 'health'], 'data.specialCategories': 'incidental' },
      1,
    ],
    [
      'an incidental label of Art. 9 left out, the rest of tier 3 not',
      { 'data.categories': ['national_id', 'health'], 'data.specialCategories': 'incidental' },
      3,
    ],
    ['data already public in full', { 'data.categories': ['dob'], 'data.alreadyPublic': true }, 2],
  ])('counts %s', (_, values, tier) => {
    expect(tierOf(values)).toBe(tier);
  });
  it.each([
    'health',
    'biometric_genetic',
    'political_religious_union',
    'sexual_life',
    'ethnic_origin',
  ])('takes %s for a label of Art. 9 that may be incidental', (category) => {
    const values = { 'data.categories': [category], 'data.specialCategories': 'incidental' };
    expect(tierOf(values)).toBe(0);
  });
  it('leaves out what is dropped, and nothing more', () => {
    const values = { 'data.categories': ['name', 'credentials'] };
    expect(tierOf(values, ['credentials'])).toBe(1);
    expect(tierOf(values, ['name'])).toBe(3);
  });
  it('raises nothing for vulnerable people where every category is dropped', () => {
    const values = { 'data.categories': ['credentials'], 'subjects.vulnerable': true };
    expect(tierOf(values, ['credentials'])).toBe(0);
  });
});

describe('credentials nobody can use', () => {
  it.each<[string, Values, boolean]>([
    [
      'are strongly hashed and salted ones (EDPB 01/2021, case 6)',
      { 'data.categories': ['credentials'], 'protection.credentialStorage': 'strong_salted_hash' },
      true,
    ],
    [
      'are not weakly hashed ones',
      { 'data.categories': ['credentials'], 'protection.credentialStorage': 'weak_hash' },
      false,
    ],
    [
      'need credentials',
      { 'data.categories': ['name'], 'protection.credentialStorage': 'strong_salted_hash' },
      false,
    ],
  ])('%s', (_, values, unusable) => {
    expect(credentialsUnusable(plainWith(values))).toBe(unusable);
  });
});

describe('who has the data', () => {
  it.each<[string, Values, RecipientClass]>([
    [
      'a colleague bound by duty who deleted them',
      { 'recipients.class': 'internal_bound', 'recipients.containment': 'confirmed' },
      'A1',
    ],
    [
      'a colleague who was asked to delete them',
      { 'recipients.class': 'internal_bound', 'recipients.containment': 'requested' },
      'B',
    ],
    [
      'a colleague who keeps them',
      { 'recipients.class': 'internal_bound', 'recipients.containment': 'none' },
      'C',
    ],
    [
      'a third party of documented trust that deleted them',
      {
        'recipients.class': 'trusted_external',
        'recipients.trustDocumented': true,
        'recipients.containment': 'confirmed',
      },
      'A2',
    ],
    [
      'a third party whose trust nobody documented, though it deleted them',
      { 'recipients.class': 'trusted_external', 'recipients.containment': 'confirmed' },
      'B',
    ],
    [
      'a third party of documented trust that was asked to delete them',
      {
        'recipients.class': 'trusted_external',
        'recipients.trustDocumented': true,
        'recipients.containment': 'requested',
      },
      'B',
    ],
    [
      'a third party of documented trust that keeps them',
      { 'recipients.class': 'trusted_external', 'recipients.trustDocumented': true },
      'C',
    ],
    ['a known stranger who deleted them', { 'recipients.containment': 'confirmed' }, 'B'],
    ['a known stranger who was asked to', { 'recipients.containment': 'requested' }, 'B'],
    ['a known stranger who keeps them', { 'recipients.containment': 'none' }, 'C'],
    ['a known stranger who cannot', { 'recipients.containment': 'impossible' }, 'C'],
    ['a hundred known ones', { 'recipients.class': 'known_many', 'recipients.count': 100 }, 'C'],
    ['more than a hundred', { 'recipients.class': 'known_many', 'recipients.count': 101 }, 'E'],
    [
      'known ones of whom nobody knows how many',
      { 'recipients.class': 'known_many', 'recipients.count': null },
      'E',
    ],
    ['nobody known', { 'recipients.class': 'none' }, 'D'],
    ['an unknown finder', { 'recipients.class': 'unknown' }, 'D'],
    ['somebody known to be adverse', { 'recipients.class': 'known_adverse' }, 'E'],
    ['an attacker', { 'recipients.class': 'malicious' }, 'E'],
    ['the public', { 'recipients.class': 'public' }, 'E'],
  ])('%s', (_, values, expected) => {
    expect(recipientClass(plainWith(values), defaultPolicy)).toBe(expected);
  });
});

/** From tier 0 to 3: - a risk is unlikely, r risk, h high risk. */
describe('the risk of a disclosure', () => {
  const letters = { unlikely: '-', risk: 'r', 'high-risk': 'h' } as const;
  it.each<[RecipientClass, string]>([
    ['A1', '----'],
    ['A2', '---r'],
    ['B', '--rh'],
    ['C', '-rrh'],
    ['D', '-rrh'],
    ['E', '-rhh'],
  ])('to %s is %s', (recipient, row) => {
    const levels = ([0, 1, 2, 3] as const).map((tier) => letters[matrixLevel(recipient, tier)]);
    expect(levels.join('')).toBe(row);
  });
});
