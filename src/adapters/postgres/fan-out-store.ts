/** Customers told on "not excluded" alone, in PostgreSQL: counted with the obligations, allowed by a person. */
import type { FanOut, FanOutStore } from '../../domain/fan-out-ports.ts';
import type { Sql } from './sql.ts';

export function fanOutStore(sql: Sql): FanOutStore {
  return {
    async count(caseId) {
      await sql.run(countText, [caseId]);
      return readFanOut(sql, caseId);
    },
    read: (caseId) => readFanOut(sql, caseId),
    async allow({ caseId, customers, reason, personId }) {
      await sql.run(
        'INSERT INTO fan_out_leave (case_id, customers, reason, person_id) VALUES ($1, $2, $3, $4)',
        [caseId, customers, reason, personId],
      );
    },
    async withheldFor(versionId) {
      const row = await sql.row<{ customers: number }>(
        `SELECT fan_out_withheld(v.case_id) AS customers FROM notice_version v
         WHERE v.id = $1 AND merely_not_excluded(v.id)`,
        [versionId],
      );
      return row?.customers ?? 0;
    },
  };
}

/** What a case shows of its fan-out. */
export async function readFanOut(sql: Sql, caseId: string): Promise<FanOut> {
  const row = await sql.row<FanOut>(
    `SELECT coalesce(f.customers, 0) AS customers, p.not_excluded_over AS over, fan_out_withheld($1) > 0 AS "isWithheld",
       (SELECT jsonb_build_object('customers', l.customers, 'by', actor_name('person/' || l.person_id), 'reason', l.reason,
          'at', to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        FROM fan_out_leave l WHERE l.case_id = $1 ORDER BY l.id DESC LIMIT 1) AS leave
     FROM fan_out_policy p LEFT JOIN fan_out f ON f.case_id = $1`,
    [caseId],
  );
  if (row === undefined) throw new Error('there is no policy on fan-outs');
  return row;
}

// A customer with one service that is confirmed or likely is told of that: it is none of these.
const countText = `
  INSERT INTO fan_out (case_id, customers)
  SELECT $1, count(*) FROM obligation o
  WHERE o.case_id = $1 AND o.recipient_kind = 'controller' AND o.state IN ('owed', 'discharged')
    AND (SELECT bool_or(x.grade = 'not-excluded') AND NOT bool_or(x.grade IN ('confirmed', 'likely')) FROM case_exposure x
         WHERE x.case_id = o.case_id AND x.kind = 'engagement' AND x.key = ANY (o.engagement_keys))
  ON CONFLICT (case_id) DO UPDATE SET customers = excluded.customers`;
