/** The dispatch ledger in PostgreSQL: every transition is one fenced statement, mirrored by src/ledger/delivery.ts. */
import type { Instant } from '../../domain/instant.ts';
import type { DeliveryCounts, DeliveryState } from '../../domain/notice.ts';
import type {
  ClaimedDelivery,
  DeliveryOutcome,
  NoticeStore,
  Segment,
  SentRow,
} from '../../domain/notice-ports.ts';
import { deliveryFolds } from './delivery-folds.ts';
import { deliveryWindows } from './delivery-windows.ts';
import { plainReply } from './plain-reply.ts';
import { standingRelease } from './standing-release.ts';
import { doubtsOf, speaks } from './delivery-doubts.ts';
import type { Sql } from './sql.ts';

type DeliveryStore = Pick<
  NoticeStore,
  | 'cancelRows'
  | 'postpone'
  | 'releaseStands'
  | 'claim'
  | 'markAtDot'
  | 'markWindow'
  | 'settle'
  | 'settleLate'
  | 'settleWindow'
  | 'recover'
  | 'counts'
  | 'nextAttemptAt'
  | 'sentRows'
  | 'inDoubtIds'
  | 'doubts'
  | 'untold'
  | 'mayHaveLeft'
  | 'resolveInDoubt'
  | 'unfoldedEvents'
  | 'recordFold'
  | 'unfoldedCases'
>;

export function deliveryStore(sql: Sql): DeliveryStore {
  return { ...attempts(sql), ...deliveryWindows(sql), ...standing(sql), ...deliveryFolds(sql) };
}

const live = `EXISTS (SELECT 1 FROM notice_version v WHERE v.id = d.version_id AND v.superseded_at IS NULL)`;

type Attempts = Pick<
  DeliveryStore,
  | 'claim'
  | 'markAtDot'
  | 'settle'
  | 'settleLate'
  | 'recover'
  | 'cancelRows'
  | 'postpone'
  | 'resolveInDoubt'
>;

function attempts(sql: Sql): Attempts {
  return {
    claim: (noticeId, limit, leaseSeconds, newAfter) =>
      claim(sql, noticeId, limit, leaseSeconds, newAfter),
    async markAtDot(deliveryId, attemptId, leaseSeconds) {
      const marked = await sql.run(
        `UPDATE delivery SET state = 'at-dot', at_dot_at = clock_timestamp(),
           lease_until = clock_timestamp() + make_interval(secs => $3)
         WHERE id = $1 AND attempt_id = $2 AND state = 'claimed' AND lease_until > clock_timestamp()`,
        [deliveryId, attemptId, leaseSeconds],
      );
      return marked === 1;
    },
    async settle(deliveryId, attemptId, outcome) {
      return (await settle(sql, deliveryId, attemptId, outcome)) === 1;
    },
    async settleLate(deliveryId, attemptId, reply) {
      await lockNoticeOf(sql, deliveryId);
      const row = await sql.row<{ noticeId: string; caseId: string }>(
        `UPDATE delivery SET state = 'sent', attempt_id = NULL, reply = $3, ended_at = clock_timestamp()
         WHERE id = $1 AND attempt_id = $2 AND state = 'in-doubt' RETURNING notice_id AS "noticeId", case_id AS "caseId"`,
        [deliveryId, attemptId, plainReply(reply)],
      );
      return row ?? null;
    },
    recover: (noticeId) => recover(sql, noticeId),
    cancelRows: (noticeId) =>
      sql.run(
        `UPDATE delivery SET state = 'cancelled', attempt_id = NULL, lease_until = NULL, ended_at = clock_timestamp()
         WHERE notice_id = $1 AND state IN ('prepared', 'pending', 'retry', 'claimed')`,
        [noticeId],
      ),
    async postpone(noticeId, seconds) {
      await sql.run(
        `UPDATE delivery SET next_attempt_at = clock_timestamp() + make_interval(secs => $2)
         WHERE id IN (SELECT id FROM delivery WHERE notice_id = $1 AND state IN ('pending', 'retry')
           AND coalesce(next_attempt_at, '-infinity') < clock_timestamp() + make_interval(secs => $2)
           ORDER BY id FOR UPDATE SKIP LOCKED)`,
        [noticeId, seconds],
      );
    },
    async resolveInDoubt(deliveryId, how) {
      await lockNoticeOf(sql, deliveryId);
      const row = await sql.row<{ noticeId: string; caseId: string }>(
        `UPDATE delivery SET state = $2, attempt_id = NULL, ended_at = clock_timestamp()
         WHERE id = $1 AND state = 'in-doubt' RETURNING notice_id AS "noticeId", case_id AS "caseId"`,
        [deliveryId, how],
      );
      return row ?? null;
    },
  };
}

// A batch that ends at this moment must not ask again about a doubt it read just before: it holds this lock too.
async function lockNoticeOf(sql: Sql, deliveryId: string): Promise<void> {
  await sql.run(
    'SELECT 1 FROM notice WHERE id = (SELECT notice_id FROM delivery WHERE id = $1) FOR UPDATE',
    [deliveryId],
  );
}

type ClaimedRow = Omit<ClaimedDelivery, 'segments'> & {
  versionId: string;
  language: string;
  resendNo: number;
};

async function claim(
  sql: Sql,
  noticeId: string,
  limit: number,
  leaseSeconds: number,
  newAfter: string | null | undefined,
): Promise<readonly ClaimedDelivery[]> {
  const due =
    newAfter === undefined
      ? `(d.next_attempt_at IS NULL OR d.next_attempt_at <= clock_timestamp())
       ORDER BY d.next_attempt_at NULLS FIRST, d.id`
      : `d.next_attempt_at IS NULL AND d.id > $4
       ORDER BY d.id`;
  const values = newAfter === undefined ? [] : [newAfter ?? '00000000-0000-0000-0000-000000000000'];
  const rows = await sql.rows<ClaimedRow>(
    `WITH standing AS MATERIALIZED (${standingRelease}), due AS (
       SELECT d.id, s.sender, s.encoder FROM standing s JOIN delivery d ON d.version_id = s.version_id
       WHERE d.notice_id = $1 AND d.state IN ('pending', 'retry') AND ${due} LIMIT $2 FOR UPDATE OF d SKIP LOCKED)
     UPDATE delivery d SET state = 'claimed', attempt_id = uuidv7(), attempts = d.attempts + 1,
       lease_until = clock_timestamp() + make_interval(secs => $3), next_attempt_at = NULL
     FROM due WHERE d.id = due.id
     RETURNING d.id AS "deliveryId", d.attempt_id AS "attemptId", d.case_id AS "caseId", d.notice_id AS "noticeId",
       d.version_id AS "versionId", d.language, d.transport, due.sender, d.address, d.merge,
       d.message_id AS "messageId", d.mime_sha256 AS "mimeSha256", due.encoder, d.attempts, d.resend_no AS "resendNo"`,
    [noticeId, limit, leaseSeconds, ...values],
  );
  const segments = await segmentsOf(sql, rows);
  const marked = await markedSegmentsOf(sql, rows);
  return rows.map(({ versionId, language, resendNo, ...row }) => ({
    ...row,
    segments:
      (resendNo > 0 ? marked.get(row.deliveryId) : segments.get(`${versionId} ${language}`)) ?? [],
  }));
}

// A copy that is sent again has bytes of its own.
async function markedSegmentsOf(
  sql: Sql,
  rows: readonly ClaimedRow[],
): Promise<Map<string, readonly Segment[]>> {
  const copies = rows.filter(({ resendNo }) => resendNo > 0).map(({ deliveryId }) => deliveryId);
  if (copies.length === 0) return new Map();
  const found = await sql.rows<{ id: string; segments: Segment[] }>(
    'SELECT delivery_id AS id, segments FROM resend WHERE delivery_id = ANY ($1)',
    [copies],
  );
  return new Map(found.map(({ id, segments }) => [id, segments]));
}

// The words are fetched once for all rows of a claim, not once a row.
async function segmentsOf(
  sql: Sql,
  rows: readonly ClaimedRow[],
): Promise<Map<string, readonly Segment[]>> {
  if (rows.length === 0) return new Map();
  const variants = await sql.rows<{ versionId: string; language: string; segments: Segment[] }>(
    `SELECT version_id AS "versionId", language, segments FROM notice_variant
     WHERE version_id = ANY ($1) AND language = ANY ($2)`,
    [[...new Set(rows.map((row) => row.versionId))], [...new Set(rows.map((row) => row.language))]],
  );
  return new Map(variants.map((row) => [`${row.versionId} ${row.language}`, row.segments]));
}

function settle(
  sql: Sql,
  deliveryId: string,
  attemptId: string,
  outcome: DeliveryOutcome,
): Promise<number> {
  const mine = [deliveryId, attemptId, plainReply(outcome.reply)] as const;
  switch (outcome.kind) {
    case 'sent':
      return sql.run(
        `UPDATE delivery SET state = 'sent', attempt_id = NULL, lease_until = NULL, reply = $3, ended_at = clock_timestamp()
         WHERE id = $1 AND attempt_id = $2 AND state = 'at-dot'`,
        mine,
      );
    case 'retry':
      return sql.run(
        `UPDATE delivery SET state = 'retry', attempt_id = NULL, lease_until = NULL, reply = $3,
           next_attempt_at = clock_timestamp() + make_interval(secs => $4)
         WHERE id = $1 AND attempt_id = $2 AND state IN ('claimed', 'at-dot')`,
        [...mine, outcome.afterSeconds],
      );
    case 'bounced':
      return sql.run(
        `UPDATE delivery SET state = 'bounced', attempt_id = NULL, lease_until = NULL, reply = $3,
           ended_at = clock_timestamp()
         WHERE id = $1 AND attempt_id = $2 AND state IN ('claimed', 'at-dot')`,
        mine,
      );
    case 'in-doubt':
      return sql.run(
        `UPDATE delivery SET state = 'in-doubt', lease_until = NULL, reply = $3
         WHERE id = $1 AND attempt_id = $2 AND state = 'at-dot'`,
        mine,
      );
  }
}

async function recover(
  sql: Sql,
  noticeId: string,
): Promise<{ retried: number; inDoubt: readonly string[] }> {
  const rows = await sql.rows<{ id: string; state: DeliveryState }>(
    `WITH expired AS (
       SELECT id FROM delivery
       WHERE notice_id = $1 AND state IN ('claimed', 'at-dot') AND lease_until <= clock_timestamp()
       ORDER BY id FOR UPDATE SKIP LOCKED)
     UPDATE delivery d SET
       state = CASE d.state WHEN 'claimed' THEN 'retry' ELSE 'in-doubt' END,
       attempt_id = CASE d.state WHEN 'claimed' THEN NULL ELSE d.attempt_id END,
       reply = CASE d.state WHEN 'claimed' THEN d.reply ELSE 'the sender was lost after the final dot was allowed' END,
       lease_until = NULL
     FROM expired WHERE d.id = expired.id RETURNING d.id, d.state`,
    [noticeId],
  );
  const inDoubt = rows.filter((row) => row.state === 'in-doubt').map((row) => row.id);
  return { retried: rows.length - inDoubt.length, inDoubt };
}

type Standing = Pick<
  DeliveryStore,
  | 'releaseStands'
  | 'counts'
  | 'nextAttemptAt'
  | 'sentRows'
  | 'inDoubtIds'
  | 'doubts'
  | 'untold'
  | 'mayHaveLeft'
>;

function standing(sql: Sql): Standing {
  return {
    async releaseStands(noticeId) {
      return (await sql.row(standingRelease, [noticeId])) !== undefined;
    },
    async counts(noticeId) {
      const rows = await sql.rows<{ state: DeliveryState; count: number }>(
        `SELECT d.state, count(*) AS count FROM delivery d WHERE d.notice_id = $1 AND ${live} AND ${speaks}
         GROUP BY d.state`,
        [noticeId],
      );
      return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
    },
    async nextAttemptAt(noticeId) {
      const row = await sql.row<{ at: Instant | null }>(
        `SELECT least(min(CASE WHEN d.state IN ('claimed', 'at-dot') THEN d.lease_until
                    ELSE coalesce(d.next_attempt_at, clock_timestamp()) END),
           (SELECT min(at) FROM resends_by_clause($1)))::timestamptz(3) AS at
         FROM delivery d WHERE d.notice_id = $1 AND d.state IN ('pending', 'retry', 'claimed', 'at-dot') AND ${live}`,
        [noticeId],
      );
      return row?.at ?? null;
    },
    sentRows: (noticeId, limit) =>
      sql.rows<SentRow>(
        `SELECT d.id AS "deliveryId", d.at_dot_at AS "atDotAt", coalesce(d.reply, '') AS reply
         FROM delivery d WHERE d.notice_id = $1 AND d.state = 'sent' AND ${live}
         ORDER BY d.at_dot_at DESC, d.id LIMIT $2`,
        [noticeId, limit],
      ),
    doubts: (noticeId) => doubtsOf(sql, noticeId),
    inDoubtIds: async (noticeId) => (await doubtsOf(sql, noticeId)).deliveryIds,
    async untold(noticeId) {
      const row = await sql.row<{ count: number }>('SELECT count(*) AS count FROM untold($1)', [
        noticeId,
      ]);
      return row?.count ?? 0;
    },
    async mayHaveLeft(noticeId) {
      const row = await sql.row(
        `SELECT 1 FROM delivery WHERE notice_id = $1 AND state IN ('at-dot', 'in-doubt', 'sent', 'abandoned') LIMIT 1`,
        [noticeId],
      );
      return row !== undefined;
    },
  };
}

const none: DeliveryCounts = {
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
