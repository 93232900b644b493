/** Which delivery transitions the register already covers, and which it does not. */
import type { NoticeStore, UnfoldedEvents } from '../../domain/notice-ports.ts';
import type { Sql } from './sql.ts';

type Folds = Pick<NoticeStore, 'unfoldedEvents' | 'recordFold' | 'unfoldedCases'>;

const lastFold = (caseId: string): string =>
  `coalesce((SELECT max(f.to_event) FROM delivery_fold f WHERE f.case_id = ${caseId}), 0)`;

export function deliveryFolds(sql: Sql): Folds {
  return {
    async unfoldedEvents(caseId, limit) {
      // Writers hold this lock shared until they commit, so no lower number can appear after this.
      await sql.run(`SELECT pg_advisory_xact_lock(hashtextextended('delivery ' || $1, 0))`, [
        caseId,
      ]);
      const row = await sql.row<UnfoldedEvents>(
        `SELECT min(id) AS "fromEvent", max(id) AS "toEvent", count(*) AS events,
           string_agg(delivery_event_leaf(e), NULL ORDER BY id) AS leaves
         FROM (SELECT * FROM delivery_event WHERE case_id = $1 AND id > ${lastFold('$1')} ORDER BY id LIMIT $2) e
         HAVING count(*) > 0`,
        [caseId, limit],
      );
      return row ?? null;
    },
    async recordFold(caseId, fold) {
      await sql.run(
        'INSERT INTO delivery_fold (case_id, from_event, to_event, events, root) VALUES ($1, $2, $3, $4, $5)',
        [caseId, fold.fromEvent, fold.toEvent, fold.events, Buffer.from(fold.root)],
      );
    },
    async unfoldedCases(limit) {
      const rows = await sql.rows<{ id: string }>(
        `SELECT c.case_id AS id FROM (SELECT DISTINCT case_id FROM notice) c
         WHERE EXISTS (SELECT 1 FROM delivery_event e WHERE e.case_id = c.case_id AND e.id > ${lastFold('c.case_id')})
         ORDER BY c.case_id LIMIT $1`,
        [limit],
      );
      return rows.map((row) => row.id);
    },
  };
}
