/** Cases, their facts, hits, tracks and exposures in PostgreSQL. */
import type {
  Awareness,
  CaseFile,
  CaseState,
  Detection,
  Exposure,
  Fact,
  Track,
} from '../../domain/case.ts';
import type { CaseStore } from '../../domain/ports.ts';
import { hitsKnown, readAffiliates, readProcessings } from './catalogue.ts';
import { foreignTexts } from './foreign-texts.ts';
import { eraseCasePersons } from './erasure.ts';
import { scopeCase } from './scope.ts';
import { caseColumns, toCase, type CaseRow } from './case-row.ts';
import type { Sql } from './sql.ts';

export function caseStore(sql: Sql): CaseStore {
  return {
    ...caseFiles(sql),
    ...knowledge(sql),
    ...reach(sql),
    erasePersons: (erasure) => eraseCasePersons(sql, erasure),
  };
}

type Files = Pick<
  CaseStore,
  | 'open'
  | 'lock'
  | 'read'
  | 'bySource'
  | 'bump'
  | 'determine'
  | 'fixAwareness'
  | 'recordDetection'
  | 'close'
  | 'reopen'
  | 'openIds'
  | 'markScoped'
  | 'markObliged'
>;

function caseFiles(sql: Sql): Files {
  const one = async (where: string, values: readonly unknown[]): Promise<CaseFile | null> => {
    const row = await sql.row<CaseRow>(
      `SELECT ${caseColumns} FROM case_file WHERE ${where}`,
      values,
    );
    return row === undefined ? null : toCase(row);
  };
  return {
    async open(input) {
      const { awareness: aware } = input;
      const row = await sql.row<CaseRow>(
        `INSERT INTO case_file (id, reference, title, description, unit, mode, organisation_kind, state,
           wall_start_at, case_start_at, speed, detected_at, received_at, aware_at, aware_zone,
           aware_offset_minutes, aware_state, aware_basis, reported_late, source, external_id, opened_by, facts_version)
         SELECT $1, CASE WHEN $5 = 'drill' THEN 'D-' ELSE 'B-' END || to_char($7::timestamptz, 'YYYY') || '-' ||
             lpad(n::text, greatest(4, length(n::text)), '0'),
           $2, $3, $4, $5, o.kind, 'investigating', $7, $7, $6, $8, $9, $10, $11, $12, 'provisional',
           $13, $14, $15, $16, $17, $18
         FROM organisation o, nextval('case_number') n
         RETURNING ${caseColumns}`,
        [
          input.caseId,
          input.title,
          input.description,
          input.unit,
          input.mode,
          input.speed,
          input.caseStartAt,
          input.detectedAt,
          input.receivedAt,
          aware.awareAt,
          aware.zone,
          aware.offsetMinutes,
          aware.basis,
          input.reportedLate,
          input.source,
          input.externalId,
          input.openedBy,
          input.factsVersion,
        ],
      );
      if (row === undefined)
        throw new Error('no organisation is set up: run "tocsin migrate" and import one');
      return toCase(row);
    },
    lock: (caseId) => one('id = $1 FOR UPDATE', [caseId]),
    read: (caseId) => one('id = $1', [caseId]),
    async bySource(source, externalId) {
      // The same event arriving twice at once: the second waits here and finds the first one's case.
      const event = `${source} ${externalId}`;
      await sql.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [event]);
      return one('source = $1 AND external_id = $2', [source, externalId]);
    },
    async bump(caseId, what) {
      const row = await sql.row<{ facts_version: number }>(
        `UPDATE case_file SET revision = revision + 1, facts_version = facts_version + $2
         WHERE id = $1 RETURNING facts_version`,
        [caseId, what === 'facts' ? 1 : 0],
      );
      return row?.facts_version ?? 0;
    },
    async determine(caseId, change) {
      await sql.run(
        `UPDATE case_file SET state = 'determined', determination = $2, determination_reason = $3, determined_by = $4,
           determined_at = clock_timestamp(), revision = revision + 1 WHERE id = $1`,
        [caseId, change.determination, change.reason, change.by],
      );
    },
    async fixAwareness(caseId, aware: Awareness) {
      await sql.run(
        `WITH fixed AS (UPDATE case_file SET aware_at = $2, aware_zone = $3, aware_offset_minutes = $4,
           aware_state = $5, aware_basis = $6, revision = revision + 1 WHERE id = $1 RETURNING id)
         UPDATE track SET aware_at = $2, aware_zone = $3, aware_offset_minutes = $4, aware_state = $5, aware_basis = $6
         FROM fixed WHERE case_id = fixed.id`,
        [caseId, aware.awareAt, aware.zone, aware.offsetMinutes, aware.state, aware.basis],
      );
    },
    async recordDetection(caseId, { detectedAt, zone, offsetMinutes, basis }: Detection) {
      await sql.run(
        `UPDATE case_file SET service_detected_at = $2, service_detected_zone = $3, service_detected_offset_minutes = $4,
           service_detected_basis = $5, revision = revision + 1 WHERE id = $1`,
        [caseId, detectedAt, zone, offsetMinutes, basis],
      );
    },
    async close(caseId, reason) {
      await sql.run(
        `UPDATE case_file SET state = 'closed', closed_at = clock_timestamp(), closed_reason = $2 WHERE id = $1`,
        [caseId, reason],
      );
    },
    async reopen(caseId) {
      const row = await sql.row<{ state: CaseState }>(
        `UPDATE case_file SET state = CASE determination WHEN 'breach' THEN 'determined' ELSE 'investigating' END,
           closed_at = NULL, closed_reason = NULL,
           determined_at = CASE determination WHEN 'breach' THEN determined_at END,
           determined_by = CASE determination WHEN 'breach' THEN determined_by END,
           determination_reason = CASE determination WHEN 'breach' THEN determination_reason END,
           determination = nullif(determination, 'not-a-breach')
         WHERE id = $1 AND state = 'closed' RETURNING state`,
        [caseId],
      );
      if (row === undefined) throw new Error(`case ${caseId} is not closed`);
      return row.state;
    },
    async openIds(afterId, limit) {
      const rows = await sql.rows<{ id: string }>(
        `SELECT id FROM case_file WHERE state <> 'closed' AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
        [afterId, limit],
      );
      return rows.map((row) => row.id);
    },
    async markScoped(caseId, revision) {
      await sql.run('UPDATE case_file SET scoped_revision = $2 WHERE id = $1', [caseId, revision]);
    },
    async markObliged(caseId, revision) {
      await sql.run('UPDATE case_file SET obligations_revision = $2 WHERE id = $1', [
        caseId,
        revision,
      ]);
    },
  };
}

function knowledge(
  sql: Sql,
): Pick<CaseStore, 'addHits' | 'unknownHits' | 'addFacts' | 'currentFacts'> {
  return {
    async addHits(caseId, hits) {
      if (hits.length === 0) return 0;
      return sql.run(
        `INSERT INTO case_hit (case_id, kind, key) SELECT $1, k, v FROM unnest($2::text[], $3::text[]) AS h(k, v)
         ON CONFLICT DO NOTHING`,
        [caseId, hits.map((hit) => hit.kind), hits.map((hit) => hit.key)],
      );
    },
    unknownHits: (hits) => hitsKnown(sql, hits),
    async addFacts(caseId, version, facts) {
      await sql.run(
        `INSERT INTO fact (case_id, version, about, name, value, certainty, source, observed_at, recorded_at, recorded_by)
         SELECT $1, $2, f.about, f.name, coalesce(f.value, 'null'::jsonb), f.certainty, f.source, f."observedAt", f."recordedAt", f."recordedBy"
         FROM jsonb_to_recordset($3) AS f(about text, name text, value jsonb, certainty text, source text,
           "observedAt" timestamptz, "recordedAt" timestamptz, "recordedBy" text)`,
        [caseId, version, JSON.stringify(facts)],
      );
    },
    async currentFacts(caseId) {
      return sql.rows<Fact>(
        `SELECT DISTINCT ON (about, name) about, name, version, value, certainty, source,
           observed_at AS "observedAt", recorded_at AS "recordedAt", recorded_by AS "recordedBy"
         FROM fact WHERE case_id = $1 ORDER BY about, name, version DESC`,
        [caseId],
      );
    },
  };
}

type Reach = Pick<
  CaseStore,
  | 'scope'
  | 'tracks'
  | 'exposures'
  | 'grade'
  | 'catalogueVersion'
  | 'affiliates'
  | 'processings'
  | 'foreignTexts'
  | 'subjectCount'
>;

function reach(sql: Sql): Reach {
  return {
    scope: (caseId) => scopeCase(sql, caseId),
    async tracks(caseId) {
      return sql.rows<Track>(
        `SELECT id AS "trackId", affiliate_key AS "affiliateKey", role, processing_key AS "processingKey",
           jsonb_build_object('awareAt', to_char(aware_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'zone', aware_zone, 'offsetMinutes', aware_offset_minutes, 'state', aware_state, 'basis', aware_basis)
             AS awareness
         FROM track WHERE case_id = $1 ORDER BY affiliate_key, role, processing_key`,
        [caseId],
      );
    },
    async exposures(caseId, customerKey) {
      return sql.rows<Exposure>(
        `SELECT kind, key, affiliate_key AS "affiliateKey", provider_key AS "providerKey", wholesale, role, customer_key AS "customerKey",
           product_key AS "productKey", visibility, contract_hours AS "contractHours",
           terms_of(contract_terms, contract_hours) AS "contractTerms", joint,
           customer_is_processor AS "customerIsProcessor", operated_by AS "operatedBy",
           service_reference AS "serviceReference", asset_keys AS "assetKeys", contact, grade, evidence,
           decided_by AS "decidedBy"
         FROM case_exposure WHERE case_id = $1 AND ($2::text IS NULL OR customer_key = $2) ORDER BY kind, key`,
        [caseId, customerKey ?? null],
      );
    },
    async grade(caseId, by, entries) {
      return sql.run(
        `UPDATE case_exposure e SET grade = g.grade, evidence = g.evidence, decided_by = $2, decided_at = clock_timestamp()
         FROM (SELECT DISTINCT ON (x.kind, x.key) x.kind, x.key, n.grade, n.evidence
               FROM ROWS FROM (jsonb_to_recordset($3) AS ("select" text, key text, grade text, evidence text))
                 WITH ORDINALITY AS n("select", key, grade, evidence, place)
               JOIN case_exposure x ON x.case_id = $1 AND CASE n."select"
                 WHEN 'engagement' THEN x.kind = 'engagement' AND x.key = n.key
                 WHEN 'processing' THEN x.kind = 'processing' AND x.key = n.key
                 WHEN 'product' THEN x.product_key = n.key
                 WHEN 'asset' THEN n.key = ANY (x.asset_keys)
                 ELSE x.customer_key = n.key END
               ORDER BY x.kind, x.key, n.place DESC) g
         WHERE e.case_id = $1 AND e.kind = g.kind AND e.key = g.key`,
        [caseId, by, JSON.stringify(entries)],
      );
    },
    async catalogueVersion() {
      const row = await sql.row<{ version: number }>(
        'SELECT coalesce(max(version), 0) AS version FROM catalogue_version',
      );
      return row?.version ?? 0;
    },
    affiliates: (version) => readAffiliates(sql, version),
    processings: (version) => readProcessings(sql, version),
    foreignTexts: (caseId, customerKey, words) => foreignTexts(sql, caseId, customerKey, words),
    async subjectCount(caseId, processingKey) {
      const row = await sql.row<{ count: number }>(
        'SELECT count(*) AS count FROM case_subject WHERE case_id = $1 AND processing_key = $2',
        [caseId, processingKey],
      );
      return row?.count ?? 0;
    },
  };
}
