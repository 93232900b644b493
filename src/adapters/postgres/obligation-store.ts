/** Obligations in PostgreSQL. */
import type { Obligation } from '../../domain/obligation.ts';
import type { ObligationStore } from '../../domain/ports.ts';
import type { Sql } from './sql.ts';

/** The columns of an obligation under the names the domain uses; `o` is the table's alias. */
const standingColumns = `o.id AS "obligationId", o.case_id AS "caseId", o.provision,
  o.affiliate_key AS "affiliateKey", o.track_id AS "trackId", o.recipient_kind AS "recipientKind",
  o.recipient_key AS "recipientKey", o.state, o.reason, o.citation, o.label, o.verification,
  o.rule_set_version AS "ruleSetVersion", o.engagement_keys AS "engagementKeys",
  o.authority, o.due_at AS "dueAt", o.due_basis AS "dueBasis", o.due_working AS "dueWorking", o.target_at AS "targetAt",
  o.dispatched_at AS "dispatchedAt", o.receipt_at AS "receiptAt", o.discharged_at AS "dischargedAt", o.late`;
export const obligationColumns = `${standingColumns}, o.facts_used AS "factsUsed"`;

export function obligationStore(sql: Sql): ObligationStore {
  const where = (condition: string, values: readonly unknown[]): Promise<Obligation[]> =>
    sql.rows<Obligation>(
      `SELECT ${obligationColumns} FROM obligation o WHERE ${condition}`,
      values,
    );
  return {
    standing: (caseId) =>
      sql.rows(`SELECT ${standingColumns} FROM obligation o WHERE o.case_id = $1 ORDER BY o.id`, [
        caseId,
      ]),
    ofCase: (caseId) => where('o.case_id = $1 ORDER BY o.id', [caseId]),
    async lock(obligationId) {
      return (await where('o.id = $1 FOR UPDATE', [obligationId]))[0] ?? null;
    },
    async insert(caseId, rows) {
      if (rows.length === 0) return [];
      const inserted = await sql.rows<{ id: string }>(insertText, [caseId, JSON.stringify(rows)]);
      return inserted.map((row) => row.id);
    },
    async changeAll(changes) {
      if (changes.length === 0) return new Set();
      const changed = await sql.rows<{ id: string }>(changeText, [JSON.stringify(changes)]);
      return new Set(changed.map(({ id }) => id));
    },
    async decide(obligationId, state, reason, by) {
      await sql.run(
        'UPDATE obligation SET state = $2, reason = $3, decided_by = $4 WHERE id = $1',
        [obligationId, state, reason, by],
      );
    },
    async markDispatched(obligationId, dispatchedAt, late) {
      await sql.run(
        'UPDATE obligation SET dispatched_at = $2, late = $3 WHERE id = $1 AND dispatched_at IS NULL',
        [obligationId, dispatchedAt, late],
      );
    },
    async discharge(obligationId, receiptAt) {
      await sql.run(
        `UPDATE obligation SET state = 'discharged', receipt_at = coalesce(receipt_at, $2),
           discharged_at = clock_timestamp() WHERE id = $1 AND state <> 'discharged'`,
        [obligationId, receiptAt],
      );
    },
    async reopen(obligationId) {
      await sql.run(
        `UPDATE obligation SET state = 'owed', receipt_at = NULL, discharged_at = NULL WHERE id = $1 AND state = 'discharged'`,
        [obligationId],
      );
    },
    undrafted: (caseId, limit) =>
      where(
        `o.case_id = $1 AND o.state = 'owed' AND o.recipient_kind <> 'register' AND NOT EXISTS
           (SELECT 1 FROM notice n WHERE n.obligation_id = o.id AND n.state <> 'cancelled' AND n.created_at > withdrawn_last(o.id)) ORDER BY o.id LIMIT $2`,
        [caseId, limit ?? null],
      ),
    firstSubmitted: (caseId) =>
      where(`o.case_id = $1 AND ${isFirstSubmitted} ORDER BY o.id`, [caseId]),
    async awaitingSecond(caseId) {
      const row = await sql.row<{ count: number }>(
        `SELECT count(*)::int AS count FROM obligation o WHERE o.case_id = $1 AND ${isFirstSubmitted} AND NOT EXISTS (
           SELECT 1 FROM obligation s WHERE s.case_id = o.case_id AND s.provision = 'eprivacy-611/2/3'
             AND s.track_id = o.track_id AND s.recipient_key = o.recipient_key)`,
        [caseId],
      );
      return row?.count ?? 0;
    },
    unsettled: (caseId) =>
      where(
        `o.case_id = $1 AND o.state IN ('owed', 'to-decide') AND o.recipient_kind <> 'register' ORDER BY o.id`,
        [caseId],
      ),
  };
}

const isFirstSubmitted = `o.provision = 'eprivacy-611/2/2' AND o.dispatched_at IS NOT NULL
  AND o.state IN ('owed', 'discharged')`;

const changeText = `UPDATE obligation o SET state = r.state, reason = r.reason, due_at = r."dueAt", due_basis = r."dueBasis",
    target_at = r."targetAt", facts_used = r."factsUsed", due_ring_at = r."dueRingAt", due_working = r."dueWorking",
    engagement_keys = ARRAY(SELECT jsonb_array_elements_text(r."engagementKeys"))
  FROM jsonb_to_recordset($1) AS r("obligationId" uuid, state text, reason text, "dueAt" timestamptz, "dueBasis" text,
    "targetAt" timestamptz, "factsUsed" jsonb, "dueRingAt" timestamptz, "dueWorking" jsonb, "engagementKeys" jsonb)
  WHERE o.id = r."obligationId" AND o.dispatched_at IS NULL AND o.state <> 'discharged'
  RETURNING o.id`;

const insertText = `INSERT INTO obligation (case_id, provision, affiliate_key, track_id, recipient_kind, recipient_key,
    state, reason, citation, label, verification, facts_used, rule_set_version, engagement_keys, authority, due_at,
    due_basis, due_ring_at, target_at, due_working)
  SELECT $1, r.provision, r."affiliateKey", r."trackId", r."recipientKind", r."recipientKey", r.state, r.reason,
    r.citation, r.label, r.verification, r."factsUsed", r."ruleSetVersion",
    ARRAY(SELECT jsonb_array_elements_text(r."engagementKeys")), nullif(r.authority, 'null'::jsonb), r."dueAt",
    r."dueBasis", r."dueRingAt", r."targetAt", r."dueWorking"
  FROM ROWS FROM (jsonb_to_recordset($2) AS (provision text, "affiliateKey" text, "trackId" uuid, "recipientKind" text,
    "recipientKey" text, state text, reason text, citation text, label text, verification text, "factsUsed" jsonb,
    "ruleSetVersion" text, "engagementKeys" jsonb, authority jsonb, "dueAt" timestamptz, "dueBasis" text,
    "dueRingAt" timestamptz, "targetAt" timestamptz, "dueWorking" jsonb)) WITH ORDINALITY
    AS r(provision, "affiliateKey", "trackId", "recipientKind", "recipientKey", state, reason, citation, label,
      verification, "factsUsed", "ruleSetVersion", "engagementKeys", authority, "dueAt", "dueBasis", "dueRingAt",
      "targetAt", "dueWorking", place)
  ORDER BY r.place
  RETURNING id`;
