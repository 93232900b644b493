/** What happened in a case, what is asked of whom, and what rings when. */
import type { AlarmView, TaskView, TimelineEntry, Views } from '../../domain/views.ts';
import type { Sql } from './sql.ts';

/** Register entries of the case, the newest first. */
export function timeline(
  sql: Sql,
  caseId: string,
  limit: number,
  beforeSeq: number | null,
): Promise<TimelineEntry[]> {
  return sql.rows<TimelineEntry>(
    `SELECT e.seq AS "streamSeq", e.at, e.type, e.leaf ->> 'actor' AS actor,
       actor_name(e.leaf ->> 'actor') AS "actorName", e.leaf -> 'data' AS data
     FROM (SELECT stream_seq AS seq, at, type, convert_from(leaf, 'UTF8')::jsonb AS leaf FROM register_entry
           WHERE stream = 'case/' || $1::uuid AND ($2::int IS NULL OR stream_seq < $2)
           ORDER BY stream_seq DESC LIMIT $3) e
     ORDER BY e.seq DESC`,
    [caseId, beforeSeq, limit],
  );
}

/** Tasks, open ones first, the oldest first. */
export function taskList(
  sql: Sql,
  { caseId, state, limit }: Parameters<Views['tasks']>[0],
): Promise<TaskView[]> {
  return sql.rows<TaskView>(
    `SELECT id AS "taskId", case_id AS "caseId", kind, subject, title, role, state, at FROM task
     WHERE ($1::uuid IS NULL OR case_id = $1) AND ($2::text IS NULL OR state = $2)
     ORDER BY state = 'done', at, id LIMIT $3`,
    [caseId ?? null, state ?? null, limit],
  );
}

/** Alarms of the case, or of the house for null, that will ring or have rung, by when they ring. */
export function alarmList(sql: Sql, caseId: string | null): Promise<AlarmView[]> {
  const of = caseId === null ? 'case_id IS NULL' : 'case_id = $1';
  // The house has no end as a case has: what was answered long ago stands in the register.
  const recent =
    caseId === null
      ? "(answered_at IS NULL OR rung_at > clock_timestamp() - interval '7 days')"
      : 'true';
  return sql.rows<AlarmView>(
    `SELECT coalesce(r.subject, a.subject) AS subject, coalesce(r.step, a.step) AS step,
       coalesce(r.due_at, a.due_at) AS "dueAt", coalesce(r.ring_at, a.ring_at) AS "ringAt",
       coalesce(r.role, a.role) AS role, coalesce(r.line, a.line) AS line, r.rung_at AS "rungAt",
       r.handed_at AS "handedAt", r.handed_way AS "handedWay",
       (SELECT p.name FROM person p WHERE p.id::text = r.handed_to) AS "handedTo", r.answered_at AS "answeredAt"
     FROM (SELECT * FROM alarm WHERE ${of}) a
     FULL JOIN (SELECT * FROM alarm_outbox WHERE ${of} AND ${recent}) r
       ON r.subject = a.subject AND r.step = a.step AND r.due_at = a.due_at
     WHERE r.subject IS NOT NULL OR a.silenced_at IS NULL
     ORDER BY "ringAt", subject, step`,
    caseId === null ? [] : [caseId],
  );
}
