/** The sentence each line gives for what is owed, is not, or is for a person to decide: what counsel reads first. */
import { describe, expect, it } from 'vitest';
import type { Grade } from '../../src/domain/case.ts';
import type { FactName } from '../../src/domain/facts.ts';
import { assess } from '../../src/law/assess.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { provisionInForce } from '../../src/law/provisions.ts';
import type { ProvisionId } from '../../src/law/provisions.ts';
import {
  authorityDecision,
  customerDecision,
  registerDecision,
  subjectDecision,
} from '../../src/law/reasons.ts';
import { misdirected, plainWith, plainWithout } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

function textOf(id: ProvisionId) {
  const text = provisionInForce(id, '2026-06-12T15:45:00.000Z');
  if (text === null) throw new Error(`${id} is not in force`);
  return text;
}
function assessed(values: Values, notSaid: readonly FactName[] = []) {
  const { facts, unknown } = plainWithout(notSaid, values);
  return assess(facts, unknown);
}
const noBreach = {
  state: 'not-owed',
  reason: 'Not owed, because this is not a personal data breach, Art. 4(12) GDPR.',
};
const contained: Values = { ...misdirected, 'recipients.containment': 'confirmed' };
const highRisk: Values = { ...misdirected, 'data.categories': ['national_id'] };
const everyPart: Values = {
  ...highRisk,
  'availability.state': 'temporary',
  'availability.effectOnSubjects': 'severe',
  'integrity.state': 'altered_restored',
  'integrity.effectOnSubjects': 'severe',
};

describe('towards the authority, unless a risk is unlikely, Art. 33(1) GDPR', () => {
  const said = (values: Values, notSaid: readonly FactName[] = []) =>
    authorityDecision(assessed(values, notSaid), textOf('gdpr/33/1'));

  it.each<[string, Values, object]>([
    ['no breach', {}, noBreach],
    [
      'an unlikely risk',
      contained,
      {
        state: 'not-owed',
        reason: 'Not owed, because a risk to people is unlikely; the reasons are documented.',
      },
    ],
    [
      'a risk from disclosure',
      misdirected,
      {
        state: 'owed',
        reason: 'Owed, because a risk to people is not unlikely (confidentiality).',
      },
    ],
    [
      'a high risk from all three parts',
      everyPart,
      {
        state: 'owed',
        reason:
          'Owed, because a high risk to people is likely (confidentiality, availability, integrity).',
      },
    ],
    [
      'a high risk from one part while another is a mere risk',
      {
        ...highRisk,
        'availability.state': 'permanent',
        'data.categories': ['name'],
        misuseObserved: true,
        'integrity.state': 'altered_restored',
        'integrity.effectOnSubjects': 'severe',
      },
      {
        state: 'owed',
        reason: 'Owed, because a high risk to people is likely (integrity).',
      },
    ],
  ])('says of %s why', (_, values, expected) => {
    expect(said(values)).toEqual(expected);
  });
  it('names up to four facts that are not known and counts the rest', () => {
    const four: readonly FactName[] = [
      ...(['recipients.containment', 'subjects.safetyCritical'] as const),
      ...(['subjects.vulnerable', 'exfiltration'] as const),
    ];
    const open =
      'Owed, because a high risk to people is likely (confidentiality). Not known, and so counted at its worse:';
    expect(said(misdirected, four)).toEqual({
      state: 'owed',
      reason: `${open} exfiltration, subjects.vulnerable, subjects.safetyCritical, recipients.containment.`,
    });
    expect(said(misdirected, [...four, 'breachOfSecurity', 'misuseObserved']).reason).toBe(
      `${open} breachOfSecurity, exfiltration, subjects.vulnerable, subjects.safetyCritical and 2 more.`,
    );
  });
  it('names nothing unknown where what is established suffices', () => {
    expect(said(everyPart, ['subjects.vulnerable']).reason).toBe(
      'Owed, because a high risk to people is likely (confidentiality, availability, integrity).',
    );
  });
  it('names no part where an authority demands more than any part makes', () => {
    const facts = plainWith({
      ...highRisk,
      'recipients.class': 'trusted_external',
      'recipients.trustDocumented': true,
      'recipients.containment': 'confirmed',
    });
    const inPoland = assess(facts, [], defaultPolicy, ['pl-uodo']);
    expect(authorityDecision(inPoland, textOf('gdpr/33/1'))).toEqual({
      state: 'owed',
      reason: 'Owed, because a high risk to people is likely.',
    });
  });
});

describe('towards the authority, where a high risk is likely, Art. 24(1) FADP', () => {
  const said = (values: Values, notSaid: readonly FactName[] = []) =>
    authorityDecision(assessed(values, notSaid), textOf('ch-fadp/24/1'));

  it.each<[string, Values, string, string]>([
    [
      'an unlikely risk',
      contained,
      'not-owed',
      'Not owed, because a high risk to people is not likely (a risk to people is unlikely).',
    ],
    [
      'a risk that is not high',
      misdirected,
      'not-owed',
      'Not owed, because a high risk to people is not likely (a risk to people is not unlikely).',
    ],
    [
      'a high risk',
      highRisk,
      'owed',
      'Owed, because a high risk to people is likely (confidentiality).',
    ],
  ])('says of %s why', (_, values, state, reason) => {
    expect(said(values)).toEqual({ state, reason });
  });
  it('leaves to a person what is high only by what is not known', () => {
    expect(said(misdirected, ['subjects.safetyCritical'])).toEqual({
      state: 'to-decide',
      reason:
        'To decide: a high risk to people is likely (confidentiality). Not known, and so counted at its worse: subjects.safetyCritical.',
    });
  });
});

describe('towards people, Art. 34 GDPR', () => {
  it.each<[string, Values, string, string]>([
    ['no breach', {}, noBreach.state, noBreach.reason],
    [
      'an unlikely risk',
      contained,
      'not-owed',
      'Not owed, because a high risk to people is not likely (a risk to people is unlikely).',
    ],
    [
      'a risk that is not high',
      misdirected,
      'not-owed',
      'Not owed, because a high risk to people is not likely (a risk to people is not unlikely).',
    ],
    [
      'a high risk',
      highRisk,
      'owed',
      'Owed, because a high risk to people is likely (confidentiality).',
    ],
    [
      'measures that ended the high risk',
      {
        ...highRisk,
        'mitigation.highRiskNeutralised': true,
        'mitigation.neutralisedReason': 'numbers replaced',
      },
      'to-decide',
      'To decide: measures are said to have ended the high risk, Art. 34(3)(b); a person decides.',
    ],
    [
      'disproportionate effort',
      { ...highRisk, 'mitigation.individualContactDisproportionate': true },
      'to-decide',
      'To decide: telling each person is said to be disproportionate, Art. 34(3)(c); a person decides whether the public is told instead.',
    ],
  ])('says of %s why', (_, values, state, reason) => {
    expect(subjectDecision(assessed(values))).toEqual({ state, reason });
  });
  it('leaves to a person what is high only by what is not known', () => {
    expect(subjectDecision(assessed(misdirected, ['subjects.safetyCritical']))).toEqual({
      state: 'to-decide',
      reason:
        'To decide: a high risk follows only from what is not known. Not known, and so counted at its worse: subjects.safetyCritical.',
    });
  });
});

describe('the record, Art. 33(5) GDPR', () => {
  it('is owed for every breach, and for nothing else', () => {
    expect(registerDecision(assessed(contained))).toEqual({
      state: 'owed',
      reason: 'Owed, because every personal data breach is documented.',
    });
    expect(registerDecision(assessed({}))).toEqual(noBreach);
  });
});

describe('towards a customer, Art. 33(2) GDPR', () => {
  it.each<[Grade, string, string]>([
    ['confirmed', 'owed', 'Owed, because their data are confirmed to be affected.'],
    ['likely', 'owed', 'Owed, because their data are likely to be affected.'],
    [
      'not-excluded',
      'owed',
      'Owed, because their data cannot yet be excluded; the notice says only that.',
    ],
    ['excluded', 'not-owed', 'Not owed, because their data are excluded; the evidence is kept.'],
  ])('%s', (grade, state, reason) => {
    const asProcessor = assessed({ ...misdirected, role: 'processor' });
    expect(customerDecision(asProcessor, grade)).toEqual({ state, reason });
    expect(customerDecision(assessed({ role: 'processor' }), grade)).toEqual(noBreach);
  });
});
