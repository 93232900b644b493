/** Runs every piece of SQL in a transaction that knows its actor, so that row-level security decides what is seen. */
import pg from 'pg';
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
      await client.query(beginAs(actor));
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

/** One round trip: the actor is set with the beginning, for this transaction only. */
function beginAs(actor: Actor): string {
  const units = actor.kind === 'machine' ? '*' : actor.units.join(',');
  const set = `set_config('tocsin.actor', ${pg.escapeLiteral(actorLabel(actor))}, true)`;
  return `BEGIN; SELECT ${set}, set_config('tocsin.units', ${pg.escapeLiteral(units)}, true)`;
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
