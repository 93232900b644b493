/** Which texts of a case's other customers could stand in a notice: asked for every notice of a case, read once a scoping. */
import { seenAt } from './catalogue.ts';
import type { Sql } from './sql.ts';

/** By their first word: texts of customers, and whose they are. */
type Index = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

const keptCases = 4;
/** What was scoped changes with the next scoping only, so a process reads it once; the case says which one counts. */
const kept = new Map<string, { readonly scoping: string; readonly index: Index }>();

/** The texts of `CaseStore.foreignTexts`. */
export async function foreignTexts(
  sql: Sql,
  caseId: string,
  customerKey: string,
  words: string,
): Promise<readonly string[]> {
  const index = await indexOf(sql, caseId);
  const firsts = new Set(['', ...(words.match(word) ?? [])]);
  return [...firsts].flatMap((first) =>
    [...(index.get(first) ?? [])].flatMap(([text, owners]) =>
      owners.has(customerKey) || !words.includes(text) ? [] : [text],
    ),
  );
}

const word = /[\p{L}\p{N}]+/gu;
const leastCharacters = 4;

async function indexOf(sql: Sql, caseId: string): Promise<Index> {
  const row = await sql.row<{ scoping: string }>(
    `SELECT scoped_revision || ' ' || coalesce(catalogue_version, 0) AS scoping FROM case_file WHERE id = $1`,
    [caseId],
  );
  const scoping = row?.scoping ?? '';
  const known = kept.get(caseId);
  const index = known?.scoping === scoping ? known.index : await readIndex(sql, caseId);
  kept.delete(caseId);
  kept.set(caseId, { scoping, index });
  const [oldest] = kept.keys();
  if (kept.size > keptCases && oldest !== undefined) kept.delete(oldest);
  return index;
}

async function readIndex(sql: Sql, caseId: string): Promise<Index> {
  const rows = await sql.rows<{ customerKey: string; texts: (string | null)[] }>(
    `SELECT e.customer_key AS "customerKey", ARRAY[c.name, e.contact ->> 'email', e.contact ->> 'name', e.service_reference] AS texts
     FROM case_exposure e JOIN case_file f ON f.id = e.case_id
     LEFT JOIN customer c ON c.key = e.customer_key AND ${seenAt('c', 'coalesce(f.catalogue_version, 0)')}
     WHERE e.case_id = $1 AND e.customer_key IS NOT NULL`,
    [caseId],
  );
  const index = new Map<string, Map<string, Set<string>>>();
  for (const { customerKey, texts } of rows)
    for (const text of texts) {
      if (text === null || text.length < leastCharacters) continue;
      const first = text.match(word)?.[0] ?? '';
      const alike = index.get(first) ?? new Map<string, Set<string>>();
      index.set(first, alike.set(text, (alike.get(text) ?? new Set()).add(customerKey)));
    }
  return index;
}
