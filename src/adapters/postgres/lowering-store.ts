/** Lowerings in PostgreSQL; its triggers check who proposed, advised and confirmed, and what is lowered. */
import type { Lowering, LoweringStore } from '../../domain/lowering.ts';
import type { Sql } from './sql.ts';

export function loweringStore(sql: Sql): LoweringStore {
  const select = (where: string, values: readonly unknown[]): Promise<Lowering[]> =>
    sql.rows<Lowering>(
      `SELECT l.id AS "loweringId", l.case_id AS "caseId", l.act || jsonb_build_object('kind', l.kind) AS act, l.reason,
         l.evidence, jsonb_build_object('fromAt', ${iso('l.covered_from')}, 'untilAt', ${iso('l.covered_until')},
           'logs', l.logs, 'gaps', l.gaps) AS coverage,
         l.facts_version AS "factsVersion", l.result_before AS "resultBefore", l.result_after AS "resultAfter",
         l.proposed_by AS "proposedBy", p.name AS "proposedByName", l.proposed_at AS "proposedAt",
         CASE WHEN l.opinion IS NOT NULL THEN jsonb_build_object('text', l.opinion, 'favours', l.opinion_favours,
           'by', l.opinion_by, 'byName', o.name, 'at', ${iso('l.opinion_at')}) END AS opinion, l.state,
         CASE WHEN l.decided_by IS NOT NULL THEN jsonb_build_object('reason', l.decision_reason, 'by', l.decided_by,
           'byName', d.name, 'at', ${iso('l.decided_at')}) END AS decision
       FROM lowering l JOIN person p ON p.id = l.proposed_by
       LEFT JOIN person o ON o.id = l.opinion_by LEFT JOIN person d ON d.id = l.decided_by WHERE ${where}`,
      values,
    );
  return {
    async propose(proposal) {
      const { kind, ...act } = proposal.act;
      await sql.run(
        `INSERT INTO lowering (id, case_id, kind, act, reason, evidence, covered_from, covered_until, logs, gaps,
           facts_version, result_before, result_after, proposed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          ...[proposal.loweringId, proposal.caseId, kind, JSON.stringify(act)],
          ...[proposal.reason, proposal.evidence],
          ...[proposal.coverage.fromAt, proposal.coverage.untilAt],
          ...[proposal.coverage.logs, proposal.coverage.gaps, proposal.factsVersion],
          ...[JSON.stringify(proposal.resultBefore), JSON.stringify(proposal.resultAfter)],
          proposal.proposedBy,
        ],
      );
    },
    async lock(loweringId) {
      await sql.run('SELECT 1 FROM lowering WHERE id = $1 FOR UPDATE', [loweringId]);
      return (await select('l.id = $1', [loweringId]))[0] ?? null;
    },
    async advise(loweringId, { text, favours, by }) {
      await sql.run(
        `UPDATE lowering SET opinion = $2, opinion_favours = $3, opinion_by = $4, opinion_at = clock_timestamp() WHERE id = $1`,
        [loweringId, text, favours, by],
      );
    },
    async decide(loweringId, { state, reason, by }) {
      await sql.run(
        `UPDATE lowering SET state = $2, decision_reason = $3, decided_by = $4, decided_at = clock_timestamp() WHERE id = $1`,
        [loweringId, state, reason, by],
      );
    },
    ofCase: (caseId) => select('l.case_id = $1 ORDER BY l.id DESC', [caseId]),
  };
}

// Inside JSON a timestamp would be spelled by the session's zone.
function iso(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
