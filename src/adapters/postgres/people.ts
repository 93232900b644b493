/** Writes people and their access tokens; tokens are kept as digests only. */
import { createHash } from 'node:crypto';
import type { Role } from '../../domain/actor.ts';
import type { Sql } from './sql.ts';

export interface PersonEntry {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly units: readonly string[];
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Inserts or updates a person by issuer and subject; gives the id. */
export async function putPerson(sql: Sql, person: PersonEntry): Promise<string> {
  const row = await sql.row<{ id: string }>(
    `INSERT INTO person (issuer, subject, name, email, roles, units) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (issuer, subject) DO UPDATE SET name = $3, email = $4, roles = $5, units = $6
     RETURNING id`,
    [person.issuer, person.subject, person.name, person.email, person.roles, person.units],
  );
  if (row === undefined) throw new Error('the person was not written');
  return row.id;
}

/** Gives a person an out-of-band route where there is none. */
export async function keepRoute(sql: Sql, personId: string, address: string): Promise<void> {
  await sql.run('UPDATE person SET out_of_band = coalesce(out_of_band, $2) WHERE id = $1', [
    personId,
    address,
  ]);
}

/** Names who is called when this person does not answer. */
export async function setDeputy(sql: Sql, personId: string, deputyId: string): Promise<void> {
  await sql.run('UPDATE person SET deputy_id = $2 WHERE id = $1', [personId, deputyId]);
}

/** Lets a token act for a person for some days. */
export async function putToken(
  sql: Sql,
  personId: string,
  token: string,
  days: number,
): Promise<void> {
  await sql.run(
    `INSERT INTO access_token (token_sha256, person_id, expires_at)
     VALUES ($1, $2, clock_timestamp() + make_interval(days => $3)) ON CONFLICT DO NOTHING`,
    [sha256(token), personId, days],
  );
}
