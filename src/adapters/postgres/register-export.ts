/** Exports the register as lines an outsider can verify with src/verify.ts alone; every export is itself an entry. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { actorLabel, type Actor } from '../../domain/actor.ts';
import type { JsonObject } from '../../domain/json.ts';
import { canonicalJson } from '../../register/canonical.ts';
import type { StreamHead } from '../../register/chain.ts';
import { headsRoot } from '../../register/heads.ts';
import { unsealOpening, type OpeningKey, type SealedOpening } from './register-opening.ts';
import { appendEntry } from './register.ts';
import type { Sql } from './sql.ts';
import { inTransaction } from './transaction.ts';

const pageSize = 1_000;

interface Extent {
  /** What the header says is inside: one stream, or `all`. */
  readonly scope: string;
  /** Up to which entry each stream is exported. */
  readonly upTo: ReadonlyMap<string, number>;
}

/**
 * The lines of one case's stream, without line ends; its last entry is the `case.exported` this call appends first.
 * With a key the openings are inside, else they are withheld and the entry says so. Each page is a transaction of its
 * own, so a slow reader holds no lock. An erasure committed meanwhile shows as a missing opening: export again.
 * Throws if the actor sees no such case.
 */
export async function* exportCase(
  pool: pg.Pool,
  actor: Actor,
  caseId: string,
  key?: OpeningKey,
): AsyncGenerator<string> {
  const stream = `case/${caseId}`;
  const extent = await inTransaction(pool, actor, async (sql) => {
    const known = await sql.row('SELECT 1 FROM register_stream WHERE stream = $1 AND seq > 0', [
      stream,
    ]);
    if (known === undefined) throw new Error(`no register of case ${caseId} is to be seen`);
    const data = { openings: openingsSaid(key) };
    const entry = { stream, type: 'case.exported', actor: actorLabel(actor), data };
    const { streamSeq } = await appendEntry(sql, entry);
    return { scope: stream, upTo: new Map([[stream, streamSeq]]) };
  });
  yield* exportLines(pool, actor, extent, key);
}

/**
 * The lines of the whole register, the streams in the order of their names and `house` last, ending in the
 * `register.exported` this call appends first, which counts the case streams and holds the root over their ends.
 * Otherwise as `exportCase`. Throws if the actor does not see all.
 */
export async function* exportAll(
  pool: pg.Pool,
  actor: Actor,
  key?: OpeningKey,
): AsyncGenerator<string> {
  const extent = await inTransaction(pool, actor, async (sql) => {
    const seen = await sql.row<{ all: boolean }>('SELECT sees_all() AS all');
    if (seen?.all !== true)
      throw new Error('only who sees the whole group may export the register');
    const heads = await sql.rows<StreamHead>(
      `SELECT stream, seq AS "streamSeq", head AS hash FROM register_stream
       WHERE seq > 0 AND stream <> 'house' ORDER BY stream`,
    );
    const data: JsonObject = {
      cases: heads.length,
      entries: heads.reduce((sum, head) => sum + head.streamSeq, 0),
      heads: Buffer.from(headsRoot(heads)).toString('hex'),
      openings: openingsSaid(key),
    };
    const entry = { stream: 'house', type: 'register.exported', actor: actorLabel(actor), data };
    const { streamSeq } = await appendEntry(sql, entry);
    const upTo = new Map(heads.map((head) => [head.stream, head.streamSeq]));
    return { scope: 'all', upTo: upTo.set('house', streamSeq) };
  });
  yield* exportLines(pool, actor, extent, key);
}

function openingsSaid(key: OpeningKey | undefined): 'included' | 'withheld' {
  return key === undefined ? 'withheld' : 'included';
}

async function* exportLines(
  pool: pg.Pool,
  actor: Actor,
  extent: Extent,
  key: OpeningKey | undefined,
): AsyncGenerator<string> {
  const sum = createHash('sha256');
  let entries = 0;
  let openings = 0;
  const sent = (line: string) => {
    sum.update(line, 'utf8').update('\n');
    return line;
  };
  yield sent(canonicalJson({ export: { scope: extent.scope, v: 1 } }));
  let after: Place | null = { stream: '', streamSeq: 0 };
  while (after !== null) {
    const from: Place = after;
    const page: Page = await inTransaction(pool, actor, (sql) => readPage(sql, extent, from, key));
    for (const line of page.lines) yield sent(line);
    entries += page.entries;
    openings += page.lines.length - page.entries;
    after = page.after;
  }
  yield canonicalJson({ end: { entries, openings, sha256: sum.digest('hex') } });
}

interface Place {
  readonly stream: string;
  readonly streamSeq: number;
}

interface Page {
  readonly lines: readonly string[];
  readonly entries: number;
  /** Where the next page begins; null when there is none. */
  readonly after: Place | null;
}

async function readPage(
  sql: Sql,
  extent: Extent,
  after: Place,
  key: OpeningKey | undefined,
): Promise<Page> {
  const range = [after.stream, after.streamSeq, extent.scope];
  const rows = await sql.rows<Place & { leaf: Uint8Array }>(
    `SELECT stream, stream_seq AS "streamSeq", leaf FROM register_entry
     WHERE (stream, stream_seq) > ($1, $2) AND ($3 = 'all' OR stream = $3)
     ORDER BY stream, stream_seq LIMIT $4`,
    [...range, pageSize],
  );
  const last = rows.at(-1);
  const openings =
    key === undefined || last === undefined
      ? new Map<string, string[]>()
      : await readOpenings(sql, key, range, last);
  const inside = rows.filter((row) => row.streamSeq <= (extent.upTo.get(row.stream) ?? 0));
  const lines = inside.flatMap((row) => [
    Buffer.from(row.leaf).toString('utf8'),
    ...(openings.get(placeKey(row)) ?? []),
  ]);
  const more = last !== undefined && rows.length === pageSize;
  return { lines, entries: inside.length, after: more ? last : null };
}

async function readOpenings(
  sql: Sql,
  key: OpeningKey,
  range: readonly unknown[],
  last: Place,
): Promise<Map<string, string[]>> {
  const rows = await sql.rows<SealedOpening>(
    `SELECT stream, stream_seq AS "streamSeq", field, key_id AS "keyId", sealed FROM register_opening
     WHERE (stream, stream_seq) > ($1, $2) AND ($3 = 'all' OR stream = $3) AND (stream, stream_seq) <= ($4, $5)
     ORDER BY stream, stream_seq, field`,
    [...range, last.stream, last.streamSeq],
  );
  const lines = new Map<string, string[]>();
  for (const row of rows) {
    const { salt, value } = unsealOpening(key, row);
    const { stream, streamSeq, field } = row;
    const opening = { field, salt: Buffer.from(salt).toString('base64'), stream, streamSeq, value };
    const line = canonicalJson({ opening });
    const sofar = lines.get(placeKey(row));
    if (sofar === undefined) lines.set(placeKey(row), [line]);
    else sofar.push(line);
  }
  return lines;
}

function placeKey({ stream, streamSeq }: Place): string {
  return `${stream} ${String(streamSeq)}`;
}
