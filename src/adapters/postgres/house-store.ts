/** People, tokens, idempotency keys and wakes in PostgreSQL. */
import type { Person, Role } from '../../domain/actor.ts';
import type { Instant } from '../../domain/instant.ts';
import type { JsonValue } from '../../domain/json.ts';
import type { HouseStore } from '../../domain/ports.ts';
import type { Sql } from './sql.ts';

interface PersonRow {
  id: string;
  issuer: string;
  subject: string;
  name: string;
  roles: Role[];
  units: string[];
}

export function houseStore(sql: Sql): HouseStore {
  return {
    async now() {
      const row = await sql.row<{ now: Instant }>(
        "SELECT date_trunc('milliseconds', clock_timestamp()) AS now",
      );
      if (row === undefined) throw new Error('the database gave no time');
      return row.now;
    },
    async organisationKind() {
      const row = await sql.row<{ kind: 'own' | 'demo' }>('SELECT kind FROM organisation');
      return row?.kind ?? null;
    },
    async personByToken(tokenSha256) {
      const row = await sql.row<PersonRow>(
        `SELECT p.id, p.issuer, p.subject, p.name, p.roles, p.units
         FROM access_token t JOIN person p ON p.id = t.person_id AND p.active
         WHERE t.token_sha256 = $1 AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp()`,
        [Buffer.from(tokenSha256)],
      );
      return row === undefined ? null : toPerson(row);
    },
    async answerUnder(actor, key) {
      // Two requests under one key run one after the other: the second finds the first one's answer.
      await sql.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${actor} ${key}`]);
      const row = await sql.row<{ body: string; answer: JsonValue }>(
        `SELECT encode(body_sha256, 'hex') AS body, answer FROM idempotency WHERE actor = $1 AND key = $2`,
        [actor, key],
      );
      return row === undefined ? null : { bodySha256: row.body, answer: row.answer };
    },
    async keepAnswer(actor, key, bodySha256, answer) {
      await sql.run(
        `INSERT INTO idempotency (actor, key, body_sha256, answer) VALUES ($1, $2, decode($3, 'hex'), $4)`,
        [actor, key, bodySha256, JSON.stringify(answer)],
      );
    },
    async wake(workflow, subjectId) {
      const ids = typeof subjectId === 'string' ? [subjectId] : subjectId;
      if (ids.length === 0) return;
      await sql.run('INSERT INTO wake (workflow, subject_id) SELECT $1, unnest($2::uuid[])', [
        workflow,
        ids,
      ]);
    },
  };
}

function toPerson(row: PersonRow): Person {
  const { id, issuer, subject, name, roles, units } = row;
  return { kind: 'person', personId: id, issuer, subject, name, roles, units };
}
