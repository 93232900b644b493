/** Which countries a case touches, and which cases a provision does. */
import type { Views } from '../../domain/views.ts';
import { seenAt } from './catalogue.ts';
import type { Sql } from './sql.ts';

type Countries = Awaited<ReturnType<Views['countries']>>;

/** Countries of the affiliates on tracks, and with those of the people and customers who are not excluded. */
export async function countriesOf(sql: Sql, caseId: string): Promise<Countries> {
  const row = await sql.row<Countries>(
    `WITH pinned AS (
       SELECT id, coalesce(catalogue_version, (SELECT max(version) FROM catalogue_version)) AS version
       FROM case_file WHERE id = $1
     ), own AS (
       SELECT DISTINCT a.country FROM pinned f JOIN affiliate a ON ${seenAt('a', 'f.version')}
       WHERE NOT EXISTS (SELECT FROM track t WHERE t.case_id = f.id)
         OR EXISTS (SELECT FROM track t WHERE t.case_id = f.id AND t.affiliate_key = a.key)
     ), exposed AS (
       SELECT x.kind, x.key, x.customer_key, f.version FROM pinned f JOIN case_exposure x ON x.case_id = f.id
       WHERE x.grade <> 'excluded'
     ), touched AS (
       SELECT country FROM own
       UNION
       SELECT u.country FROM exposed x JOIN processing p ON x.kind = 'processing' AND p.key = x.key AND ${seenAt('p', 'x.version')}
       CROSS JOIN LATERAL unnest(p.countries) AS u (country)
       UNION
       SELECT c.country FROM exposed x JOIN customer c ON c.key = x.customer_key AND ${seenAt('c', 'x.version')})
     SELECT (SELECT coalesce(array_agg(country ORDER BY country), '{}') FROM own) AS affiliates,
       (SELECT coalesce(array_agg(country ORDER BY country), '{}') FROM touched) AS touched`,
    [caseId],
  );
  return row ?? { affiliates: [], touched: [] };
}

/** The fifty newest cases the actor may see that have an obligation under the provision. */
export function casesUnder(sql: Sql, provision: string): ReturnType<Views['casesUnder']> {
  return sql.rows(
    `SELECT c.reference, c.title, c.state FROM case_file c
     WHERE EXISTS (SELECT FROM obligation o WHERE o.case_id = c.id AND o.provision = $1)
     ORDER BY c.received_at DESC, c.id DESC LIMIT 50`,
    [provision],
  );
}
