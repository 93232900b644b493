/** People of the house in PostgreSQL, as an administrator keeps them. */
import type { ListedPerson, PeopleStore } from '../../domain/people.ts';
import type { Sql } from './sql.ts';

export function peopleStore(sql: Sql): PeopleStore {
  const list = (): Promise<ListedPerson[]> =>
    sql.rows<ListedPerson>(
      `SELECT p.id AS "personId", p.issuer, p.subject, p.name, p.email, p.roles, p.units, d.subject AS deputy, p.active
       FROM person p LEFT JOIN person d ON d.id = p.deputy_id ORDER BY p.issuer, p.subject`,
    );
  return {
    list,
    async lock() {
      await sql.run("SELECT pg_advisory_xact_lock(hashtextextended('people', 3))");
      return list();
    },
    async put(entries) {
      const rows = await sql.rows<{ id: string }>(putText, [JSON.stringify(entries)]);
      await sql.run(deputyText, [JSON.stringify(entries)]);
      return rows.map((row) => row.id);
    },
    async setActive(personId, active) {
      await sql.run('UPDATE person SET active = $2 WHERE id = $1', [personId, active]);
      if (active) return;
      await sql.run(
        'UPDATE access_token SET revoked_at = clock_timestamp() WHERE person_id = $1 AND revoked_at IS NULL',
        [personId],
      );
    },
    async putToken(personId, tokenSha256, days) {
      await sql.run(
        `INSERT INTO access_token (token_sha256, person_id, expires_at)
         VALUES ($1, $2, clock_timestamp() + make_interval(days => $3))`,
        [Buffer.from(tokenSha256), personId, days],
      );
    },
    async nameOrganisation(name) {
      await sql.run("INSERT INTO organisation (kind, name) VALUES ('own', $1)", [name]);
    },
  };
}

const entries = `jsonb_to_recordset($1) AS (issuer text, subject text, name text, email text, roles jsonb, units jsonb,
    deputy text)`;

const putText = `INSERT INTO person (issuer, subject, name, email, roles, units)
  SELECT e.issuer, e.subject, e.name, e.email, ARRAY(SELECT jsonb_array_elements_text(e.roles)),
    ARRAY(SELECT jsonb_array_elements_text(e.units))
  FROM ROWS FROM (${entries}) WITH ORDINALITY
    AS e(issuer, subject, name, email, roles, units, deputy, place)
  ORDER BY e.place
  ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, email = excluded.email,
    roles = excluded.roles, units = excluded.units
  RETURNING id`;

// Apart, because a deputy may be entered by the same list.
const deputyText = `UPDATE person p SET deputy_id = d.id
  FROM ROWS FROM (${entries}) AS e(issuer, subject, name, email, roles, units, deputy)
  LEFT JOIN person d ON d.issuer = e.issuer AND d.subject = e.deputy
  WHERE p.issuer = e.issuer AND p.subject = e.subject`;
