/** The notice of a processor to one controller: its own services only, and only what we can see of them, Art. 33(2). */
import type { Exposure, Visibility } from '../domain/case.ts';
import type { FactName } from '../domain/facts.ts';
import type { JsonObject } from '../domain/json.ts';
import { mayState, statementRule, type NoticeItem } from '../law/visibility.ts';
import { toldItems } from './compose-follow-up.ts';
import {
  commonContent,
  consequencesOf,
  factReader,
  isUnknown,
  type Composed,
  type FactReader,
  type NoticeSource,
} from './compose-common.ts';

/** Which facts make up an item of the visibility table. */
const factsOfItem: readonly (readonly [NoticeItem, readonly FactName[]])[] = [
  ['type-of-breach', ['confidentiality.state', 'integrity.state', 'availability.state']],
  ['cause', ['actor', 'exfiltration']],
  ['encryption-and-keys', ['protection.encryption', 'protection.keyCompromised']],
  ['categories', ['data.categories', 'data.specialCategories', 'subjects.types']],
  ['counts', ['subjects.count']],
];

// At V1 we see connections and their metadata; of people and of other categories we could only guess.
const metadata: readonly string[] = ['ip_address', 'communications_metadata'];

export interface ControllerSource extends NoticeSource {
  readonly customerName: string;
  readonly contactName: string;
  /** The exposures of this customer's engagements; of excluded ones a later notice says that they were cleared. */
  readonly exposures: readonly Exposure[];
  readonly productNames: ReadonlyMap<string, string>;
}

/** Composes the notice. With nothing confirmed or likely it is the incident notice, never the confirmed text. */
export function composeController(source: ControllerSource): Composed {
  const told = source.exposures.filter((exposure) => exposure.grade !== 'excluded');
  const cleared = clearedOf(source);
  if (told.length + cleared.length === 0)
    throw new Error('no engagement of this customer is exposed');
  const standing = standingOf(told);
  const isIncident = source.notice.phase === 'initial' && standing === 'not-excluded';
  const template = `controller/${source.notice.phase}${isIncident ? '-not-excluded' : ''}`;
  const levels = [...new Set(told.map((exposure) => exposure.visibility ?? 'V0'))].sort();
  return {
    template,
    groupKey: `${template} ${levels.join('+')}`,
    content: {
      ...commonContent(source, factReader(source.facts)),
      kind: 'controller',
      customer: { name: source.customerName, contactName: source.contactName },
      standing,
      // Likely is said as likely: nothing is confirmed until a person says so.
      isConfirmed: told.some(({ grade }) => grade === 'confirmed'),
      sections: told.map((exposure) => sectionOf(source, exposure)),
      cleared,
      chain: chainOf(source, told),
    },
  };
}

/** Processors above and below us: services in which the customer is itself processor, and who runs systems for us. */
function chainOf(source: ControllerSource, told: readonly Exposure[]): JsonObject {
  const above = told.filter(({ customerIsProcessor }) => customerIsProcessor);
  return {
    asSubProcessor: above.map((exposure) => serviceOf(source, exposure)),
    operatedBy: [...new Set(told.flatMap(({ operatedBy }) => operatedBy))].toSorted(),
  };
}

function standingOf(told: readonly Exposure[]): 'affected' | 'not-excluded' | 'cleared' {
  if (told.length === 0) return 'cleared';
  return told.every(({ grade }) => grade === 'not-excluded') ? 'not-excluded' : 'affected';
}

/** Services an earlier notice spoke of that are excluded by now. */
export function clearedOf(source: ControllerSource): JsonObject[] {
  if (source.earlier === null) return [];
  const spokenOf = new Set(
    toldItems(source.earlier.told).flatMap(({ item, about }) => (item === 'grade' ? [about] : [])),
  );
  return source.exposures
    .filter(({ key, grade }) => grade === 'excluded' && spokenOf.has(key))
    .map((exposure) => ({ engagement: exposure.key, service: serviceOf(source, exposure) }));
}

/** The service as the customer knows it: product and its own reference. */
export function serviceOf({ productNames }: ControllerSource, exposure: Exposure): string {
  const product = exposure.productKey ?? '';
  return [productNames.get(product) ?? product, exposure.serviceReference]
    .filter(Boolean)
    .join(' - ');
}

function sectionOf(source: ControllerSource, exposure: Exposure): JsonObject {
  const visibility = exposure.visibility ?? 'V0';
  const product = exposure.productKey ?? '';
  const stated = exposure.grade === 'confirmed' || exposure.grade === 'likely';
  const facts = factReader(source.facts, product);
  const consequences =
    stated && mayState(visibility, 'likely-consequences') ? consequencesOf(facts) : [];
  return {
    engagement: exposure.key,
    service: serviceOf(source, exposure),
    visibility,
    grade: exposure.grade,
    stated,
    assets: exposure.assetKeys,
    facts: stated ? statedFacts(visibility, facts) : [],
    asked: asked(visibility),
    consequences,
  };
}

function statedFacts(visibility: Visibility, facts: FactReader): JsonObject[] {
  const names = factsOfItem.filter(([item]) => sees(visibility, item)).flatMap(([, list]) => list);
  return names.flatMap((name) => {
    const fact = facts.said(name);
    if (visibility !== 'V1' || !(name === 'data.categories'))
      return keptFact(visibility, name) ? [fact] : [];
    const seen = facts.texts(name).filter((category) => metadata.includes(category));
    return isUnknown(fact) || seen.length === 0 ? [] : [{ ...fact, value: seen }];
  });
}

function sees(visibility: Visibility, item: NoticeItem): boolean {
  return mayState(visibility, item) && !(visibility === 'V1' && item === 'counts');
}

// Of the category facts, V1 has metadata only: never kinds of people, never special categories.
function keptFact(visibility: Visibility, name: FactName): boolean {
  return visibility !== 'V1' || (name !== 'data.specialCategories' && name !== 'subjects.types');
}

/** Items the recipient is asked to assess, because we do not see them. */
function asked(visibility: Visibility): NoticeItem[] {
  const items: readonly NoticeItem[] = ['categories', 'counts', 'likely-consequences'];
  return items.filter((item) => {
    const { rule } = statementRule(visibility, item);
    return (
      rule === 'ask' ||
      (rule === 'must-not' && item === 'likely-consequences') ||
      (visibility === 'V1' && item !== 'likely-consequences')
    );
  });
}
