/** Assessments, groups of people and policy numbers in PostgreSQL. */
import type { AssessmentStore, AssessmentView } from '../../domain/assessment-ports.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Sql } from './sql.ts';

export function assessmentStore(sql: Sql): AssessmentStore {
  return {
    async policy() {
      const row = await sql.row<Policy>(
        `SELECT large_scale AS "largeScale", many_known AS "manyKnown",
           availability_hours_no_risk AS "availabilityHoursNoRisk", controller_target_hours AS "controllerTargetHours",
           authority_target_hours AS "authorityTargetHours", subject_target_hours AS "subjectTargetHours",
           provider_target_hours AS "providerTargetHours", wholesale_target_hours AS "wholesaleTargetHours"
         FROM assessment_policy`,
      );
      if (row === undefined) throw new Error('assessment_policy has no row');
      return row;
    },
    async keep(caseId, assessments) {
      await sql.run(
        `INSERT INTO assessment (case_id, track_id, revision, facts_version, rule_set_version, authority_ids, policy, whole,
           groups, severity)
         SELECT $1, a."trackId", a.revision, a."factsVersion", a.whole ->> 'ruleSetVersion', a."authorityIds", a.policy,
           a.whole, a.groups, nullif(a.severity, 'null'::jsonb)
         FROM jsonb_to_recordset($2) AS a("trackId" uuid, revision int, "factsVersion" int, "authorityIds" text[],
           policy jsonb, whole jsonb, groups jsonb, severity jsonb)
         ON CONFLICT DO NOTHING`,
        [caseId, JSON.stringify(assessments)],
      );
    },
    ofCase: (caseId) =>
      sql.rows<AssessmentView>(
        `SELECT a.track_id AS "trackId", t.affiliate_key AS "affiliateKey", t.role, t.processing_key AS "processingKey",
           a.revision, a.facts_version AS "factsVersion", a.authority_ids AS "authorityIds", a.policy, a.whole, a.groups,
           a.severity, a.at
         FROM assessment a JOIN track t ON t.id = a.track_id WHERE a.case_id = $1
         ORDER BY t.affiliate_key, t.role, t.processing_key, a.revision DESC`,
        [caseId],
      ),
    sets: (caseId) =>
      sql.rows('SELECT name, about FROM fact_set WHERE case_id = $1 ORDER BY name', [caseId]),
    async addSet(caseId, { name, about, by, at }) {
      await sql.run(
        'INSERT INTO fact_set (case_id, name, about, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5)',
        [caseId, name, about, by, at],
      );
    },
  };
}
