/** Copies in doubt as a person looks at them: which there are, and one digest that says whether they are still the same. */
import type { Doubts } from '../../domain/notice-ports.ts';
import type { Sql } from './sql.ts';

/**
 * Only the newest copy speaks for a recipient, unless another one is known to have arrived. Few notices have further
 * copies: for the others the first condition ends the question.
 */
export const speaks = `NOT (d.recipient_key = ANY (ARRAY(SELECT c.recipient_key FROM delivery c JOIN resend r ON r.delivery_id = c.id
    WHERE r.notice_id = $1))
  AND EXISTS (SELECT 1 FROM delivery s WHERE s.version_id = d.version_id AND s.recipient_key = d.recipient_key AND s.id <> d.id
    AND (CASE WHEN d.state = 'sent' THEN s.state = 'sent' AND s.resend_no < d.resend_no
              ELSE s.state = 'sent' OR s.resend_no > d.resend_no END)))`;

/** The deliveries of a notice that wait for a person, with the digest over their ids. */
export async function doubtsOf(sql: Sql, noticeId: string): Promise<Doubts> {
  const row = await sql.row<{ ids: string[]; digest: string }>(
    `SELECT coalesce(array_agg(d.id ORDER BY d.id), '{}')::text[] AS ids,
       encode(sha256(convert_to(coalesce(string_agg(d.id::text, ' ' ORDER BY d.id), ''), 'UTF8')), 'hex') AS digest
     FROM delivery d WHERE d.notice_id = $1 AND d.state = 'in-doubt' AND ${speaks}`,
    [noticeId],
  );
  if (row === undefined) throw new Error('an aggregate gave no row');
  return { deliveryIds: row.ids, digest: row.digest };
}
