/** What runs on the host for people who cannot sign in yet: the first administrator, and tokens. */
import { createHash, randomBytes } from 'node:crypto';
import { houseOver } from '../adapters/postgres/house.ts';
import { openPool } from '../adapters/postgres/sql.ts';
import { foundHouse, issueToken } from '../commands/found-house.ts';
import { demand, type Config } from '../config.ts';
import type { Role } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import type { Outcome } from '../domain/problem.ts';
import { readOpeningKey } from './keys.ts';

export interface FirstPerson {
  readonly organisation: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly days: number;
}

const roles: readonly Role[] = [
  'responder',
  'legal',
  'dpo',
  'executive',
  'auditor',
  'administrator',
];

/** Names the organisation, enters its administrator and gives the token. Throws with the reason when refused. */
export async function enterFirstPerson(config: Config, given: FirstPerson): Promise<string> {
  const { organisation, days, roles: named, ...person } = given;
  const asked = roles.filter((role) => named.includes(role));
  const unknown = named.filter((role) => !roles.some((known) => known === role));
  if (unknown.length > 0) {
    throw new Error(`there is no role ${unknown.join(', ')}; there are ${roles.join(', ')}`);
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(person.email)) throw new Error('--email is not an address');
  const entry = { ...person, roles: asked, units: ['*'], deputies: [] };
  return withToken(config, days, (house, token) =>
    foundHouse(house, { organisation, person: entry, token }),
  );
}

/** Gives a person a new token. Throws with the reason when refused. */
export function giveToken(
  config: Config,
  { issuer, subject, days }: { issuer: string; subject: string; days: number },
): Promise<string> {
  return withToken(config, days, (house, token) => issueToken(house, { issuer, subject, token }));
}

async function withToken(
  config: Config,
  days: number,
  act: (house: House, token: { sha256: Uint8Array; days: number }) => Promise<Outcome<unknown>>,
): Promise<string> {
  const pool = openPool(demand(config.database.app, 'DATABASE_URL'), 2, 'people');
  const token = `tocsin_${randomBytes(24).toString('base64url')}`;
  try {
    const sha256 = createHash('sha256').update(token).digest();
    const outcome = await act(houseOver(pool, readOpeningKey(config.keysDir)), { sha256, days });
    if (!outcome.ok) {
      const faults = (outcome.problem.errors ?? []).map(({ detail }) => detail).join('; ');
      throw new Error([outcome.problem.detail, faults].filter((one) => one !== '').join(' '));
    }
    return token;
  } finally {
    await pool.end();
  }
}
