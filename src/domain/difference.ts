/** What was told compared with what is known: a notice's content as items, and the items in which two contents differ. */
import { listOf, objectOf, textOf } from './content.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Kinds of statement a notice makes that may change later. */
export const itemKinds = [
  'aware',
  'fact',
  'people-in-scope',
  'countries',
  'grade',
  'assets',
  'consequences',
  'advice',
  'measures',
  'delay-reasons',
] as const;
type ItemKind = (typeof itemKinds)[number];

/** Which statement: of which fact, and about which engagement of the recipient; empty where neither applies. */
interface ItemName {
  readonly item: ItemKind;
  readonly name: string;
  readonly about: string;
}

export type Item = ItemName & { readonly value: JsonValue };

/** Null: nothing was, or is, said of it. */
export type Change = ItemName & {
  readonly before: JsonValue | null;
  readonly after: JsonValue | null;
};

/** The statements of a notice's content that later notices compare with; what is unknown is no statement. */
export function knowledgeOf(content: JsonObject): readonly Item[] {
  const times = objectOf(content['times']);
  const processing = objectOf(content['processing']);
  const scope = objectOf(content['scope']);
  return [
    ...one('aware', times['awareAt']),
    ...factItems([times['ongoing']], ''),
    ...factItems([...listOf(content['nature']), ...listOf(content['people'])], ''),
    ...one('people-in-scope', scope['people']),
    ...one('countries', processing['countries']),
    ...one('consequences', content['consequences']),
    ...one('advice', content['advice']),
    ...one('measures', content['measures']),
    ...one('delay-reasons', content['delayReasons']),
    ...listOf(content['sections']).flatMap((section) => sectionItems(objectOf(section))),
    ...listOf(content['cleared']).flatMap((section) =>
      one('grade', 'excluded', textOf(objectOf(section)['engagement'])),
    ),
  ];
}

/** The items in which the two differ, in the order of what is known now, then what is no longer said. */
export function differenceOf(told: readonly Item[], known: readonly Item[]): readonly Change[] {
  const before = byKey(told);
  const after = byKey(known);
  const changed = [...after].flatMap(([key, { value, ...name }]) => {
    const old = before.get(key)?.value ?? null;
    return same(old, value) ? [] : [{ ...name, before: old, after: value }];
  });
  const gone = [...before].flatMap(([key, { value, ...name }]) =>
    after.has(key) ? [] : [{ ...name, before: value, after: null }],
  );
  return [...changed, ...gone];
}

/** What is told once the changes are told as well. */
export function applied(told: readonly Item[], changes: readonly Change[]): readonly Item[] {
  const items = byKey(told);
  for (const { item, name, about, after } of changes) {
    const key = keyOf({ item, name, about });
    if (after === null) items.delete(key);
    else items.set(key, { item, name, about, value: after });
  }
  return [...items.values()];
}

function one(item: ItemKind, value: JsonValue | undefined, about = ''): Item[] {
  const isSaid = value !== undefined && value !== null && !(Array.isArray(value) && !value.length);
  return isSaid ? [{ item, name: '', about, value }] : [];
}

function sectionItems(section: JsonObject): Item[] {
  const about = textOf(section['engagement']);
  return [
    ...one('grade', section['grade'], about),
    ...one('assets', section['assets'], about),
    ...factItems(listOf(section['facts']), about),
    ...one('consequences', section['consequences'], about),
  ];
}

function factItems(facts: readonly (JsonValue | undefined)[], about: string): Item[] {
  return facts.flatMap((fact): Item[] => {
    const { name, value, certainty } = objectOf(fact);
    const isKnown =
      typeof name === 'string' &&
      certainty !== 'unknown' &&
      value !== 'unknown' &&
      one('fact', value).length > 0;
    if (!isKnown || value === undefined || certainty === undefined) return [];
    return [{ item: 'fact', name, about, value: { value, certainty } }];
  });
}

function byKey(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

function keyOf({ item, name, about }: ItemName): string {
  return JSON.stringify([item, name, about]);
}

// The order of keys is not what anybody said; the order of a list is, but lists of terms are sets.
function same(one: JsonValue, other: JsonValue): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join()}}`;
}

/** A change for people who work on the case, in a few plain words; no template uses them. */
export function changeWords({ item, name, about, before, after }: Change): {
  readonly what: string;
  readonly before: string;
  readonly after: string;
} {
  const what = item === 'fact' ? name : item.replaceAll('-', ' ');
  return {
    what: about === '' ? what : `${what} of ${about}`,
    before: valueWords(before),
    after: valueWords(after),
  };
}

function valueWords(value: JsonValue | null): string {
  if (value === null) return 'not said';
  if (Array.isArray(value)) return value.map(valueWords).join(', ');
  const { value: said, certainty } = objectOf(value);
  if (said !== undefined) return `${valueWords(said)} (${textOf(certainty)})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
