/** Windows of the dispatch ledger: many rows of one session marked, and settled, in one statement each. */
import type { AttemptOutcome, NoticeStore } from '../../domain/notice-ports.ts';
import { plainReply } from './plain-reply.ts';
import type { Sql } from './sql.ts';
import { standingRelease } from './standing-release.ts';

export function deliveryWindows(sql: Sql): Pick<NoticeStore, 'markWindow' | 'settleWindow'> {
  return {
    async markWindow(noticeId, rows, leaseSeconds) {
      const marked = await sql.rows<{ id: string }>(
        `WITH standing AS MATERIALIZED (${standingRelease})
         UPDATE delivery d SET state = 'at-dot', at_dot_at = clock_timestamp(),
           lease_until = clock_timestamp() + make_interval(secs => $4)
         FROM unnest($2::uuid[], $3::uuid[]) AS w (id, attempt), standing s
         WHERE d.id = w.id AND d.attempt_id = w.attempt AND d.state = 'claimed'
           AND d.lease_until > clock_timestamp() AND d.version_id = s.version_id
         RETURNING d.id`,
        [
          noticeId,
          rows.map(({ deliveryId }) => deliveryId),
          rows.map(({ attemptId }) => attemptId),
          leaseSeconds,
        ],
      );
      return new Set(marked.map(({ id }) => id));
    },
    async settleWindow(rows) {
      const settled = await sql.rows<{ id: string }>(settleRows, columnsOf(rows));
      return new Set(settled.map(({ id }) => id));
    },
  };
}

// A window is marked before its dots go out: the instant of a dot that did is written with its outcome.
const settleRows = `
  UPDATE delivery d SET state = n.kind, reply = n.reply, lease_until = NULL,
    attempt_id = CASE n.kind WHEN 'in-doubt' THEN d.attempt_id END,
    at_dot_at = coalesce(clock_timestamp() - make_interval(secs => n.dot_age), d.at_dot_at),
    next_attempt_at = CASE n.kind WHEN 'retry' THEN clock_timestamp() + make_interval(secs => n.after) END,
    ended_at = CASE WHEN n.kind IN ('sent', 'bounced') THEN clock_timestamp() END
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::float8[])
    AS n (id, attempt, kind, reply, after, dot_age)
  WHERE d.id = n.id AND d.attempt_id = n.attempt AND d.state = ANY (CASE WHEN n.kind IN ('sent', 'in-doubt') THEN '{at-dot}'::text[] ELSE '{claimed,at-dot}' END)
  RETURNING d.id`;

function columnsOf(rows: readonly AttemptOutcome[]): unknown[] {
  return [
    rows.map(({ deliveryId }) => deliveryId),
    rows.map(({ attemptId }) => attemptId),
    rows.map(({ outcome }) => outcome.kind),
    rows.map(({ outcome }) => plainReply(outcome.reply)),
    rows.map(({ outcome }) => (outcome.kind === 'retry' ? outcome.afterSeconds : null)),
    rows.map(({ dotAgeMs }) => (dotAgeMs === null ? null : dotAgeMs / 1_000)),
  ];
}
