/** What a notice must say: each item its article demands, and how it stands. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { assembleFacts } from '../../src/domain/facts.ts';
import { completeness, emergencyMinimum } from '../../src/law/content.ts';
import type { ContentSubject } from '../../src/law/content-item.ts';
import type { Completeness, ContentQuestion } from '../../src/law/content.ts';
import { contentItems } from '../../src/law/data/notice-content.ts';
import { factsOfCase } from './published-cases.ts';

const known = factsOfCase(4);
const nothing = assembleFacts(new Map());
const toAuthority: ContentQuestion = {
  regime: 'eu-gdpr',
  recipientKind: 'authority',
  facts: known,
  unknown: [],
  visibility: null,
  given: new Set<ContentSubject>(['recipient', 'contact']),
  isLate: false,
};
const states = ({ lines }: Completeness) =>
  Object.fromEntries(lines.map(({ id, state }) => [id, state]));

describe('the notification to an authority, Art. 33(3) GDPR', () => {
  it('knows what the facts say and investigates what they do not', () => {
    const of = states(completeness(toAuthority));
    expect(of['gdpr-33-3-a-nature']).toBe('known');
    expect(of['gdpr-33-3-a-subject-count']).toBe('known');
    expect(of['gdpr-33-3-a-record-count']).toBe('being-investigated');
    expect(of['gdpr-33-1-delay-reasons']).toBe('not-applicable');
  });
  it('with nothing known lacks only what may follow in phases, Art. 33(4)', () => {
    const unknown = { ...toAuthority, facts: nothing.facts, unknown: nothing.unknown };
    const { missingBeforeSending, toFollow } = completeness(unknown);
    expect(missingBeforeSending).toEqual([]);
    expect(toFollow.map(({ subject }) => subject)).toContain('nature');
  });
  it('cannot leave without a recipient', () => {
    const { missingBeforeSending } = completeness({ ...toAuthority, given: new Set() });
    expect(missingBeforeSending.map(({ id }) => id)).toEqual(['gdpr-33-1-recipient']);
  });
  it('owes reasons once it is late, until they are given', () => {
    const late = { ...toAuthority, isLate: true };
    const missing = (question: ContentQuestion) =>
      completeness(question).missingBeforeSending.map(({ subject }) => subject);
    expect(missing(late)).toEqual(['delay-reasons']);
    const given = new Set<ContentSubject>([...late.given, 'delay-reasons']);
    expect(missing({ ...late, given })).toEqual([]);
  });
  it('names the facts that would complete each item', () => {
    const unknown = { ...toAuthority, facts: nothing.facts, unknown: nothing.unknown };
    const count = completeness(unknown).lines.find(({ subject }) => subject === 'people-count');
    expect(count?.missingFacts).toEqual(['subjects.count']);
  });
});

describe('the notice to a controller, Art. 33(2) GDPR', () => {
  const toController: ContentQuestion = { ...toAuthority, recipientKind: 'controller' };

  it('is owed with the breach itself and may leave the rest to follow', () => {
    const given = new Set<ContentSubject>(['breach-itself', 'contact', 'times']);
    expect(completeness({ ...toController, given }).missingBeforeSending).toEqual([]);
  });
});

describe('the notice of a provider, Annex I of 611/2013', () => {
  const annex: ContentQuestion = { ...toAuthority, regime: 'eprivacy-611' };

  it('needs section 1 at once and may send section 2 later', () => {
    const { lines } = completeness(annex);
    expect(lines).toHaveLength(18);
    const { missingBeforeSending } = completeness(annex);
    expect(missingBeforeSending.map(({ id }) => id)).toEqual([
      ...['611-annex1-1', '611-annex1-3', '611-annex1-4'],
    ]);
  });
});

describe('an emergency', () => {
  it('asks for no more than who, to whom, that it happened, when, and whom to ask', () => {
    expect(emergencyMinimum).toEqual([
      ...['recipient', 'breach-itself', 'provider-name', 'contact', 'times'],
    ]);
  });
});

describe('every item', () => {
  it('has an article, a source and a state of verification', () => {
    for (const { article, source, verification } of contentItems) {
      expect([article, source, verification].every((text) => text.length > 0)).toBe(true);
    }
  });
  test.prop([fc.constantFrom('V0', 'V1', 'V2', 'V3', 'V4'), fc.boolean()])(
    'has exactly one state, and what the product does not let us see is never filled in',
    (visibility, isLate) => {
      const { lines } = completeness({
        ...toAuthority,
        recipientKind: 'controller',
        visibility,
        isLate,
      });
      const consequences = lines.filter(({ subject }) => subject === 'consequences');
      if (visibility === 'V0')
        expect(consequences.every((l) => l.state === 'not-visible')).toBe(true);
      expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    },
  );
});
