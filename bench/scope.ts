/** Measures finding whose data was hit, one in ten of many people, beside CREATE TABLE AS and a loop in the application. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { houseOver } from '../src/adapters/postgres/house.ts';
import { scopeCase } from '../src/adapters/postgres/scope.ts';
import { openPool } from '../src/adapters/postgres/sql.ts';
import { inTransaction } from '../src/adapters/postgres/transaction.ts';
import { openCase } from '../src/commands/open-case.ts';
import { readConfig } from '../src/config.ts';
import type { Person } from '../src/domain/actor.ts';
import { anyPorts } from '../src/embedded/layout.ts';
import { startStack } from '../src/embedded/supervise.ts';
import { prepareDemoHouse } from '../src/processes/demo-house.ts';
import { readOpeningKey } from '../src/processes/keys.ts';
import { median, report } from './rounds.ts';

const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '3' },
  },
});
const people = Number(options.people);
const rounds = Number(options.rounds);
const oneIn = 10;
/** The loop reads and writes as many at a time. */
const page = 1_000;
const machine = { kind: 'machine', name: 'engine' } as const;
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const home = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
const stack = await startStack({
  config: readConfig({ ...process.env, TOCSIN_HOME: home }),
  ports: anyPorts,
  leaveOut: ['temporal', 'worker', 'serve', 'watch', 'sandbox'],
  headless: true,
  afterMigrate: async (info) => {
    await prepareDemoHouse(info.home, info.database.app, 1, () => undefined);
  },
});
const pool = openPool(stack.database.app, 2, 'bench');
const owner = openPool(stack.database.owner, 1, 'bench-owner');
const house = houseOver(pool, readOpeningKey(stack.keysDir));

/** As the owner, who waits as long as it takes. */
async function asOwner(work: (client: pg.PoolClient) => Promise<unknown>): Promise<void> {
  const client = await owner.connect();
  try {
    await client.query('SET statement_timeout = 0');
    await work(client);
  } finally {
    client.release();
  }
}

/** One person in ten on the database that is hit, spread over the table as they would have come. */
async function fill(): Promise<void> {
  await asOwner(async (client) => {
    await client.query(
      `INSERT INTO subject (key, processing_key, asset_key, name, email, language, country, since)
       SELECT 'B-' || lpad(n::text, 9, '0'), 'portal-contacts',
         CASE WHEN n % ${String(oneIn)} = 0 THEN 'portal-db-01' ELSE 'portal-db-02' END,
         'Bench Person ' || n, 'bench.' || n || '@mail.example.net', 'en', 'DE', 1
       FROM generate_series(1, $1::int) AS n`,
      [people],
    );
    await client.query('VACUUM ANALYZE subject');
    await client.query('CHECKPOINT').catch(() => undefined);
  });
}

async function leo(): Promise<Person> {
  const row = await inTransaction(pool, machine, (sql) =>
    sql.row<{ id: string }>("SELECT id FROM person WHERE subject = 'leo'"),
  );
  return {
    kind: 'person',
    personId: row?.id ?? '',
    issuer: 'tocsin-demo',
    subject: 'leo',
    name: 'Leo',
    roles: ['legal'],
    units: ['*'],
  };
}

async function newCase(actor: Person): Promise<string> {
  const caseId = uuidv7();
  const opened = await openCase(
    house,
    { actor, key: randomUUID(), bodySha256: '00'.repeat(32) },
    {
      caseId,
      title: 'Bench case',
      description: '',
      mode: 'drill',
      speed: 1,
      unit: null,
      receivedAt: null,
      detectedAt: null,
      zone: 'UTC',
      offsetMinutes: 0,
      source: 'bench',
      externalId: null,
      hits: [{ kind: 'asset', key: 'portal-db-01' }],
      facts: [],
    },
  );
  if (!opened.ok) throw new Error(opened.problem.detail);
  return caseId;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

const concerned = `FROM subject s WHERE s.processing_key = 'portal-contacts' AND s.asset_key = 'portal-db-01'
  AND s.since <= 1 AND (s.until IS NULL OR s.until > 1)`;

async function createTableAs(caseId: string): Promise<number> {
  let took = 0;
  await asOwner(async (client) => {
    await client.query('DROP TABLE IF EXISTS bench_ids');
    took = await seconds(() =>
      client.query(
        `CREATE UNLOGGED TABLE bench_ids AS
         SELECT '${caseId}'::uuid AS case_id, s.processing_key, s.key AS subject_key ${concerned}`,
      ),
    );
  });
  return took;
}

/**
 * The same without a set: every person of the processing is read, page after page, the program decides who is hit, and
 * writes each page's to a logged table with the same key.
 */
async function loop(caseId: string): Promise<number> {
  let took = 0;
  await asOwner(async (client) => {
    await client.query(
      `CREATE TABLE IF NOT EXISTS bench_loop (case_id uuid, processing_key text, subject_key text,
         PRIMARY KEY (case_id, processing_key, subject_key));
       TRUNCATE bench_loop`,
    );
    took = await seconds(async () => {
      const hit = new Set(['portal-db-01']);
      for (let after = ''; ;) {
        const { rows } = await client.query<Candidate>(
          `SELECT key, processing_key AS "processingKey", asset_key AS "assetKey", since, until FROM subject
           WHERE key > $1 ORDER BY key LIMIT ${String(page)}`,
          [after],
        );
        const last = rows.at(-1);
        if (last === undefined) return;
        const keys = rows
          .filter((row) => row.processingKey === 'portal-contacts' && hit.has(row.assetKey))
          .filter((row) => row.since <= 1 && (row.until === null || row.until > 1))
          .map(({ key }) => key);
        await client.query(
          `INSERT INTO bench_loop SELECT $1, 'portal-contacts', unnest($2::text[])`,
          [caseId, keys],
        );
        after = last.key;
      }
    });
  });
  return took;
}

interface Candidate {
  readonly key: string;
  readonly processingKey: string;
  readonly assetKey: string;
  readonly since: number;
  readonly until: number | null;
}

async function subject(caseId: string): Promise<{ took: number; found: number }> {
  let found = 0;
  const took = await seconds(async () => {
    found = (await inTransaction(pool, machine, (sql) => scopeCase(sql, caseId))).subjects;
  });
  return { took, found };
}

try {
  say(`making ${String(people)} people, one in ${String(oneIn)} of them hit`);
  await fill();
  const actor = await leo();
  const [ours, tables, loops]: [number[], number[], number[]] = [[], [], []];
  let found = 0;
  for (let round = -1; round < rounds; round++) {
    await asOwner((client) => client.query('TRUNCATE case_subject'));
    const caseId = await newCase(actor);
    const tableSeconds = await createTableAs(caseId);
    const scoped = await subject(caseId);
    const loopSeconds = await loop(caseId);
    found = scoped.found;
    say(
      `${round < 0 ? 'warming up' : `round ${String(round + 1)}`}: table ${tableSeconds.toFixed(2)} s, scope ${scoped.took.toFixed(2)} s, loop ${loopSeconds.toFixed(2)} s`,
    );
    if (round < 0) continue;
    tables.push(tableSeconds);
    ours.push(scoped.took);
    loops.push(loopSeconds);
  }
  const ratio = (of: readonly number[], to: readonly number[]) =>
    median(of.map((value, index) => value / (to[index] ?? Number.NaN)));
  const ok = report({
    bench: 'scope',
    rounds,
    figures: {
      'people in the catalogue': people,
      'people found': found,
      'scope, s': median(ours),
      'unlogged CREATE TABLE AS, s': median(tables),
      [`loop over all people, ${String(page)} at a time, s`]: median(loops),
    },
    ratios: {
      'scope / unlogged CREATE TABLE AS': ratio(ours, tables),
      'loop / scope': ratio(loops, ours),
    },
    goals: {
      'scope / unlogged CREATE TABLE AS': ['<=', 4],
      'loop / scope': ['>=', 5],
    },
  });
  process.exitCode = ok ? 0 : 1;
} finally {
  await pool.end();
  await owner.end();
  await stack.close();
  await rm(home, { recursive: true, force: true });
}
