/** Gives committed entries their place in the one tree over all streams. */
import type { Sql } from './sql.ts';

export interface Positioned {
  readonly position: number;
  readonly entryId: string;
}

/**
 * Places up to `limit` waiting entries, without gaps from 0 on and never an entry before an earlier one of its stream.
 * Runs as `tocsin_watch`, with an actor who sees all; a second sequencer waits for the first.
 */
export async function sequence(sql: Sql, limit: number): Promise<Positioned[]> {
  await sql.run(`SELECT pg_advisory_xact_lock(hashtext('tocsin.register_position'))`);
  // A stream's lock is held until commit, so what is seen of a stream has no hole. Time alone would not keep its
  // order, since clocks are set back: the latest time reached so far in the stream does.
  const placed = await sql.rows<Positioned>(
    `WITH waiting AS (
       SELECT e.id, e.stream, e.stream_seq,
              max(e.at) OVER (PARTITION BY e.stream ORDER BY e.stream_seq) AS reached_at
       FROM register_unsequenced u JOIN register_entry e ON e.id = u.entry_id
     ), next AS (
       SELECT id, row_number() OVER (ORDER BY reached_at, stream, stream_seq) AS n
       FROM waiting ORDER BY n LIMIT $1
     ), taken AS (
       DELETE FROM register_unsequenced u USING next WHERE u.entry_id = next.id
     )
     INSERT INTO register_position (position, entry_id)
     SELECT (SELECT coalesce(max(position), -1) FROM register_position) + n, id FROM next ORDER BY n
     RETURNING position, entry_id AS "entryId"`,
    [limit],
  );
  return placed.sort((a, b) => a.position - b.position);
}
