/** Reviewed wording, standing authorisations and what the engine does under them, in PostgreSQL. */
import type { Instant } from '../../domain/instant.ts';
import type {
  ReleaseStore,
  StandingAuthorisation,
  StandingPlan,
  WordingReview,
} from '../../domain/release-ports.ts';
import type { Sql } from './sql.ts';

export function releaseStore(sql: Sql): ReleaseStore {
  return { ...wording(sql), ...authorisations(sql), ...plans(sql) };
}

type Wording = Pick<ReleaseStore, 'reviewWording' | 'wordingReviews' | 'wordingReviewed'>;

function wording(sql: Sql): Wording {
  return {
    async reviewWording(row) {
      await sql.run(
        `INSERT INTO wording_review (template, language, template_sha256, verdict, note, person_id)
         VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6)`,
        [row.template, row.language, row.sha256, row.verdict, row.note, row.personId],
      );
    },
    wordingReviews: () =>
      sql.rows<WordingReview>(
        `SELECT DISTINCT ON (r.template, r.language, r.template_sha256) r.template, r.language,
           encode(r.template_sha256, 'hex') AS sha256, r.verdict, r.note, p.name AS by, r.at
         FROM wording_review r JOIN person p ON p.id = r.person_id
         ORDER BY r.template, r.language, r.template_sha256, r.id DESC`,
      ),
    async wordingReviewed(versionId) {
      const row = await sql.row<{ reviewed: boolean }>('SELECT wording_reviewed($1) AS reviewed', [
        versionId,
      ]);
      return row?.reviewed === true;
    },
  };
}

type Authorisations = Pick<
  ReleaseStore,
  'propose' | 'sign' | 'addOpinion' | 'revoke' | 'authorisations' | 'authorisation'
>;

const authorisationColumns = `
  a.id AS "authorisationId", a.title, a.recipient_kinds AS "recipientKinds", a.affiliate_keys AS "affiliateKeys",
  a.max_recipients AS "maxRecipients", a.within_hours_of_due AS "withinHoursOfDue",
  a.unapproved_minutes_before_due AS "unapprovedMinutesBeforeDue", a.valid_from AS "validFrom",
  a.valid_until AS "validUntil", a.reason, by.name AS "proposedBy", nullif(authorisation_fault(a.id), '') AS fault`;

type Row = Omit<StandingAuthorisation, 'signers' | 'opinions' | 'revoked'>;

function authorisations(sql: Sql): Authorisations {
  const find = (one: string | null): Promise<Row[]> =>
    sql.rows<Row>(
      `SELECT ${authorisationColumns} FROM standing_authorisation a JOIN person by ON by.id = a.proposed_by
       WHERE $1::uuid IS NULL OR a.id = $1 ORDER BY a.at DESC, a.id LIMIT 200`,
      [one],
    );
  return {
    async propose(authorisationId, terms, personId) {
      await sql.run(
        `INSERT INTO standing_authorisation (id, title, recipient_kinds, affiliate_keys, max_recipients, within_hours_of_due,
           unapproved_minutes_before_due, valid_from, valid_until, reason, proposed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          authorisationId,
          terms.title,
          terms.recipientKinds,
          terms.affiliateKeys,
          terms.maxRecipients,
          terms.withinHoursOfDue,
          terms.unapprovedMinutesBeforeDue,
          terms.validFrom,
          terms.validUntil,
          terms.reason,
          personId,
        ],
      );
    },
    async sign(authorisationId, personId) {
      const written = await sql.run(
        `INSERT INTO standing_signature (authorisation_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
        [authorisationId, personId],
      );
      return written === 1;
    },
    async addOpinion(authorisationId, personId, text) {
      await sql.run(
        'INSERT INTO standing_opinion (authorisation_id, person_id, text) VALUES ($1, $2, $3)',
        [authorisationId, personId, text],
      );
    },
    async revoke(authorisationId, personId, reason) {
      await sql.run(
        `INSERT INTO standing_revocation (authorisation_id, person_id, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        [authorisationId, personId, reason],
      );
    },
    async authorisations() {
      return Promise.all((await find(null)).map((row) => withPeople(sql, row)));
    },
    async authorisation(authorisationId) {
      const [row] = await find(authorisationId);
      return row === undefined ? null : withPeople(sql, row);
    },
  };
}

async function withPeople(sql: Sql, row: Row): Promise<StandingAuthorisation> {
  const id = [row.authorisationId];
  const signers = await sql.rows<StandingAuthorisation['signers'][number]>(
    `SELECT p.id AS "personId", p.name, s.at FROM standing_signature s JOIN person p ON p.id = s.person_id
     WHERE s.authorisation_id = $1 ORDER BY s.at, p.id`,
    id,
  );
  const opinions = await sql.rows<StandingAuthorisation['opinions'][number]>(
    `SELECT p.name AS by, o.text, o.at FROM standing_opinion o JOIN person p ON p.id = o.person_id
     WHERE o.authorisation_id = $1 ORDER BY o.id`,
    id,
  );
  const revoked = await sql.row<NonNullable<StandingAuthorisation['revoked']>>(
    `SELECT p.name AS by, r.reason, r.at FROM standing_revocation r JOIN person p ON p.id = r.person_id
     WHERE r.authorisation_id = $1`,
    id,
  );
  return { ...row, signers, opinions, revoked: revoked ?? null };
}

type Plans = Pick<
  ReleaseStore,
  | 'standingPlan'
  | 'untrueAt'
  | 'untrueAmong'
  | 'setActAt'
  | 'setCalled'
  | 'releaseOn'
  | 'barrier'
  | 'wakeUnapproved'
>;

// Of several authorisations in force the one that reaches and acts first; people are called twice as early as it would act.
const planOf = `
  SELECT CASE WHEN n.channel = 'portal' THEN 'call-out' WHEN f.fault IS NULL THEN 'release' ELSE 'short' END AS kind,
    a.id AS "authorisationId", a.title, f.fault, o.due_at AS "dueAt", n.channel, n.case_id AS "caseId",
    o.authority->>'authorityId' AS "authorityId", o.affiliate_key AS "affiliateKey",
    coalesce(n.called_for = o.due_at, false) AS "isCalled",
    before_due(v.id, CASE WHEN n.channel = 'portal' THEN greatest(a.unapproved_minutes_before_due, filing_minutes(o.authority->>'authorityId', o.affiliate_key))
      WHEN f.fault IS NULL THEN a.unapproved_minutes_before_due
      ELSE 2 * a.unapproved_minutes_before_due END)::timestamptz(3) AS "actAt"
  FROM notice n
  JOIN obligation o ON o.id = n.obligation_id AND o.state = 'owed' AND o.due_ring_at IS NOT NULL
  JOIN notice_version v ON v.notice_id = n.id AND v.superseded_at IS NULL
  JOIN standing_authorisation a ON n.recipient_kind = ANY (a.recipient_kinds) AND authorisation_fault(a.id) = ''
  CROSS JOIN LATERAL (SELECT nullif(standing_fault(a.id, v.id), '') AS fault) f
  WHERE n.id = $1 AND n.phase = 'initial'
    AND (n.state IN ('in-review', 'returned') OR (n.state = 'released' AND n.channel = 'portal'))
  ORDER BY f.fault IS NOT NULL, "actAt" LIMIT 1`;

// Whether it is late stands in what the version was made from. A second of grace, so that what is drafted then says so.
const untrue = `
  SELECT n.id, CASE WHEN (v.content ->> 'late')::boolean THEN v.frozen_at ELSE o.due_ring_at + interval '1 second' END::timestamptz(3) AS at
  FROM notice n
  JOIN obligation o ON o.id = n.obligation_id AND o.due_basis = 'statute' AND o.due_ring_at IS NOT NULL AND o.dispatched_at IS NULL
  JOIN notice_version v ON v.notice_id = n.id AND v.superseded_at IS NULL AND jsonb_typeof(v.content -> 'late') = 'boolean'
  WHERE n.id = ANY ($1) AND n.state = 'in-review' AND n.phase = 'initial' AND n.recipient_kind = 'authority'
    AND (NOT (v.content ->> 'late')::boolean OR o.due_ring_at > clock_timestamp())
    AND NOT EXISTS (SELECT 1 FROM task t WHERE t.case_id = n.case_id AND t.kind = 'draft-blocked'
      AND t.subject = 'notice/' || n.id AND t.state = 'open')`;

function plans(sql: Sql): Plans {
  return {
    async untrueAt(noticeId) {
      return (await sql.row<{ at: Instant }>(untrue, [[noticeId]]))?.at ?? null;
    },
    async untrueAmong(noticeIds) {
      const rows = await sql.rows<{ id: string }>(
        `SELECT u.id FROM (${untrue}) u WHERE u.at <= clock_timestamp() ORDER BY u.id`,
        [noticeIds],
      );
      return rows.map(({ id }) => id);
    },
    async standingPlan(noticeId) {
      return (await sql.row<StandingPlan>(planOf, [noticeId])) ?? null;
    },
    async setActAt(noticeId: string, actAt: Instant | null) {
      await sql.run('UPDATE notice SET act_at = $2 WHERE id = $1 AND act_at IS DISTINCT FROM $2', [
        noticeId,
        actAt,
      ]);
    },
    async setCalled(noticeId, dueAt) {
      await sql.run('UPDATE notice SET called_for = $2 WHERE id = $1', [noticeId, dueAt]);
    },
    async releaseOn({ versionId, caseId, digest, basis }) {
      const standing = 'authorisationId' in basis;
      await sql.run(
        `INSERT INTO release (version_id, case_id, digest, basis, approvals_needed, authorisation_id, emergency_id)
         VALUES ($1, $2, decode($3, 'hex'), $4, coalesce(approvers_needed($1), 1), $5, $6)`,
        [
          versionId,
          caseId,
          digest,
          standing ? 'standing-authorisation' : 'emergency',
          standing ? basis.authorisationId : null,
          standing ? null : basis.emergencyId,
        ],
      );
      await sql.run(
        `UPDATE delivery d SET state = 'pending', release_id = r.id FROM release r
         WHERE r.version_id = $1 AND d.version_id = $1 AND d.state = 'prepared'`,
        [versionId],
      );
    },
    async barrier(noticeId) {
      const row = await sql.row<{ kind: 'held' | 'barred' | null; forSeconds: number | null }>(
        `SELECT notice_barrier(n.id) AS kind,
           extract(epoch FROM held_until(n.case_id, n.recipient_kind) - clock_timestamp())::float8 AS "forSeconds"
         FROM notice n WHERE n.id = $1`,
        [noticeId],
      );
      const kind = row?.kind ?? null;
      if (kind !== 'held') return kind === null ? null : { kind };
      return { kind, forSeconds: Math.max(1, row?.forSeconds ?? 1) };
    },
    async wakeUnapproved() {
      await sql.run(
        `INSERT INTO wake (workflow, subject_id) SELECT 'notice', id FROM notice
         WHERE state IN ('in-review', 'returned') OR (state = 'released' AND channel = 'portal')`,
      );
    },
  };
}
