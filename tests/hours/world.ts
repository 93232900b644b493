/** A house, a worker and a watch that live on the skipped clock, and hours that pass at speed 1. */
import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import { expect, inject } from 'vitest';
import { createActivities } from '../../activities/activities.ts';
import { smtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire } from '../../src/adapters/mail/wire.ts';
import { openPool, type Sql } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { conductorOver } from '../../src/adapters/temporal/conductor.ts';
import { connectClient, dataConverterFrom } from '../../src/adapters/temporal/connection.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { fromMs, toMs, type Instant } from '../../src/domain/instant.ts';
import { engineSteps } from '../../src/processes/engine.ts';
import { watchRounds } from '../../src/watch/watch.ts';
import { bundleFrom } from '../support/engine.ts';
import { testHouse, type TestHouse } from '../support/house.ts';
import { testMailbox, type TestMailbox } from '../support/mailbox.ts';
import type { SharedPostgres, SharedTemporal } from '../support/servers.ts';
import { testKeyRing } from '../support/temporal.ts';
import { skippedClock, type SkippedClock } from './skipped-clock.ts';

/** Somebody was called. */
interface Call {
  readonly email: string;
  readonly step: string;
}

export interface Rung {
  readonly subject: string;
  readonly step: string;
  readonly role: string;
  readonly dueAt: Instant;
  readonly rungAt: Instant;
  readonly handedAt: Instant | null;
}

export interface World {
  /** Only an own organisation can open real cases; a demo organisation opens drills. */
  readonly organisation: 'own' | 'demo';
  readonly home: TestHouse;
  readonly client: Client;
  readonly mailbox: TestMailbox;
  /** Everybody the alarms have called, in order. */
  readonly calls: readonly Call[];
  /** The instants at which the watch looked for what is due. */
  readonly looks: readonly Instant[];
  /** Lets time pass until an instant. The watch looks every ten minutes, and every second around the instants named. */
  until(at: Instant, closelyAround: readonly Instant[]): Promise<void>;
  /** What rang in a case, in order. */
  rungs(caseId: string): Promise<readonly Rung[]>;
  /** The watch looks once, without time passing but what the look itself takes. */
  look(): Promise<void>;
  /** Reads as somebody who sees everything. */
  read<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const coarseMs = 10 * 60_000;
const fineMs = 1_000;
const closeMs = 2 * fineMs;

const rungRows = `
  SELECT subject, step, role, due_at AS "dueAt", rung_at AS "rungAt", handed_at AS "handedAt"
  FROM alarm_outbox WHERE case_id = $1 ORDER BY rung_at`;

/** Starts everything; call `close` in `afterAll`. */
export async function hoursWorld(organisation: 'demo' | 'own'): Promise<World> {
  const temporal = await shared<SharedTemporal>('time-skipping');
  const home = await testHouse(organisation);
  const { adminUrl } = await shared<SharedPostgres>('postgres');
  const clock = await skippedClock(temporal, sameDatabase(adminUrl, home.ownerUrl));
  await clock.follow();
  const mailbox = await testMailbox();
  const engine = await startEngine(temporal, home, mailbox, clock);
  const watch = watchOver(home, engine.client, engine.queue, clock);
  const read = <Row>(sql: string, values: readonly unknown[] = []) =>
    inTransaction(home.pool, { kind: 'machine', name: 'engine' }, (run: Sql) =>
      run.rows<Row>(sql, values),
    );
  return {
    organisation,
    home,
    client: engine.client,
    mailbox,
    calls: watch.calls,
    looks: watch.looks,
    look: watch.look,
    until: (at: Instant, around: readonly Instant[]) => passUntil(clock, watch.look, at, around),
    read,
    rungs: (caseId) => read<Rung>(rungRows, [caseId]),
    async close() {
      await watch.close();
      await engine.close();
      await clock.close();
      await mailbox.close();
      await home.close();
    },
  };
}

/** It rang in the first look the watch took at or after the instant, and none came in between. */
export function expectFirstLook(world: World, rung: Rung, at: Instant): void {
  const look = world.looks.find((one) => one >= at) ?? '';
  const next = world.looks.find((one) => one > look) ?? '';
  expect(rung.rungAt >= at, `${rung.step} rang at ${rung.rungAt}, before ${at}`).toBe(true);
  expect(rung.rungAt < next, `${rung.step} rang at ${rung.rungAt}, looked at ${look}`).toBe(true);
}

async function passUntil(
  clock: SkippedClock,
  look: () => Promise<void>,
  at: Instant,
  around: readonly Instant[],
): Promise<void> {
  const untilMs = toMs(at);
  for (let nowMs = await clock.follow(); nowMs < untilMs; nowMs = await clock.follow()) {
    const next = [...around, at].map(toMs).filter((one) => one + closeMs > nowMs);
    const closeFromMs = Math.min(...next.map((one) => one - closeMs));
    const stepMs = closeFromMs > nowMs ? Math.min(coarseMs, closeFromMs - nowMs) : fineMs;
    await clock.pass(Math.max(1, Math.min(stepMs, untilMs - nowMs)));
    await look();
  }
}

async function startEngine(
  temporal: SharedTemporal,
  home: TestHouse,
  mailbox: TestMailbox,
  clock: SkippedClock,
) {
  const target = smtpTarget(mailbox.url);
  const wire = smtpWire({
    sandbox: target,
    relay: target,
    name: 'test.example',
    timeouts: smtpTimeouts,
  });
  const steps = engineSteps(home.house, {
    wording: handlebarsWording(),
    noticeIdKey: Buffer.alloc(32, 3),
    wire,
  });
  const place = {
    namespace: temporal.namespace,
    connectionOptions: { address: temporal.address },
  };
  const queue = `hours-${randomUUID()}`;
  const connection = await NativeConnection.connect(place.connectionOptions);
  const options = {
    connection,
    namespace: temporal.namespace,
    dataConverter: dataConverterFrom(testKeyRing),
    activities: createActivities(steps),
    // Before each step PostgreSQL comes to where Temporal is: the timer that led here has just moved it.
    interceptors: { activity: [() => ({ inbound: inboundAt(clock) })] },
  };
  const workers = [
    await Worker.create({
      ...options,
      taskQueue: queue,
      workflowBundle: await bundleFrom('workflows/index.ts'),
    }),
    await Worker.create({ ...options, taskQueue: `${queue}-dispatch` }),
  ];
  const runs = workers.map((worker) => worker.run());
  const client = connectClient(place, testKeyRing);
  return {
    client,
    queue,
    async close() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      await connection.close();
      await client.connection.close();
      wire.close();
    },
  };
}

function inboundAt(clock: SkippedClock) {
  return {
    async execute<Input>(input: Input, next: (input: Input) => Promise<unknown>) {
      await clock.follow();
      return next(input);
    },
  };
}

function watchOver(home: TestHouse, client: Client, queue: string, clock: SkippedClock) {
  const pool = openPool(home.watchUrl, 2, 'hours-watch');
  const calls: Call[] = [];
  const looks: Instant[] = [];
  const rounds = watchRounds({
    store: watchStore(pool),
    conductor: conductorOver(client, queue),
    channels: {
      mail: {
        call({ email, step }) {
          calls.push({ email, step });
          return Promise.resolve();
        },
      },
      outOfBand: null,
    },
    complain: (part, error) => {
      throw new Error(`the watch complains: ${part}`, { cause: error });
    },
  });
  return {
    calls,
    looks,
    look: async (): Promise<void> => {
      looks.push(fromMs(await clock.follow()));
      for (const { part, work } of rounds) {
        await work().catch((error: unknown) => {
          // Temporal may be slow to answer, and the next look tries again; ringing and calling need no Temporal.
          if (part === 'alarms' || part === 'calls') throw error;
        });
      }
    },
    close: async (): Promise<void> => {
      await pool.end();
    },
  };
}

async function shared<T>(what: string): Promise<T> {
  const answer = await fetch(`${inject('serversUrl')}/${what}`);
  if (!answer.ok) throw new Error(`no ${what} for tests: ${await answer.text()}`);
  return (await answer.json()) as T;
}

function sameDatabase(adminUrl: string, ofUrl: string): string {
  const url = new URL(adminUrl);
  url.pathname = new URL(ofUrl).pathname;
  return url.toString();
}
