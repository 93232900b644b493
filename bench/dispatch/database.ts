/** A PostgreSQL of the benchmark's own, as durable as in production, with a fresh database for each size of notice. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { prepareDatabase, roleUrl, type RolePasswords } from '../../src/adapters/postgres/roles.ts';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { adminUrl, planPostgres } from '../../src/embedded/postgres.ts';
import { supervise } from '../../src/embedded/supervised.ts';
import { leastLedgerTables } from './least-ledger.ts';

export interface BenchPostgres {
  /** The app's URL of a new, migrated database. */
  database(name: string): Promise<string>;
  close(): Promise<void>;
}

export async function benchPostgres(say: (line: string) => void): Promise<BenchPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
  const password = (): string => randomBytes(12).toString('hex');
  const adminPassword = password();
  const port = await freePort(0, new Set());
  const place = { dataDir: join(home, 'postgres'), logFile: join(home, 'postgres.log') };
  const plan = await planPostgres({ ...place, port, adminPassword, durability: 'full' });
  const server = supervise(plan, () => undefined, say);
  await server.start();
  const url = adminUrl({ port, adminPassword });
  const passwords: RolePasswords = {
    ...{ owner: password(), app: password(), watch: password() },
    ...{ signer: password(), auditor: password() },
  };
  return {
    async database(name) {
      await prepareDatabase(url, name, passwords);
      const ownerUrl = roleUrl(url, name, 'owner', passwords.owner);
      await migrate(ownerUrl);
      const owner = openPool(ownerUrl, 1, 'bench-owner');
      await owner.query(leastLedgerTables);
      await owner.end();
      return roleUrl(url, name, 'app', passwords.app);
    },
    async close() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
