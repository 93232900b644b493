/** Takes catalogue files in: rows stream into staging, are checked set-based, and enter as one version or not at all. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { actorLabel, type Actor } from '../../domain/actor.ts';
import {
  catalogueFields,
  type CatalogueKind,
  type CatalogueStore,
  type ImportFault,
  type ImportFaults,
  type ImportOrder,
  type ImportSummary,
  type StagedRow,
} from '../../domain/catalogue.ts';
import { newestVersion } from './catalogue.ts';
import { faultQuery, stagedAs } from './catalogue-rules.ts';
import { appendEntry } from './register.ts';
import type { Sql } from './sql.ts';
import { inTransaction } from './transaction.ts';

const machine: Actor = { kind: 'machine', name: 'import' };
// A million rows take longer than the pool allows a statement by default.
const patience = `SET LOCAL statement_timeout = '30min'`;

/** The catalogue's way in over this pool. A call that throws has changed nothing. */
export function catalogueStore(pool: pg.Pool): CatalogueStore {
  return {
    stage: (importId, batches) => stage(pool, importId, batches),
    check: (order, atMost) =>
      inTransaction(pool, machine, async (sql) => {
        await sql.run(patience);
        return findFaults(sql, order, atMost);
      }),
    enter: (actor, order, atMost) =>
      inTransaction(pool, actor, async (sql) => {
        await sql.run(patience);
        // Imports enter one after the other: what one has checked cannot be taken away by another before it commits.
        await sql.run(`SELECT pg_advisory_xact_lock(hashtextextended('tocsin.catalogue', 0))`);
        const found = await findFaults(sql, order, atMost);
        if (found.total > 0) return { ...found, summary: null };
        return { ...found, summary: await enter(sql, actor, order) };
      }),
    discard: (importId) =>
      inTransaction(pool, machine, async (sql) => {
        await sql.run(patience);
        await sql.run(`DELETE FROM catalogue_staging WHERE import_id = $1`, [importId]);
      }),
    organisationKind: () =>
      inTransaction(pool, machine, async (sql) => {
        const row = await sql.row<{ kind: 'own' | 'demo' }>(`SELECT kind FROM organisation`);
        return row?.kind ?? null;
      }),
    nameOrganisation: (actor, kind, name) =>
      inTransaction(pool, actor, (sql) => nameOrganisation(sql, actor, kind, name)),
  };
}

// COPY needs the client itself, so this is a transaction of its own; staging knows no actor and has no row security.
async function stage(
  pool: pg.Pool,
  importId: string,
  batches: AsyncIterable<readonly StagedRow[]>,
): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    await client.query(patience);
    // Left by imports whose process died; the id carries the time of its making.
    await client.query(
      `DELETE FROM catalogue_staging WHERE uuid_extract_timestamp(import_id) < clock_timestamp() - interval '1 day'`,
    );
    const copy = client.query(
      copyFrom('COPY catalogue_staging (import_id, line, cells) FROM STDIN'),
    );
    await pipeline(Readable.from(copyLines(importId, batches), { objectMode: false }), copy);
    await client.query('COMMIT');
    await client.query('ANALYZE catalogue_staging');
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A client whose COPY broke off is closed, which also rolls back.
    client.release(broken);
  }
}

async function* copyLines(
  importId: string,
  batches: AsyncIterable<readonly StagedRow[]>,
): AsyncGenerator<Buffer> {
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    // JSON escapes control characters, so of COPY's own characters only the backslash can occur in it.
    const lines = batch.map(
      ({ line, row }) =>
        `${importId}\t${String(line)}\t${JSON.stringify(row).replaceAll('\\', '\\\\')}\n`,
    );
    yield Buffer.from(lines.join(''), 'utf8');
  }
}

async function findFaults(sql: Sql, order: ImportOrder, atMost: number): Promise<ImportFaults> {
  const { importId, kind, replace } = order;
  const rows = await sql.rows<ImportFault & { total: number }>(faultQuery(kind, replace), [
    importId,
    atMost,
  ]);
  const faults = rows.map(({ line, field, detail }) => ({ line, field, detail }));
  return { faults, total: rows[0]?.total ?? 0 };
}

async function enter(
  sql: Sql,
  actor: Actor,
  order: ImportOrder & { readonly digest: Uint8Array; readonly rows: number },
): Promise<ImportSummary> {
  const { kind, rows, digest } = order;
  const version = (await newestVersion(sql)) + 1;
  const { added, changed, removed } = await turnRows(sql, order, version);
  if (added + changed + removed === 0)
    return { version: version - 1, rows, added, changed, removed };
  await sql.run(
    `INSERT INTO catalogue_version (version, kind, by, digest, rows) VALUES ($1, $2, $3, $4, $5)`,
    [version, kind, actorLabel(actor), digest, rows],
  );
  const data = { kind, version, rows, added, changed, removed, digest: hex(digest) };
  await appendEntry(sql, {
    stream: 'house',
    type: 'catalogue.imported',
    actor: actorLabel(actor),
    data,
  });
  return { version, rows, added, changed, removed };
}

async function turnRows(
  sql: Sql,
  order: ImportOrder,
  version: number,
): Promise<{ added: number; changed: number; removed: number }> {
  const { importId, kind, replace } = order;
  const columns = catalogueFields[kind].map(({ name }) => name);
  const tuple = (alias: string) => `(${columns.map((name) => `${alias}.${name}`).join(', ')})`;
  const changed = await sql.run(
    `UPDATE ${kind} t SET until = $2 FROM ${stagedAs(kind)}
     WHERE t.key = i.key AND t.until IS NULL AND ${tuple('t')} IS DISTINCT FROM ${tuple('i')}`,
    [importId, version],
  );
  const removed = replace ? await closeMissing(sql, kind, importId, version) : 0;
  const opened = await sql.run(
    `INSERT INTO ${kind} (${columns.join(', ')}, since) SELECT ${tuple('i').slice(1, -1)}, $2 FROM ${stagedAs(kind)}
     WHERE NOT EXISTS (SELECT FROM ${kind} t WHERE t.key = i.key AND t.until IS NULL)`,
    [importId, version],
  );
  return { added: opened - changed, changed, removed };
}

function closeMissing(
  sql: Sql,
  kind: CatalogueKind,
  importId: string,
  version: number,
): Promise<number> {
  return sql.run(
    `UPDATE ${kind} t SET until = $2 WHERE t.until IS NULL AND NOT EXISTS (
       SELECT FROM catalogue_staging s WHERE s.import_id = $1 AND s.cells->>'key' = t.key)`,
    [importId, version],
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

async function nameOrganisation(
  sql: Sql,
  actor: Actor,
  kind: 'own' | 'demo',
  name: string,
): Promise<void> {
  const named = await sql.run(
    `INSERT INTO organisation (kind, name) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [kind, name],
  );
  if (named === 0) return;
  await appendEntry(sql, {
    stream: 'house',
    type: 'organisation.named',
    actor: actorLabel(actor),
    data: { kind, name },
  });
}
