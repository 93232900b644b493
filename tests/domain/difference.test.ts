/** What was told against what is known: the difference is complete, empty where nothing changed, and about one reader only. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { composeController, type ControllerSource } from '../../src/commands/compose-controller.ts';
import type { CaseFile, Exposure, Fact, Grade, Visibility } from '../../src/domain/case.ts';
import { applied, differenceOf, knowledgeOf } from '../../src/domain/difference.ts';
import type { JsonObject, JsonValue } from '../../src/domain/json.ts';
import { changesThatMatter, noLongerStands, supplementFor } from '../../src/law/supplements.ts';

const certainty = fc.constantFrom('estimated', 'range', 'confirmed', 'unknown');
const value = fc.oneof(
  fc.constantFrom('likely', 'confirmed', 'unknown', 'none'),
  fc.integer({ min: 0, max: 9 }),
  fc.boolean(),
  fc.constant(null),
  fc.uniqueArray(fc.constantFrom('name', 'contact', 'credentials')),
);
const facts = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('actor', 'exfiltration', 'subjects.count'), value, certainty }),
  { selector: ({ name }) => name },
);
const terms = fc.uniqueArray(fc.constantFrom('phishing', 'fraud', 'integrity'));
const section = fc.record({
  engagement: fc.constantFrom('e1', 'e2', 'e3'),
  service: fc.constant('Hosting'),
  grade: fc.constantFrom('confirmed', 'likely', 'not-excluded'),
  assets: fc.uniqueArray(fc.constantFrom('host-1', 'host-2')),
  facts,
  consequences: terms,
});
const content = fc.record({
  times: fc.record({
    awareAt: fc.constantFrom('2026-06-15T15:00:00.000Z', '2026-06-15T16:00:00.000Z'),
  }),
  nature: facts,
  scope: fc.record({ people: fc.option(fc.integer({ min: 1, max: 9 })) }),
  consequences: terms,
  advice: terms,
  measures: fc.uniqueArray(fc.constantFrom('locked', 'reset')),
  delayReasons: fc.option(fc.constant('nobody read it')),
  sections: fc.uniqueArray(section, { selector: ({ engagement }) => engagement }),
}) as fc.Arbitrary<JsonObject>;

const sorted = (items: readonly object[]) =>
  items.map((item) => JSON.stringify(item, Object.keys(item).sort())).sort();

describe('the difference', () => {
  test.prop([content])('is empty where nothing changed, whatever the order of lists', (told) => {
    const turned = JSON.parse(JSON.stringify(told), (_key, inner: JsonValue) =>
      Array.isArray(inner) ? inner.toReversed() : inner,
    ) as JsonObject;
    expect(differenceOf(knowledgeOf(told), knowledgeOf(told))).toEqual([]);
    expect(differenceOf(knowledgeOf(told), knowledgeOf(turned))).toEqual([]);
  });

  test.prop([content, content])('told as well, gives what is known', (told, known) => {
    const after = applied(knowledgeOf(told), differenceOf(knowledgeOf(told), knowledgeOf(known)));
    expect(differenceOf(after, knowledgeOf(known))).toEqual([]);
    expect(after).toHaveLength(knowledgeOf(known).length);
  });

  test.prop([content, content])('turned round is the same change the other way', (told, known) => {
    const [one, other] = [knowledgeOf(told), knowledgeOf(known)];
    const back = differenceOf(other, one).map(({ before, after, ...name }) => ({
      ...name,
      before: after,
      after: before,
    }));
    expect(sorted(back)).toEqual(sorted(differenceOf(one, other)));
  });

  it('takes an unknown fact for no statement, so that learning it is a change and losing it too', () => {
    const of = (fact: JsonObject) => knowledgeOf({ nature: [fact] });
    const unknown = of({ name: 'actor', value: 'unknown', certainty: 'confirmed' });
    const known = of({ name: 'actor', value: 'accidental', certainty: 'estimated' });
    expect(unknown).toEqual([]);
    expect(differenceOf(unknown, known)).toMatchObject([
      { name: 'actor', before: null, after: { value: 'accidental', certainty: 'estimated' } },
    ]);
    expect(differenceOf(known, unknown)).toMatchObject([{ name: 'actor', after: null }]);
  });
});

const grade = fc.constantFrom<Grade>('confirmed', 'likely', 'not-excluded', 'excluded');
const visibility = fc.constantFrom<Visibility>('V0', 'V1', 'V2', 'V3', 'V4');

const exposure = (customerKey: string, key: string, as: Grade, sees: Visibility): Exposure => ({
  kind: 'engagement',
  key,
  affiliateKey: 'ee',
  providerKey: null,
  wholesale: false,
  role: 'processor',
  customerKey,
  productKey: `product-of-${customerKey}`,
  visibility: sees,
  contractHours: null,
  contractTerms: [],
  joint: null,
  customerIsProcessor: false,
  operatedBy: [],
  serviceReference: `SR-${key}`,
  assetKeys: [`asset-of-${key}`],
  contact: null,
  grade: as,
  evidence: 'seen',
  decidedBy: 'test',
});
const known = (about: string, name: string, said: JsonValue): Fact => ({
  about,
  name,
  version: 1,
  value: said,
  certainty: 'confirmed',
  source: 'test',
  observedAt: '2026-06-15T15:00:00.000Z',
  recordedAt: '2026-06-15T15:00:00.000Z',
  recordedBy: 'test',
});

/** What customer A would be told, with everything of the case in the source. */
function toldTo(exposures: readonly Exposure[], all: readonly Fact[]): JsonObject {
  const at = '2026-06-15T15:00:00.000Z';
  // Of the rest of the case the composing reads nothing else.
  const source = {
    notice: { noticeId: 'n-000001', phase: 'initial' },
    file: { reference: 'D-1', mode: 'drill', detectedAt: null } as unknown as CaseFile,
    track: { awareness: { awareAt: at, zone: 'UTC', offsetMinutes: 0, state: 'fixed' } },
    affiliate: { name: 'N', country: 'EE', dpoName: '', dpoEmail: '', dpoPhone: '' },
    facts: all,
    writtenAt: at,
    addition: null,
    earlier: null,
    customerName: 'A',
    contactName: 'a',
    exposures: exposures.filter(({ customerKey }) => customerKey === 'a'),
    productNames: new Map(),
  } as unknown as ControllerSource;
  return composeController(source).content;
}

describe('a customer', () => {
  const own = fc.tuple(fc.constantFrom<Grade>('confirmed', 'likely', 'not-excluded'), visibility);
  const others = fc.array(fc.tuple(grade, visibility, value), { maxLength: 4 });

  test.prop([own, others, others])(
    'is never told of a change that concerns another customer',
    ([as, sees], before, after) => {
      const world = (theirs: typeof before) =>
        toldTo(
          [
            exposure('a', 'e-a', as, sees),
            ...theirs.map(([g, v], n) => exposure('b', `e-b-${String(n)}`, g, v)),
          ],
          [
            known('case', 'actor', 'malicious_external'),
            ...theirs.map(([, , said]) => known('product-of-b', 'data.categories', said)),
          ],
        );
      const changes = differenceOf(knowledgeOf(world(before)), knowledgeOf(world(after)));
      expect(changes).toEqual([]);
      expect(JSON.stringify(knowledgeOf(world(after)))).not.toMatch(/e-b|-of-b/);
    },
  );

  test.prop([visibility])(
    'is told of categories of data only where its product lets us see them',
    (sees) => {
      const world = (categories: readonly string[]) =>
        knowledgeOf(
          toldTo(
            [exposure('a', 'e-a', 'confirmed', sees)],
            [known('case', 'data.categories', categories)],
          ),
        );
      const changes = changesThatMatter(
        'controller',
        differenceOf(world(['name']), world(['name', 'health'])),
      );
      expect(changes.some(({ item }) => item === 'fact')).toBe(sees === 'V3' || sees === 'V4');
    },
  );
});

describe('what a change leads to', () => {
  const change = (item: 'advice' | 'consequences' | 'measures') => [
    { item, name: '', about: '', before: null, after: ['x'] },
  ];

  it('people are written to again for new advice alone, and a person is asked; others are owed it', () => {
    expect(supplementFor('data-subject', change('advice'))).toBe('ask');
    expect(supplementFor('data-subject', change('consequences'))).toBe('none');
    expect(supplementFor('data-subject', change('measures'))).toBe('none');
    expect(supplementFor('authority', change('measures'))).toBe('owed');
    expect(supplementFor('controller', [])).toBe('none');
    expect(supplementFor('register', change('measures'))).toBe('none');
  });

  const graded = (...grades: readonly Grade[]) =>
    grades.map((as, n) => ({
      item: 'grade' as const,
      name: '',
      about: `e${String(n)}`,
      value: as,
    }));

  it('a notice stands while one service stays affected or open, and where nothing was said to be affected', () => {
    expect(noLongerStands(graded('likely', 'confirmed'), graded('excluded', 'excluded'))).toBe(
      true,
    );
    expect(noLongerStands(graded('likely', 'confirmed'), graded('excluded', 'likely'))).toBe(false);
    expect(noLongerStands(graded('not-excluded'), graded('excluded'))).toBe(false);
    expect(noLongerStands([], [])).toBe(false);
  });

  it('of a service that is excluded by now nothing else is said', () => {
    const kept = changesThatMatter('controller', [
      { item: 'grade', name: '', about: 'e1', before: 'likely', after: 'excluded' },
      { item: 'fact', name: 'actor', about: 'e1', before: { value: 'x' }, after: null },
      { item: 'fact', name: 'actor', about: 'e2', before: null, after: { value: 'x' } },
    ]);
    expect(kept.map(({ item, about }) => `${item} ${about}`)).toEqual(['grade e1', 'fact e2']);
  });
});
