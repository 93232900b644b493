/** Checks that what facts are about exists: the case, a processing or product of the catalogue, or a group of its people. */
import { aboutSet } from '../domain/assessment-ports.ts';
import type { Store } from '../domain/ports.ts';
import { refuse, type FieldFault, type Outcome } from '../domain/problem.ts';

/** Null when every subject is known; else a refusal naming each place. No rule would ever read a fact about nothing. */
export async function checkSubjects(
  store: Store,
  caseId: string,
  facts: readonly { readonly about: string; readonly certainty: string }[],
  newGroups: readonly string[] = [],
): Promise<Outcome<never> | null> {
  const named = [...new Set(facts.map(({ about }) => about))].filter((about) => about !== 'case');
  if (named.length === 0) return null;
  const groups = [
    ...(await store.assessments.sets(caseId)).map(({ name }) => aboutSet(name)),
    ...newGroups.map(aboutSet),
  ];
  const others = named.filter((about) => !groups.includes(about));
  const strange = await notInCatalogue(store, others);
  const faults = facts.flatMap((fact, index): FieldFault[] => {
    const pointer = `/facts/${String(index)}`;
    if (strange.has(fact.about)) {
      const detail = `nothing is called "${fact.about}": name "case", a processing, a product, or a group as "set:name"`;
      return [{ pointer: `${pointer}/about`, detail }];
    }
    return groups.includes(fact.about) && fact.certainty === 'unknown'
      ? [
          {
            pointer: `${pointer}/certainty`,
            detail: 'leave out what is not known of a group apart',
          },
        ]
      : [];
  });
  return faults.length === 0
    ? null
    : refuse('invalid', 'The facts cannot be recorded as they are; nothing was changed.', faults);
}

async function notInCatalogue(store: Store, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const plain = keys.map((key) => key.replace(/^product:/, ''));
  const kinds = ['processing', 'product'] as const;
  const unknown = await store.cases.unknownHits(
    plain.flatMap((key) => kinds.map((kind) => ({ kind, key }))),
  );
  const misses = (key: string): number => unknown.filter((miss) => miss.key === key).length;
  return new Set(keys.filter((key) => misses(key.replace(/^product:/, '')) === kinds.length));
}
