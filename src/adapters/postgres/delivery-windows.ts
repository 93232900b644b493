/** Windows of the dispatch ledger: what many rows of one session learned, written in one statement. */
import type { AttemptOutcome, NoticeStore } from '../../domain/notice-ports.ts';
import { plainReply } from './plain-reply.ts';
import type { Sql } from './sql.ts';

export function deliveryWindows(sql: Sql): Pick<NoticeStore, 'returnWindow' | 'settleWindow'> {
  return {
    returnWindow: (noticeId, attemptId, reply) =>
      sql.run(
        `UPDATE delivery SET state = 'retry', attempt_id = NULL, lease_until = NULL, next_attempt_at = NULL, reply = $3
         WHERE notice_id = $1 AND attempt_id = $2 AND state = 'at-dot'`,
        [noticeId, attemptId, reply],
      ),
    async settleWindow(rows) {
      const settled = await sql.prepared<{ id: string }>(
        'settle-window',
        settleRows,
        columnsOf(rows),
      );
      return new Set(settled.map(({ id }) => id));
    },
  };
}

// A window is taken before its dots go out: the instant of a dot that did is written with its outcome.
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
