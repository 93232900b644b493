/** Which of several groups of people makes the result of a case: the one that demands most, established before supposed. */
import { describe, expect, it } from 'vitest';
import type { FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { assess } from '../../src/law/assess.ts';
import { assessSets } from '../../src/law/fact-sets.ts';
import { misdirected, plainWith, plainWithout } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

const set = (name: string, different: Values) => ({
  name,
  different: new Map(Object.entries(different) as [FactName, JsonValue][]),
});
const contained: Values = { ...misdirected, 'recipients.containment': 'confirmed' };
const highRisk: Values = { ...misdirected, 'data.categories': ['national_id'] };
const toPublic: Values = { ...highRisk, 'mitigation.individualContactDisproportionate': true };
const ended: Values = {
  ...highRisk,
  'mitigation.highRiskNeutralised': true,
  'mitigation.neutralisedReason': 'numbers replaced',
};
const undone: Values = {
  'mitigation.highRiskNeutralised': false,
  'mitigation.individualContactDisproportionate': false,
};

describe('the result of a case is that of', () => {
  it.each<[string, Values, Values, 'case' | 'group']>([
    ['the group whose data were disclosed where others were not', {}, contained, 'group'],
    [
      'the case where a group has no breach',
      contained,
      { 'confidentiality.state': 'none' },
      'case',
    ],
    ['the group at a risk', contained, { 'recipients.containment': 'none' }, 'group'],
    ['the case at a high risk', highRisk, { 'data.categories': ['name'] }, 'case'],
    ['the group whose people are told, not the public', toPublic, undone, 'group'],
    [
      'the case whose people are told, not the public',
      highRisk,
      { 'mitigation.individualContactDisproportionate': true },
      'case',
    ],
    [
      'the group told in public where the others need not be told',
      ended,
      { ...undone, 'mitigation.individualContactDisproportionate': true },
      'group',
    ],
    [
      'the case told in public where the group need not be told',
      toPublic,
      { ...ended, 'mitigation.individualContactDisproportionate': false },
      'case',
    ],
    [
      'the case where a group is no different in result',
      misdirected,
      { 'recipients.count': 2 },
      'case',
    ],
    [
      'the case as processor, which assesses no risk',
      { ...misdirected, role: 'processor' },
      { exfiltration: 'confirmed' },
      'case',
    ],
  ])('%s', (_, values, different, which) => {
    const { whole, groups } = assessSets(plainWith(values), [], [set('group', different)]);
    const own = assess(plainWith(values));
    const theirs = assess(plainWith({ ...values, ...different }));
    expect(groups).toEqual([{ name: 'group', assessment: theirs }]);
    expect(own).not.toEqual(theirs);
    expect(whole).toEqual(which === 'case' ? own : theirs);
  });
  it('the first of several groups that are worse alike', () => {
    const one = set('one', { ...highRisk, 'subjects.count': 1 });
    const two = set('two', { ...highRisk, 'subjects.count': 2 });
    const { whole, groups, told } = assessSets(plainWith(contained), [], [one, two]);
    expect(whole).toBe(groups[0]?.assessment);
    expect(told).toEqual(['one', 'two']);
  });
  it('the worst of the groups, wherever it stands among them', () => {
    const sets = [set('risk', { 'recipients.containment': 'none' }), set('high', highRisk)];
    for (const order of [sets, sets.toReversed()]) {
      const { whole, told } = assessSets(plainWith(contained), [], order);
      expect(whole.riskLevel).toBe('high-risk');
      expect(told).toEqual(['high']);
    }
  });
});

describe('what nobody has said', () => {
  const open = plainWithout(['subjects.safetyCritical'], misdirected);

  it('is no longer unknown for a group of whom it was said', () => {
    const { groups } = assessSets(open.facts, open.unknown, [
      set('said', { 'subjects.safetyCritical': true }),
      set('not said', { 'subjects.count': 3 }),
    ]);
    expect(groups.map(({ assessment }) => assessment.unknownsUsed)).toEqual([
      [],
      ['subjects.safetyCritical'],
    ]);
  });
  it('gives way to a group of whom the same result is established', () => {
    const said = set('said', { 'subjects.safetyCritical': true });
    const { whole, groups } = assessSets(open.facts, open.unknown, [said]);
    expect(whole).toBe(groups[0]?.assessment);
    expect(whole).toMatchObject({ riskLevel: 'high-risk', restsOnUnknowns: false });
  });
  it('gives way for a processor too, which assesses no risk', () => {
    const { facts, unknown } = plainWithout(['integrity.state'], { role: 'processor' });
    const said = set('said', { 'integrity.state': 'altered_restored' });
    const { whole } = assessSets(facts, unknown, [said]);
    expect(whole).toMatchObject({ notifyController: 'yes', restsOnUnknowns: false });
  });
  it('of a group does not take the place of what is established for the case', () => {
    const { facts } = plainWithout([], highRisk);
    const { whole } = assessSets(facts, [], [set('group', { 'subjects.count': 3 })]);
    expect(whole).toEqual(assess(facts));
    const both = assessSets(open.facts, open.unknown, [set('group', { 'subjects.count': 3 })]);
    expect(both.whole).toEqual(assess(open.facts, open.unknown));
  });
});

describe('told are', () => {
  it('groups whose people are written to, not those told in public or not at all', () => {
    const { told } = assessSets(
      plainWith(contained),
      [],
      [
        set('written to', highRisk),
        set('in public', toPublic),
        set('ended', ended),
        set('risk', { 'recipients.containment': 'none' }),
      ],
    );
    expect(told).toEqual(['written to']);
  });
});
