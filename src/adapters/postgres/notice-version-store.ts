/** Frozen versions in PostgreSQL: written whole, superseded, never changed. */
import type { NoticeVersion } from '../../domain/notice.ts';
import type { FrozenRecipient, NewVersion, NoticeStore } from '../../domain/notice-ports.ts';
import type { Sql } from './sql.ts';

const versionColumns = `v.id AS "versionId", v.version, v.author, encode(v.digest, 'hex') AS digest, v.sender, v.subject,
  v.content, v.group_key AS "groupKey", v.recipient_count AS "recipientCount",
  encode(v.recipient_root, 'hex') AS "recipientRoot", v.facts_version AS "factsVersion", v.frozen_at AS "frozenAt"`;

export function versionStore(sql: Sql): Pick<NoticeStore, 'freeze' | 'liveVersion'> {
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
      await sql.run("UPDATE notice SET version = $2, state = 'in-review' WHERE id = $1", [
        noticeId,
        frozen.version,
      ]);
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
         group_key, recipient_count, recipient_root, facts_version, encoder, corrects)
       SELECT id, case_id, mode, version + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM notice WHERE id = $1
       RETURNING *)
     SELECT ${versionColumns} FROM v`,
    [
      version.notice.noticeId,
      version.author,
      Buffer.from(version.digest),
      version.digestInput,
      version.sender,
      version.subject,
      JSON.stringify(version.content),
      version.groupKey,
      version.recipientCount,
      Buffer.from(version.recipientRoot),
      version.factsVersion,
      version.encoder,
      version.corrects,
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
        versionId,
        version.notice.caseId,
        variant.language,
        variant.template,
        Buffer.from(variant.templateSha256),
        variant.subject,
        variant.textBody,
        JSON.stringify(variant.segments),
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
      versionId,
      transport,
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
