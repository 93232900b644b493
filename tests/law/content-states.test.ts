/** How each item of a notice stands by what is known, visible and given: read item by item. */
import { describe, expect, it } from 'vitest';
import { assembleFacts } from '../../src/domain/facts.ts';
import { completeness } from '../../src/law/content.ts';
import type { ContentSubject } from '../../src/law/content-item.ts';
import type { Completeness, ContentQuestion } from '../../src/law/content.ts';
import { plainWith } from './plain-facts.ts';

const nothing = assembleFacts(new Map());
const toAuthority: ContentQuestion = {
  regime: 'eu-gdpr',
  recipientKind: 'authority',
  facts: plainWith({}),
  unknown: [],
  visibility: null,
  given: new Set<ContentSubject>(['recipient', 'contact']),
  isLate: false,
};
const states = ({ lines }: Completeness) =>
  Object.fromEntries(lines.map(({ id, state }) => [id, state]));
const ids = (lines: Completeness['lines']) => lines.map(({ id }) => id);
const known = 'known';
const open = 'being-investigated';
const hidden = 'not-visible';
const none = 'not-applicable';

describe('with every fact known', () => {
  it('a notice to the authority lacks only the number of records and the word on phases', () => {
    const result = completeness(toAuthority);
    expect(states(result)).toEqual({
      'gdpr-33-1-recipient': known,
      'gdpr-33-1-delay-reasons': none,
      'gdpr-33-3-a-nature': known,
      'gdpr-33-3-a-subject-categories': known,
      'gdpr-33-3-a-subject-count': known,
      'gdpr-33-3-a-record-categories': known,
      'gdpr-33-3-a-record-count': open,
      'gdpr-33-3-b-contact': known,
      'gdpr-33-3-c-consequences': known,
      'gdpr-33-3-d-measures': known,
      'gdpr-33-4-phase-statement': open,
    });
    expect(ids(result.missingBeforeSending)).toEqual([]);
    expect(ids(result.toFollow)).toEqual(['gdpr-33-3-a-record-count', 'gdpr-33-4-phase-statement']);
  });
  it('a notice to people waits for whom to ask, not for what is merely recommended, Art. 34(2)', () => {
    const result = completeness({
      ...toAuthority,
      recipientKind: 'data-subject',
      given: new Set(),
    });
    expect(states(result)).toEqual({
      'gdpr-34-2-nature': known,
      'gdpr-34-2-contact': open,
      'gdpr-34-2-consequences': known,
      'gdpr-34-2-measures': known,
      'gdpr-34-advice': open,
      'gdpr-34-form': open,
      'gdpr-34-3-exception': none,
    });
    expect(ids(result.missingBeforeSending)).toEqual(['gdpr-34-2-contact']);
    expect(result.toFollow).toEqual([]);
  });
  it('an exception of Art. 34(3) and other providers are said where they are given', () => {
    const given = new Set<ContentSubject>(['exception', 'other-providers']);
    const toPeople = { ...toAuthority, recipientKind: 'data-subject', given } as const;
    expect(states(completeness(toPeople))['gdpr-34-3-exception']).toBe(known);
    const provider = { ...toAuthority, regime: 'eprivacy-611' } as const;
    expect(states(completeness(provider))['611-annex1-8']).toBe(none);
    expect(states(completeness({ ...provider, given }))['611-annex1-8']).toBe(known);
  });
});

describe('with no fact known', () => {
  const question = { ...toAuthority, facts: nothing.facts, unknown: nothing.unknown };
  const missing = ({ lines }: Completeness) =>
    Object.fromEntries(lines.map(({ subject, missingFacts }) => [subject, missingFacts]));
  const nature = [
    ...['confidentiality.state', 'exfiltration', 'integrity.state', 'availability.state', 'actor'],
  ];
  const consequences = [
    ...['confidentiality.state', 'recipients.class', 'data.categories'],
    ...['availability.effectOnSubjects', 'integrity.effectOnSubjects'],
  ];

  it('each item of Art. 33(3) names the facts that would complete it', () => {
    expect(missing(completeness(question))).toEqual({
      recipient: [],
      'delay-reasons': [],
      nature,
      'people-categories': ['subjects.types'],
      'people-count': ['subjects.count'],
      'record-categories': ['data.categories'],
      'record-count': [],
      contact: [],
      consequences,
      measures: ['mitigation.measures'],
      'phase-statement': [],
    });
  });
  it('a provider names the protection besides, Annex I', () => {
    const annex = missing(completeness({ ...question, regime: 'eprivacy-611' }));
    expect(annex['protection']).toEqual(['protection.encryption', 'protection.keyCompromised']);
  });
  it('one missing fact of several keeps an item open', () => {
    const partly = completeness({ ...toAuthority, unknown: ['actor'] });
    expect(states(partly)['gdpr-33-3-a-nature']).toBe(open);
    expect(missing(partly)['nature']).toEqual(['actor']);
  });
  it('an empty list is missing, and one entry is enough', () => {
    const of = (types: readonly string[]) =>
      states(completeness({ ...toAuthority, facts: plainWith({ 'subjects.types': types }) }));
    expect(of([])['gdpr-33-3-a-subject-categories']).toBe(open);
    expect(of(['staff'])['gdpr-33-3-a-subject-categories']).toBe(known);
  });
  it('what is given by a person needs no fact', () => {
    const given = new Set<ContentSubject>(['nature']);
    expect(states(completeness({ ...question, given }))['gdpr-33-3-a-nature']).toBe(known);
  });
});

/** From V0 to V4: k known, n not visible to us. */
describe('with every fact known, a customer reads of its data only what we can see', () => {
  const letters = { known: 'k', 'not-visible': 'n', [open]: 'o', [none]: '-' };
  const everything: ContentSubject[] = [
    ...(['people-count', 'people-categories', 'record-categories', 'record-count'] as const),
    ...(['consequences', 'nature', 'measures', 'contact', 'recipient'] as const),
    'phase-statement',
  ];
  it.each([
    ['gdpr-33-3-a-subject-count', 'nknkk'],
    ['gdpr-33-3-a-subject-categories', 'nknkk'],
    ['gdpr-33-3-a-record-categories', 'nknkk'],
    ['gdpr-33-3-a-record-count', 'nknkk'],
    ['gdpr-33-3-c-consequences', 'nnnkk'],
    ['gdpr-33-3-a-nature', 'kkkkk'],
    ['gdpr-33-3-d-measures', 'kkkkk'],
  ])('%s: %s', (id, row) => {
    const said = (['V0', 'V1', 'V2', 'V3', 'V4'] as const).map((visibility) => {
      const given = new Set(everything);
      const state = states(completeness({ ...toAuthority, visibility, given }))[id];
      return letters[state ?? none];
    });
    expect(said.join('')).toBe(row);
  });
  it('and protection by encryption at every visibility', () => {
    for (const visibility of ['V0', 'V1', 'V2', 'V3', 'V4'] as const) {
      const annex = completeness({ ...toAuthority, regime: 'eprivacy-611', visibility });
      expect(states(annex)['611-annex1-7']).toBe(known);
    }
    const blind = completeness({ ...toAuthority, visibility: 'V0' });
    expect(states(blind)['gdpr-33-3-a-subject-count']).toBe(hidden);
  });
});

describe('reasons for delay, Art. 33(1)', () => {
  it('are not applicable in time, even if given, and owed once late', () => {
    const given = new Set<ContentSubject>(['recipient', 'contact', 'delay-reasons']);
    const of = (isLate: boolean, named = toAuthority.given) =>
      states(completeness({ ...toAuthority, isLate, given: named }))['gdpr-33-1-delay-reasons'];
    expect(of(false, given)).toBe(none);
    expect(of(true)).toBe(open);
    expect(of(true, given)).toBe(known);
  });
  it('hold up the notice of a provider that is late, and nothing that may follow does', () => {
    const late = completeness({ ...toAuthority, regime: 'eprivacy-611', isLate: true });
    expect(ids(late.missingBeforeSending)).toEqual([
      ...['611-annex1-1', '611-annex1-3', '611-annex1-4', '611-2-3-justification'],
    ]);
    expect(ids(late.toFollow)).toEqual([]);
  });
});
