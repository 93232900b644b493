/** A database of its own for each test file, cloned from the migrated template. */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { roleUrl, type RoleName } from '../../src/adapters/postgres/roles.ts';
import type { SharedPostgres } from './servers.ts';

export interface TestDatabase {
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly watchUrl: string;
  readonly signerUrl: string;
  readonly auditorUrl: string;
  /** Connected as the application role. */
  readonly pool: pg.Pool;
  /** Drops the database; throws if somebody still holds a connection to it. Call it in `afterAll`. */
  close(): Promise<void>;
}

/** A fresh, migrated, empty database on the shared PostgreSQL. */
export async function testDatabase(): Promise<TestDatabase> {
  const shared = await askForPostgres();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(shared, (admin) =>
    admin.query(`CREATE DATABASE ${name} TEMPLATE ${shared.template} OWNER tocsin_owner`),
  );
  const url = (role: RoleName) => roleUrl(shared.adminUrl, name, role, shared.passwords[role]);
  const pool = openPool(url('app'), 10, 'test');
  return {
    appUrl: url('app'),
    ownerUrl: url('owner'),
    watchUrl: url('watch'),
    signerUrl: url('signer'),
    auditorUrl: url('auditor'),
    pool,
    async close() {
      await endPool(pool);
      await asAdmin(shared, async (admin) => {
        const leaked = await connectionsTo(admin, name);
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
        if (leaked.length > 0) {
          throw new Error(`connections to the test database leaked: ${leaked.join(', ')}`);
        }
      });
    },
  };
}

async function askForPostgres(): Promise<SharedPostgres> {
  const answer = await fetch(`${inject('serversUrl')}/postgres`);
  if (!answer.ok) throw new Error(`no PostgreSQL for tests: ${await answer.text()}`);
  return (await answer.json()) as SharedPostgres;
}

/** A client that was checked out and never released would make `end` wait for ever. */
async function endPool(pool: pg.Pool): Promise<void> {
  const ended = pool.end().then(() => true);
  const inTime = await Promise.race([ended, wait(5_000, false)]);
  if (!inTime) throw new Error('a client of the test pool was never released');
}

/** Who is still connected a moment after everybody should have gone. */
async function connectionsTo(admin: pg.Client, name: string): Promise<string[]> {
  for (let tries = 0; ; tries++) {
    const { rows } = await admin.query<{ who: string }>(
      `SELECT usename || ' ' || application_name AS who FROM pg_stat_activity
       WHERE datname = $1 AND backend_type = 'client backend'`,
      [name],
    );
    if (rows.length === 0 || tries === 40) return rows.map((row) => row.who);
    await wait(50);
  }
}

async function asAdmin<T>(
  shared: SharedPostgres,
  use: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  const admin = new pg.Client({ connectionString: shared.adminUrl });
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.end();
  }
}
