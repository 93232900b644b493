/** Whether this process can do its work: named checks for `/readyz`. */
import { readdir } from 'node:fs/promises';
import type pg from 'pg';
import type { Actor } from '../../domain/actor.ts';
import type { Sql } from './sql.ts';
import { inTransaction } from './transaction.ts';

export interface ReadinessCheck {
  readonly name: 'database' | 'migrations' | 'relay';
  readonly ok: boolean;
  /** One line for an operator; names no host and no secret. */
  readonly detail: string;
}

const reader: Actor = { kind: 'machine', name: 'watch' };
const folder = new URL('../../../migrations/', import.meta.url);
const staleSeconds = 15;

/** Database reachable, every migration applied, relay seen within 15 s. Never throws: what cannot be asked is not ok. */
export async function readinessChecks(pool: pg.Pool): Promise<readonly ReadinessCheck[]> {
  const known = (await readdir(folder)).filter((name) => name.endsWith('.sql')).length;
  try {
    return await inTransaction(pool, reader, async (sql) => {
      const database = { name: 'database', ok: true, detail: 'reachable' } as const;
      return [database, await migrationCheck(sql, known), await relayCheck(sql)];
    });
  } catch {
    const detail = 'the database gives no answer';
    return (['database', 'migrations', 'relay'] as const).map((name) => ({
      name,
      ok: false,
      detail,
    }));
  }
}

async function migrationCheck(sql: Sql, known: number): Promise<ReadinessCheck> {
  const row = await sql.row<{ applied: number }>(
    'SELECT count(*)::int AS applied FROM tocsin_migration.kysely_migration',
  );
  const applied = row?.applied ?? 0;
  const ok = applied >= known;
  const detail = `${String(applied)} of ${String(known)} applied${ok ? '' : ': run "tocsin migrate"'}`;
  return { name: 'migrations', ok, detail };
}

async function relayCheck(sql: Sql): Promise<ReadinessCheck> {
  const row = await sql.row<{ seconds: number }>(
    "SELECT extract(epoch FROM clock_timestamp() - at)::float8 AS seconds FROM heartbeat WHERE name = 'relay'",
  );
  if (row === undefined) {
    return { name: 'relay', ok: false, detail: 'never seen: is "tocsin watch" running?' };
  }
  const ok = row.seconds <= staleSeconds;
  return { name: 'relay', ok, detail: `last seen ${String(Math.round(row.seconds))} s ago` };
}
