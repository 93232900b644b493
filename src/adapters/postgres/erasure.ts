/** Erases what names people in a closed case: of deliveries, contacts, people reached, events, and the register's openings. */
import type { CaseErasure } from '../../domain/case.ts';
import { eraseOpenings } from './register-erase.ts';
import type { Sql } from './sql.ts';

/**
 * Digests, states and counts stay: what was sent, when and how it ended can still be proven. Null, and nothing erased,
 * while a delivery of the case has not ended.
 */
export async function eraseCasePersons(
  sql: Sql,
  { caseId, actor, basis }: { caseId: string; actor: string; basis: string },
): Promise<CaseErasure | null> {
  // What stayed in doubt because a further copy went out will not be learned any more.
  await sql.run(
    `UPDATE delivery d SET state = 'abandoned', attempt_id = NULL, ended_at = clock_timestamp()
     WHERE d.case_id = $1 AND d.state = 'in-doubt' AND EXISTS (SELECT 1 FROM resend r WHERE r.original_id = d.id)`,
    [caseId],
  );
  const running = await sql.row(
    `SELECT 1 FROM delivery WHERE case_id = $1
       AND state NOT IN ('sent', 'bounced', 'suppressed', 'cancelled', 'abandoned') LIMIT 1`,
    [caseId],
  );
  if (running !== undefined) return null;
  const deliveries = await sql.run(
    `UPDATE delivery SET address = 'erased@erased.invalid', merge = '{}', reply = NULL, erased_at = clock_timestamp()
     WHERE case_id = $1 AND erased_at IS NULL`,
    [caseId],
  );
  await sql.run(
    `UPDATE delivery_event SET reply_sha256 = sha256(convert_to(reply, 'UTF8')), reply = NULL
     WHERE case_id = $1 AND reply IS NOT NULL`,
    [caseId],
  );
  await sql.run(
    `UPDATE corrected_address SET address = 'erased@erased.invalid', reason = 'erased' WHERE case_id = $1`,
    [caseId],
  );
  await sql.run(`UPDATE late_bounce SET evidence = 'erased' WHERE case_id = $1`, [caseId]);
  await sql.run('UPDATE receipt SET told = $2 WHERE case_id = $1 AND told IS NOT NULL', [
    caseId,
    'erased',
  ]);
  const contacts = await sql.run(
    'UPDATE case_exposure SET contact = NULL WHERE case_id = $1 AND contact IS NOT NULL',
    [caseId],
  );
  const subjects = await sql.run('DELETE FROM case_subject WHERE case_id = $1', [caseId]);
  const events = await sql.run(
    'UPDATE inbound_event SET body = NULL WHERE case_id = $1 AND body IS NOT NULL',
    [caseId],
  );
  const stream = `case/${caseId}`;
  const fields = await sql.rows<{ streamSeq: number; field: string }>(
    `SELECT stream_seq AS "streamSeq", field FROM register_opening WHERE stream = $1 ORDER BY stream_seq, field`,
    [stream],
  );
  await eraseOpenings(sql, { stream, actor, basis, fields });
  return { deliveries, contacts, subjects, events, openings: fields.length };
}
