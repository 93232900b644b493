/** People of the house in PostgreSQL, as an administrator keeps them. */
import type { ListedPerson, PeopleStore } from '../../domain/people.ts';
import type { Sql } from './sql.ts';

export function peopleStore(sql: Sql): PeopleStore {
  const list = (): Promise<ListedPerson[]> =>
    sql.rows<ListedPerson>(
      `SELECT p.id AS "personId", p.issuer, p.subject, p.name, p.email, p.roles, p.units, p.active,
         p.out_of_band AS "outOfBand",
         CASE WHEN p.absent_until > clock_timestamp() THEN p.absent_until END AS "absentUntil",
         ARRAY(SELECT d.subject FROM deputies_of(p.id) l JOIN person d ON d.id = l.deputy_id ORDER BY l.place) AS deputies
       FROM person p ORDER BY p.issuer, p.subject`,
    );
  return {
    list,
    async lock() {
      await sql.run("SELECT pg_advisory_xact_lock(hashtextextended('people', 3))");
      return list();
    },
    async put(entries) {
      const rows = await sql.rows<{ id: string }>(putText, [JSON.stringify(entries)]);
      for (const text of deputyTexts) await sql.run(text, [JSON.stringify(entries)]);
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
    async setAbsent(personId, until) {
      await sql.run('UPDATE person SET absent_until = $2 WHERE id = $1', [personId, until]);
    },
    async setOutOfBand(personId, address) {
      await sql.run('UPDATE person SET out_of_band = $2 WHERE id = $1', [personId, address]);
    },
    async senderAddresses() {
      const rows = await sql.rows<{ address: string }>(
        'SELECT DISTINCT sender_address AS address FROM affiliate',
      );
      return rows.map((row) => row.address);
    },
    async isMailBarredAnywhere() {
      const row = await sql.row(
        `SELECT 1 FROM channel_bar b LEFT JOIN case_file c ON c.id = b.case_id
         WHERE bar_ended_at(b.id) IS NULL AND c.state IS DISTINCT FROM 'closed' LIMIT 1`,
      );
      return row !== undefined;
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
    deputies jsonb)`;

const putText = `INSERT INTO person (issuer, subject, name, email, roles, units)
  SELECT e.issuer, e.subject, e.name, e.email, ARRAY(SELECT jsonb_array_elements_text(e.roles)),
    ARRAY(SELECT jsonb_array_elements_text(e.units))
  FROM ROWS FROM (${entries}) WITH ORDINALITY
    AS e(issuer, subject, name, email, roles, units, deputies, place)
  ORDER BY e.place
  ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, email = excluded.email,
    roles = excluded.roles, units = excluded.units
  RETURNING id`;

const named = `SELECT p.id AS person_id, l.place, d.id AS deputy_id
  FROM ROWS FROM (${entries}) AS e(issuer, subject, name, email, roles, units, deputies)
  JOIN person p ON p.issuer = e.issuer AND p.subject = e.subject
  CROSS JOIN LATERAL jsonb_array_elements_text(e.deputies) WITH ORDINALITY AS l(subject, place)
  JOIN person d ON d.issuer = e.issuer AND d.subject = l.subject`;

// Apart, because a deputy may be entered by the same list. The first stands with the person, where it always stood.
const deputyTexts = [
  `UPDATE person p SET deputy_id = (SELECT n.deputy_id FROM (${named}) n WHERE n.person_id = p.id AND n.place = 1)
   FROM ROWS FROM (${entries}) AS e(issuer, subject, name, email, roles, units, deputies)
   WHERE p.issuer = e.issuer AND p.subject = e.subject`,
  `DELETE FROM further_deputy f USING person p, ROWS FROM (${entries})
     AS e(issuer, subject, name, email, roles, units, deputies)
   WHERE f.person_id = p.id AND p.issuer = e.issuer AND p.subject = e.subject`,
  `INSERT INTO further_deputy (person_id, place, deputy_id)
   SELECT n.person_id, n.place, n.deputy_id FROM (${named}) n WHERE n.place >= 2`,
];
