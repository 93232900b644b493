/** What follows notices that have left, in PostgreSQL: what was told, decided and established since. */
import type { Finding, FollowUpStore, Told } from '../../domain/follow-up-ports.ts';
import type { Notice, WithdrawalCause } from '../../domain/notice.ts';
import type { Obligation } from '../../domain/obligation.ts';
import { noticeColumns } from './notice-store.ts';
import { obligationColumns } from './obligation-store.ts';
import type { Sql } from './sql.ts';

/** Only what left after the last withdrawal still stands; `n` is the alias of `notice`. */
const stands = `n.state <> 'cancelled' AND n.created_at > withdrawn_last(n.obligation_id)`;

/** Rows that reached somebody, or may have. */
const mayHaveReached = `d.state IN ('sent', 'in-doubt', 'at-dot')`;

export function followUpStore(sql: Sql): FollowUpStore {
  return { ...compared(sql), ...reach(sql), ...decisions(sql), ...findings(sql) };
}

type Compared = Pick<
  FollowUpStore,
  'uncompared' | 'markCompared' | 'standing' | 'told' | 'unsent' | 'initialParts' | 'hasOpinion'
>;

function compared(sql: Sql): Compared {
  return {
    uncompared: (caseId, limit) =>
      sql.rows<Obligation>(
        `SELECT ${obligationColumns} FROM obligation o JOIN case_file c ON c.id = o.case_id
         WHERE o.case_id = $1 AND o.told_revision < c.obligations_revision AND o.recipient_kind <> 'register'
           AND o.state IN ('owed', 'discharged')
           AND EXISTS (SELECT 1 FROM notice n WHERE n.obligation_id = o.id AND n.state IN ('in-review', 'dispatched'))
           AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.obligation_id = o.id AND n.state IN ('drafting', 'released'))
         ORDER BY o.id LIMIT $2`,
        [caseId, limit],
      ),
    async markCompared(obligationIds, revision) {
      await sql.run('UPDATE obligation SET told_revision = $2 WHERE id = ANY ($1)', [
        obligationIds,
        revision,
      ]);
    },
    standing: (obligationId) =>
      sql.rows<Notice>(
        `SELECT ${noticeColumns} FROM notice n WHERE n.obligation_id = $1 AND ${stands}
         ORDER BY n.created_at, n.id`,
        [obligationId],
      ),
    async told(obligationId) {
      return (await sql.row<Told>(toldText, [obligationId])) ?? null;
    },
    unsent: (caseId) =>
      sql.rows(
        `SELECT phase, count(*)::int AS count FROM notice
         WHERE case_id = $1 AND state NOT IN ('dispatched', 'cancelled') AND refers_to IS NOT NULL
         GROUP BY phase ORDER BY phase`,
        [caseId],
      ),
    async initialParts(caseId) {
      const rows = await sql.rows<{ obligationId: string; part: number }>(
        `SELECT obligation_id AS "obligationId", max(part) AS part FROM notice
         WHERE case_id = $1 AND phase = 'initial' AND state <> 'cancelled' GROUP BY obligation_id`,
        [caseId],
      );
      return new Map(rows.map(({ obligationId, part }) => [obligationId, part]));
    },
    async hasOpinion(noticeId) {
      const found = await sql.row(
        `SELECT 1 FROM review_note WHERE notice_id = $1 AND kind = 'opinion' LIMIT 1`,
        [noticeId],
      );
      return found !== undefined;
    },
  };
}

// A further part of an initial notice went to people found later only: what all were told is the first part's.
const toldText = `WITH left_house AS (
    SELECT n.id, n.phase, n.part, n.created_at, v.content, v.frozen_at
    FROM notice n JOIN notice_version v ON v.notice_id = n.id AND v.superseded_at IS NULL
    WHERE n.obligation_id = $1 AND n.state = 'dispatched' AND ${stands}
  ), first AS (
    SELECT * FROM left_house WHERE phase = 'initial' ORDER BY part LIMIT 1
  ), newest AS (
    SELECT l.* FROM left_house l, first f WHERE l.phase <> 'initial' OR l.id = f.id ORDER BY l.frozen_at DESC LIMIT 1
  )
  SELECT f.id AS "firstNoticeId", w.content,
    (SELECT s.known FROM supplement_decision s WHERE s.obligation_id = $1 AND s.at > w.frozen_at
     ORDER BY s.at DESC, s.id DESC LIMIT 1) AS decided,
    (SELECT coalesce(r.reference, r.evidence) FROM receipt r JOIN notice n ON n.id = r.notice_id
     WHERE n.obligation_id = $1 AND (r.reference IS NOT NULL OR r.kind = 'reference') ORDER BY r.recorded_at DESC, r.id DESC LIMIT 1) AS "fileNumber"
  FROM first f, newest w`;

function reach(sql: Sql): Pick<FollowUpStore, 'reached' | 'addressed' | 'unaddressed'> {
  return {
    reached: (obligationId) =>
      sql.rows(
        `SELECT DISTINCT ON (lower(d.address)) d.recipient_key AS "recipientKey", d.address, d.language, d.merge
         FROM notice n JOIN delivery d ON d.notice_id = n.id
         WHERE n.obligation_id = $1 AND ${stands} AND n.phase <> 'withdrawal' AND ${mayHaveReached}
           AND NOT EXISTS (SELECT 1 FROM late_bounce b WHERE b.delivery_id = d.id)
         ORDER BY lower(d.address), n.created_at DESC`,
        [obligationId],
      ),
    addressed: (obligationId, exceptNoticeId) =>
      sql.rows(
        `SELECT d.recipient_key AS "recipientKey", d.address FROM notice n JOIN delivery d ON d.notice_id = n.id
         WHERE n.obligation_id = $1 AND ${stands} AND n.phase = 'initial' AND n.id <> $2
           AND d.release_id IS NOT NULL AND d.state NOT IN ('cancelled', 'suppressed')`,
        [obligationId, exceptNoticeId],
      ),
    async unaddressed(obligationId, processingKey) {
      const row = await sql.row<{ people: number; leftOut: number }>(unaddressedText, [
        obligationId,
        processingKey,
      ]);
      return row ?? { people: 0, leftOut: 0 };
    },
  };
}

const unaddressedText = `SELECT
    (SELECT count(*)::int FROM case_subject s WHERE s.case_id = o.case_id AND s.processing_key = $2
       AND NOT EXISTS (
         SELECT 1 FROM notice n JOIN delivery d ON d.notice_id = n.id
         WHERE n.obligation_id = o.id AND ${stands} AND n.phase = 'initial' AND d.recipient_key = s.subject_key
           AND d.release_id IS NOT NULL AND d.state NOT IN ('cancelled', 'suppressed'))) AS people,
    coalesce((SELECT (v.content -> 'recipients' ->> 'merged')::int + (v.content -> 'recipients' ->> 'unusable')::int
       FROM notice n JOIN notice_version v ON v.notice_id = n.id AND v.superseded_at IS NULL
       WHERE n.obligation_id = o.id AND ${stands} AND n.phase = 'initial' AND n.state = 'dispatched'
       ORDER BY n.part DESC LIMIT 1), 0) AS "leftOut"
  FROM obligation o WHERE o.id = $1`;

function decisions(
  sql: Sql,
): Pick<FollowUpStore, 'recordDecision' | 'wronglyTold' | 'withdraw' | 'reopen'> {
  return {
    async recordDecision(row) {
      await sql.run(
        `INSERT INTO supplement_decision (case_id, obligation_id, notice_id, known, reason, person_id)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [
          row.caseId,
          row.obligationId,
          row.noticeId,
          JSON.stringify(row.known),
          row.reason,
          row.personId,
        ],
      );
    },
    async wronglyTold(caseId) {
      const rows = await sql.rows<{ id: string; cause: WithdrawalCause }>(
        `SELECT DISTINCT ON (obligation_id) obligation_id AS id, cause FROM notice
         WHERE case_id = $1 AND phase = 'withdrawal' AND state <> 'cancelled'
         ORDER BY obligation_id, created_at DESC`,
        [caseId],
      );
      return new Set(rows.filter(({ cause }) => cause === 'wrong-recipient').map(({ id }) => id));
    },
    async withdraw(obligationId, reason, by) {
      await sql.run(
        `UPDATE obligation SET state = 'withdrawn', reason = $2, decided_by = $3, discharged_at = NULL WHERE id = $1`,
        [obligationId, reason, by],
      );
    },
    async reopen(obligationId, reason, by) {
      await sql.run(
        `UPDATE obligation SET state = 'owed', reason = $2, decided_by = $3, dispatched_at = NULL, receipt_at = NULL,
           late = false WHERE id = $1 AND state = 'withdrawn'`,
        [obligationId, reason, by],
      );
    },
  };
}

function findings(
  sql: Sql,
): Pick<FollowUpStore, 'finding' | 'setDelayReasons' | 'endInvestigation'> {
  return {
    async finding(caseId) {
      const row = await sql.row<Finding>(
        `SELECT delay_reasons AS "delayReasons", ended_at AS "endedAt", not_obtainable AS "notObtainable"
         FROM case_finding WHERE case_id = $1`,
        [caseId],
      );
      return row ?? { delayReasons: null, endedAt: null, notObtainable: [] };
    },
    async setDelayReasons(caseId, reasons) {
      await sql.run(
        `INSERT INTO case_finding (case_id, delay_reasons) VALUES ($1, $2)
         ON CONFLICT (case_id) DO UPDATE SET delay_reasons = EXCLUDED.delay_reasons`,
        [caseId, reasons],
      );
    },
    async endInvestigation(caseId, { endedAt, notObtainable, by }) {
      await sql.run(
        `INSERT INTO case_finding (case_id, ended_at, ended_by, not_obtainable) VALUES ($1, $2, $3, $4)
         ON CONFLICT (case_id) DO UPDATE SET ended_at = EXCLUDED.ended_at, ended_by = EXCLUDED.ended_by,
           not_obtainable = EXCLUDED.not_obtainable`,
        [caseId, endedAt, by, notObtainable],
      );
    },
  };
}
