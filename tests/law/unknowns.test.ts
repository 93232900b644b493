/** What an assessment rests on: each answer that is milder once what nobody has said turns out well, and the record of it. */
import { describe, expect, it } from 'vitest';
import type { FactName } from '../../src/domain/facts.ts';
import { assess } from '../../src/law/assess.ts';
import { misdirected, plainWithout } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

function assessed(values: Values, notSaid: readonly FactName[]) {
  const { facts, unknown } = plainWithout(notSaid, values);
  return assess(facts, unknown);
}

describe('an answer rests on what nobody has said', () => {
  const kept: Values = { ...misdirected, 'recipients.containment': 'confirmed' };
  it.each<[string, Values, FactName, object]>([
    [
      'whether there is a breach at all, although nobody is told of it',
      {},
      'integrity.state',
      { isBreach: true, notifySA: 'no' },
    ],
    [
      'whether a processor tells its controllers',
      { role: 'processor' },
      'integrity.state',
      { isBreach: true, notifyController: 'yes' },
    ],
    [
      'whether the authority is told',
      misdirected,
      'recipients.containment',
      { notifySA: 'yes', notifySubjects: 'no' },
    ],
    [
      'whether people are told',
      misdirected,
      'subjects.safetyCritical',
      { notifySA: 'yes', notifySubjects: 'yes' },
    ],
    [
      'whether the public is told',
      { ...misdirected, 'mitigation.individualContactDisproportionate': true },
      'subjects.safetyCritical',
      { notifySA: 'yes', notifySubjects: 'no', publicCommunication: 'yes' },
    ],
  ])('%s', (_, values, notSaid, answers) => {
    const result = assessed(values, [notSaid]);
    expect(result).toMatchObject({ ...answers, restsOnUnknowns: true, unknownsUsed: [notSaid] });
    expect(result.humanReview).toContain('HR-UNKNOWN');
  });
  it('none where it is the same however that turns out', () => {
    expect(assessed(kept, ['data.alreadyPublic', 'subjects.count'])).toMatchObject({
      notifySA: 'no',
      restsOnUnknowns: false,
    });
  });
});

describe('the record of an assessment', () => {
  it('of a processor has every rule with its citation, the facts as they were said, and what would change it', () => {
    const theirs = { riskLevel: null, notifySubjects: null, publicCommunication: null };
    const noBreach = { ...theirs, notifySA: null };
    expect(assessed({ ...misdirected, role: 'processor' }, ['exfiltration'])).toEqual({
      ruleSetVersion: 'tocsin-2026.11.2',
      restsOnUnknowns: false,
      isBreach: true,
      notifyController: 'yes',
      notifySA: null,
      notifySubjects: null,
      publicCommunication: null,
      riskLevel: null,
      document: true,
      parts: { c: null, a: null, i: null },
      rules: [
        {
          id: 'D-03',
          citation: 'Art. 4(12), 33(5) GDPR',
          factsUsed: [
            { name: 'personalDataInvolved', value: true },
            { name: 'breachOfSecurity', value: true },
            { name: 'confidentiality.state', value: 'confirmed' },
            { name: 'exfiltration', value: 'unknown' },
            { name: 'availability.state', value: 'none' },
            { name: 'integrity.state', value: 'none' },
          ],
        },
        {
          id: 'P-01',
          citation: 'Art. 33(2), 28(3)(f) GDPR; EDPB 9/2022',
          factsUsed: [{ name: 'role', value: 'processor' }],
        },
      ],
      unknownsUsed: ['exfiltration'],
      humanReview: ['HR-UNKNOWN'],
      whatWouldChangeIt: [
        { ...noBreach, fact: 'personalDataInvolved', from: true, to: false },
        { ...noBreach, fact: 'breachOfSecurity', from: true, to: false },
      ],
    });
  });
  it('cites the law for every rule of a high risk to people', () => {
    const { rules } = assessed({ ...misdirected, 'data.categories': ['national_id'] }, []);
    expect(rules.map(({ id, citation }) => [id, citation])).toEqual([
      ['D-03', 'Art. 4(12), 33(5) GDPR'],
      ['C-M', 'Rec. 75, 76, 85 GDPR; EDPB 9/2022 section IV'],
      ['A-01', 'EDPB 01/2021, case 1; EDPB 9/2022, outage example'],
      ['I-01', 'Art. 4(12) GDPR'],
      ['N-33', 'Art. 33(1), (3), (4) GDPR'],
      ['N-34', 'Art. 34(1), (2), rec. 86 GDPR'],
    ]);
  });
});
