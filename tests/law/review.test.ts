/** What a person is asked to look at, and when: exactly these flags and no other. */
import { describe, expect, it } from 'vitest';
import type { RiskLevel } from '../../src/law/assessment.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { reviewFlags } from '../../src/law/review.ts';
import { reviewText } from '../../src/law/review-flags.ts';
import type { ReviewFlag } from '../../src/law/review-flags.ts';
import { plainWith } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

type Reviewed = Parameters<typeof reviewFlags>[0];

const flags = (values: Values, more: Partial<Reviewed> = {}) =>
  reviewFlags({
    facts: plainWith(values),
    policy: defaultPolicy,
    rules: [],
    riskLevel: 'unlikely',
    unknownsUsed: 0,
    changes: [],
    ...more,
  });
const trusted: Values = { 'recipients.class': 'trusted_external' };
const telling: Values = { 'confidentiality.state': 'not_ruled_out', 'data.categories': ['dob'] };

describe('a person looks at', () => {
  it.each<[string, Values, readonly ReviewFlag[]]>([
    ['nothing in a plain incident', {}, []],
    ['a key of which nobody knows', { 'protection.keyCompromised': 'unknown' }, ['HR-KEY']],
    [
      'an incidental label of Art. 9',
      { 'data.specialCategories': 'incidental' },
      ['HR-ART9-INCIDENTAL'],
    ],
    ['documented trust', { ...trusted, 'recipients.trustDocumented': true }, ['HR-TRUST']],
    ['no trust that nobody documented', trusted, []],
    ['no trust in a stranger', { 'recipients.trustDocumented': true }, []],
    [
      'data nobody can be identified by',
      { 'subjects.identifiability': 'not_reasonably' },
      ['HR-IDENT'],
    ],
    ['data already public', { 'data.alreadyPublic': true }, ['HR-PUBLIC']],
    ['access ruled out', { 'confidentiality.state': 'ruled_out' }, ['HR-RULED-OUT']],
    ['copying out ruled out', { exfiltration: 'ruled_out' }, ['HR-RULED-OUT']],
    ['misuse that was seen', { misuseObserved: true }, ['HR-MISUSE']],
    ['malice from within', { actor: 'malicious_internal' }, ['HR-MISUSE']],
    ['no malice from outside', { actor: 'malicious_external' }, []],
    ['a high risk said to be ended', { 'mitigation.highRiskNeutralised': true }, ['HR-34-3-B']],
    [
      'effort said to be disproportionate',
      { 'mitigation.individualContactDisproportionate': true },
      ['HR-34-3-C'],
    ],
    ['vulnerable people', { 'subjects.vulnerable': true }, ['HR-CHILD', 'HR-ENISA']],
    ['10,000 people', { ...telling, 'subjects.count': 10_000 }, ['HR-NRO-SCALE']],
    ['a number nobody knows', { ...telling, 'subjects.count': null }, ['HR-NRO-SCALE']],
    ['not 9,999', { ...telling, 'subjects.count': 9_999 }, []],
    [
      'not 10,000 whose disclosure is shown',
      { ...telling, 'confidentiality.state': 'likely', 'subjects.count': 10_000 },
      [],
    ],
    [
      'not 10,000 whose names only are out',
      { ...telling, 'data.categories': ['name'], 'subjects.count': 10_000 },
      [],
    ],
  ])('%s', (_, values, expected) => {
    expect(flags(values)).toEqual(expected);
  });
  it('encryption that took the risk away, and unknowns that counted', () => {
    expect(flags({}, { rules: ['D-03', 'C-02'] })).toEqual(['HR-KEY']);
    expect(flags({}, { unknownsUsed: 1 })).toEqual(['HR-UNKNOWN']);
  });
  it('what each flag asks in plain words', () => {
    expect(reviewText('HR-RULED-OUT')).toBe(
      'who ruled disclosure out, from which logs, and what the logs cover',
    );
    expect(reviewText('HR-34-3-B')).toBe(
      'whether later measures really end the high risk, Art. 34(3)(b) GDPR',
    );
  });
  it('as processor only what bears on whether there is a breach: no risk is ours to assess', () => {
    const everything: Values = {
      'protection.keyCompromised': 'unknown',
      'data.specialCategories': 'incidental',
      'data.alreadyPublic': true,
      exfiltration: 'ruled_out',
      misuseObserved: true,
      'subjects.vulnerable': true,
    };
    expect(flags(everything, { riskLevel: null, unknownsUsed: 1 })).toEqual([
      'HR-RULED-OUT',
      'HR-UNKNOWN',
    ]);
  });
});

describe('one fact away from a higher result', () => {
  it.each<[RiskLevel, RiskLevel | null, boolean]>([
    ['unlikely', 'unlikely', false],
    ['unlikely', 'risk', true],
    ['unlikely', 'high-risk', true],
    ['unlikely', null, false],
    ['risk', 'unlikely', false],
    ['risk', 'risk', false],
    ['risk', 'high-risk', true],
    ['high-risk', 'unlikely', false],
    ['high-risk', 'risk', false],
    ['high-risk', 'high-risk', false],
  ])('from %s to %s: %s', (riskLevel, other, isFlagged) => {
    const change = {
      fact: 'subjects.vulnerable',
      from: false,
      to: true,
      riskLevel: other,
      notifySA: 'yes',
      notifySubjects: 'no',
      publicCommunication: 'no',
    } as const;
    const { length } = flags({}, { riskLevel, changes: [change] }).filter(
      (flag) => flag === 'HR-BORDER',
    );
    expect(length).toBe(isFlagged ? 1 : 0);
  });
});
