/** What a notice after the first says besides the state of things: which notice it follows, and what changed since. Pure. */
import type { Certainty } from '../domain/case.ts';
import { differenceOf, knowledgeOf, type Change, type Item } from '../domain/difference.ts';
import { listOf, objectOf, textOf } from '../domain/content.ts';
import type { Finding, Told } from '../domain/follow-up-ports.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { Notice } from '../domain/notice.ts';
import { changesThatMatter } from '../law/supplements.ts';
import type { Composed, Earlier } from './compose-common.ts';

/** What the recipient has been told so far: the newest words, or what was known when a person let a change be. */
export function toldItems({ content, decided }: Told): readonly Item[] {
  return decided ?? knowledgeOf(content);
}

/** Adds to a composed state of things what changed since the recipient was last told. */
export function withChanges(
  composed: Composed,
  notice: Notice,
  earlier: Earlier,
  finding: Finding,
): Composed {
  const { content } = composed;
  const before = toldItems(earlier.told);
  const changes = changesThatMatter(
    notice.recipientKind,
    differenceOf(before, knowledgeOf(content)),
  );
  const services = servicesOf(earlier.told.content, content);
  return {
    ...composed,
    content: {
      ...content,
      part: notice.part,
      earlier: earlierContent(earlier),
      changes: changes.map((change) => ({ ...change })),
      since: sinceOf(changes, services),
      endedAt: finding.endedAt,
      notObtainable: finding.notObtainable,
    },
  };
}

export function earlierContent({ told, reference, sentAt }: Earlier): JsonObject {
  return { reference, sentAt, fileNumber: told.fileNumber };
}

/** The changes as templates say them, by kind of statement. */
function sinceOf(changes: readonly Change[], services: ReadonlyMap<string, string>): JsonObject {
  const of = (item: Change['item']): readonly Change[] =>
    changes.filter((change) => change.item === item);
  const serviceOf = ({ about }: Change): string | null => services.get(about) ?? null;
  const aware = of('aware')[0];
  const people = of('people-in-scope')[0];
  const countries = of('countries')[0];
  const listed: JsonObject = {
    aware: aware === undefined ? null : { before: aware.before, after: aware.after },
    grades: of('grade').map((change) => ({
      service: serviceOf(change) ?? change.about,
      before: change.before ?? 'not-named',
      after: change.after ?? 'excluded',
    })),
    assets: of('assets').map((change) => ({
      service: serviceOf(change) ?? change.about,
      before: textsOf(change.before),
      after: textsOf(change.after),
    })),
    facts: of('fact').map((change) => ({
      name: change.name,
      service: serviceOf(change),
      before: saidFact(change.name, change.before),
      after: saidFact(change.name, change.after),
    })),
    people: people === undefined ? null : beforeAndAfter('subjects.count', people),
    countries:
      countries === undefined
        ? null
        : { before: textsOf(countries.before), after: textsOf(countries.after) },
  };
  return {
    ...listed,
    isListed: Object.values(listed).some((part) =>
      Array.isArray(part) ? part.length > 0 : part !== null,
    ),
    isAnything: changes.length > 0,
    consequences: addedAndGone(of('consequences')),
    advice: addedAndGone(of('advice')),
    measures: addedAndGone(of('measures')),
    delayReasons: of('delay-reasons')[0]?.after ?? null,
  };
}

function beforeAndAfter(name: string, { before, after }: Change): JsonObject {
  const said = (value: JsonValue): JsonObject =>
    saidFact(name, value === null ? null : { value, certainty: 'confirmed' });
  return { before: said(before), after: said(after) };
}

function saidFact(name: string, value: JsonValue): JsonObject {
  const unknown: { value: JsonValue; certainty: Certainty } = { value: null, certainty: 'unknown' };
  const isFact = typeof value === 'object' && value !== null && 'certainty' in value;
  return { name, ...(isFact ? value : unknown) };
}

function addedAndGone(changes: readonly Change[]): JsonObject {
  const added = changes.flatMap(({ before, after }) => without(after, before));
  const gone = changes.flatMap(({ before, after }) => without(before, after));
  return { added: [...new Set(added)], gone: [...new Set(gone)] };
}

function without(these: JsonValue, those: JsonValue): string[] {
  const left = textsOf(those);
  return textsOf(these).filter((text) => !left.includes(text));
}

function textsOf(value: JsonValue): readonly string[] {
  return Array.isArray(value)
    ? value.filter((text): text is string => typeof text === 'string')
    : [];
}

/** Services by engagement, as either content names them. */
function servicesOf(...contents: readonly JsonObject[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const content of contents) {
    for (const list of [content['sections'], content['cleared']]) {
      for (const section of listOf(list)) {
        const { engagement, service } = objectOf(section);
        found.set(textOf(engagement), textOf(service));
      }
    }
  }
  return found;
}
