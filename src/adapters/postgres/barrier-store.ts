/** Holds, bars of the mail channel and emergency approvals in PostgreSQL: written once, never changed. */
import type {
  BarrierStore,
  Emergency,
  Hold,
  MailBar,
  ReleaseBasis,
} from '../../domain/barrier-ports.ts';
import type { Sql } from './sql.ts';

export function barrierStore(sql: Sql): BarrierStore {
  return { ...emergencies(sql), ...holds(sql), ...bars(sql) };
}

type Emergencies = Pick<
  BarrierStore,
  'isEmergency' | 'addEmergency' | 'emergencyOf' | 'addSecondReview' | 'basisOf'
>;

function emergencies(sql: Sql): Emergencies {
  return {
    async isEmergency(versionId) {
      const row = await sql.row<{ near: boolean }>(
        `SELECT o.due_ring_at - make_interval(secs => p.emergency_minutes * 60 / c.speed) <= clock_timestamp() AS near
         FROM notice_version v JOIN notice n ON n.id = v.notice_id JOIN obligation o ON o.id = n.obligation_id
         JOIN case_file c ON c.id = v.case_id CROSS JOIN release_policy p WHERE v.id = $1`,
        [versionId],
      );
      return row?.near === true;
    },
    async addEmergency(row) {
      const made = await sql.row<{ id: string }>(
        `WITH made AS (INSERT INTO emergency_approval (version_id, case_id, digest, person_id, reason)
           VALUES ($1, $2, decode($3, 'hex'), $4, $5) RETURNING id) SELECT id FROM made`,
        [row.versionId, row.caseId, row.digest, row.personId, row.reason],
      );
      if (made === undefined) throw new Error('the emergency approval was not written');
      return made.id;
    },
    async emergencyOf(noticeId) {
      const row = await sql.row<Emergency>(
        `SELECT e.id AS "emergencyId", e.case_id AS "caseId", e.person_id AS "personId", p.name AS by, e.reason, e.at,
           CASE WHEN r.emergency_id IS NULL THEN NULL
             ELSE jsonb_build_object('verdict', r.verdict, 'by', q.name, 'reason', r.reason) END AS review
         FROM emergency_approval e JOIN notice_version v ON v.id = e.version_id JOIN person p ON p.id = e.person_id
         LEFT JOIN second_review r ON r.emergency_id = e.id LEFT JOIN person q ON q.id = r.person_id
         WHERE v.notice_id = $1 ORDER BY e.id DESC LIMIT 1`,
        [noticeId],
      );
      return row ?? null;
    },
    async addSecondReview(row) {
      await sql.run(
        `INSERT INTO second_review (emergency_id, case_id, person_id, verdict, reason) VALUES ($1, $2, $3, $4, $5)`,
        [row.emergencyId, row.caseId, row.personId, row.verdict, row.reason],
      );
    },
    async basisOf(noticeId) {
      const row = await sql.row<ReleaseBasis>(
        `SELECT r.basis, r.at, a.title AS authorisation, release_stands(r.id) AS stands
         FROM release r JOIN notice_version v ON v.id = r.version_id AND v.superseded_at IS NULL
         LEFT JOIN standing_authorisation a ON a.id = r.authorisation_id WHERE v.notice_id = $1`,
        [noticeId],
      );
      return row ?? null;
    },
  };
}

type Holds = Pick<BarrierStore, 'addHold' | 'hold' | 'holds' | 'confirmHold' | 'liftHold'>;

const holdRows = `
  SELECT h.id AS "holdId", h.case_id AS "caseId", h.recipient_kinds AS "recipientKinds", h.requested_by AS "requestedBy",
    h.reference, h.document, h.reason, h.expires_at AS "expiresAt", p.name AS "recordedBy", l.name AS "liftedBy",
    ARRAY(SELECT q.name FROM hold_confirmation c JOIN person q ON q.id = c.person_id WHERE c.hold_id = h.id ORDER BY c.at) AS "confirmedBy",
    CASE WHEN l.name IS NOT NULL OR h.expires_ring_at <= clock_timestamp() THEN '{}'::text[]
      ELSE ARRAY(SELECT k FROM unnest(h.recipient_kinds) k WHERE k = 'data-subject' OR hold_by_counsel(h.id)) END AS holds
  FROM hold h JOIN person p ON p.id = h.recorded_by
  LEFT JOIN LATERAL (SELECT q.name FROM hold_lift x JOIN person q ON q.id = x.person_id WHERE x.hold_id = h.id) l ON true`;

function holds(sql: Sql): Holds {
  return {
    async addHold(hold, personId) {
      await sql.run(
        `INSERT INTO hold (id, case_id, recipient_kinds, requested_by, reference, document, reason, expires_at,
           expires_ring_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          hold.holdId,
          hold.caseId,
          hold.recipientKinds,
          hold.requestedBy,
          hold.reference,
          hold.document,
          hold.reason,
          hold.expiresAt,
          hold.expiresRingAt,
          personId,
        ],
      );
    },
    async hold(holdId) {
      return (await sql.row<Hold>(`${holdRows} WHERE h.id = $1`, [holdId])) ?? null;
    },
    holds: (caseId) =>
      sql.rows<Hold>(`${holdRows} WHERE h.case_id = $1 ORDER BY h.at DESC, h.id`, [caseId]),
    async confirmHold(holdId, caseId, personId) {
      const written = await sql.run(
        `INSERT INTO hold_confirmation (hold_id, case_id, person_id)
         SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM hold WHERE id = $1 AND recorded_by = $3)
         ON CONFLICT DO NOTHING`,
        [holdId, caseId, personId],
      );
      return written === 1;
    },
    async liftHold(holdId, caseId, personId, reason) {
      await sql.run(
        'INSERT INTO hold_lift (hold_id, case_id, person_id, reason) VALUES ($1, $2, $3, $4)',
        [holdId, caseId, personId, reason],
      );
    },
  };
}

type Bars = Pick<
  BarrierStore,
  'addBar' | 'bar' | 'bars' | 'addOpening' | 'isMailBarred' | 'unsentByMail' | 'resume'
>;

const barRows = `
  SELECT b.id AS "barId", b.case_id AS "caseId", b.reason, p.name AS by, b.at,
    ARRAY(SELECT q.name FROM channel_opening o JOIN person q ON q.id = o.person_id WHERE o.bar_id = b.id ORDER BY o.at) AS "openedBy",
    bar_ended_at(b.id) IS NOT NULL AS "isOpen"
  FROM channel_bar b JOIN person p ON p.id = b.person_id`;

function bars(sql: Sql): Bars {
  return {
    async addBar({ barId, caseId, reason, personId }) {
      await sql.run(
        'INSERT INTO channel_bar (id, case_id, reason, person_id) VALUES ($1, $2, $3, $4)',
        [barId, caseId, reason, personId],
      );
    },
    async bar(barId) {
      return (await sql.row<MailBar>(`${barRows} WHERE b.id = $1`, [barId])) ?? null;
    },
    bars: (caseId) =>
      sql.rows<MailBar>(
        `${barRows} WHERE b.case_id IS NULL OR b.case_id = $1 ORDER BY b.at DESC LIMIT 100`,
        [caseId],
      ),
    async addOpening(barId, personId, reason) {
      const written = await sql.run(
        'INSERT INTO channel_opening (bar_id, person_id, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [barId, personId, reason],
      );
      return written === 1;
    },
    async isMailBarred(caseId) {
      const row = await sql.row<{ barred: boolean }>('SELECT mail_barred($1) AS barred', [caseId]);
      return row?.barred !== false;
    },
    unsentByMail: (caseId) =>
      sql.rows(
        `SELECT n.case_id AS "caseId", n.id AS "noticeId", n.recipient_kind AS "recipientKind"
         FROM notice n JOIN case_file c ON c.id = n.case_id
         WHERE n.channel = 'email' AND n.state IN ('in-review', 'returned', 'released') AND c.state <> 'closed'
           AND ($1::uuid IS NULL OR n.case_id = $1) ORDER BY n.id`,
        [caseId],
      ),
    async resume(caseId, by) {
      await sql.run(
        `UPDATE task SET state = 'done', done_at = clock_timestamp(), done_by = $2, outcome = 'mail is open again'
         WHERE kind = 'channel-barred' AND state = 'open' AND ($1::uuid IS NULL OR case_id = $1)
           AND NOT mail_barred(case_id)`,
        [caseId, by],
      );
      await sql.run(
        `UPDATE delivery SET next_attempt_at = clock_timestamp()
         WHERE id IN (SELECT d.id FROM delivery d JOIN notice n ON n.id = d.notice_id
           WHERE n.state = 'released' AND d.state IN ('pending', 'retry') AND ($1::uuid IS NULL OR n.case_id = $1)
           ORDER BY d.id FOR UPDATE OF d SKIP LOCKED)`,
        [caseId],
      );
      await sql.run(
        `INSERT INTO wake (workflow, subject_id) SELECT 'notice', id FROM notice
         WHERE state IN ('in-review', 'returned', 'released') AND ($1::uuid IS NULL OR case_id = $1)`,
        [caseId],
      );
    },
  };
}
