/** The assessment beyond the published cases: roles, exemptions, unknowns, what would change it. */
import { describe, expect, it } from 'vitest';
import { assembleFacts } from '../../src/domain/facts.ts';
import { assess } from '../../src/law/assess.ts';
import type { Assessment } from '../../src/law/assessment.ts';
import { alteredCase, factsOfCase } from './published-cases.ts';

const ruleIds = (assessment: Assessment): string[] => assessment.rules.map((rule) => rule.id);

describe('what is not a personal data breach', () => {
  it('is an incident without personal data', () => {
    const result = assess(alteredCase(1, { personalDataInvolved: false, 'data.categories': [] }));
    expect(result).toMatchObject({
      isBreach: false,
      document: false,
      notifySA: 'no',
      riskLevel: null,
    });
    expect(ruleIds(result)).toEqual(['D-01']);
  });
  it('is an incident in which nothing was lost, altered or disclosed', () => {
    const result = assess(
      alteredCase(1, { 'integrity.state': 'none', 'availability.state': 'none' }),
    );
    expect(result.isBreach).toBe(false);
    expect(ruleIds(result)).toEqual(['D-02']);
    expect(result.humanReview).toContain('HR-RULED-OUT');
  });
});

describe('our role', () => {
  it('as processor leaves authority and people to the controllers: null, never no', () => {
    const result = assess(alteredCase(4, { role: 'processor' }));
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
    const joint = assess(alteredCase(4, { role: 'joint_controller' }));
    const alone = assess(factsOfCase(4));
    expect(ruleIds(joint)).toContain('J-01');
    expect(joint.riskLevel).toBe(alone.riskLevel);
    expect(joint.notifySA).toBe('yes');
  });
});

describe('exemptions of Art. 34(3)', () => {
  it('(a) unintelligible data end the risk from disclosure, not the one from lost access', () => {
    const result = assess(
      alteredCase(4, {
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
    expect(assess(alteredCase(4, reasoned))).toMatchObject({
      notifySA: 'yes',
      notifySubjects: 'no',
      riskLevel: 'high-risk',
    });
    const bare = { ...reasoned, 'mitigation.neutralisedReason': ' ' };
    expect(assess(alteredCase(4, bare)).notifySubjects).toBe('yes');
  });
  it('(c) where telling each is disproportionate the public is told, never nobody', () => {
    const result = assess(alteredCase(4, { 'mitigation.individualContactDisproportionate': true }));
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
    const result = assess(alteredCase(10, { 'protection.keyCompromised': 'unknown' }));
    expect(result).toMatchObject({ notifySA: 'yes', restsOnUnknowns: true });
    expect(result.unknownsUsed).toContain('protection.keyCompromised');
    expect(result.humanReview).toContain('HR-KEY');
  });
  it('makes telling people rest on unknowns where disclosure of sensitive data is only not ruled out', () => {
    const open = { 'confidentiality.state': 'not_ruled_out', exfiltration: 'not_applicable' };
    const result = assess(alteredCase(12, { ...open, 'availability.state': 'none' }));
    expect(result).toMatchObject({ notifySubjects: 'yes', restsOnUnknowns: true });
  });
  it('caps the risk where disclosure of other data is only not ruled out', () => {
    const result = assess(
      alteredCase(5, { 'confidentiality.state': 'not_ruled_out', exfiltration: 'not_ruled_out' }),
    );
    expect(ruleIds(result)).toContain('C-NRO');
    expect(result).toMatchObject({ riskLevel: 'risk', notifySubjects: 'no' });
  });
  it('does not make a result rest on it where what is established suffices', () => {
    const facts = factsOfCase(7);
    expect(assess(facts, ['subjects.vulnerable', 'misuseObserved']).restsOnUnknowns).toBe(false);
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
