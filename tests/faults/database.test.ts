/** The database goes away under work: the process stays, the work is refused as a whole, the next one finds the way back. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { untilNothingIsMissing } from '../support/stack.ts';

const machine = { kind: 'machine', name: 'engine' } as const;
let database: TestDatabase;
let bystander: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  bystander = new pg.Client({ connectionString: database.appUrl });
  await bystander.connect();
});
afterAll(async () => {
  await bystander.end();
  await database.close();
});

/** Ends a backend as a crash of the server would, and waits until it is gone. */
async function endBackend(pid: number): Promise<void> {
  await bystander.query('SELECT pg_terminate_backend($1)', [pid]);
  await untilNothingIsMissing(async () => {
    const { rows } = await bystander.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid]);
    return rows.length === 0 ? null : 'the end of the backend';
  });
}

describe('a connection lost inside a transaction', () => {
  it('between two statements refuses the transaction, ends no process, and the next one works', async () => {
    const work = inTransaction(database.pool, machine, async (sql) => {
      const row = await sql.row<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await endBackend(row?.pid ?? 0);
      return sql.rows('SELECT 1');
    });
    await expect(work).rejects.toThrow();
    expect(await inTransaction(database.pool, machine, (sql) => sql.row('SELECT 7 AS n'))).toEqual({
      n: 7,
    });
  });
});
