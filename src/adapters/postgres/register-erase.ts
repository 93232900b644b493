/** Erases personal values from the register: the opening goes, the commitment stays and tells nothing any more. */
import { appendEntry, type Appended } from './register.ts';
import type { Sql } from './sql.ts';

export interface Erasure {
  readonly stream: string;
  readonly actor: string;
  /** Why, as a citation or a policy: `gdpr/17/1`, `retention`. */
  readonly basis: string;
  readonly fields: readonly { readonly streamSeq: number; readonly field: string }[];
}

/**
 * Deletes the openings for good and appends `personal-data.erased`, without which a verifier takes a missing opening
 * for a loss. Fields already erased are passed over; undefined when none was left.
 */
export async function eraseOpenings(sql: Sql, erasure: Erasure): Promise<Appended | undefined> {
  const { stream, actor, basis, fields } = erasure;
  const erases = await sql.rows<{ streamSeq: number; field: string }>(
    `DELETE FROM register_opening o
     USING unnest($2::int[], $3::text[]) AS w (stream_seq, field)
     WHERE o.stream = $1 AND o.stream_seq = w.stream_seq AND o.field = w.field
     RETURNING o.stream_seq AS "streamSeq", o.field`,
    [stream, fields.map((field) => field.streamSeq), fields.map((field) => field.field)],
  );
  if (erases.length === 0) return undefined;
  return await appendEntry(sql, {
    stream,
    type: 'personal-data.erased',
    actor,
    data: { basis, erases },
  });
}
