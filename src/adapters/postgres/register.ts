/** Appends to the register inside the transaction of the change it records. */
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Instant } from '../../domain/instant.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { commit, saltBytes, type Opening } from '../../register/commitment.ts';
import { makeLeaf } from '../../register/leaf.ts';
import { sealOpening, type OpeningKey } from './register-opening.ts';
import type { Sql } from './sql.ts';

export interface Entry {
  /** `case/<uuid>` or `house`. */
  readonly stream: string;
  /** `<noun>.<past verb>`. */
  readonly type: string;
  /** `actorLabel` of who acts. */
  readonly actor: string;
  readonly data: JsonObject;
  /** Personal values by field: only salted commitments enter the leaf, the openings are sealed beside it. */
  readonly personal?: Readonly<Record<string, JsonValue>>;
}

export interface Appended {
  readonly entryId: string;
  readonly streamSeq: number;
}

interface StreamEnd {
  stream: string;
  seq: number;
  head: Uint8Array | null;
  at: Instant;
}

interface EntryRow extends Appended {
  readonly stream: string;
  readonly prev: Uint8Array | null;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly type: string;
  readonly at: Instant;
  readonly openings: ReadonlyMap<string, Opening>;
}

/**
 * Appends one entry at the end of its stream; it is in the register when the transaction commits. Call it last: the
 * stream stays locked until then. Throws if there are personal values and no key, or the entry has not a leaf's shape.
 */
export async function appendEntry(sql: Sql, entry: Entry, key?: OpeningKey): Promise<Appended> {
  const [appended] = await appendEntries(sql, [entry], key);
  if (appended === undefined) throw new Error('the entry was not appended');
  return appended;
}

/** Appends several entries, in their order, in the same two round trips as one; otherwise as `appendEntry`. */
export async function appendEntries(
  sql: Sql,
  entries: readonly Entry[],
  key?: OpeningKey,
): Promise<Appended[]> {
  if (entries.length === 0) return [];
  if (key === undefined && entries.some(({ personal }) => hasFields(personal))) {
    throw new Error('personal values need the personal-data key, and there is none');
  }
  const ends = await lockStreams(sql, new Set(entries.map((entry) => entry.stream)));
  const rows = entries.map((entry) => extend(ends, entry));
  await insertEntries(sql, rows);
  if (key !== undefined) await insertOpenings(sql, rows, key);
  return rows.map(({ entryId, streamSeq }) => ({ entryId, streamSeq }));
}

function hasFields(personal: Entry['personal']): boolean {
  return personal !== undefined && Object.keys(personal).length > 0;
}

// Streams are locked in one order everywhere, so that two appending transactions cannot wait for each other.
async function lockStreams(
  sql: Sql,
  streams: ReadonlySet<string>,
): Promise<Map<string, StreamEnd>> {
  const ends = await sql.rows<StreamEnd>(
    `SELECT w.stream, l.seq, l.head, l.at
     FROM unnest($1::text[]) AS w (stream) CROSS JOIN LATERAL lock_stream(w.stream) AS l`,
    [[...streams].sort()],
  );
  return new Map(ends.map((end) => [end.stream, end]));
}

function extend(ends: Map<string, StreamEnd>, entry: Entry): EntryRow {
  const { stream, type, actor, data, personal = {} } = entry;
  const end = ends.get(stream);
  if (end === undefined) throw new Error(`stream ${stream} is not locked`);
  const openings = new Map(
    Object.entries(personal).map(([field, value]) => [
      field,
      { salt: randomBytes(saltBytes), value },
    ]),
  );
  const pd = Object.fromEntries(
    [...openings].map(([field, { salt, value }]) => [field, commit(value, salt)]),
  );
  const { at, head: prev } = end;
  const streamSeq = end.seq + 1;
  const prevHex = prev === null ? null : Buffer.from(prev).toString('hex');
  const { bytes, hash } = makeLeaf({
    ts: at,
    stream,
    streamSeq,
    prev: prevHex,
    type,
    actor,
    data,
    pd,
  });
  ends.set(stream, { stream, seq: streamSeq, head: hash, at });
  return { entryId: uuidv7(), stream, streamSeq, prev, bytes, hash, type, at, openings };
}

async function insertEntries(sql: Sql, rows: readonly EntryRow[]): Promise<void> {
  await sql.run(
    `INSERT INTO register_entry (id, stream, stream_seq, prev, leaf, leaf_hash, type, at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bytea[], $5::bytea[], $6::bytea[],
                          $7::text[], $8::timestamptz[])`,
    [
      rows.map((row) => row.entryId),
      rows.map((row) => row.stream),
      rows.map((row) => row.streamSeq),
      rows.map((row) => row.prev),
      rows.map((row) => row.bytes),
      rows.map((row) => row.hash),
      rows.map((row) => row.type),
      rows.map((row) => row.at),
    ],
  );
}

async function insertOpenings(sql: Sql, rows: readonly EntryRow[], key: OpeningKey): Promise<void> {
  const sealed = rows.flatMap(({ stream, streamSeq, openings }) =>
    [...openings].map(([field, opening]) => {
      const place = { stream, streamSeq, field };
      return { ...place, sealed: sealOpening(key, place, opening) };
    }),
  );
  if (sealed.length === 0) return;
  await sql.run(
    `INSERT INTO register_opening (stream, stream_seq, field, sealed, key_id)
     SELECT stream, stream_seq, field, sealed, $5
     FROM unnest($1::text[], $2::int[], $3::text[], $4::bytea[]) AS o (stream, stream_seq, field, sealed)`,
    [
      sealed.map((row) => row.stream),
      sealed.map((row) => row.streamSeq),
      sealed.map((row) => row.field),
      sealed.map((row) => row.sealed),
      key.id,
    ],
  );
}
