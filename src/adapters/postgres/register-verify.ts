/** Verifies the stored register from inside: every leaf, every chain, every end, every place. */
import { entryFaults, same, type StoredEntry, type StreamHead } from '../../register/chain.ts';
import type { Sql } from './sql.ts';

interface RegisterFault {
  readonly stream: string;
  /** The entry at fault; 0 when the fault is of the whole stream. */
  readonly streamSeq: number;
  readonly fault: string;
}

export interface Verification {
  readonly ok: boolean;
  readonly entries: number;
  readonly streams: number;
  /** All that is wrong, the first 100 of it. */
  readonly faults: readonly RegisterFault[];
}

const pageSize = 1_000;
const faultLimit = 100;

/**
 * Reads all the actor may see, page by page, and names each entry that was altered, removed, moved or cut off.
 * Whoever can rewrite a whole stream with its end is found only by a checkpoint held outside.
 */
export async function verifyRegister(sql: Sql): Promise<Verification> {
  const found: Found = { faults: [], entries: 0, streams: 0, last: null };
  // Read first: streams may grow while they are read, but never end before these.
  const ends = await readEnds(sql);
  for await (const entry of storedEntries(sql)) {
    if (found.last?.stream !== entry.stream) {
      endStream(found, ends);
      found.streams++;
    }
    checkEntry(found, entry, ends.get(entry.stream));
    found.last = { stream: entry.stream, streamSeq: entry.streamSeq, hash: entry.leafHash };
    found.entries++;
  }
  endStream(found, ends);
  for (const { stream, streamSeq } of ends.values()) {
    note(found, stream, streamSeq, 'the whole stream is missing');
  }
  for (const fault of await placeFaults(sql))
    note(found, fault.stream, fault.streamSeq, fault.fault);
  const { entries, streams, faults } = found;
  return { ok: faults.length === 0, entries, streams, faults };
}

interface Found {
  readonly faults: RegisterFault[];
  entries: number;
  streams: number;
  /** The end of the stream being read; null before the next one begins. */
  last: StreamHead | null;
}

function note(found: Found, stream: string, streamSeq: number, fault: string): void {
  if (found.faults.length < faultLimit) found.faults.push({ stream, streamSeq, fault });
}

function checkEntry(found: Found, entry: StoredEntry, end: StreamHead | undefined): void {
  for (const fault of entryFaults(found.last, entry)) {
    note(found, entry.stream, entry.streamSeq, fault);
  }
  if (end?.streamSeq === entry.streamSeq && !same(end.hash, entry.leafHash)) {
    note(found, entry.stream, entry.streamSeq, 'is not the end its stream recorded');
  }
}

function endStream(found: Found, ends: Map<string, StreamHead>): void {
  const { last } = found;
  found.last = null;
  if (last === null) return;
  const end = ends.get(last.stream);
  ends.delete(last.stream);
  if (end !== undefined && end.streamSeq > last.streamSeq) {
    const missing = `entries ${String(last.streamSeq + 1)} to ${String(end.streamSeq)} are missing`;
    note(found, last.stream, end.streamSeq, missing);
  }
}

async function readEnds(sql: Sql): Promise<Map<string, StreamHead>> {
  const ends = await sql.rows<StreamHead>(
    `SELECT stream, seq AS "streamSeq", head AS hash FROM register_stream WHERE seq > 0`,
  );
  return new Map(ends.map((end) => [end.stream, end]));
}

async function* storedEntries(sql: Sql): AsyncGenerator<StoredEntry> {
  let after: { stream: string; streamSeq: number } = { stream: '', streamSeq: 0 };
  for (;;) {
    const page = await sql.rows<StoredEntry>(
      `SELECT stream, stream_seq AS "streamSeq", prev, leaf, leaf_hash AS "leafHash", type, at
       FROM register_entry WHERE (stream, stream_seq) > ($1, $2)
       ORDER BY stream, stream_seq LIMIT $3`,
      [after.stream, after.streamSeq, pageSize],
    );
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last;
  }
}

// Places run without gaps from 0, keep the order of each stream, and every entry has one or waits for one.
async function placeFaults(sql: Sql): Promise<RegisterFault[]> {
  return await sql.rows<RegisterFault>(
    `WITH placed AS (
       SELECT e.stream, e.stream_seq, p.position, u.entry_id AS waiting,
              lag(p.position) OVER (PARTITION BY e.stream ORDER BY e.stream_seq) AS earlier,
              lag(e.stream_seq) OVER (PARTITION BY e.stream ORDER BY e.stream_seq) AS earlier_seq
       FROM register_entry e
       LEFT JOIN register_position p ON p.entry_id = e.id
       LEFT JOIN register_unsequenced u ON u.entry_id = e.id
     ), fault AS (
       SELECT stream, stream_seq, 'neither has a place nor waits for one' AS fault
       FROM placed WHERE position IS NULL AND waiting IS NULL
       UNION ALL
       SELECT stream, stream_seq, 'stands before an earlier entry of its stream'
       FROM placed WHERE position < earlier OR (earlier IS NULL AND earlier_seq IS NOT NULL AND position IS NOT NULL)
       UNION ALL
       SELECT 'house', 0, 'places have gaps'
       FROM (SELECT count(*) AS n, max(position) AS last FROM register_position) p WHERE n <> coalesce(last + 1, 0)
     )
     SELECT stream, stream_seq AS "streamSeq", fault FROM fault ORDER BY stream, stream_seq LIMIT $1`,
    [faultLimit],
  );
}
