/** The whole supervised stack with the demo house in a home of its own, driven over its API as the demo people. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { apiClient, longPausesMs, type Api } from '../../src/cli/api.ts';
import type { Player } from '../../src/cli/drill/scenario.ts';
import { messagesSince, type SinkMessage } from '../../src/cli/drill/sink.ts';
import { readConfig } from '../../src/config.ts';
import { openPool, sqlOver, type Sql } from '../../src/adapters/postgres/sql.ts';
import { anyPorts } from '../../src/embedded/layout.ts';
import { startStack, type RunningStack } from '../../src/embedded/supervise.ts';
import type { DrillSize } from '../../src/intake/demo/drill.ts';
import { prepareDemoHouse, readPeople } from '../../src/processes/demo-house.ts';

const demoSeed = 1;
/** As people are who were told that everything was killed: two minutes in all. */
const patientPausesMs = [...longPausesMs, 10_000, 10_000, 20_000, 20_000, 30_000];

export interface DemoStack {
  readonly running: RunningStack;
  /** What the supervisor said: parts that died and were started again. */
  readonly said: readonly string[];
  token(person: Player): string;
  as(person: Player): Api;
  /** Everything the sandbox has, oldest first. */
  sink(): Promise<readonly SinkMessage[]>;
  /** SQL of an onlooker who sees every row; as the owner of the schema, to stage what only time would bring. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Ends every part and forgets the home. */
  close(): Promise<void>;
}

/**
 * Starts it: any ports, its own database and Temporal, nothing of the surroundings, the main drill of the usual or the
 * given size. Safe to call where others run.
 */
export async function demoStack(size?: DrillSize): Promise<DemoStack> {
  const home = mkdtempSync(join(tmpdir(), 'tocsin-demo-'));
  const said: string[] = [];
  const running = await startStack({
    config: readConfig({ PATH: process.env['PATH'], TOCSIN_HOME: home }),
    ports: anyPorts,
    headless: true,
    durability: 'none',
    say: (line) => said.push(line),
    afterMigrate: async (info) => {
      await prepareDemoHouse(info.home, info.database.app, demoSeed, () => undefined, size);
    },
  }).catch((error: unknown) => {
    rmSync(home, { recursive: true, force: true });
    throw error;
  });
  const people = readPeople(home)?.people ?? [];
  const onlooker = openPool(running.database.owner, 2, 'onlooker');
  const token = (person: Player): string => {
    const found = people.find(({ login }) => login === person);
    if (found === undefined) throw new Error(`the demo house has no ${person}`);
    return found.token;
  };
  return {
    running,
    said,
    token,
    as: (person) =>
      apiClient({ api: running.api, token: token(person) }, () => undefined, patientPausesMs),
    sink: () => messagesSince(running.mailbox, null),
    query: (text, values = []) => seeingAll(onlooker, (sql) => sql.rows(text, values)),
    async close() {
      await onlooker.end();
      await running.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A transaction that sees every row and leaves no trace of an actor of the application. */
export async function seeingAll<T>(pool: pg.Pool, look: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `SELECT set_config('tocsin.units', '*', true), set_config('tocsin.actor', 'machine/onlooker', true)`,
    );
    const result = await look(sqlOver(client));
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

const patienceMs = 120_000;

/**
 * Looks until nothing is missing. `look` says in words what is, or null. Throws with these words when they have not
 * changed for two minutes.
 */
export async function untilNothingIsMissing(
  look: () => Promise<string | null>,
  everyMs = 50,
): Promise<void> {
  let [missing, changedMs] = ['', performance.now()];
  for (;;) {
    const now = await look().catch(whileDatabaseIsAway);
    if (now === null) return;
    if (now !== missing) [missing, changedMs] = [now, performance.now()];
    if (performance.now() - changedMs > patienceMs) throw new Error(`still missing: ${missing}`);
    await wait(everyMs);
  }
}

/** A database that a test took away is waited for like anything else. */
function whileDatabaseIsAway(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isAway =
    /^(08|57P|ECONN)/.test(code) ||
    (error instanceof Error &&
      /Connection terminated|trying to connect|not queryable/.test(error.message));
  if (isAway) return 'the database';
  throw error;
}
