/** Readiness records and confirmed addresses of authorities in PostgreSQL: added to, never changed. */
import type {
  AuthorityAddress,
  FilingPlan,
  FilingPolicy,
  ReadinessStore,
  StandingReadiness,
} from '../../domain/readiness.ts';
import type { Sql } from './sql.ts';

type Addresses = Pick<
  ReadinessStore,
  | 'addresses'
  | 'confirmedAddress'
  | 'wasConfirmed'
  | 'nameAddress'
  | 'secondAddress'
  | 'endAddresses'
>;

export function readinessStore(sql: Sql): ReadinessStore {
  return { ...records(sql), ...addresses(sql) };
}

function records(sql: Sql): Omit<ReadinessStore, keyof Addresses> {
  return {
    async policy() {
      const row = await sql.row<FilingPolicy>(
        'SELECT default_minutes AS "defaultMinutes", stale_months AS "staleMonths" FROM filing_policy',
      );
      if (row === undefined) throw new Error('the policy of filings is missing');
      return row;
    },
    async plan(authorityId, affiliateKey) {
      const row = await sql.row<FilingPlan>(planText, [authorityId, affiliateKey]);
      if (row === undefined) throw new Error('a filing has no plan');
      return row;
    },
    async record(row, by) {
      await sql.run(
        `INSERT INTO readiness (authority_id, affiliate_key, account, account_holder_id, eid, eid_holder_id, deputy_id,
           tested_on, filing_minutes, form_version, note, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          row.authorityId,
          row.affiliateKey,
          row.account,
          row.accountHolderId,
          row.eid,
          row.eidHolderId,
          row.deputyId,
          row.testedOn,
          row.filingMinutes,
          row.formVersion,
          row.note,
          by,
        ],
      );
    },
    standing: () => sql.rows<StandingReadiness>(standingText),
    people: () =>
      sql.rows('SELECT id AS "personId", name FROM person WHERE active ORDER BY name, id'),
    openFilings: (authorityId) =>
      sql.rows(
        `SELECT id AS "obligationId", case_id AS "caseId" FROM obligation
         WHERE authority ->> 'authorityId' = $1 AND state = 'owed' AND dispatched_at IS NULL AND due_at IS NOT NULL
         ORDER BY id`,
        [authorityId],
      ),
  };
}

const planText = `SELECT filing_minutes($1, $2) AS minutes, r.filing_minutes IS NOT NULL AS "isRehearsed",
    coalesce(r.eid_holder_id, r.account_holder_id) AS "filerId", r.deputy_id AS "deputyId"
  FROM (SELECT) one LEFT JOIN LATERAL (
    SELECT * FROM readiness WHERE authority_id = $1 AND (affiliate_key = $2 OR affiliate_key IS NULL)
    ORDER BY affiliate_key NULLS LAST, id DESC LIMIT 1) r ON true`;

const standingText = `SELECT DISTINCT ON (r.authority_id, r.affiliate_key)
    r.authority_id AS "authorityId", r.affiliate_key AS "affiliateKey", r.account,
    r.account_holder_id AS "accountHolderId", a.name AS "accountHolderName", r.eid, r.eid_holder_id AS "eidHolderId",
    e.name AS "eidHolderName", r.deputy_id AS "deputyId", d.name AS "deputyName",
    to_char(r.tested_on, 'YYYY-MM-DD') AS "testedOn", r.filing_minutes AS "filingMinutes",
    r.form_version AS "formVersion", r.note, r.recorded_at AS "recordedAt",
    actor_name(r.recorded_by) AS "recordedByName"
  FROM readiness r LEFT JOIN person a ON a.id = r.account_holder_id LEFT JOIN person e ON e.id = r.eid_holder_id
  LEFT JOIN person d ON d.id = r.deputy_id
  ORDER BY r.authority_id, r.affiliate_key, r.id DESC`;

function addresses(sql: Sql): Addresses {
  return {
    addresses: (authorityId) =>
      sql.rows<AuthorityAddress>(
        `SELECT x.id AS "addressId", x.authority_id AS "authorityId", x.email, x.state, x.evidence,
           x.named_by AS "namedById", n.name AS "namedByName", x.named_at AS "namedAt", s.name AS "secondedByName",
           x.confirmed_at AS "confirmedAt"
         FROM authority_address x JOIN person n ON n.id = x.named_by LEFT JOIN person s ON s.id = x.seconded_by
         WHERE x.state IN ('proposed', 'confirmed') AND ($1::text IS NULL OR x.authority_id = $1)
         ORDER BY x.authority_id, x.state`,
        [authorityId],
      ),
    async confirmedAddress(authorityId) {
      const row = await sql.row<{ email: string }>(
        "SELECT email FROM authority_address WHERE authority_id = $1 AND state = 'confirmed'",
        [authorityId],
      );
      return row?.email ?? null;
    },
    async wasConfirmed(authorityId) {
      // Two persons who name an address at once are told apart by this lock, not by luck.
      await sql.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('authority_address ' || $1, 0))",
        [authorityId],
      );
      const row = await sql.row<{ was: boolean }>(
        `SELECT EXISTS (SELECT FROM authority_address WHERE authority_id = $1 AND confirmed_at IS NOT NULL) AS was`,
        [authorityId],
      );
      return row?.was === true;
    },
    async nameAddress({ authorityId, email, evidence, personId, state }) {
      await sql.run(
        `INSERT INTO authority_address (authority_id, email, evidence, named_by, state, confirmed_at)
         VALUES ($1, $2, $3, $4, $5, CASE WHEN $5 = 'confirmed' THEN clock_timestamp() END)`,
        [authorityId, email, evidence, personId, state],
      );
    },
    async secondAddress(addressId, personId) {
      await sql.run(
        `UPDATE authority_address SET state = 'superseded', ended_at = clock_timestamp()
         WHERE state = 'confirmed' AND authority_id = (SELECT authority_id FROM authority_address WHERE id = $1)`,
        [addressId],
      );
      await sql.run(
        `UPDATE authority_address SET state = 'confirmed', seconded_by = $2, confirmed_at = clock_timestamp()
         WHERE id = $1 AND state = 'proposed'`,
        [addressId, personId],
      );
    },
    endAddresses: (authorityId, which) =>
      sql.run(
        `UPDATE authority_address SET state = CASE WHEN $2 = 'all' THEN 'withdrawn' ELSE 'superseded' END,
           ended_at = clock_timestamp()
         WHERE authority_id = $1 AND (state = 'proposed' OR $2 = 'all' AND state = 'confirmed')`,
        [authorityId, which],
      ),
  };
}
