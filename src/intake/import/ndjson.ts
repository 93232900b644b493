/** Reads rows from NDJSON: one JSON object a line, members named as the fields, lists as arrays. */
import { catalogueFields, type CatalogueKind, type StagedRow } from '../../domain/catalogue.ts';
import { Unreadable, type FaultList } from './faults.ts';
import { makeRow } from './row.ts';
import { longestRecord } from './text.ts';

/** The rows of an NDJSON file, a batch for each chunk; rows with a fault are left out and the fault is added. */
export async function* readNdjson(
  kind: CatalogueKind,
  chunks: AsyncIterable<string>,
  faults: FaultList,
): AsyncGenerator<readonly StagedRow[]> {
  const known = new Set(catalogueFields[kind].map(({ name }) => name));
  let line = 0;
  let rest = '';
  const take = (texts: readonly string[]): StagedRow[] =>
    texts.flatMap((text) => {
      line += 1;
      if (text.length > longestRecord) throw new Unreadable(line, 'is too long for one row');
      return readLine(kind, known, line, text, faults);
    });
  for await (const chunk of chunks) {
    const texts = (rest + chunk).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > longestRecord) {
      throw new Unreadable(line + texts.length + 1, 'is too long for one row');
    }
    yield take(texts);
  }
  yield take([rest]);
}

function readLine(
  kind: CatalogueKind,
  known: ReadonlySet<string>,
  line: number,
  text: string,
  faults: FaultList,
): StagedRow[] {
  if (text.trim() === '') return [];
  const members = readObject(text);
  if (members === null) {
    faults.add(line, '', 'is not a JSON object on one line');
    return [];
  }
  const unknown = [...members.keys()].filter((name) => !known.has(name));
  for (const name of unknown) faults.add(line, name.slice(0, 100), `is not a field of ${kind}`);
  const row = makeRow(kind, line, (name) => members.get(name), faults);
  return row === null || unknown.length > 0 ? [] : [{ line, row }];
}

function readObject(text: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return new Map(Object.entries(value));
  } catch {
    return null;
  }
}
