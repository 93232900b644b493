/** The risk from lost access and from altered data, each with the rule that made it and the facts that was read from. */
import { describe, expect, it } from 'vitest';
import { availabilityPart, integrityPart } from '../../src/law/parts.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { plainWith, tierFacts } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

describe('the risk from loss of access', () => {
  const state = 'availability.state';
  const effect = 'availability.effectOnSubjects';
  const restoration = ['availability.backup', 'availability.restorationHours', state, effect];
  const outage = (values: Values = {}) => ({ 'availability.state': 'temporary', ...values });

  it.each<[string, Values, string, string, readonly string[]]>([
    ['nothing out of reach', {}, 'unlikely', 'A-01', [state]],
    ['restored within hours, nobody felt it', outage(), 'unlikely', 'A-01', restoration],
    ['a minor effect', outage({ [effect]: 'minor' }), 'risk', 'A-02', restoration],
    [
      'a significant effect',
      outage({ [effect]: 'significant' }),
      'high-risk',
      'A-04',
      [state, effect],
    ],
    ['a severe effect', outage({ [effect]: 'severe' }), 'high-risk', 'A-04', [state, effect]],
    [
      'an effect nobody knows',
      outage({ [effect]: 'unknown' }),
      'high-risk',
      'A-04',
      [state, effect],
    ],
    ['restored in part', outage({ 'availability.backup': 'partial' }), 'risk', 'A-02', restoration],
    ['no backup', outage({ 'availability.backup': 'none' }), 'risk', 'A-02', restoration],
    [
      'a backup nobody knows',
      outage({ 'availability.backup': 'unknown' }),
      'risk',
      'A-02',
      restoration,
    ],
    [
      'not yet restored',
      outage({ 'availability.restorationHours': null }),
      'risk',
      'A-02',
      restoration,
    ],
    [
      'long, with a full backup, and nobody felt it',
      outage({ 'availability.restorationHours': 500 }),
      'unlikely',
      'A-01',
      restoration,
    ],
    [
      '24 hours where no backup was needed',
      outage({ 'availability.backup': 'not_applicable', 'availability.restorationHours': 24 }),
      'unlikely',
      'A-01',
      restoration,
    ],
    [
      'more than 24 hours where no backup was needed',
      outage({ 'availability.backup': 'not_applicable', 'availability.restorationHours': 25 }),
      'risk',
      'A-02',
      restoration,
    ],
    ['lost for good', { [state]: 'permanent' }, 'risk', 'A-03', [state, effect]],
    [
      'lost for good, with a severe effect',
      { [state]: 'permanent', [effect]: 'severe' },
      'high-risk',
      'A-04',
      [state, effect],
    ],
    [
      'health data lost for good',
      { [state]: 'permanent', 'data.categories': ['health'] },
      'high-risk',
      'A-04',
      [state, ...tierFacts],
    ],
    [
      'credentials lost for good, however they were hashed',
      {
        [state]: 'permanent',
        'data.categories': ['credentials'],
        'protection.credentialStorage': 'strong_salted_hash',
      },
      'high-risk',
      'A-04',
      [state, ...tierFacts],
    ],
  ])('%s', (_, values, level, id, facts) => {
    expect(availabilityPart(plainWith(values), defaultPolicy)).toEqual({
      level,
      rules: [{ id, facts }],
    });
  });
});

describe('the risk from altered data', () => {
  const state = 'integrity.state';
  const effect = 'integrity.effectOnSubjects';
  it.each([
    ['none', 'none', 'unlikely', 'I-01', [state]],
    ['altered_restored', 'none', 'unlikely', 'I-01', [state, effect]],
    ['altered_not_restored', 'minor', 'risk', 'I-02', [state, effect]],
    ['altered_not_restored', 'significant', 'high-risk', 'I-03', [state, effect]],
    ['altered_restored', 'severe', 'high-risk', 'I-03', [state, effect]],
    ['altered_restored', 'unknown', 'high-risk', 'I-03', [state, effect]],
  ])('%s, effect on people %s: %s', (altered, felt, level, id, facts) => {
    const values = { [state]: altered, [effect]: felt };
    expect(integrityPart(plainWith(values))).toEqual({ level, rules: [{ id, facts }] });
  });
});
