/** Alarms and tasks in PostgreSQL, as the application sets them. */
import type { AlarmStore, TaskStore } from '../../domain/ports.ts';
import type { Sql } from './sql.ts';

export function alarmStore(sql: Sql): AlarmStore {
  return {
    async set(alarms) {
      if (alarms.length === 0) return;
      await sql.run(
        `INSERT INTO alarm (subject, step, due_at, ring_at, case_id, role, line, person_id, deputy_id)
         SELECT a.subject, a.step, a."dueAt", a."ringAt", a."caseId", a.role, a.line, a."personId", a."deputyId"
         FROM jsonb_to_recordset($1) AS a(subject text, step text, "dueAt" timestamptz, "ringAt" timestamptz,
           "caseId" uuid, role text, line text, "personId" uuid, "deputyId" uuid)
         ON CONFLICT (subject, step) DO UPDATE SET due_at = excluded.due_at, ring_at = excluded.ring_at,
           role = excluded.role, line = excluded.line, person_id = excluded.person_id, deputy_id = excluded.deputy_id,
           silenced_at = NULL
         WHERE alarm.due_at IS DISTINCT FROM excluded.due_at OR alarm.silenced_at IS NOT NULL
           OR alarm.line <> excluded.line
           OR (alarm.person_id, alarm.deputy_id) IS DISTINCT FROM (excluded.person_id, excluded.deputy_id)`,
        [JSON.stringify(alarms)],
      );
    },
    async silence(subject) {
      await sql.run(
        'UPDATE alarm SET silenced_at = clock_timestamp() WHERE subject = $1 AND silenced_at IS NULL',
        [subject],
      );
    },
    async answer(subject, step, by) {
      const row = await sql.row<{ case_id: string }>(
        `UPDATE alarm_outbox SET answered_at = clock_timestamp(), answered_by = $3
         WHERE subject = $1 AND step = $2 AND answered_at IS NULL RETURNING case_id`,
        [subject, step, by],
      );
      return row?.case_id ?? null;
    },
  };
}

export function taskStore(sql: Sql): TaskStore {
  return {
    async open(task) {
      const opened = await sql.run(
        `INSERT INTO task (case_id, kind, subject, title, role) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id, kind, subject) WHERE state = 'open' DO NOTHING`,
        [task.caseId, task.kind, task.subject, task.title, task.role],
      );
      return opened === 1;
    },
    async complete(taskId, by, outcome) {
      const row = await sql.row<{ caseId: string; kind: string; subject: string }>(
        `UPDATE task SET state = 'done', done_at = clock_timestamp(), done_by = $2, outcome = $3
         WHERE id = $1 AND state = 'open' RETURNING case_id AS "caseId", kind, subject`,
        [taskId, by, outcome],
      );
      return row ?? null;
    },
    async completeBySubject(caseId, kind, subject, by, outcome) {
      await sql.run(
        `UPDATE task SET state = 'done', done_at = clock_timestamp(), done_by = $4, outcome = $5
         WHERE case_id = $1 AND kind = ANY ($2) AND subject = $3 AND state = 'open'`,
        [caseId, typeof kind === 'string' ? [kind] : kind, subject, by, outcome],
      );
    },
    async kindsOf(caseId) {
      const rows = await sql.rows<{ kind: string }>(
        'SELECT DISTINCT kind FROM task WHERE case_id = $1',
        [caseId],
      );
      return rows.map((row) => row.kind);
    },
    async blocking(caseId) {
      const rows = await sql.rows<{ title: string }>(
        `SELECT title FROM task WHERE case_id = $1 AND state = 'open'
           AND kind IN ('in-doubt', 'bounced', 'unproven', 'quarantined', 'unreachable', 'draft-blocked', 'file-at-portal',
             'review-obligation', 'decide-obligation') ORDER BY id LIMIT 5`,
        [caseId],
      );
      return rows.map((row) => row.title);
    },
  };
}
