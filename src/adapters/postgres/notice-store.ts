/** Notices, their frozen versions, approvals and releases in PostgreSQL. */
import type { Notice, NoticeVersion } from '../../domain/notice.ts';
import type { FrozenRecipient, NewVersion, NoticeStore } from '../../domain/notice-ports.ts';
import { customersByKey, seenAt, subjectsPage } from './catalogue.ts';
import { deliveryStore } from './delivery-store.ts';
import type { Sql } from './sql.ts';

const noticeColumns = `n.id AS "noticeId", n.case_id AS "caseId", n.obligation_id AS "obligationId",
  n.recipient_kind AS "recipientKind", n.phase, n.channel, n.state, n.version`;

const versionColumns = `v.id AS "versionId", v.version, v.author, encode(v.digest, 'hex') AS digest, v.sender, v.subject,
  v.content, v.group_key AS "groupKey", v.recipient_count AS "recipientCount",
  encode(v.recipient_root, 'hex') AS "recipientRoot", v.facts_version AS "factsVersion", v.frozen_at AS "frozenAt"`;

/** Everything the notice side asks of PostgreSQL, inside one transaction. */
export function noticeStore(sql: Sql): NoticeStore {
  return { ...notices(sql), ...addressees(sql), ...versions(sql), ...review(sql), ...deliveryStore(sql) };
}

type Notices = Pick<NoticeStore, 'create' | 'lock' | 'read' | 'idsOfCase' | 'openIds' | 'setState' | 'setChannel'>;

function notices(sql: Sql): Notices {
  const one = async (condition: string, id: string): Promise<Notice | null> =>
    (await sql.row<Notice>(`SELECT ${noticeColumns} FROM notice n WHERE ${condition}`, [id])) ?? null;
  const ids = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id);
  return {
    async create(rows) {
      if (rows.length === 0) return [];
      return sql.rows<Notice>(
        `WITH made AS (
           INSERT INTO notice (case_id, mode, obligation_id, recipient_kind, phase, channel, state)
           SELECT c.id, c.mode, r."obligationId", r."recipientKind", r.phase, r.channel, 'drafting'
           FROM jsonb_to_recordset($1) AS r("caseId" uuid, "obligationId" uuid, "recipientKind" text, phase text, channel text)
           JOIN case_file c ON c.id = r."caseId"
           ON CONFLICT (obligation_id, phase) WHERE state <> 'cancelled' DO NOTHING
           RETURNING *)
         SELECT ${noticeColumns} FROM made n ORDER BY n.id`,
        [JSON.stringify(rows)],
      );
    },
    lock: (noticeId) => one('n.id = $1 FOR UPDATE', noticeId),
    read: (noticeId) => one('n.id = $1', noticeId),
    async idsOfCase(caseId, states) {
      return ids(
        await sql.rows('SELECT id FROM notice WHERE case_id = $1 AND state = ANY ($2) ORDER BY id', [caseId, states]),
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

function addressees(sql: Sql): Pick<NoticeStore, 'customer' | 'productNames' | 'subjects'> {
  return {
    async customer(customerKey, catalogueVersion) {
      const [found] = await customersByKey(sql, [customerKey], catalogueVersion);
      return found === undefined ? null : { name: found.name, confirmed: found.contactConfirmedBy !== null };
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
      return people.map(({ key, name, email, language }) => ({ subjectKey: key, name, email, language }));
    },
  };
}

function versions(sql: Sql): Pick<NoticeStore, 'freeze' | 'liveVersion'> {
  return {
    async freeze(version, onProgress) {
      const { noticeId } = version.notice;
      await sql.run(
        'UPDATE notice_version SET superseded_at = clock_timestamp() WHERE notice_id = $1 AND superseded_at IS NULL',
        [noticeId],
      );
      await sql.run(
        `UPDATE delivery SET state = 'cancelled', ended_at = clock_timestamp()
         WHERE notice_id = $1 AND state IN ('prepared', 'pending', 'retry')`,
        [noticeId],
      );
      const frozen = await insertVersion(sql, version);
      await insertVariants(sql, frozen.versionId, version);
      for (let from = 0; from < version.recipients.length; from += rowsPerInsert) {
        const rows = version.recipients.slice(from, from + rowsPerInsert);
        onProgress?.();
        await insertDeliveries(sql, frozen.versionId, version.transport, rows);
      }
      await sql.run("UPDATE notice SET version = $2, state = 'in-review' WHERE id = $1", [noticeId, frozen.version]);
      return frozen;
    },
    async liveVersion(noticeId) {
      const row = await sql.row<NoticeVersion>(
        `SELECT ${versionColumns} FROM notice_version v WHERE v.notice_id = $1 AND v.superseded_at IS NULL`,
        [noticeId],
      );
      return row ?? null;
    },
  };
}

const rowsPerInsert = 1_000;

async function insertVersion(sql: Sql, version: NewVersion): Promise<NoticeVersion> {
  const row = await sql.row<NoticeVersion>(
    `WITH v AS (
       INSERT INTO notice_version (notice_id, case_id, mode, version, author, digest, digest_input, sender, subject, content,
         group_key, recipient_count, recipient_root, facts_version, encoder)
       SELECT id, case_id, mode, version + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM notice WHERE id = $1
       RETURNING *)
     SELECT ${versionColumns} FROM v`,
    [
      version.notice.noticeId, version.author, Buffer.from(version.digest), version.digestInput, version.sender,
      version.subject, JSON.stringify(version.content), version.groupKey, version.recipientCount,
      Buffer.from(version.recipientRoot), version.factsVersion, version.encoder,
    ],
  );
  if (row === undefined) throw new Error(`notice ${version.notice.noticeId} is not there`);
  return row;
}

async function insertVariants(sql: Sql, versionId: string, version: NewVersion): Promise<void> {
  for (const variant of version.variants) {
    await sql.run(
      `INSERT INTO notice_variant (version_id, case_id, language, template, template_sha256, subject, text_body, segments)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        versionId, version.notice.caseId, variant.language, variant.template, Buffer.from(variant.templateSha256),
        variant.subject, variant.textBody, JSON.stringify(variant.segments),
      ],
    );
  }
}

async function insertDeliveries(
  sql: Sql,
  versionId: string,
  transport: NewVersion['transport'],
  rows: readonly FrozenRecipient[],
): Promise<void> {
  await sql.run(
    `INSERT INTO delivery (notice_id, version_id, case_id, mode, transport, recipient_key, address, language, merge,
       message_id, mime_sha256, mime_bytes)
     SELECT v.notice_id, v.id, v.case_id, v.mode, $2, r.*
     FROM notice_version v,
       unnest($3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::bytea[], $9::int[]) AS r
     WHERE v.id = $1`,
    [
      versionId, transport,
      rows.map((row) => row.recipientKey),
      rows.map((row) => row.address),
      rows.map((row) => row.language),
      rows.map((row) => JSON.stringify(row.merge)),
      rows.map((row) => row.messageId),
      rows.map((row) => Buffer.from(row.mimeSha256)),
      rows.map((row) => row.mimeBytes),
    ],
  );
}

type Review = Pick<NoticeStore, 'approve' | 'approvals' | 'release' | 'note' | 'addReceipt'>;

function review(sql: Sql): Review {
  return {
    async approve(row) {
      const written = await sql.run(
        `INSERT INTO approval (version_id, case_id, digest, person_id, set_root) VALUES ($1, $2, decode($3, 'hex'), $4, $5)
         ON CONFLICT (version_id, person_id) DO NOTHING`,
        [row.versionId, row.caseId, row.digest, row.personId, row.setRoot === null ? null : Buffer.from(row.setRoot)],
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
    async addReceipt(row) {
      await sql.run(
        `INSERT INTO receipt (case_id, notice_id, kind, evidence, received_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6)`,
        [row.caseId, row.noticeId, row.kind, row.evidence, row.receivedAt, row.by],
      );
    },
  };
}
