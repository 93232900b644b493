/** Runs every piece of SQL in a transaction that knows its actor, so that row-level security decides what is seen. */
import type pg from 'pg';
import { actorLabel, type Actor } from '../../domain/actor.ts';
import { sqlOver, type Sql } from './sql.ts';

const retried = new Set(['40001', '40P01']);
const attempts = 5;

/**
 * Begins, sets the actor for this transaction only, runs `fn`, commits.
 * A serialization failure or a deadlock runs the whole of `fn` again; any other error rolls back and is thrown.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  actor: Actor,
  fn: (sql: Sql) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      await client.query('SELECT set_config($1, $2, true), set_config($3, $4, true)', [
        'tocsin.actor',
        actorLabel(actor),
        'tocsin.units',
        actor.kind === 'machine' ? '*' : actor.units.join(','),
      ]);
      const result = await fn(sqlOver(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken = await rollBack(client);
      if (attempt < attempts && retried.has(sqlState(error))) continue;
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The five-character SQLSTATE of a database error, or an empty string. */
export function sqlState(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
