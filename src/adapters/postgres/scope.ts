/** Finds who is exposed: from what was hit to engagements, customers, own processings and people, set by set. */
import { actorLabel } from '../../domain/actor.ts';
import { newestVersion, seenAt } from './catalogue.ts';
import type { Sql } from './sql.ts';

export interface Scope {
  /** Exposed engagements of the case in all, and the distinct customers who hold them. */
  readonly engagements: number;
  readonly customers: number;
  readonly processings: number;
  readonly subjects: number;
  /** The version the case is pinned to; 0 while there is no catalogue. */
  readonly catalogueVersion: number;
}

const engine = actorLabel({ kind: 'machine', name: 'engine' });

/**
 * Scopes a case from its hits and the catalogue version it is pinned to, pinning the newest one the first time (or
 * again when asked). What is there stays: a hit named later only adds, or raises what the engine itself graded; the
 * grade, evidence and terms a person has seen are never overwritten. Twice gives the same rows. Throws for a case that
 * is unknown or not visible to the actor.
 */
export async function scopeCase(
  sql: Sql,
  caseId: string,
  { pinNewest = false }: { readonly pinNewest?: boolean } = {},
): Promise<Scope> {
  const catalogueVersion = await pinVersion(sql, caseId, pinNewest);
  let subjects = 0;
  if (catalogueVersion > 0) {
    await exposeEngagements(sql, caseId);
    await exposeProcessings(sql, caseId);
    await openTracks(sql, caseId);
    subjects = await gatherSubjects(sql, caseId);
  }
  const counts = await sql.row<Omit<Scope, 'catalogueVersion' | 'subjects'>>(
    `SELECT (count(*) FILTER (WHERE kind = 'engagement'))::int AS engagements,
       count(DISTINCT customer_key)::int AS customers,
       (count(*) FILTER (WHERE kind = 'processing'))::int AS processings
     FROM case_exposure WHERE case_id = $1`,
    [caseId],
  );
  if (counts === undefined) throw new Error('counting gave no row');
  return { ...counts, subjects, catalogueVersion };
}

async function pinVersion(sql: Sql, caseId: string, pinNewest: boolean): Promise<number> {
  const file = await sql.row<{ version: number | null }>(
    `SELECT catalogue_version AS version FROM case_file WHERE id = $1 FOR UPDATE`,
    [caseId],
  );
  if (file === undefined) throw new Error(`case ${caseId} is not there`);
  if (file.version !== null && !pinNewest) return file.version;
  const newest = await newestVersion(sql);
  if (newest > 0 && newest !== file.version) {
    await sql.run(`UPDATE case_file SET catalogue_version = $2 WHERE id = $1`, [caseId, newest]);
  }
  return newest;
}

// An engagement counts if it ran on a day between first sign and awareness; later ends and beginnings do not touch it. Of a
// public communications service the provider is who the catalogue names for the customer's country, else who contracts.
// With no assets on record nothing rules it out when its product runs on an asset that was hit.
async function exposeEngagements(sql: Sql, caseId: string): Promise<void> {
  await sql.run(
    `WITH pinned AS (
       SELECT id, catalogue_version AS version,
         daterange(least(detected_at, aware_at)::date, aware_at::date, '[]') AS days
       FROM case_file WHERE id = $1
     ), hit_assets AS (
       SELECT coalesce(array_agg(key ORDER BY key), '{}') AS keys FROM case_hit WHERE case_id = $1 AND kind = 'asset'
     ), hit_products AS (
       SELECT coalesce(array_agg(key), '{}') AS keys FROM case_hit WHERE case_id = $1 AND kind = 'product'
     ), products_on_hit_assets AS (
       SELECT coalesce(array_agg(DISTINCT p.key), '{}') AS keys
       FROM pinned f CROSS JOIN hit_assets h JOIN asset a ON a.key = ANY (h.keys) AND ${seenAt('a', 'f.version')}
       CROSS JOIN LATERAL unnest(a.product_keys) AS p (key)
     ), touched AS (
       SELECT e.*, f.version, ARRAY(
           SELECT k FROM unnest(h.keys) AS u (k) WHERE k = ANY (e.asset_keys) ORDER BY k
         ) AS hit_keys
       FROM pinned f CROSS JOIN hit_assets h CROSS JOIN hit_products p CROSS JOIN products_on_hit_assets o
       JOIN engagement e ON ${seenAt('e', 'f.version')}
         AND daterange(e.valid_from, e.valid_to, '[]') && f.days
         AND (e.asset_keys && h.keys OR e.product_key = ANY (p.keys)
           OR (cardinality(e.asset_keys) = 0 AND e.product_key = ANY (o.keys)))
     )
     INSERT INTO case_exposure AS x (case_id, kind, key, affiliate_key, provider_key, wholesale, role, customer_key, product_key,
       visibility, contract_hours, contract_terms, joint, customer_is_processor, operated_by, service_reference, asset_keys, contact, grade, evidence, decided_by, catalogue_version)
     SELECT $1, 'engagement', t.key, t.affiliate_key,
       CASE WHEN p.public_communications THEN coalesce(n.key, t.affiliate_key) END,
       coalesce(p.public_communications AND t.wholesale, false), t.role, t.customer_key, t.product_key, t.visibility,
       least(t.breach_hours, c.agreement_breach_hours),
       to_jsonb(array_remove(ARRAY[
         contract_term('agreement', c.agreement_breach_hours, c.agreement_breach_business_days, c.agreement_breach_calendar,
           c.agreement_breach_cut_off, c.agreement_breach_zone, c.agreement_breach_trigger, c.agreement_breach_channel,
           c.agreement_breach_contact, c.agreement_breach_given),
         contract_term('engagement', t.breach_hours, t.breach_business_days, t.breach_calendar, t.breach_cut_off, t.breach_zone,
           t.breach_trigger, t.breach_channel, t.breach_contact, t.breach_given)], NULL)),
       CASE WHEN t.role = 'joint-controller' THEN jsonb_build_object('with', c.name, 'files', t.joint_files, 'tells', t.joint_tells) END,
       coalesce(t.customer_is_processor, false),
       ARRAY(SELECT DISTINCT a.operated_by FROM asset a WHERE a.key = ANY (t.hit_keys) AND a.operated_by IS NOT NULL
         AND ${seenAt('a', 't.version')} ORDER BY 1),
       t.service_reference, t.hit_keys,
       jsonb_build_object('name', c.contact_name, 'email', c.contact_email, 'phone', c.contact_phone,
         'language', c.language),
       CASE WHEN cardinality(t.hit_keys) > 0 THEN 'likely' ELSE 'not-excluded' END,
       CASE
         WHEN cardinality(t.hit_keys) > 0 THEN 'The service runs on ' || array_to_string(t.hit_keys, ', ') || ', which was named as hit.'
         WHEN cardinality(t.asset_keys) = 0 THEN 'The catalogue does not say on which assets the service runs; its product ' || t.product_key || ' is touched.'
         ELSE 'The product ' || t.product_key || ' was named as hit; no asset of the service was.' END,
       $2, t.version
     FROM touched t
     JOIN customer c ON c.key = t.customer_key AND ${seenAt('c', 't.version')}
     JOIN product p ON p.key = t.product_key AND ${seenAt('p', 't.version')}
     LEFT JOIN affiliate n ON c.country = ANY (n.provider_in) AND ${seenAt('n', 't.version')}
     ${keepWhatStands}`,
    [caseId, engine],
  );
}

// Newly named assets are always shown; grade and evidence move only upwards and only where no person has decided.
const keepWhatStands = `ON CONFLICT (case_id, kind, key) DO UPDATE SET
    asset_keys = EXCLUDED.asset_keys,
    operated_by = EXCLUDED.operated_by,
    grade = CASE WHEN x.decided_by = $2 AND x.grade = 'not-excluded' THEN EXCLUDED.grade ELSE x.grade END,
    evidence = CASE WHEN x.decided_by = $2 AND x.grade IN ('not-excluded', 'likely') THEN EXCLUDED.evidence ELSE x.evidence END
  WHERE x.asset_keys <@ EXCLUDED.asset_keys AND x.asset_keys <> EXCLUDED.asset_keys`;

async function exposeProcessings(sql: Sql, caseId: string): Promise<void> {
  await sql.run(
    `WITH pinned AS (
       SELECT id, catalogue_version AS version FROM case_file WHERE id = $1
     ), named AS (
       SELECT h.key AS processing_key, NULL::text AS asset_key FROM case_hit h
       WHERE h.case_id = $1 AND h.kind = 'processing'
       UNION ALL
       SELECT p.key, a.key
       FROM pinned f JOIN case_hit h ON h.case_id = f.id AND h.kind = 'asset'
       JOIN asset a ON a.key = h.key AND ${seenAt('a', 'f.version')}
       CROSS JOIN LATERAL unnest(a.processing_keys) AS p (key)
     ), touched AS (
       SELECT processing_key, coalesce(array_agg(asset_key ORDER BY asset_key) FILTER (WHERE asset_key IS NOT NULL), '{}') AS hit_keys
       FROM named GROUP BY processing_key
     )
     INSERT INTO case_exposure AS x (case_id, kind, key, affiliate_key, role, joint, asset_keys, grade, evidence, decided_by,
       catalogue_version)
     SELECT $1, 'processing', p.key, p.affiliate_key, CASE WHEN p.joint_with IS NULL THEN 'controller' ELSE 'joint-controller' END,
       CASE WHEN p.joint_with IS NOT NULL THEN jsonb_build_object('with', p.joint_with, 'files', p.joint_files, 'tells', p.joint_tells) END,
       t.hit_keys, 'likely',
       CASE WHEN cardinality(t.hit_keys) > 0
         THEN 'The processing keeps data on ' || array_to_string(t.hit_keys, ', ') || ', which was named as hit.'
         ELSE 'The processing itself was named as hit.' END,
       $2, f.version
     FROM pinned f CROSS JOIN touched t
     JOIN processing p ON p.key = t.processing_key AND ${seenAt('p', 'f.version')}
     ${keepWhatStands}`,
    [caseId, engine],
  );
}

// What we do as controller under an engagement is no processing of the catalogue: its track is named after the product,
// with a colon, which no key may hold. A provider has one track for all its communications services, beside those.
async function openTracks(sql: Sql, caseId: string): Promise<void> {
  await sql.run(
    `INSERT INTO track (case_id, affiliate_key, role, processing_key, aware_at, aware_zone, aware_offset_minutes,
       aware_state, aware_basis)
     SELECT DISTINCT f.id, x.affiliate_key, x.role,
       CASE WHEN x.role = 'processor' THEN '' WHEN x.kind = 'processing' THEN x.key ELSE 'product:' || x.product_key END,
       f.aware_at, f.aware_zone, f.aware_offset_minutes, f.aware_state, f.aware_basis
     FROM case_file f JOIN case_exposure x ON x.case_id = f.id
     WHERE f.id = $1
     UNION
     SELECT f.id, x.provider_key, 'provider', '', f.aware_at, f.aware_zone, f.aware_offset_minutes, f.aware_state, f.aware_basis
     FROM case_file f JOIN case_exposure x ON x.case_id = f.id AND x.provider_key IS NOT NULL
     WHERE f.id = $1
     ON CONFLICT DO NOTHING`,
    [caseId],
  );
}

/** Longer than other statements get, shorter than the step that asks: a million people take seconds. */
const longestGathering = '55s';

/** What a million rows need to be sorted without a file. */
const sortMemory = '128MB';

interface ExposedProcessing {
  readonly key: string;
  readonly assetKeys: readonly string[];
  readonly version: number;
}

/**
 * Adds who is exposed and says how many there are now. A catalogue may hold millions of people: each processing is asked for
 * with its own names, so that those on a few assets are found by the index and those on most by reading on, and in the
 * order of their keys, in which an index grows fastest. What is there is left out beforehand, because the case is locked
 * and nobody else adds.
 */
async function gatherSubjects(sql: Sql, caseId: string): Promise<number> {
  await sql.row(
    `SELECT set_config('statement_timeout', $1, true), set_config('work_mem', $2, true)`,
    [longestGathering, sortMemory],
  );
  const before = await sql.row<{ people: number }>(
    `SELECT count(*)::int AS people FROM case_subject WHERE case_id = $1`,
    [caseId],
  );
  const exposed = await sql.rows<ExposedProcessing>(
    `SELECT x.key, x.asset_keys AS "assetKeys", f.catalogue_version AS version
     FROM case_file f JOIN case_exposure x ON x.case_id = f.id AND x.kind = 'processing' WHERE f.id = $1 ORDER BY x.key`,
    [caseId],
  );
  let people = before?.people ?? 0;
  for (const { key, assetKeys, version } of exposed) {
    people += await sql.run(
      `INSERT INTO case_subject (case_id, processing_key, subject_key)
       SELECT $1, $2, s.key FROM subject s
       WHERE s.processing_key = $2 AND (cardinality($3::text[]) = 0 OR s.asset_key = ANY ($3)) AND ${seenAt('s', '$4::int')}
         AND NOT EXISTS (SELECT 1 FROM case_subject c
           WHERE c.case_id = $1 AND c.processing_key = $2 AND c.subject_key = s.key)
       ORDER BY s.key`,
      [caseId, key, assetKeys, version],
    );
  }
  return people;
}
