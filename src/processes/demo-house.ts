/** Fills a new embedded stack: the demo people with their tokens, and the demo organisation. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Role } from '../domain/actor.ts';
import { catalogueStore } from '../adapters/postgres/catalogue-import.ts';
import { houseStore } from '../adapters/postgres/house-store.ts';
import { openPool } from '../adapters/postgres/sql.ts';
import { keepRoute, putPerson, putToken, setDeputy } from '../adapters/postgres/people.ts';
import { inTransaction } from '../adapters/postgres/transaction.ts';
import type { DrillSize } from '../intake/demo/drill.ts';
import { loadDemo } from '../intake/demo/load.ts';

const tokenDays = 365;

interface DemoPerson {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly units: readonly string[];
  readonly deputy?: string;
}

const demoPeople: readonly DemoPerson[] = [
  { login: 'rita', name: 'Rita Tamm', roles: ['responder'], units: ['*'], deputy: 'ruben' },
  { login: 'ruben', name: 'Ruben Kask', roles: ['responder'], units: ['security-de'] },
  { login: 'leo', name: 'Leo Saar', roles: ['legal'], units: ['*'], deputy: 'lena' },
  { login: 'lena', name: 'Lena Vogt', roles: ['legal'], units: ['*'] },
  { login: 'dora', name: 'Dora Lind', roles: ['dpo'], units: ['*'] },
  { login: 'eva', name: 'Eva Holm', roles: ['executive'], units: ['*'], deputy: 'leo' },
  { login: 'aud', name: 'Aud Berg', roles: ['auditor'], units: ['*'] },
  { login: 'adam', name: 'Adam Rand', roles: ['administrator'], units: ['*'] },
];

const role = z.enum(['responder', 'legal', 'dpo', 'executive', 'auditor', 'administrator']);
const peopleFile = z.object({
  people: z.array(
    z.object({
      login: z.string(),
      name: z.string(),
      roles: z.array(role),
      token: z.string(),
    }),
  ),
});
export type PeopleFile = z.infer<typeof peopleFile>;

/** Reads `people.json` of a home; null when there is none. */
export function readPeople(home: string): PeopleFile | null {
  const path = join(home, 'people.json');
  return existsSync(path) ? peopleFile.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

/** Writes people and tokens (once) and loads the demo organisation when the house is still empty; true if it did. */
export async function prepareDemoHouse(
  home: string,
  databaseUrl: string,
  seed: number,
  say: (line: string) => void,
  size?: DrillSize,
): Promise<boolean> {
  const pool = openPool(databaseUrl, 4, 'demo');
  try {
    const machine = { kind: 'machine', name: 'import' } as const;
    const kind = await inTransaction(pool, machine, (sql) => houseStore(sql).organisationKind());
    // The demo people hold tokens that lie in a file: they never enter a real organisation.
    if (kind === 'own') return false;
    const people = readPeople(home) ?? makePeople(home);
    await inTransaction(pool, machine, (sql) => enterPeople(people, sql));
    if (kind === 'demo') return false;
    say('loading the demo organisation (fictitious; drills only) …');
    await loadDemo(catalogueStore(pool), seed, size);
    return true;
  } finally {
    await pool.end();
  }
}

async function enterPeople(
  people: PeopleFile,
  sql: Parameters<typeof putPerson>[0],
): Promise<void> {
  const ids = new Map<string, string>();
  for (const { login, name, roles, units } of demoPeople) {
    const entry = {
      issuer: 'tocsin-demo',
      subject: login,
      name,
      email: `${login}@people.example`,
      roles,
      units,
    };
    const id = await putPerson(sql, entry);
    ids.set(login, id);
    await keepRoute(sql, id, `${login}@out-of-band.example`);
    const token = people.people.find((person) => person.login === login)?.token;
    if (token !== undefined) await putToken(sql, id, token, tokenDays);
  }
  for (const { login, deputy } of demoPeople) {
    const [id, deputyId] = [ids.get(login), ids.get(deputy ?? '')];
    if (id !== undefined && deputyId !== undefined) await setDeputy(sql, id, deputyId);
  }
}

function makePeople(home: string): PeopleFile {
  const people = demoPeople.map(({ login, name, roles }) => ({
    login,
    name,
    roles: [...roles],
    token: `tocsin_${randomBytes(24).toString('base64url')}`,
  }));
  const draft = join(home, `people.json.${String(process.pid)}`);
  writeFileSync(draft, `${JSON.stringify({ people }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(home, 'people.json'));
  return { people };
}
