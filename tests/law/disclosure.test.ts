/** The risk from disclosure: its level, the rules that made it and the facts those read. */
import { describe, expect, it } from 'vitest';
import { confidentialityPart, disclosureCertainty } from '../../src/law/parts.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { matrixFacts, misdirected, plainWith, tierFacts } from './plain-facts.ts';
import type { Values } from './plain-facts.ts';

const disclosureFacts = ['confidentiality.state', 'exfiltration'];
const byMatrix = { id: 'C-M', facts: matrixFacts };
const misuse = { id: 'C-MISUSE', facts: ['misuseObserved', ...tierFacts] };
const notDisclosed = { id: 'C-01', facts: disclosureFacts };
const onlyNotRuledOut = { id: 'C-NRO', facts: disclosureFacts };

const ofDisclosure = (values: Values) => confidentialityPart(plainWith(values), defaultPolicy);

describe('how sure a disclosure is', () => {
  it.each([
    ['none', 'not_applicable', 'none'],
    ['ruled_out', 'ruled_out', 'none'],
    ['not_ruled_out', 'ruled_out', 'not_ruled_out'],
    ['none', 'not_ruled_out', 'not_ruled_out'],
    ['likely', 'not_ruled_out', 'shown'],
    ['not_ruled_out', 'likely', 'shown'],
    ['confirmed', 'ruled_out', 'shown'],
    ['none', 'confirmed', 'shown'],
  ])('access %s and copying out %s make it %s', (state, exfiltration, certainty) => {
    const facts = plainWith({ 'confidentiality.state': state, exfiltration });
    expect(disclosureCertainty(facts)).toBe(certainty);
  });
});

describe('the risk from disclosure', () => {
  const finder: Values = {
    ...misdirected,
    'recipients.class': 'unknown',
    'data.categories': ['dob'],
    'subjects.count': 10_000,
  };
  const open: Values = { 'confidentiality.state': 'not_ruled_out' };

  it('is unlikely where nothing was disclosed', () => {
    expect(ofDisclosure({})).toEqual({ level: 'unlikely', rules: [notDisclosed] });
  });
  it('is unlikely where the data are unintelligible, Art. 34(3)(a)', () => {
    const protection = {
      'protection.encryption': 'state_of_the_art',
      'protection.keyCompromised': 'no',
    };
    const used = ['protection.encryption', 'protection.keyCompromised'];
    expect(ofDisclosure({ ...finder, ...protection })).toEqual({
      level: 'unlikely',
      rules: [{ id: 'C-02', facts: used }],
    });
  });
  it.each<[string, Values]>([
    ['weak encryption', { 'protection.encryption': 'weak', 'protection.keyCompromised': 'no' }],
    [
      'a key that was compromised',
      { 'protection.encryption': 'state_of_the_art', 'protection.keyCompromised': 'yes' },
    ],
  ])('is not made unlikely by %s', (_, protection) => {
    expect(ofDisclosure({ ...misdirected, ...protection })).toEqual({
      level: 'risk',
      rules: [byMatrix],
    });
  });
  it('leaves strongly hashed credentials out, and says so', () => {
    const hashed = {
      'data.categories': ['name', 'credentials'],
      'protection.credentialStorage': 'strong_salted_hash',
    };
    const used = ['data.categories', 'protection.credentialStorage'];
    expect(ofDisclosure({ ...misdirected, ...hashed })).toEqual({
      level: 'risk',
      rules: [{ id: 'C-02b', facts: used }, byMatrix],
    });
  });
  it('counts credentials that are stored in the clear', () => {
    const clear = {
      'data.categories': ['name', 'credentials'],
      'protection.credentialStorage': 'plaintext',
    };
    expect(ofDisclosure({ ...misdirected, ...clear })).toEqual({
      level: 'high-risk',
      rules: [byMatrix],
    });
  });
  it('is high at scale with an unknown finder: from 10,000 people, or a number nobody knows', () => {
    const atScale = {
      level: 'high-risk',
      rules: [byMatrix, { id: 'C-SCALE', facts: ['subjects.count'] }],
    };
    expect(ofDisclosure(finder)).toEqual(atScale);
    expect(ofDisclosure({ ...finder, 'subjects.count': null })).toEqual(atScale);
    expect(ofDisclosure({ ...finder, 'subjects.count': 9_999 })).toEqual({
      level: 'risk',
      rules: [byMatrix],
    });
  });
  it.each<[string, Values]>([
    ['contact data', { 'data.categories': ['name'] }],
    ['a known recipient', { 'recipients.class': 'known_limited' }],
  ])('is not raised by scale with %s', (_, values) => {
    expect(ofDisclosure({ ...finder, ...values })).toEqual({ level: 'risk', rules: [byMatrix] });
  });
  it('is no more than a risk where disclosure is only not ruled out', () => {
    const attacker = { 'data.categories': ['dob'], 'recipients.class': 'malicious' };
    expect(ofDisclosure({ ...attacker, ...open })).toEqual({
      level: 'risk',
      rules: [byMatrix, onlyNotRuledOut],
    });
    expect(ofDisclosure({ ...attacker, ...misdirected })).toEqual({
      level: 'high-risk',
      rules: [byMatrix],
    });
  });
  it('stays unlikely where disclosure is only not ruled out', () => {
    expect(ofDisclosure({ ...open, 'recipients.containment': 'confirmed' })).toEqual({
      level: 'unlikely',
      rules: [byMatrix, onlyNotRuledOut],
    });
  });
  it('is high for data of tier 3 although disclosure is only not ruled out', () => {
    expect(ofDisclosure({ ...open, 'data.categories': ['health'] })).toEqual({
      level: 'high-risk',
      rules: [byMatrix],
    });
  });
});

describe('misuse that was seen', () => {
  it('is a risk whatever the data, although nothing points to a disclosure', () => {
    expect(ofDisclosure({ misuseObserved: true })).toEqual({
      level: 'risk',
      rules: [notDisclosed, misuse],
    });
  });
  it.each(['dob', 'health'])('of %s is a high risk', (category) => {
    expect(ofDisclosure({ misuseObserved: true, 'data.categories': [category] })).toEqual({
      level: 'high-risk',
      rules: [notDisclosed, misuse],
    });
  });
  it('lowers nothing: a disclosure that is a high risk without it stays one', () => {
    const unusable = {
      'data.categories': ['credentials'],
      'protection.credentialStorage': 'strong_salted_hash',
    };
    expect(ofDisclosure({ misuseObserved: true, ...unusable }).level).toBe('risk');
    const health = { ...misdirected, 'data.categories': ['health'], misuseObserved: true };
    expect(ofDisclosure(health)).toEqual({ level: 'high-risk', rules: [byMatrix, misuse] });
  });
});
