/** The ENISA severity from facts, component by component: our reading of its ladders, written out. */
import { describe, expect, it } from 'vitest';
import type { RiskLevel } from '../../src/law/assessment.ts';
import { disagrees, severity } from '../../src/law/enisa.ts';
import { plainWith } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

const of = (values: Values) => severity(plainWith(values));

describe('the severity of an incident', () => {
  it('without loss is the context alone', () => {
    expect(of({})).toEqual({
      dpc: 1,
      ei: 1,
      confidentiality: 0,
      integrity: 0,
      availability: 0,
      malicious: 0,
      se: 1,
      band: 'low',
      flags: [],
    });
  });
  it('adds up: bank data of 500 pseudonymous people, taken by an attacker who altered and deleted them', () => {
    const attack = {
      actor: 'malicious_external',
      'confidentiality.state': 'confirmed',
      'integrity.state': 'altered_not_restored',
      'availability.state': 'permanent',
      'data.categories': ['financial_status'],
      'subjects.identifiability': 'indirect',
      'subjects.count': 500,
      'recipients.class': 'malicious',
    };
    // 3 x 0.5 + 0.5 + 0.5 + 0.5 + 0.5
    expect(of(attack)).toEqual({
      dpc: 3,
      ei: 0.5,
      confidentiality: 0.5,
      integrity: 0.5,
      availability: 0.5,
      malicious: 0.5,
      se: 3.5,
      band: 'high',
      flags: ['more-than-100-people'],
    });
  });
});

describe('the context of processing', () => {
  it.each([
    ...['health', 'biometric_genetic', 'political_religious_union', 'sexual_life'],
    ...['ethnic_origin', 'criminal', 'communications_content', 'payment_card'],
  ])('of %s is 4', (category) => {
    expect(of({ 'data.categories': ['name', category] }).dpc).toBe(4);
  });
  it.each(['financial_status', 'transaction_history', 'billing'])('of %s is 3', (category) => {
    expect(of({ 'data.categories': ['bank_account', category] }).dpc).toBe(3);
  });
  it.each([
    ...['location', 'communications_metadata', 'behavioural', 'preference', 'ip_address'],
    'bank_account',
  ])('of %s is 2', (category) => {
    expect(of({ 'data.categories': ['name', category] }).dpc).toBe(2);
  });
  it.each<[string, Values, number]>([
    ['data that endanger life', { 'subjects.safetyCritical': true }, 4],
    ['vulnerable people', { 'subjects.vulnerable': true }, 4],
    ['special categories', { 'data.specialCategories': 'present' }, 4],
    ['inferred special categories', { 'data.specialCategories': 'inferred' }, 4],
    ['an incidental label', { 'data.specialCategories': 'incidental' }, 1],
    ['criminal convictions', { 'data.criminalConvictions': true }, 4],
    [
      'public financial data, one step down',
      { 'data.categories': ['billing'], 'data.alreadyPublic': true },
      2,
    ],
    ['public names, never below 1', { 'data.alreadyPublic': true }, 1],
  ])('of %s is scored', (_, values, dpc) => {
    expect(of(values).dpc).toBe(dpc);
  });
});

describe('the ease of identification', () => {
  it.each([
    ['direct', 1],
    ['indirect', 0.5],
    ['not_reasonably', 0.25],
  ])('%s is %s', (identifiability, ei) => {
    expect(of({ 'subjects.identifiability': identifiability }).ei).toBe(ei);
  });
});

describe('the circumstances of the breach', () => {
  it.each([
    ['none', 0],
    ['internal_bound', 0.25],
    ['trusted_external', 0.25],
    ['known_limited', 0.25],
    ['known_many', 0.25],
    ['known_adverse', 0.25],
    ['unknown', 0.5],
    ['malicious', 0.5],
    ['public', 0.5],
  ])(
    'disclosed to %s: %s, by access or by copying out, and 0 while only not ruled out',
    (to, score) => {
      const at = (state: string, exfiltration: string) =>
        of({ 'confidentiality.state': state, exfiltration, 'recipients.class': to })
          .confidentiality;
      expect(at('likely', 'not_ruled_out')).toBe(score);
      expect(at('confirmed', 'ruled_out')).toBe(score);
      expect(at('not_ruled_out', 'confirmed')).toBe(score);
      expect(at('not_ruled_out', 'not_ruled_out')).toBe(0);
    },
  );
  it.each([
    ['none', 'none', 0],
    ['none', 'unknown', 0],
    ['altered_restored', 'none', 0],
    ['altered_restored', 'minor', 0.25],
    ['altered_not_restored', 'none', 0.5],
  ])('integrity %s, effect %s: %s', (state, effect, score) => {
    const values = { 'integrity.state': state, 'integrity.effectOnSubjects': effect };
    expect(of(values).integrity).toBe(score);
  });
  it.each([
    ['none', 'none', 'none', 0],
    ['temporary', 'full', 'none', 0],
    ['temporary', 'full', 'minor', 0.25],
    ['temporary', 'partial', 'none', 0.25],
    ['permanent', 'full', 'none', 0.5],
  ])('availability %s, backup %s, effect %s: %s', (state, backup, effect, score) => {
    const values = {
      'availability.state': state,
      'availability.backup': backup,
      'availability.effectOnSubjects': effect,
    };
    expect(of(values).availability).toBe(score);
  });
  it.each([
    ['malicious_external', 0.5],
    ['malicious_internal', 0.5],
    ['thief_opportunistic', 0],
    ['accidental', 0],
  ])('the act of %s: %s', (actor, score) => {
    expect(of({ actor }).malicious).toBe(score);
  });
});

describe('beside the formula', () => {
  it.each([
    ['state_of_the_art', 'no', ['unintelligible']],
    ['state_of_the_art', 'yes', []],
    ['weak', 'no', []],
  ])('encryption %s with key compromised: %s', (encryption, key, flags) => {
    const values = { 'protection.encryption': encryption, 'protection.keyCompromised': key };
    expect(of(values).flags).toEqual(flags);
  });
});

describe('the band, were it a threshold, which it is not', () => {
  const low = of({});
  it.each<['low' | 'medium' | 'high' | 'very-high', RiskLevel]>([
    ['low', 'unlikely'],
    ['medium', 'risk'],
    ['high', 'high-risk'],
    ['very-high', 'high-risk'],
  ])('%s would be %s', (band, level) => {
    for (const other of ['unlikely', 'risk', 'high-risk'] as const) {
      expect(disagrees({ ...low, band }, other)).toBe(other !== level);
    }
  });
});
