/** Whom a notice is known to have reached, by what evidence, and at which other address somebody is to be tried. */
import type { LockedDelivery, NoticeStore, RecipientStanding } from '../../domain/notice-ports.ts';
import type { Sql } from './sql.ts';

type ReachStore = Pick<
  NoticeStore,
  | 'addReceipt'
  | 'customerToCall'
  | 'recipient'
  | 'lockDelivery'
  | 'addLateBounce'
  | 'addCorrection'
  | 'corrections'
>;

export function reachStore(sql: Sql): ReachStore {
  return {
    async addReceipt({ covers = [], told = null, ...row }) {
      await sql.run(
        `INSERT INTO receipt (case_id, notice_id, kind, evidence, received_at, recorded_by, told, covers, reference, document_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7,
           CASE WHEN $8::text[] IS NULL THEN ARRAY(SELECT recipient_key FROM untold($2)) ELSE $8 END, $9, $10)`,
        [
          row.caseId,
          row.noticeId,
          row.kind,
          row.evidence,
          row.receivedAt,
          row.by,
          told,
          covers === 'untold' ? null : covers,
          row.reference ?? null,
          row.documentId ?? null,
        ],
      );
    },
    async customerToCall(noticeId) {
      const row = await sql.row<{ customer: string; phone: string | null; afterMinutes: number }>(
        `SELECT c.name AS customer, c.contact_phone AS phone, p.telephone_after_minutes AS "afterMinutes"
         FROM doubt_policy p, notice n JOIN obligation o ON o.id = n.obligation_id
         JOIN customer c ON c.key = o.recipient_key AND c.until IS NULL
         WHERE n.id = $1 AND n.recipient_kind = 'controller'`,
        [noticeId],
      );
      return row ?? null;
    },
    async recipient(noticeId, recipientKey) {
      const row = await sql.row<RecipientStanding>(
        `SELECT d.state, d.address,
           EXISTS (SELECT 1 FROM told($1) t WHERE t.recipient_key = $2) AS "isTold",
           EXISTS (SELECT 1 FROM delivery m WHERE m.notice_id = $1 AND m.recipient_key = $2
             AND m.state IN ('at-dot', 'in-doubt', 'abandoned')) AS "mayHoldCopy"
         FROM delivery d JOIN notice_version v ON v.id = d.version_id
         WHERE d.notice_id = $1 AND d.recipient_key = $2 ORDER BY v.version DESC, d.resend_no DESC LIMIT 1`,
        [noticeId, recipientKey],
      );
      return row ?? null;
    },
    async lockDelivery(deliveryId) {
      await sql.run(
        'SELECT 1 FROM notice WHERE id = (SELECT notice_id FROM delivery WHERE id = $1) FOR UPDATE',
        [deliveryId],
      );
      const row = await sql.row<LockedDelivery>(
        `SELECT d.id AS "deliveryId", d.case_id AS "caseId", d.notice_id AS "noticeId", d.state,
           EXISTS (SELECT 1 FROM late_bounce b WHERE b.delivery_id = d.id) AS "cameBack"
         FROM delivery d WHERE d.id = $1`,
        [deliveryId],
      );
      return row ?? null;
    },
    async addLateBounce(row) {
      await sql.run(
        `INSERT INTO late_bounce (delivery_id, case_id, notice_id, evidence, bounced_at, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [row.deliveryId, row.caseId, row.noticeId, row.evidence, row.bouncedAt, row.by],
      );
    },
    async addCorrection(row) {
      await sql.run(
        `INSERT INTO corrected_address (case_id, notice_id, recipient_key, address, reason, person_id)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [row.caseId, row.noticeId, row.recipientKey, row.address, row.reason, row.personId],
      );
    },
    async corrections(noticeId) {
      const rows = await sql.rows<{ recipientKey: string; address: string }>(
        `SELECT DISTINCT ON (recipient_key) recipient_key AS "recipientKey", address FROM corrected_address
         WHERE notice_id = $1 AND recipient_key NOT IN (SELECT t.recipient_key FROM told($1) t)
         ORDER BY recipient_key, id DESC`,
        [noticeId],
      );
      return new Map(rows.map(({ recipientKey, address }) => [recipientKey, address]));
    },
  };
}
