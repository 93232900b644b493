/** Cases as lists and pages show them, the most pressing due first. */
import type { Track } from '../../domain/case.ts';
import { caseTimeAt, type Instant } from '../../domain/instant.ts';
import type { CaseSummary, CaseView, FactView, Page, Views } from '../../domain/views.ts';
import { readFanOut } from './fan-out-store.ts';
import type { Sql } from './sql.ts';
import { decodeCursor, toPage, uuidPart, type Listed } from './views-cursor.ts';

type SummaryRow = Omit<CaseSummary, 'caseNowAt'> & {
  wallStartAt: Instant;
  caseStartAt: Instant;
  wallNowAt: Instant;
  rank: string;
  weight: string;
};

/**
 * What presses: the earliest due of an obligation still to be discharged or decided and not yet dispatched; while nobody has
 * determined the case, the end of the 72 hours from provisional awareness, as its alarm knows it.
 */
const summarySql = `
  SELECT c.id AS "caseId", c.reference, c.title, c.unit, c.mode, c.state, c.determination, c.speed,
    c.aware_at AS "awareAt", c.aware_state AS "awareState", c.reported_late AS "reportedLate",
    c.wall_start_at AS "wallStartAt", c.case_start_at AS "caseStartAt",
    date_trunc('milliseconds', clock_timestamp()) AS "wallNowAt",
    coalesce(owed.due_at, statute.due_at) AS "nextDueAt", coalesce(owed.due_ring_at, statute.ring_at) AS "nextDueRingAt",
    coalesce(owed.label, statute.label) AS "nextDueLabel",
    obliged.open AS "openObligations", obliged.undecided, review.count AS "awaitingApproval", tasks.count AS "openTasks",
    (c.state = 'closed')::int::text AS rank,
    CASE WHEN c.state = 'closed' THEN -extract(epoch FROM c.closed_at)::float8
      ELSE coalesce(extract(epoch FROM coalesce(owed.due_ring_at, statute.ring_at))::float8, 'Infinity') END::text AS weight
  FROM case_file c
  LEFT JOIN LATERAL (
    SELECT o.due_at, o.due_ring_at, o.label FROM obligation o
    WHERE o.case_id = c.id AND o.state IN ('owed', 'to-decide') AND o.dispatched_at IS NULL AND o.due_at IS NOT NULL
    ORDER BY o.due_at, o.id LIMIT 1
  ) owed ON c.state <> 'closed'
  LEFT JOIN LATERAL (
    SELECT a.due_at, a.ring_at, '72 hours from provisional awareness, if this is a breach' AS label FROM alarm a
    WHERE a.subject = 'case/' || c.id AND a.step = 'statute-72h' AND a.silenced_at IS NULL
  ) statute ON c.state = 'investigating'
  CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE o.state IN ('owed', 'to-decide') AND o.recipient_kind <> 'register'))::int AS open,
      (count(*) FILTER (WHERE o.state = 'to-decide'))::int AS undecided
    FROM obligation o WHERE o.case_id = c.id
  ) obliged
  CROSS JOIN LATERAL (SELECT count(*)::int FROM notice n WHERE n.case_id = c.id AND n.state = 'in-review') review
  CROSS JOIN LATERAL (SELECT count(*)::int FROM task t WHERE t.case_id = c.id AND t.state = 'open') tasks`;

/** Open cases by most pressing due, then closed ones, the newest closed first. */
export async function caseList(
  sql: Sql,
  { state, limit, cursor }: Parameters<Views['cases']>[0],
): Promise<Page<CaseSummary>> {
  const after = decodeCursor(cursor, [/^[01]$/, /^-?(\d[\d.e+]*|Infinity)$/, uuidPart]);
  const rows = await sql.rows<SummaryRow>(
    `SELECT * FROM (${summarySql} WHERE $1::text IS NULL OR (c.state = 'closed') = ($1 = 'closed')) s
     WHERE $2::text IS NULL OR (s.rank, s.weight::float8, s."caseId") > ($2, $3::float8, $4::uuid)
     ORDER BY s.rank, s.weight::float8, s."caseId" LIMIT $5`,
    [state ?? null, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
  );
  return toPage(rows.map(listed), limit);
}

function listed(row: SummaryRow): Listed<CaseSummary> {
  const { wallStartAt, caseStartAt, wallNowAt, rank, weight, ...shown } = row;
  const clock = { wallStartAt, caseStartAt, speed: row.speed };
  return {
    key: [rank, weight, row.caseId],
    item: { ...shown, caseNowAt: caseTimeAt(clock, wallNowAt) },
  };
}

/** The id behind a reference such as `B-2026-0042`, or null if this actor sees no such case. */
export async function caseByReference(sql: Sql, reference: string): Promise<string | null> {
  const row = await sql.row<{ id: string }>('SELECT id FROM case_file WHERE reference = $1', [
    reference,
  ]);
  return row?.id ?? null;
}

type DetailRow = Pick<
  CaseView,
  | 'description'
  | 'source'
  | 'detectedAt'
  | 'detection'
  | 'receivedAt'
  | 'awareZone'
  | 'awareOffsetMinutes'
  | 'awareBasis'
  | 'catalogueVersion'
  | 'hits'
  | 'subjects'
  | 'engine'
>;

const detailSql = `
  SELECT c.description, c.source, c.detected_at AS "detectedAt", c.received_at AS "receivedAt",
    CASE WHEN c.service_detected_at IS NOT NULL THEN jsonb_build_object(
      'detectedAt', to_char(c.service_detected_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'zone', c.service_detected_zone, 'offsetMinutes', c.service_detected_offset_minutes,
      'basis', c.service_detected_basis) END AS detection, c.aware_zone AS "awareZone",
    c.aware_offset_minutes AS "awareOffsetMinutes", c.aware_basis AS "awareBasis",
    c.catalogue_version AS "catalogueVersion",
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', h.kind, 'key', h.key) ORDER BY h.kind, h.key), '[]')
     FROM case_hit h WHERE h.case_id = c.id) AS hits,
    (SELECT count(DISTINCT s.subject_key)::int FROM case_subject s WHERE s.case_id = c.id) AS subjects,
    CASE WHEN (c.state = 'determined' AND c.determination = 'breach' AND c.obligations_revision < c.revision)
      OR EXISTS (SELECT 1 FROM wake w WHERE w.subject_id = c.id AND w.accepted_at IS NULL)
      OR EXISTS (SELECT 1 FROM notice n JOIN wake w ON w.subject_id = n.id AND w.accepted_at IS NULL
                 WHERE n.case_id = c.id)
      THEN 'waiting' ELSE 'following' END AS engine
  FROM case_file c WHERE c.id = $1`;

/** One case with its facts, tracks and exposure in numbers; null when unknown or not visible. */
export async function caseView(sql: Sql, caseId: string): Promise<CaseView | null> {
  const summary = await sql.row<SummaryRow>(`${summarySql} WHERE c.id = $1`, [caseId]);
  const detail = await sql.row<DetailRow>(detailSql, [caseId]);
  if (summary === undefined || detail === undefined) return null;
  return {
    ...listed(summary).item,
    ...detail,
    facts: await currentFacts(sql, caseId),
    tracks: await tracks(sql, caseId),
    exposureCounts: await exposureCounts(sql, caseId),
    fanOut: await readFanOut(sql, caseId),
  };
}

function currentFacts(sql: Sql, caseId: string): Promise<FactView[]> {
  return sql.rows<FactView>(
    `SELECT about, name, value, certainty, source, "observedAt", actor_name(by) AS "recordedBy"
     FROM (SELECT DISTINCT ON (about, name) about, name, value, certainty, source, observed_at AS "observedAt",
             recorded_by AS by
           FROM fact WHERE case_id = $1 ORDER BY about, name, version DESC) newest
     ORDER BY about <> 'case', about, name`,
    [caseId],
  );
}

type TrackRow = Omit<Track, 'awareness'> & Track['awareness'];

async function tracks(sql: Sql, caseId: string): Promise<Track[]> {
  const rows = await sql.rows<TrackRow>(
    `SELECT id AS "trackId", affiliate_key AS "affiliateKey", role, processing_key AS "processingKey",
       aware_at AS "awareAt", aware_zone AS zone, aware_offset_minutes AS "offsetMinutes", aware_state AS state,
       aware_basis AS basis
     FROM track WHERE case_id = $1 ORDER BY affiliate_key, role, processing_key`,
    [caseId],
  );
  return rows.map(({ trackId, affiliateKey, role, processingKey, ...awareness }) => ({
    trackId,
    affiliateKey,
    role,
    processingKey,
    awareness,
  }));
}

function exposureCounts(sql: Sql, caseId: string): Promise<CaseView['exposureCounts'][number][]> {
  return sql.rows(
    `SELECT kind, grade, visibility, role, count(*)::int AS count, count(DISTINCT customer_key)::int AS customers
     FROM case_exposure WHERE case_id = $1 GROUP BY kind, grade, visibility, role
     ORDER BY kind, array_position(ARRAY['confirmed', 'likely', 'not-excluded', 'excluded'], grade), visibility, role`,
    [caseId],
  );
}
