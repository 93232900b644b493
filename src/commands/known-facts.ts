/** What a notice may rest on: the recorded facts and, beneath them, what the catalogue says of the processing hit. */
import type { CaseFile, Fact, Track } from '../domain/case.ts';
import type { FactName } from '../domain/facts.ts';
import type { JsonValue } from '../domain/json.ts';
import type { Store } from '../domain/ports.ts';

/** The subject of facts nobody recorded: any other fact of the name goes before them. */
export const catalogue = 'catalogue';

/** The same that the law is asked with: categories of the processing and the people on what was hit, unless somebody said otherwise. */
export async function knownFacts(
  store: Store,
  file: CaseFile,
  { processingKey }: Track,
): Promise<readonly Fact[]> {
  const recorded = await store.cases.currentFacts(file.caseId);
  const processings = await store.cases.processings(file.catalogueVersion ?? 0);
  const processing = processings.find((one) => one.key === processingKey);
  if (processing === undefined) return recorded;
  const fact = (name: FactName, value: JsonValue, certainty: Fact['certainty']): Fact => ({
    ...{ about: catalogue, name, version: 0, value, certainty, source: catalogue },
    ...{ observedAt: file.receivedAt, recordedAt: file.receivedAt, recordedBy: 'machine/import' },
  });
  const subjects = await store.cases.subjectCount(file.caseId, processingKey);
  return [
    ...recorded,
    fact('data.categories', [...processing.dataCategories], 'confirmed'),
    fact('subjects.count', subjects, 'estimated'),
  ];
}
