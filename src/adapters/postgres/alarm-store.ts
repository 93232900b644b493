/** Alarms and tasks in PostgreSQL, as the application sets them. */
import type { AlarmStore, TaskStore } from '../../domain/ports.ts';
import type { Sql } from './sql.ts';

export function alarmStore(sql: Sql): AlarmStore {
  return {
    async set(alarms) {
      if (alarms.length === 0) return;
      await sql.run(
        `INSERT INTO alarm (subject, step, due_at, ring_at, case_id, role, line, person_id, deputy_id, task_kind, task_title)
         SELECT a.subject, a.step, a."dueAt", a."ringAt", a."caseId", a.role, a.line, a."personId", a."deputyId",
           a."taskKind", a."taskTitle"
         FROM jsonb_to_recordset($1) AS a(subject text, step text, "dueAt" timestamptz, "ringAt" timestamptz,
           "caseId" uuid, role text, line text, "personId" uuid, "deputyId" uuid,
           "taskKind" text, "taskTitle" text)
         ON CONFLICT (subject, step) DO UPDATE SET due_at = excluded.due_at, ring_at = excluded.ring_at,
           role = excluded.role, line = excluded.line, person_id = excluded.person_id, deputy_id = excluded.deputy_id,
           task_kind = excluded.task_kind, task_title = excluded.task_title,
           silenced_at = NULL
         WHERE alarm.due_at IS DISTINCT FROM excluded.due_at OR alarm.silenced_at IS NOT NULL
           OR alarm.line <> excluded.line
           OR (alarm.person_id, alarm.deputy_id) IS DISTINCT FROM (excluded.person_id, excluded.deputy_id)`,
        [JSON.stringify(alarms)],
      );
    },
    async silence(subject, step) {
      await sql.run(
        `UPDATE alarm SET silenced_at = clock_timestamp()
         WHERE subject = $1 AND silenced_at IS NULL AND ($2::text IS NULL OR step = $2 OR step = $2 || '/deputy')`,
        [subject, step ?? null],
      );
    },
    async callForApproval(noticeId, alarms) {
      await sql.run('UPDATE notice SET call_subject = $2 WHERE id = $1', [
        noticeId,
        alarms[0]?.subject,
      ]);
      await sql.run(approvalText, [JSON.stringify(alarms)]);
    },
    async endApprovalCalls(noticeIds) {
      await sql.run(
        `UPDATE alarm SET silenced_at = clock_timestamp() WHERE (subject, step) IN (
           SELECT a.subject, a.step FROM alarm a
           WHERE a.subject IN (SELECT n.call_subject FROM notice n WHERE n.id = ANY ($1))
             AND a.silenced_at IS NULL AND NOT still_waits(a) FOR UPDATE OF a SKIP LOCKED)`,
        [noticeIds],
      );
    },
    async silenceCase(caseId) {
      await sql.run(
        'UPDATE alarm SET silenced_at = clock_timestamp() WHERE case_id = $1 AND silenced_at IS NULL',
        [caseId],
      );
    },
    async unsilenceCase(caseId, since) {
      await sql.run(
        'UPDATE alarm SET silenced_at = NULL WHERE case_id = $1 AND silenced_at >= $2',
        [caseId, since],
      );
    },
    async gather(alarms, quietSeconds) {
      await sql.run(gatherText, [JSON.stringify(alarms), quietSeconds]);
    },
    async reword(subject, line) {
      await sql.run(
        `UPDATE alarm SET line = $2
         WHERE subject = $1 AND silenced_at IS NULL AND rung_due_at IS DISTINCT FROM due_at`,
        [subject, line],
      );
    },
    async answer(subject, step, by) {
      // One answer is enough for an alarm, whichever of the people it rang at gives it, and for all
      // that rang alike in the case; what rings at somebody by name is theirs to answer.
      const rows = await sql.rows<{ caseId: string | null; subject: string }>(
        `UPDATE alarm_outbox o SET answered_at = clock_timestamp(), answered_by = $3
         FROM (SELECT DISTINCT case_id, line, role, person_id FROM alarm_outbox
           WHERE subject = $1 AND alarm_step(step) = alarm_step($2) AND answered_at IS NULL) asked
         WHERE o.case_id IS NOT DISTINCT FROM asked.case_id AND o.answered_at IS NULL
           AND alarm_step(o.step) = alarm_step($2) AND (o.subject = $1
             OR (o.line, o.role, o.person_id) IS NOT DISTINCT FROM (asked.line, asked.role, asked.person_id))
         RETURNING o.case_id AS "caseId", o.subject`,
        [subject, step, by],
      );
      const [first] = rows;
      if (first === undefined) return null;
      return { caseId: first.caseId, subjects: [...new Set(rows.map((row) => row.subject))] };
    },
  };
}

const approvalText = `INSERT INTO alarm (subject, step, due_at, ring_at, case_id, role, line, everyone, while_in_review)
  SELECT a.subject, a.step, a."dueAt", a."ringAt", a."caseId", a.role, a.line, coalesce(a.everyone, false), a."whileInReview"
  FROM jsonb_to_recordset($1) AS a(subject text, step text, "dueAt" timestamptz, "ringAt" timestamptz, "caseId" uuid,
    role text, line text, everyone boolean, "whileInReview" boolean)
  ON CONFLICT (subject, step) DO UPDATE SET due_at = excluded.due_at, ring_at = excluded.ring_at, silenced_at = NULL
  WHERE alarm.rung_due_at IS DISTINCT FROM alarm.due_at
    AND (alarm.silenced_at IS NOT NULL OR excluded.due_at < alarm.due_at)`;

// One that has not rung yet covers what comes now too; one that was silenced before it rang starts anew.
const gatherText = `INSERT INTO alarm (subject, step, due_at, ring_at, role, line)
  SELECT a.subject, a.step, a."ringAt", a."ringAt", a.role, a.line
  FROM jsonb_to_recordset($1) AS a(subject text, step text, "ringAt" timestamptz, role text, line text)
  ON CONFLICT (subject, step) DO UPDATE SET (due_at, ring_at, silenced_at) = (
    SELECT next.at, next.at, NULL::timestamptz FROM (SELECT CASE
      WHEN alarm.rung_due_at IS NOT DISTINCT FROM alarm.due_at
        THEN greatest(excluded.due_at, alarm.due_at + make_interval(secs => $2))
      WHEN alarm.silenced_at IS NOT NULL THEN excluded.due_at
      ELSE alarm.due_at END AS at) next)`;

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
    async openAll(tasks) {
      if (tasks.length === 0) return;
      await sql.run(
        `INSERT INTO task (case_id, kind, subject, title, role)
         SELECT t."caseId", t.kind, t.subject, t.title, t.role
         FROM jsonb_to_recordset($1) AS t("caseId" uuid, kind text, subject text, title text, role text)
         ON CONFLICT (case_id, kind, subject) WHERE state = 'open' DO NOTHING`,
        [JSON.stringify(tasks)],
      );
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
    async isOpen(caseId, kind) {
      const row = await sql.row(
        "SELECT 1 FROM task WHERE case_id = $1 AND kind = $2 AND state = 'open' LIMIT 1",
        [caseId, kind],
      );
      return row !== undefined;
    },
    completeOfKind: (caseId, kind, by, outcome) =>
      sql.run(
        `UPDATE task SET state = 'done', done_at = clock_timestamp(), done_by = $3, outcome = $4
         WHERE case_id = $1 AND kind = $2 AND state = 'open'`,
        [caseId, kind, by, outcome],
      ),
    async kindsOf(caseId) {
      const rows = await sql.rows<{ kind: string }>(
        'SELECT DISTINCT kind FROM task WHERE case_id = $1',
        [caseId],
      );
      return rows.map((row) => row.kind);
    },
    async subjectsDone(caseId, kind) {
      const rows = await sql.rows<{ subject: string }>(
        `SELECT subject FROM task WHERE case_id = $1 AND kind = $2 AND state = 'done'`,
        [caseId, kind],
      );
      return new Set(rows.map(({ subject }) => subject));
    },
    async blocking(caseId) {
      const rows = await sql.rows<{ title: string }>(
        `SELECT title FROM task WHERE case_id = $1 AND state = 'open'
           AND kind IN ('in-doubt', 'bounced', 'unproven', 'quarantined', 'unreachable', 'draft-blocked', 'file-at-portal',
             'review-obligation', 'decide-obligation', 'withdraw-notice', 'supplement-people') ORDER BY id LIMIT 5`,
        [caseId],
      );
      return rows.map((row) => row.title);
    },
  };
}
