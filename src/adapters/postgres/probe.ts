/** Asks a database how it is: reachable, how far migrated, and what time it has. */
import pg from 'pg';

export interface DatabaseState {
  readonly role: string;
  readonly serverVersion: string;
  /** Migrations applied, or null when this role cannot see the list. */
  readonly migrations: number | null;
  /** Database clock minus ours, in ms, taken at the middle of the round trip. */
  readonly clockAheadMs: number;
}

/** One short connection; throws when the database cannot be reached within `timeoutMs`. */
export async function probeDatabase(
  connectionString: string,
  timeoutMs: number,
): Promise<DatabaseState> {
  const client = new pg.Client({
    connectionString,
    application_name: 'tocsin-probe',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const askedMs = Date.now();
    const answer = await client.query<{ nowMs: string; role: string; version: string }>(
      `SELECT extract(epoch FROM clock_timestamp()) * 1000 AS "nowMs", current_user AS role,
              current_setting('server_version') AS version`,
    );
    const middleMs = (askedMs + Date.now()) / 2;
    const row = answer.rows[0];
    if (row === undefined) throw new Error('the database gave no answer');
    return {
      role: row.role,
      serverVersion: row.version,
      migrations: await countMigrations(client),
      clockAheadMs: Math.round(Number(row.nowMs) - middleMs),
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function countMigrations(client: pg.Client): Promise<number | null> {
  try {
    const { rows } = await client.query<{ n: string }>(
      'SELECT count(*) AS n FROM tocsin_migration.kysely_migration',
    );
    return Number(rows[0]?.n ?? 0);
  } catch {
    return null;
  }
}
