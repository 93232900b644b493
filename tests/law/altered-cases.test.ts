/** The published cases altered in one fact: the part of the risk that moves, and what a person is then asked to look at. */
import { describe, expect, it } from 'vitest';
import { assess } from '../../src/law/assess.ts';
import type { Assessment } from '../../src/law/assessment.ts';
import { reviewText } from '../../src/law/review-flags.ts';
import type { Values } from './plain-facts.ts';
import { alteredCase } from './published-cases.ts';

describe('each part of the risk', () => {
  it.each<[string, number, Values, Partial<Assessment['parts']>]>([
    ['misuse already seen is at least a risk', 13, { misuseObserved: true }, { c: 'risk' }],
    ['misuse of telling data is a high risk', 16, { misuseObserved: true }, { c: 'high-risk' }],
    [
      'a colleague bound by duty who deleted it is no risk',
      4,
      { 'recipients.class': 'internal_bound', 'recipients.containment': 'confirmed' },
      { c: 'unlikely' },
    ],
    [
      'trust counts only where it is documented',
      9,
      { 'recipients.trustDocumented': false },
      { c: 'risk' },
    ],
    [
      'a known circle that grows counts as the public',
      14,
      { 'data.categories': ['dob'] },
      { c: 'high-risk' },
    ],
    [
      'a known circle of few that did not answer is not contained',
      13,
      { 'recipients.containment': 'none' },
      { c: 'risk' },
    ],
    ['vulnerable people raise the tier', 16, { 'subjects.vulnerable': true }, { c: 'high-risk' }],
    [
      'data that endanger life are tier 3',
      13,
      { 'subjects.safetyCritical': true },
      { c: 'high-risk' },
    ],
    [
      'an inferred special category counts like a present one',
      13,
      { 'data.specialCategories': 'inferred' },
      { c: 'high-risk' },
    ],
    ['data already public count in full', 16, { 'data.alreadyPublic': true }, { c: 'risk' }],
    [
      'weakly hashed credentials count',
      6,
      { 'protection.credentialStorage': 'weak_hash', 'subjects.identifiability': 'indirect' },
      { c: 'high-risk' },
    ],
    [
      'below a large number an unknown finder of tier 2 data is a risk',
      11,
      { 'subjects.count': 9_999 },
      { c: 'risk' },
    ],
    ['from a large number it is a high risk', 11, { 'subjects.count': 10_000 }, { c: 'high-risk' }],
    ['a number nobody knows counts as large', 11, { 'subjects.count': null }, { c: 'high-risk' }],
    [
      'an outage still going on is a risk',
      1,
      { 'availability.restorationHours': null },
      { a: 'risk' },
    ],
    ['a partial restore is a risk', 1, { 'availability.backup': 'partial' }, { a: 'risk' }],
    [
      'an outage without loss is no risk up to 24 hours',
      1,
      { 'availability.backup': 'not_applicable', 'availability.restorationHours': 24 },
      { a: 'unlikely' },
    ],
    [
      'an outage without loss is a risk beyond',
      1,
      { 'availability.backup': 'not_applicable', 'availability.restorationHours': 25 },
      { a: 'risk' },
    ],
    [
      'ordinary data lost for good are a risk',
      2,
      { 'availability.state': 'permanent' },
      { a: 'risk' },
    ],
    [
      'an effect of lost access nobody knows counts as severe',
      2,
      { 'availability.effectOnSubjects': 'unknown' },
      { a: 'high-risk' },
    ],
    [
      'altered data without effect are no risk',
      17,
      { 'integrity.effectOnSubjects': 'none' },
      { i: 'unlikely' },
    ],
    [
      'altered data that weigh heavily are a high risk',
      17,
      { 'integrity.effectOnSubjects': 'significant' },
      { i: 'high-risk' },
    ],
  ])('%s (case %i altered)', (_, no, values, parts) => {
    expect(assess(alteredCase(no, values)).parts).toMatchObject(parts);
  });
});

describe('what a person is asked to look at', () => {
  it.each<[string, number, Values]>([
    ['HR-ART9-INCIDENTAL', 15, {}],
    ['HR-TRUST', 9, {}],
    ['HR-IDENT', 6, {}],
    ['HR-PUBLIC', 5, { 'data.alreadyPublic': true }],
    ['HR-RULED-OUT', 2, {}],
    ['HR-MISUSE', 8, {}],
    ['HR-CHILD', 10, {}],
    ['HR-34-3-B', 4, { 'mitigation.highRiskNeutralised': true }],
    [
      'HR-NRO-SCALE',
      11,
      { 'confidentiality.state': 'not_ruled_out', exfiltration: 'not_applicable' },
    ],
  ])('%s in case %i', (flag, no, values) => {
    const { humanReview } = assess(alteredCase(no, values));
    expect(humanReview).toContain(flag);
    expect(humanReview.every((raised) => reviewText(raised) !== '')).toBe(true);
  });
});
