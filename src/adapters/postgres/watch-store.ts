/** What the watch needs of PostgreSQL: alarms, their outbox, wakes and heartbeats; nothing of a case. */
import type pg from 'pg';
import type { CallWay } from '../../domain/out-of-band.ts';
import type { Ring, WatchStore } from '../../domain/watch-ports.ts';
import { beat } from './heartbeat.ts';
import { appendEntries } from './register.ts';
import type { Sql } from './sql.ts';
import { inTransaction } from './transaction.ts';

const watch = { kind: 'machine', name: 'watch' } as const;
const batch = 200;
/** A timer of Temporal's that has not acted by then may be lost. */
const actGraceSeconds = 5;

export function watchStore(pool: pg.Pool): WatchStore {
  const run = <T>(fn: (sql: Sql) => Promise<T>): Promise<T> => inTransaction(pool, watch, fn);
  return {
    ring: () => run(ring),
    unhanded: () => run((sql) => sql.rows(unhandedText)),
    isMailBarred: (caseId) =>
      run(async (sql) => {
        const row = await sql.row<{ barred: boolean }>('SELECT mail_barred($1::uuid) AS barred', [
          caseId,
        ]);
        return row?.barred !== false;
      }),
    handed: (rings, way) => run((sql) => handed(sql, rings, way)),
    notHanded: (ringIds) =>
      run(async (sql) => {
        await sql.run(
          `UPDATE alarm_outbox SET attempts = attempts + 1,
             next_attempt_at = clock_timestamp() + make_interval(secs => least(60, power(2, least(attempts, 6))))
           WHERE id = ANY ($1)`,
          [ringIds],
        );
      }),
    escalate: (afterCaseSeconds) => run((sql) => escalate(sql, afterCaseSeconds)),
    pendingWakes: () =>
      run((sql) =>
        sql.rows(
          `SELECT workflow, subject_id AS "subjectId", array_agg(id ORDER BY id) AS ids
           FROM (SELECT id, workflow, subject_id FROM wake WHERE accepted_at IS NULL ORDER BY id LIMIT $1) w
           GROUP BY workflow, subject_id ORDER BY min(id)`,
          [batch],
        ),
      ),
    accepted: (ids) =>
      run(async (sql) => {
        await sql.run(
          'UPDATE wake SET accepted_at = clock_timestamp() WHERE id = ANY ($1::bigint[])',
          [ids],
        );
      }),
    wake: (workflow, subjectId) =>
      run(async (sql) => {
        await sql.run('INSERT INTO wake (workflow, subject_id) VALUES ($1, $2)', [
          workflow,
          subjectId,
        ]);
      }),
    overdueActs: () =>
      run(async (sql) => {
        const rows = await sql.rows<{ id: string }>(
          `SELECT id FROM notice WHERE act_at <= clock_timestamp() - make_interval(secs => $1)
             AND state NOT IN ('dispatched', 'cancelled') ORDER BY act_at LIMIT $2`,
          [actGraceSeconds, batch],
        );
        return rows.map((row) => row.id);
      }),
    openSubjects: (workflow, afterId) =>
      run(async (sql) => {
        const from =
          workflow === 'breach-case'
            ? "case_file WHERE state <> 'closed'"
            : "notice WHERE state NOT IN ('dispatched', 'cancelled')";
        const rows = await sql.rows<{ id: string }>(
          `SELECT id FROM ${from} AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
          [afterId, batch],
        );
        return rows.map((row) => row.id);
      }),
    beat: (name, detail) => run((sql) => beat(sql, name, detail)),
  };
}

// Who is called is found once for all that ring at the same role, not once for each ring.
const unhandedText = `
  WITH waiting AS (
    SELECT a.id, a.subject, a.step, a.line, a.role, a.case_id, a.due_at, a.rung_at, a.person_id, a.deputy_id, c.unit,
      deputy_place(a.step) AS place
    FROM alarm_outbox a LEFT JOIN case_file c ON c.id = a.case_id
    WHERE a.handed_at IS NULL AND a.next_attempt_at <= clock_timestamp() ORDER BY a.rung_at, a.id LIMIT 500),
  called AS (
    SELECT w.*, (SELECT o.person_id FROM call_order(w.person_id, w.deputy_id, w.role, w.unit) o
      WHERE o.place <= w.place ORDER BY o.place DESC LIMIT 1) AS called_id
    FROM (SELECT DISTINCT person_id, deputy_id, role, unit, place FROM waiting) w)
  SELECT a.id AS "ringId", a.subject, a.step, a.line, a.role, a.case_id AS "caseId", a.due_at AS "dueAt",
    p.id AS "personId", p.name AS "personName", p.email, p.out_of_band AS "outOfBand"
  FROM waiting a
  JOIN called k ON (k.person_id, k.deputy_id, k.role, k.unit, k.place)
    IS NOT DISTINCT FROM (a.person_id, a.deputy_id, a.role, a.unit, a.place)
  LEFT JOIN person p ON p.id = k.called_id
  ORDER BY a.rung_at, a.id`;

/** Notes the way rings went; by telephone nobody has been reached yet, so somebody is asked to. */
async function handed(sql: Sql, rings: readonly Ring[], way: CallWay): Promise<void> {
  const [first] = rings;
  if (first === undefined) return;
  const { caseId, personId, personName } = first;
  await sql.run(
    `UPDATE alarm_outbox SET handed_at = clock_timestamp(), handed_to = $2, handed_way = $3, attempts = attempts + 1
     WHERE id = ANY ($1)`,
    [rings.map(({ ringId }) => ringId), personId, way],
  );
  if (way === 'mail') return;
  if (way === 'telephone' && caseId !== null) {
    const title = `Ring ${personName ?? ''} by telephone about the alarms of this case: mail is barred, and nothing else reaches them.`;
    await sql.run(
      `INSERT INTO task (case_id, kind, subject, title, role) VALUES ($1, 'ring-person', 'person/' || $2::text, $3, 'responder')
       ON CONFLICT (case_id, kind, subject) WHERE state = 'open' DO NOTHING`,
      [caseId, personId, title],
    );
  }
  await appendEntries(
    sql,
    rings.map(({ subject, step, dueAt }) => ({
      stream: caseId === null ? 'house' : `case/${caseId}`,
      type: 'alarm.handed',
      actor: 'machine/watch',
      data: { subject, step, dueAt, way, personId },
    })),
  );
}

interface Rung {
  subject: string;
  step: string;
  due_at: string;
  /** Null: an alarm of the house. */
  case_id: string | null;
}

/** Whoever may release in the unit of the case and is there, in one order. */
const everyone = `SELECT row_number() OVER (ORDER BY p.id) AS place, p.id FROM person p, case_file c
  WHERE c.id = due.case_id AND may_release(p.id) AND is_on_call(p.id) AND (c.unit = ANY (p.units) OR '*' = ANY (p.units))`;

/** Puts what is due by the database's clock into the outbox, once per (subject, step, due), and enters each ring. */
async function ring(sql: Sql): Promise<number> {
  const rung = await sql.rows<Rung>(
    `WITH looked AS (
       UPDATE alarm a SET rung_due_at = CASE WHEN w.waits THEN a.due_at ELSE a.rung_due_at END,
         silenced_at = CASE WHEN w.waits THEN NULL ELSE clock_timestamp() END
       FROM (SELECT n.subject, n.step, still_waits(n) AS waits FROM alarm n WHERE n.ring_at <= clock_timestamp()
           AND n.silenced_at IS NULL AND n.rung_due_at IS DISTINCT FROM n.due_at ORDER BY n.ring_at LIMIT 500
           FOR UPDATE SKIP LOCKED) w
       WHERE a.subject = w.subject AND a.step = w.step
       RETURNING a.*, w.waits),
     due AS (SELECT * FROM looked WHERE waits),
     asked AS (
       INSERT INTO task (case_id, kind, subject, title, role)
       SELECT case_id, task_kind, subject, task_title, role FROM due WHERE task_kind IS NOT NULL
       ON CONFLICT (case_id, kind, subject) WHERE state = 'open' DO NOTHING)
     INSERT INTO alarm_outbox (subject, step, due_at, ring_at, case_id, role, line, person_id, deputy_id)
     SELECT due.subject, CASE WHEN e.place > 1 THEN due.step || '/' || e.place ELSE due.step END, due.due_at, due.ring_at,
       due.case_id, due.role, due.line, coalesce(e.id, due.person_id), due.deputy_id
     FROM due LEFT JOIN LATERAL (${everyone}) e ON due.everyone
     ON CONFLICT (subject, step, due_at) DO NOTHING RETURNING subject, step, due_at, case_id`,
  );
  await enter(sql, 'alarm.rung', rung);
  return rung.length;
}

/**
 * Rings at the next deputy for what was handed over and not answered; the time allowed is case time. The first deputy's
 * ring always comes, at the same person where there is none; each further one only while the list has somebody new.
 */
async function escalate(sql: Sql, afterCaseSeconds: number): Promise<number> {
  const rung = await sql.rows<Rung>(
    `WITH quiet AS (
       UPDATE alarm_outbox o SET escalated_at = clock_timestamp()
       FROM alarm a LEFT JOIN case_file c ON c.id = a.case_id
       WHERE a.subject = o.subject AND a.step = alarm_step(o.step) AND a.silenced_at IS NULL
         AND o.answered_at IS NULL AND o.escalated_at IS NULL AND NOT a.everyone AND still_waits(a)
         AND o.handed_at < clock_timestamp() - make_interval(secs => greatest(2, $1 / coalesce(c.speed, 1)))
       RETURNING o.subject, alarm_step(o.step) AS step, deputy_place(o.step) + 1 AS place, c.unit,
         o.due_at, o.ring_at, o.case_id, o.role, o.line, o.person_id, o.deputy_id)
     INSERT INTO alarm_outbox (subject, step, due_at, ring_at, case_id, role, line, person_id, deputy_id)
     SELECT subject, step || CASE place WHEN 1 THEN '/deputy' ELSE '/deputy-' || place END, due_at, ring_at, case_id, role,
       line, person_id, deputy_id
     FROM quiet
     WHERE place = 1 OR EXISTS (
       SELECT 1 FROM call_order(quiet.person_id, quiet.deputy_id, quiet.role, quiet.unit) o WHERE o.place = quiet.place)
     ON CONFLICT (subject, step, due_at) DO NOTHING RETURNING subject, step, due_at, case_id`,
    [afterCaseSeconds],
  );
  await enter(sql, 'alarm.escalated', rung);
  return rung.length;
}

async function enter(sql: Sql, type: string, rung: readonly Rung[]): Promise<void> {
  if (rung.length === 0) return;
  await appendEntries(
    sql,
    rung.map(({ case_id, subject, step, due_at }) => ({
      stream: case_id === null ? 'house' : `case/${case_id}`,
      type,
      actor: 'machine/watch',
      data: { subject, step, dueAt: due_at },
    })),
  );
}
