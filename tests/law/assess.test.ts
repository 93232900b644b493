/** The assessment beyond the published cases: roles, exemptions, unknowns, what would change it. */
import { describe, expect, it } from 'vitest';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import type { BreachFacts, FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { assess } from '../../src/law/assess.ts';
import type { Assessment } from '../../src/law/assessment.ts';
import { reviewText } from '../../src/law/review-flags.ts';
import { factsOfCase } from './published-cases.ts';

type Values = Partial<Record<FactName, JsonValue>>;

function altered(no: number, values: Values): BreachFacts {
  const facts = factValues(factsOfCase(no));
  for (const [name] of facts) if (values[name] !== undefined) facts.set(name, values[name]);
  return assembleFacts(facts).facts;
}
const ruleIds = (assessment: Assessment): string[] => assessment.rules.map((rule) => rule.id);

describe('what is not a personal data breach', () => {
  it('is an incident without personal data', () => {
    const result = assess(altered(1, { personalDataInvolved: false, 'data.categories': [] }));
    expect(result).toMatchObject({
      isBreach: false,
      document: false,
      notifySA: 'no',
      riskLevel: null,
    });
    expect(ruleIds(result)).toEqual(['D-01']);
  });
  it('is an incident in which nothing was lost, altered or disclosed', () => {
    const result = assess(altered(1, { 'integrity.state': 'none', 'availability.state': 'none' }));
    expect(result.isBreach).toBe(false);
    expect(ruleIds(result)).toEqual(['D-02']);
    expect(result.humanReview).toContain('HR-RULED-OUT');
  });
});

describe('our role', () => {
  it('as processor leaves authority and people to the controllers: null, never no', () => {
    const result = assess(altered(4, { role: 'processor' }));
    expect(result).toMatchObject({
      isBreach: true,
      document: true,
      notifyController: 'yes',
      notifySA: null,
      notifySubjects: null,
      publicCommunication: null,
      riskLevel: null,
      parts: { c: null, a: null, i: null },
    });
  });
  it('as joint controller changes nothing in the assessment', () => {
    const joint = assess(altered(4, { role: 'joint_controller' }));
    const alone = assess(factsOfCase(4));
    expect(ruleIds(joint)).toContain('J-01');
    expect(joint.riskLevel).toBe(alone.riskLevel);
    expect(joint.notifySA).toBe('yes');
  });
});

describe('exemptions of Art. 34(3)', () => {
  it('(a) unintelligible data end the risk from disclosure, not the one from lost access', () => {
    const result = assess(
      altered(4, {
        'protection.encryption': 'state_of_the_art',
        'protection.keyCompromised': 'no',
      }),
    );
    expect(result.parts).toEqual({ c: 'unlikely', a: 'high-risk', i: 'unlikely' });
    expect(result.humanReview).toContain('HR-KEY');
  });
  it('(b) later measures spare the people, never the authority, and only with a reason', () => {
    const reasoned = {
      'mitigation.highRiskNeutralised': true,
      'mitigation.neutralisedReason': 'all cards reissued',
    };
    expect(assess(altered(4, reasoned))).toMatchObject({
      notifySA: 'yes',
      notifySubjects: 'no',
      riskLevel: 'high-risk',
    });
    const bare = { ...reasoned, 'mitigation.neutralisedReason': ' ' };
    expect(assess(altered(4, bare)).notifySubjects).toBe('yes');
  });
  it('(c) where telling each is disproportionate the public is told, never nobody', () => {
    const result = assess(altered(4, { 'mitigation.individualContactDisproportionate': true }));
    expect(result).toMatchObject({ notifySubjects: 'no', publicCommunication: 'yes' });
    expect(result.humanReview).toContain('HR-34-3-C');
  });
});

describe('what nobody knows', () => {
  it('counts at its worse value: with nothing said at all the authority is told', () => {
    const { facts, unknown } = assembleFacts(new Map());
    const result = assess(facts, unknown);
    expect(result).toMatchObject({
      notifySA: 'yes',
      riskLevel: 'high-risk',
      restsOnUnknowns: true,
    });
    expect(result.unknownsUsed).toContain('data.categories');
    expect(result.humanReview).toContain('HR-UNKNOWN');
  });
  it('shows as unknown in the facts a rule used, not as the value that stood in for it', () => {
    const { facts, unknown } = assembleFacts(new Map());
    const matrix = assess(facts, unknown).rules.find((rule) => rule.id === 'C-M');
    expect(matrix?.factsUsed).toContainEqual({ name: 'subjects.vulnerable', value: 'unknown' });
  });
  it('takes a recipient nobody has named for a malicious one', () => {
    const facts = factsOfCase(16);
    expect(assess(facts).riskLevel).toBe('risk');
    const result = assess(facts, ['recipients.class']);
    expect(result).toMatchObject({ riskLevel: 'high-risk', restsOnUnknowns: true });
  });
  it('turns a safe key into no protection while its state is unknown', () => {
    const result = assess(altered(10, { 'protection.keyCompromised': 'unknown' }));
    expect(result).toMatchObject({ notifySA: 'yes', restsOnUnknowns: true });
    expect(result.unknownsUsed).toContain('protection.keyCompromised');
    expect(result.humanReview).toContain('HR-KEY');
  });
  it('makes telling people rest on unknowns where disclosure of sensitive data is only not ruled out', () => {
    const open = { 'confidentiality.state': 'not_ruled_out', exfiltration: 'not_applicable' };
    const result = assess(altered(12, { ...open, 'availability.state': 'none' }));
    expect(result).toMatchObject({ notifySubjects: 'yes', restsOnUnknowns: true });
  });
  it('caps the risk where disclosure of other data is only not ruled out', () => {
    const result = assess(
      altered(5, { 'confidentiality.state': 'not_ruled_out', exfiltration: 'not_ruled_out' }),
    );
    expect(ruleIds(result)).toContain('C-NRO');
    expect(result).toMatchObject({ riskLevel: 'risk', notifySubjects: 'no' });
  });
  it('does not make a result rest on it where what is established suffices', () => {
    const facts = factsOfCase(7);
    expect(assess(facts, ['subjects.vulnerable', 'misuseObserved']).restsOnUnknowns).toBe(false);
  });
});

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
    expect(assess(altered(no, values)).parts).toMatchObject(parts);
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
    const { humanReview } = assess(altered(no, values));
    expect(humanReview).toContain(flag);
    expect(humanReview.every((raised) => reviewText(raised) !== '')).toBe(true);
  });
});

describe('what would change a result', () => {
  it('names the single fact, the value and the result it leads to', () => {
    const result = assess(factsOfCase(10));
    expect(result.whatWouldChangeIt).toContainEqual({
      fact: 'protection.keyCompromised',
      from: 'no',
      to: 'yes',
      riskLevel: 'high-risk',
      notifySA: 'yes',
      notifySubjects: 'yes',
      publicCommunication: 'no',
    });
    expect(result.humanReview).toContain('HR-BORDER');
  });
  it('names nothing that leaves every answer as it is', () => {
    const { whatWouldChangeIt } = assess(factsOfCase(16));
    const same = whatWouldChangeIt.filter(
      (change) => change.riskLevel === 'risk' && change.notifySA === 'yes',
    );
    expect(same).toEqual([]);
  });
});
