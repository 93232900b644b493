/** Notices, their addressees, approvals and releases in PostgreSQL. */
import type { Notice } from '../../domain/notice.ts';
import type { NoticeStore } from '../../domain/notice-ports.ts';
import { customersByKey, seenAt, subjectsPage } from './catalogue.ts';
import { deliveryStore } from './delivery-store.ts';
import { reachStore } from './reach-store.ts';
import { versionStore } from './notice-version-store.ts';
import type { Sql } from './sql.ts';

/** The columns of a notice under the names the domain uses; `n` is the table's alias. */
export const noticeColumns = `n.id AS "noticeId", n.case_id AS "caseId", n.obligation_id AS "obligationId",
  n.recipient_kind AS "recipientKind", n.phase, n.part, n.refers_to AS "refersTo", n.cause, n.channel, n.state, n.version`;

/** Everything the notice side asks of PostgreSQL, inside one transaction. */
export function noticeStore(sql: Sql): NoticeStore {
  return {
    ...notices(sql),
    ...addressees(sql),
    ...versionStore(sql),
    ...review(sql),
    ...deliveryStore(sql),
    ...reachStore(sql),
  };
}

type Notices = Pick<
  NoticeStore,
  'create' | 'lock' | 'read' | 'idsOfCase' | 'openIds' | 'setState' | 'setChannel'
>;

function notices(sql: Sql): Notices {
  const one = async (condition: string, id: string): Promise<Notice | null> =>
    (await sql.row<Notice>(`SELECT ${noticeColumns} FROM notice n WHERE ${condition}`, [id])) ??
    null;
  const ids = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id);
  return {
    async create(rows) {
      if (rows.length === 0) return [];
      return sql.rows<Notice>(
        `WITH made AS (
           INSERT INTO notice (case_id, mode, obligation_id, recipient_kind, phase, part, refers_to, cause, target_at, channel, state)
           SELECT c.id, c.mode, r."obligationId", r."recipientKind", r.phase, coalesce(r.part, 1), r."refersTo", r.cause, r."targetAt",
             r.channel, 'drafting'
           FROM jsonb_to_recordset($1) AS r("caseId" uuid, "obligationId" uuid, "recipientKind" text, phase text, part int,
             "refersTo" uuid, cause text, "targetAt" timestamptz, channel text)
           JOIN case_file c ON c.id = r."caseId"
           ON CONFLICT DO NOTHING
           RETURNING *)
         SELECT ${noticeColumns} FROM made n ORDER BY n.id`,
        [JSON.stringify(rows)],
      );
    },
    lock: (noticeId) => one('n.id = $1 FOR UPDATE', noticeId),
    read: (noticeId) => one('n.id = $1', noticeId),
    async idsOfCase(caseId, states) {
      return ids(
        await sql.rows(
          'SELECT id FROM notice WHERE case_id = $1 AND state = ANY ($2) ORDER BY id',
          [caseId, states],
        ),
      );
    },
    async openIds(afterId, limit) {
      return ids(
        await sql.rows(
          `SELECT id FROM notice WHERE state NOT IN ('dispatched', 'cancelled') AND ($1::uuid IS NULL OR id > $1)
           ORDER BY id LIMIT $2`,
          [afterId, limit],
        ),
      );
    },
    async setState(noticeId, state) {
      await sql.run('UPDATE notice SET state = $2 WHERE id = $1', [noticeId, state]);
    },
    async setChannel(noticeId, channel) {
      await sql.run('UPDATE notice SET channel = $2 WHERE id = $1', [noticeId, channel]);
    },
  };
}

function addressees(
  sql: Sql,
): Pick<NoticeStore, 'customer' | 'customerCountries' | 'productNames' | 'subjects'> {
  return {
    async customer(customerKey, catalogueVersion) {
      const [found] = await customersByKey(sql, [customerKey], catalogueVersion);
      return found === undefined
        ? null
        : { name: found.name, confirmed: found.contactConfirmedBy !== null };
    },
    async customerCountries(keys, catalogueVersion) {
      const rows = await sql.rows<{ country: string }>(
        `SELECT DISTINCT country FROM customer c WHERE c.key = ANY ($1) AND ${seenAt('c', '$2')} ORDER BY country`,
        [keys, catalogueVersion],
      );
      return rows.map(({ country }) => country);
    },
    async productNames(keys, catalogueVersion) {
      const rows = await sql.rows<{ key: string; name: string }>(
        `SELECT key, name FROM product p WHERE p.key = ANY ($1) AND ${seenAt('p', '$2')}`,
        [keys, catalogueVersion],
      );
      return new Map(rows.map(({ key, name }) => [key, name]));
    },
    async subjects(caseId, processingKey, afterKey, limit) {
      const people = await subjectsPage(sql, caseId, processingKey, afterKey, limit);
      return people.map(({ key, name, email, language }) => ({
        subjectKey: key,
        name,
        email,
        language,
      }));
    },
  };
}

type Review = Pick<
  NoticeStore,
  'approve' | 'approvals' | 'release' | 'note' | 'authorityReference'
>;

function review(sql: Sql): Review {
  return {
    async approve(row) {
      const written = await sql.run(
        `INSERT INTO approval (version_id, case_id, digest, person_id, set_root) VALUES ($1, $2, decode($3, 'hex'), $4, $5)
         ON CONFLICT (version_id, person_id) DO NOTHING`,
        [
          row.versionId,
          row.caseId,
          row.digest,
          row.personId,
          row.setRoot === null ? null : Buffer.from(row.setRoot),
        ],
      );
      return written === 1 ? 'approved' : 'already-approved';
    },
    async approvals(versionId) {
      const row = await sql.row<{ counted: number; needed: number }>(
        'SELECT approvers_counted($1) AS counted, coalesce(approvers_needed($1), 1) AS needed',
        [versionId],
      );
      if (row === undefined) throw new Error('counting approvals gave no row');
      return row;
    },
    async release(versionId, caseId, digest, needed) {
      const rows = await sql.run(
        `WITH r AS (
           INSERT INTO release (version_id, case_id, digest, basis, approvals_needed)
           VALUES ($1, $2, decode($3, 'hex'), 'approvals', $4) RETURNING id)
         SELECT id FROM r`,
        [versionId, caseId, digest, needed],
      );
      if (rows !== 1) throw new Error('the release was not written');
      return {
        rows: await sql.run(
          `UPDATE delivery d SET state = 'pending', release_id = r.id FROM release r
           WHERE r.version_id = $1 AND d.version_id = $1 AND d.state = 'prepared'`,
          [versionId],
        ),
      };
    },
    async note(row) {
      await sql.run(
        `INSERT INTO review_note (case_id, notice_id, version, kind, text, person_id) VALUES ($1, $2, $3, $4, $5, $6)`,
        [row.caseId, row.noticeId, row.version, row.kind, row.text, row.personId],
      );
    },
    async authorityReference(caseId, authorityId) {
      const row = await sql.row<{ reference: string }>(
        `SELECT r.reference FROM receipt r JOIN notice n ON n.id = r.notice_id JOIN obligation o ON o.id = n.obligation_id
         WHERE r.case_id = $1 AND o.authority ->> 'authorityId' = $2 AND r.reference IS NOT NULL
         ORDER BY r.id DESC LIMIT 1`,
        [caseId, authorityId],
      );
      return row?.reference ?? null;
    },
  };
}
