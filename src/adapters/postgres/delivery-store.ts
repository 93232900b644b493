/** The dispatch ledger in PostgreSQL: every transition is one fenced statement, mirrored by src/ledger/delivery.ts. */
import type { Instant } from '../../domain/instant.ts';
import type { DeliveryCounts, DeliveryState } from '../../domain/notice.ts';
import type { DeliveryOutcome, NoticeStore, SentRow } from '../../domain/notice-ports.ts';
import { deliveryClaims } from './delivery-claims.ts';
import { deliveryFolds } from './delivery-folds.ts';
import { deliveryWindows } from './delivery-windows.ts';
import { plainReply } from './plain-reply.ts';
import { doubtsOf, speaks } from './delivery-doubts.ts';
import type { Sql } from './sql.ts';

type DeliveryStore = Pick<
  NoticeStore,
  | 'cancelRows'
  | 'postpone'
  | 'releaseStands'
  | 'claim'
  | 'markAtDot'
  | 'takeWindow'
  | 'returnWindow'
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
  return {
    ...deliveryClaims(sql),
    ...attempts(sql),
    ...deliveryWindows(sql),
    ...standing(sql),
    ...deliveryFolds(sql),
  };
}

const live = `EXISTS (SELECT 1 FROM notice_version v WHERE v.id = d.version_id AND v.superseded_at IS NULL)`;

type Attempts = Pick<
  DeliveryStore,
  'markAtDot' | 'settle' | 'settleLate' | 'recover' | 'cancelRows' | 'postpone' | 'resolveInDoubt'
>;

function attempts(sql: Sql): Attempts {
  return {
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
      return (await sql.row('SELECT 1 FROM standing_release($1)', [noticeId])) !== undefined;
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
