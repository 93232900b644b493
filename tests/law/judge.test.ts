/** Each outcome of the rules in full: the answers, the parts of the risk, and every rule with the facts it read. */
import { describe, expect, it } from 'vitest';
import { highest } from '../../src/law/assessment.ts';
import { judge } from '../../src/law/judge.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { breachFacts, matrixFacts, misdirected, plainWith } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

const judged = (values: Values) => judge(plainWith(values), defaultPolicy);
const noParts = { c: null, a: null, i: null };
const noLoss = { id: 'A-01', facts: ['availability.state'] };
const noChange = { id: 'I-01', facts: ['integrity.state'] };
const aBreach = { id: 'D-03', facts: breachFacts };
const byMatrix = { id: 'C-M', facts: matrixFacts };
const authorityTold = { id: 'N-33', facts: [] };
const peopleTold = { id: 'N-34', facts: [] };

describe('no personal data breach, Art. 4(12) GDPR', () => {
  const nothingOwed = {
    isBreach: false,
    notifyController: 'no',
    notifySA: 'no',
    notifySubjects: 'no',
    publicCommunication: 'no',
    riskLevel: null,
  };

  it('is an incident without personal data, which is not documented under Art. 33(5)', () => {
    expect(judged({ ...misdirected, personalDataInvolved: false })).toEqual({
      answers: nothingOwed,
      document: false,
      parts: noParts,
      rules: [{ id: 'D-01', facts: ['personalDataInvolved'] }],
    });
  });
  it.each<[string, Values]>([
    ['nothing was disclosed, lost or altered', {}],
    ['disclosure was ruled out', { 'confidentiality.state': 'ruled_out' }],
    ['security was not breached', { ...misdirected, breachOfSecurity: false }],
  ])('is an incident in which %s', (_, values) => {
    expect(judged(values)).toEqual({
      answers: nothingOwed,
      document: false,
      parts: noParts,
      rules: [{ id: 'D-02', facts: breachFacts }],
    });
  });
  it('leaves a processor with nothing to tell its controllers, and the rest theirs to decide', () => {
    expect(judged({ role: 'processor' }).answers).toEqual({
      isBreach: false,
      notifyController: 'no',
      notifySA: null,
      notifySubjects: null,
      publicCommunication: null,
      riskLevel: null,
    });
  });
});

describe('a personal data breach, Art. 4(12) GDPR', () => {
  it.each<[string, Values]>([
    ['data were disclosed', { 'confidentiality.state': 'confirmed' }],
    ['a disclosure is not ruled out', { 'confidentiality.state': 'not_ruled_out' }],
    ['data were copied out', { exfiltration: 'likely' }],
    ['data were altered', { 'integrity.state': 'altered_restored' }],
    ['data were out of reach for a time', { 'availability.state': 'temporary' }],
    ['data were lost', { 'availability.state': 'permanent' }],
    ['misuse of the data was seen', { misuseObserved: true }],
  ])('is one in which %s, that alone', (_, values) => {
    const { answers, document, rules } = judged(values);
    expect(answers.isBreach).toBe(true);
    expect(document).toBe(true);
    expect(rules[0]).toEqual(aBreach);
  });
});

describe('the risk of a case', () => {
  it('is the highest of its parts, and unlikely where there is none', () => {
    expect(highest(['risk', 'high-risk', 'unlikely'])).toBe('high-risk');
    expect(highest(['risk', 'unlikely', 'unlikely'])).toBe('risk');
    expect(highest([])).toBe('unlikely');
  });
});

describe('who is told, by our role', () => {
  it('a processor tells its controllers, Art. 33(2), and assesses no risk', () => {
    expect(judged({ ...misdirected, role: 'processor' })).toEqual({
      answers: {
        isBreach: true,
        notifyController: 'yes',
        notifySA: null,
        notifySubjects: null,
        publicCommunication: null,
        riskLevel: null,
      },
      document: true,
      parts: noParts,
      rules: [aBreach, { id: 'P-01', facts: ['role'] }],
    });
  });
  it('a joint controller is judged as a controller is, Art. 26 beside it', () => {
    const alone = judged(misdirected);
    const joint = judged({ ...misdirected, role: 'joint_controller' });
    const [first, ...others] = alone.rules;
    expect(joint).toEqual({
      ...alone,
      rules: [first, { id: 'J-01', facts: ['role'] }, ...others],
    });
    expect(alone.rules.map(({ id }) => id)).toEqual(['D-03', 'C-M', 'A-01', 'I-01', 'N-33']);
  });
});

describe('who is told, by the risk', () => {
  const nobody = {
    isBreach: true,
    notifyController: 'no',
    notifySA: 'no',
    notifySubjects: 'no',
    publicCommunication: 'no',
  };
  const authority = { ...nobody, notifySA: 'yes' };
  const highRisk: Values = { ...misdirected, 'data.categories': ['national_id'] };
  const parts = { c: 'high-risk', a: 'unlikely', i: 'unlikely' };
  const found = [aBreach, byMatrix, noLoss, noChange];

  it('nobody where a risk is unlikely, Art. 33(1) last part: it is documented', () => {
    expect(judged({ ...misdirected, 'recipients.containment': 'confirmed' })).toEqual({
      answers: { ...nobody, riskLevel: 'unlikely' },
      document: true,
      parts: { c: 'unlikely', a: 'unlikely', i: 'unlikely' },
      rules: [...found, { id: 'N-33-0', facts: [] }],
    });
  });
  it('the authority where there is a risk that is not high, Art. 33(1)', () => {
    expect(judged(misdirected)).toEqual({
      answers: { ...authority, riskLevel: 'risk' },
      document: true,
      parts: { ...parts, c: 'risk' },
      rules: [...found, authorityTold],
    });
  });
  it('people too where the risk is high, Art. 34(1)', () => {
    expect(judged(highRisk)).toEqual({
      answers: { ...authority, notifySubjects: 'yes', riskLevel: 'high-risk' },
      document: true,
      parts,
      rules: [...found, authorityTold, peopleTold],
    });
  });
  it('the authority alone where later measures ended the high risk, Art. 34(3)(b)', () => {
    const ended = {
      'mitigation.highRiskNeutralised': true,
      'mitigation.neutralisedReason': 'all numbers replaced',
    };
    const used = ['mitigation.highRiskNeutralised', 'mitigation.neutralisedReason'];
    expect(judged({ ...highRisk, ...ended })).toEqual({
      answers: { ...authority, riskLevel: 'high-risk' },
      document: true,
      parts,
      rules: [...found, authorityTold, { id: 'E-34-3-b', facts: used }],
    });
  });
  it.each([null, '', '  '])('people all the same where the reason for that is %j', (reason) => {
    const bare = {
      'mitigation.highRiskNeutralised': true,
      'mitigation.neutralisedReason': reason,
    };
    expect(judged({ ...highRisk, ...bare })).toEqual(judged(highRisk));
  });
  it('people all the same where a reason is noted and nobody claims that the risk has ended', () => {
    const noted = { 'mitigation.neutralisedReason': 'all numbers replaced' };
    expect(judged({ ...highRisk, ...noted })).toEqual(judged(highRisk));
  });
  it('the public where telling each person is disproportionate, Art. 34(3)(c)', () => {
    const used = ['mitigation.individualContactDisproportionate'];
    expect(judged({ ...highRisk, 'mitigation.individualContactDisproportionate': true })).toEqual({
      answers: { ...authority, publicCommunication: 'yes', riskLevel: 'high-risk' },
      document: true,
      parts,
      rules: [...found, authorityTold, peopleTold, { id: 'E-34-3-c', facts: used }],
    });
  });
  it('the authority alone where there is a risk that is not high, whatever exemption is claimed', () => {
    const claimed = { 'mitigation.individualContactDisproportionate': true };
    expect(judged({ ...misdirected, ...claimed }).answers).toEqual({
      ...authority,
      riskLevel: 'risk',
    });
  });
});
