/** Notices as lists and pages show them: what leaves, to whom, approved by whom, and how it went. */
import { listOf, objectOf, textOf } from '../../domain/content.ts';
import type { Change } from '../../domain/difference.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { DeliveryState } from '../../domain/notice.ts';
import type { Doubts, Segment } from '../../domain/notice-ports.ts';
import type { NoticeSummary, NoticeView, Page, Views } from '../../domain/views.ts';
import { showSlots } from '../../ledger/mime.ts';
import { doubtsOf } from './delivery-doubts.ts';
import type { Sql } from './sql.ts';
import { decodeCursor, toPage, uuidPart } from './views-cursor.ts';
import { recipientNameSql } from './views-obligation.ts';

type SummaryRow = Omit<NoticeSummary, 'approvals' | 'deliveries'> & {
  counted: number;
  needed: number;
  counts: Partial<Record<DeliveryState, number>>;
};

const summaryColumns = `
  n.id AS "noticeId", n.case_id AS "caseId", c.reference AS "caseReference", n.obligation_id AS "obligationId",
  n.recipient_kind AS "recipientKind", ${recipientNameSql} AS "recipientName", o.provision, n.phase,
  n.part, n.target_at AS "targetAt", n.channel, n.state,
  n.version, encode(v.digest, 'hex') AS digest, v.group_key AS "groupKey", coalesce(v.recipient_count, 0) AS "recipientCount",
  v.subject, CASE WHEN n.refers_to IS NULL THEN o.due_at END AS "dueAt", coalesce(approvers_counted(v.id), 0) AS counted,
  coalesce(approvers_needed(v.id), 1) AS needed,
  (SELECT coalesce(jsonb_object_agg(d.state, d.count), '{}')
   FROM (SELECT state, count(*) FROM delivery WHERE version_id = v.id GROUP BY state) d) AS counts`;

const summarySource = `
  FROM notice n JOIN case_file c ON c.id = n.case_id JOIN obligation o ON o.id = n.obligation_id
  JOIN track t ON t.id = o.track_id
  LEFT JOIN notice_version v ON v.notice_id = n.id AND v.version = n.version`;

const noDeliveries: Readonly<Record<DeliveryState, number>> = {
  prepared: 0,
  pending: 0,
  claimed: 0,
  'at-dot': 0,
  retry: 0,
  sent: 0,
  bounced: 0,
  'in-doubt': 0,
  suppressed: 0,
  cancelled: 0,
  abandoned: 0,
};

function toSummary({ counted, needed, counts, ...shown }: SummaryRow): NoticeSummary {
  return {
    ...shown,
    approvals: { counted, needed },
    deliveries: { ...noDeliveries, ...counts },
  };
}

/** Notices in the order they were made. */
export async function noticeList(
  sql: Sql,
  { caseId, state, limit, cursor }: Parameters<Views['notices']>[0],
): Promise<Page<NoticeSummary>> {
  const after = decodeCursor(cursor, [uuidPart]);
  const rows = await sql.rows<SummaryRow>(
    `SELECT ${summaryColumns} ${summarySource}
     WHERE ($1::uuid IS NULL OR n.case_id = $1) AND ($2::text IS NULL OR n.state = $2) AND ($3::uuid IS NULL OR n.id > $3)
     ORDER BY n.id LIMIT $4`,
    [caseId ?? null, state ?? null, after?.[0] ?? null, limit + 1],
  );
  return toPage(
    rows.map((row) => ({ key: [row.noticeId], item: toSummary(row) })),
    limit,
  );
}

type VersionColumns = Pick<NoticeView, 'author' | 'sender' | 'content' | 'cause'>;
type VersionRow = SummaryRow &
  VersionColumns & { versionId: string | null; firstNoticeId: string | null };

/** One notice with the exact words of its newest version; null when unknown or not visible. */
export async function noticeView(sql: Sql, noticeId: string): Promise<NoticeView | null> {
  const found = await sql.row<VersionRow>(
    `SELECT ${summaryColumns}, v.id AS "versionId", actor_name(v.author) AS author, v.sender, v.content,
       n.cause, n.refers_to AS "firstNoticeId"
     ${summarySource} WHERE n.id = $1`,
    [noticeId],
  );
  if (found === undefined) return null;
  const { versionId, firstNoticeId, author, sender, content, cause, ...summary } = found;
  return {
    ...toSummary(summary),
    author,
    sender,
    content,
    cause,
    refersTo: firstNoticeId === null ? null : earlierOf(firstNoticeId, found),
    changes: changesIn(content),
    variants: await variants(sql, versionId),
    approvers: await approvers(sql, versionId),
    doubts: countOf(await doubtsOf(sql, noticeId)),
    rows: await deliveries(sql, noticeId),
    contact: await contact(sql, noticeId),
    notes: await sql.rows(
      `SELECT r.kind, r.text, p.name AS by, r.at, r.version FROM review_note r JOIN person p ON p.id = r.person_id
       WHERE r.notice_id = $1 ORDER BY r.at, r.id`,
      [noticeId],
    ),
    receipts: await sql.rows(
      `SELECT kind, evidence, received_at AS "receivedAt", actor_name(recorded_by) AS by,
         reference, document_id AS "documentId", told FROM receipt
       WHERE notice_id = $1 ORDER BY received_at, id LIMIT 200`,
      [noticeId],
    ),
  };
}

function countOf({ deliveryIds, digest }: Doubts): NoticeView['doubts'] {
  return { count: deliveryIds.length, digest };
}

function earlierOf(
  noticeId: string,
  { caseReference, content }: Pick<NoticeView, 'caseReference' | 'content'>,
): NoticeView['refersTo'] {
  const earlier = objectOf(content?.['earlier']);
  return {
    noticeId,
    reference: textOf(earlier['reference']) || `${caseReference}-${noticeId.slice(-6)}`,
    sentAt: textOf(earlier['sentAt']) || null,
    fileNumber: textOf(earlier['fileNumber']) || null,
  };
}

function changesIn(content: JsonObject | null): NoticeView['changes'] {
  const changes: unknown = listOf(content?.['changes']);
  // Written by the product itself when the version was frozen, and frozen with it.
  return changes as readonly Change[];
}

async function variants(sql: Sql, versionId: string | null): Promise<NoticeView['variants']> {
  const rows = await sql.rows<NoticeView['variants'][number]>(
    `SELECT language, subject, text_body AS text FROM notice_variant WHERE version_id = $1 ORDER BY language`,
    [versionId],
  );
  return rows.map((row) => ({ ...row, text: showSlots(row.text) }));
}

function approvers(sql: Sql, versionId: string | null): Promise<NoticeView['approvers'][number][]> {
  return sql.rows(
    `SELECT p.id AS "personId", p.name, a.at FROM approval a JOIN person p ON p.id = a.person_id
     WHERE a.version_id = $1 ORDER BY a.at, a.id`,
    [versionId],
  );
}

// Of the newest version, and what an earlier one left undone.
function deliveries(sql: Sql, noticeId: string): Promise<NoticeView['rows'][number][]> {
  return sql.rows(
    `WITH told AS MATERIALIZED (SELECT t.recipient_key FROM told($1) t)
     SELECT d.id AS "deliveryId", d.recipient_key AS "recipientKey", d.address, d.language, d.state, d.reply, d.attempts,
       d.resend_no AS "resendNo", b.evidence AS "cameBack", d.recipient_key IN (SELECT recipient_key FROM told) AS "isTold",
       CASE WHEN d.state IN ('in-doubt', 'abandoned') AND v.superseded_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM delivery c WHERE c.version_id = d.version_id AND c.recipient_key = d.recipient_key
             AND c.resend_no > d.resend_no)
         THEN (d.at_dot_at + interval '15 minutes')::timestamptz(3) END AS "resendableAt"
     FROM delivery d JOIN notice_version v ON v.id = d.version_id LEFT JOIN late_bounce b ON b.delivery_id = d.id
     WHERE d.notice_id = $1
       AND (v.superseded_at IS NULL OR d.state IN ('in-doubt', 'abandoned', 'bounced', 'sent'))
     ORDER BY b.evidence IS NULL, array_position(ARRAY['in-doubt', 'bounced', 'abandoned', 'retry'], d.state),
       d.recipient_key, v.version, d.resend_no LIMIT 50`,
    [noticeId],
  );
}

async function contact(sql: Sql, noticeId: string): Promise<NoticeView['contact']> {
  const row = await sql.row<{ name: string; email: string; phone: string | null }>(
    `SELECT c.contact_name AS name, c.contact_email AS email, c.contact_phone AS phone
     FROM notice n JOIN obligation o ON o.id = n.obligation_id JOIN customer c ON c.key = o.recipient_key AND c.until IS NULL
     WHERE n.id = $1 AND n.recipient_kind = 'controller'`,
    [noticeId],
  );
  return row ?? null;
}

/** What one recipient's bytes are made of; `mimeSha256` in hex is what they must hash to. */
export interface SampleRow {
  readonly segments: readonly Segment[];
  readonly merge: Readonly<Record<string, string>>;
  readonly address: string;
  readonly messageId: string;
  readonly mimeSha256: string;
}

/** The named recipient of a version, or its first one when none is named; null when there is none to be seen. */
export async function sampleRow(
  sql: Sql,
  noticeId: string,
  version: number,
  recipientKey: string | null,
): Promise<SampleRow | null> {
  const row = await sql.row<SampleRow>(
    `SELECT w.segments, d.merge, d.address, d.message_id AS "messageId",
       encode(d.mime_sha256, 'hex') AS "mimeSha256"
     FROM notice_version v JOIN delivery d ON d.version_id = v.id
     JOIN notice_variant w ON w.version_id = v.id AND w.language = d.language
     WHERE v.notice_id = $1 AND v.version = $2 AND ($3::text IS NULL OR d.recipient_key = $3)
     ORDER BY d.recipient_key, d.resend_no LIMIT 1`,
    [noticeId, version, recipientKey],
  );
  return row ?? null;
}
