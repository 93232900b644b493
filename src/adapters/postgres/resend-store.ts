/** Copies sent again and the clause that lets a machine do so, in PostgreSQL. */
import type { ResendClause, ResendStore, StandingCopy } from '../../domain/resend-ports.ts';
import type { Sql } from './sql.ts';

export function resendStore(sql: Sql): ResendStore {
  return { ...copies(sql), ...clauses(sql) };
}

type Copies = Pick<ResendStore, 'lockCopy' | 'dueByClause' | 'add' | 'putOff' | 'cancelLater'>;

function copies(sql: Sql): Copies {
  return {
    async lockCopy(deliveryId) {
      // The notice first, as everywhere: what ends it at this moment waits, or has ended it before.
      await sql.run(
        'SELECT 1 FROM notice WHERE id = (SELECT notice_id FROM delivery WHERE id = $1) FOR UPDATE',
        [deliveryId],
      );
      return (await sql.row<StandingCopy>(standingCopy, [deliveryId])) ?? null;
    },
    dueByClause: (noticeId) =>
      sql.rows(
        `SELECT c.delivery_id AS "deliveryId", k.id AS "clauseId", ARRAY[k.proposed_by, k.signed_by]::text[] AS signers
         FROM resends_by_clause($1) c
         CROSS JOIN LATERAL (SELECT * FROM resend_clause WHERE resend_clause_stands(id) ORDER BY signed_at DESC LIMIT 1) k
         WHERE c.at <= clock_timestamp() ORDER BY c.delivery_id`,
        [noticeId],
      ),
    async add({ deliveryId, original, leave, reason, segments, messageId, mimeSha256, mimeBytes }) {
      const byPerson = leave.basis === 'person';
      await sql.run(
        `INSERT INTO resend (delivery_id, original_id, case_id, notice_id, basis, person_id, clause_id, signers, reason,
           segments, mime_sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::uuid[], $9, $10, $11)`,
        [
          deliveryId,
          original.deliveryId,
          original.caseId,
          original.noticeId,
          leave.basis,
          byPerson ? leave.personId : null,
          byPerson ? null : leave.clauseId,
          byPerson ? [] : leave.signers,
          reason,
          JSON.stringify(segments),
          Buffer.from(mimeSha256),
        ],
      );
      await sql.run(
        `INSERT INTO delivery (id, notice_id, version_id, case_id, mode, transport, recipient_key, address, language, merge,
           message_id, mime_sha256, mime_bytes, resend_no, state, release_id)
         SELECT $2, notice_id, version_id, case_id, mode, transport, recipient_key, address, language, merge, $3, $4, $5,
           resend_no + 1, 'pending', release_id FROM delivery WHERE id = $1`,
        [original.deliveryId, deliveryId, messageId, Buffer.from(mimeSha256), mimeBytes],
      );
    },
    async putOff(deliveryId, seconds) {
      await sql.run(
        `UPDATE delivery SET next_attempt_at = clock_timestamp() + make_interval(secs => $2)
         WHERE id = $1 AND state = 'in-doubt'`,
        [deliveryId, seconds],
      );
    },
    cancelLater: (deliveryId) =>
      sql.run(
        `UPDATE delivery d SET state = 'cancelled', attempt_id = NULL, lease_until = NULL, ended_at = clock_timestamp()
         FROM delivery o WHERE o.id = $1 AND d.version_id = o.version_id AND d.recipient_key = o.recipient_key
           AND d.resend_no > o.resend_no AND d.state IN ('pending', 'retry', 'claimed')`,
        [deliveryId],
      ),
  };
}

const standingCopy = `
  SELECT d.id AS "deliveryId", d.case_id AS "caseId", d.notice_id AS "noticeId", n.state AS "noticeState",
    n.recipient_kind AS "recipientKind", n.phase, v.superseded_at IS NULL AS "isLive", d.recipient_key AS "recipientKey",
    d.address, d.language, d.merge, d.state, d.resend_no AS "resendNo", d.message_id AS "messageId",
    f.message_id AS "firstMessageId", d.mime_sha256 AS "mimeSha256", v.sender, w.subject, w.segments, v.content,
    (d.at_dot_at + interval '15 minutes')::timestamptz(3) AS "resendableAt"
  FROM delivery d JOIN notice n ON n.id = d.notice_id JOIN notice_version v ON v.id = d.version_id
  JOIN notice_variant w ON w.version_id = d.version_id AND w.language = d.language
  JOIN delivery f ON f.version_id = d.version_id AND f.recipient_key = d.recipient_key AND f.resend_no = 0
  WHERE d.id = $1 AND NOT EXISTS (SELECT 1 FROM delivery c WHERE c.version_id = d.version_id
    AND c.recipient_key = d.recipient_key AND c.resend_no > d.resend_no)`;

const clauseRows = `
  SELECT k.id AS "clauseId", k.reason, actor_name('person/' || k.proposed_by) AS "proposedBy", k.proposed_at AS "proposedAt",
    CASE WHEN k.signed_by IS NULL THEN NULL ELSE actor_name('person/' || k.signed_by) END AS "signedBy", k.signed_at AS "signedAt",
    CASE WHEN k.revoked_by IS NULL THEN NULL ELSE actor_name('person/' || k.revoked_by) END AS "revokedBy",
    k.revoked_at AS "revokedAt", resend_clause_stands(k.id) AS stands
  FROM resend_clause k`;

type Clauses = Omit<ResendStore, keyof Copies>;

function clauses(sql: Sql): Clauses {
  return {
    async propose(clauseId, personId, reason) {
      await sql.run('INSERT INTO resend_clause (id, reason, proposed_by) VALUES ($1, $2, $3)', [
        clauseId,
        reason,
        personId,
      ]);
    },
    async sign(clauseId, personId) {
      const signed = await sql.run(
        `UPDATE resend_clause SET signed_by = $2, signed_at = clock_timestamp()
         WHERE id = $1 AND signed_by IS NULL AND revoked_by IS NULL AND proposed_by <> $2`,
        [clauseId, personId],
      );
      return signed === 1;
    },
    async revoke(clauseId, personId) {
      const revoked = await sql.run(
        `UPDATE resend_clause SET revoked_by = $2, revoked_at = clock_timestamp() WHERE id = $1 AND revoked_by IS NULL`,
        [clauseId, personId],
      );
      return revoked === 1;
    },
    async clause(clauseId) {
      return (await sql.row<ResendClause>(`${clauseRows} WHERE k.id = $1`, [clauseId])) ?? null;
    },
    clauses: () =>
      sql.rows<ResendClause>(`${clauseRows} ORDER BY k.proposed_at DESC, k.id LIMIT 100`),
    async noticesInDoubt() {
      const rows = await sql.rows<{ id: string }>(
        `SELECT n.id FROM notice n WHERE n.state = 'released' AND n.recipient_kind = 'authority'
           AND EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = n.id AND d.state = 'in-doubt') ORDER BY n.id LIMIT 1000`,
      );
      return rows.map(({ id }) => id);
    },
  };
}
