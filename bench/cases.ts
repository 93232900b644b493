/** Measures opening cases to obligations known, beside a one-activity workflow on the same server. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, DefaultLogger, Runtime } from '@temporalio/worker';
import { v7 as uuidv7 } from 'uuid';
import { createActivities } from '../activities/activities.ts';
import { houseOver } from '../src/adapters/postgres/house.ts';
import { openPool } from '../src/adapters/postgres/sql.ts';
import { inTransaction } from '../src/adapters/postgres/transaction.ts';
import { watchStore } from '../src/adapters/postgres/watch-store.ts';
import { conductorOver, taskQueues } from '../src/adapters/temporal/conductor.ts';
import { connectClient, dataConverterFrom } from '../src/adapters/temporal/connection.ts';
import { readKeyRing } from '../src/adapters/temporal/payload-codec.ts';
import { determineCase } from '../src/commands/determine-case.ts';
import { openCase } from '../src/commands/open-case.ts';
import type { Request } from '../src/commands/command.ts';
import { readConfig } from '../src/config.ts';
import type { Person } from '../src/domain/actor.ts';
import { keyFiles } from '../src/embedded/keys.ts';
import { anyPorts } from '../src/embedded/layout.ts';
import { startStack } from '../src/embedded/supervise.ts';
import { readOpeningKey } from '../src/processes/keys.ts';
import { prepareDemoHouse } from '../src/processes/demo-house.ts';
import { wireNotices } from '../src/processes/notices.ts';
import { engineSteps } from '../src/processes/engine.ts';
import { startWatch } from '../src/watch/watch.ts';
import { median, report } from './rounds.ts';

const { values: options } = parseArgs({
  options: { cases: { type: 'string', default: '200' }, rounds: { type: 'string', default: '5' } },
});
const cases = Number(options.cases);
const rounds = Number(options.rounds);
const atOnce = 50;
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
const home = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
const stack = await startStack({
  config: readConfig({ ...process.env, TOCSIN_HOME: home }),
  ports: anyPorts,
  leaveOut: ['worker', 'serve', 'watch', 'sandbox'],
  headless: true,
  afterMigrate: async (info) => {
    await prepareDemoHouse(info.home, info.database.app, 1, () => undefined);
  },
});
const config = readConfig(stack.env);
const ring = readKeyRing(join(config.keysDir, keyFiles.payload));
const pool = openPool(stack.database.app, 12, 'bench');
const watchPool = openPool(stack.database.watch, 6, 'bench-watch');
const house = houseOver(pool, readOpeningKey(config.keysDir));
const client = connectClient(config.temporal, ring);
const connection = await NativeConnection.connect(config.temporal.connectionOptions);
const shared = {
  connection,
  namespace: config.temporal.namespace,
  dataConverter: dataConverterFrom(ring),
};
const caseWorker = await Worker.create({
  ...shared,
  taskQueue: taskQueues.cases,
  workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
  activities: createActivities(engineSteps(house, wireNotices(config))),
});
const anchorWorker = await Worker.create({
  ...shared,
  taskQueue: 'bench-anchor',
  workflowsPath: fileURLToPath(new URL('./one-activity/workflow.ts', import.meta.url)),
  activities: { nothing: () => Promise.resolve() },
});
const running = [caseWorker.run(), anchorWorker.run()];
const stopWatch = startWatch({
  store: watchStore(watchPool),
  conductor: conductorOver(client),
  channels: { mail: { call: () => Promise.resolve() }, outOfBand: null },
  complain: () => undefined,
});

const people = await inTransaction(pool, { kind: 'machine', name: 'engine' }, (sql) =>
  sql.rows<{ id: string }>("SELECT id FROM person WHERE subject = 'leo'"),
);
const leo: Person = {
  kind: 'person',
  personId: people[0]?.id ?? '',
  issuer: 'tocsin-demo',
  subject: 'leo',
  name: 'Leo',
  roles: ['legal'],
  units: ['*'],
};
const request = (): Request => ({ actor: leo, key: randomUUID(), bodySha256: '00'.repeat(32) });

const laptopFacts = Object.entries({
  personalDataInvolved: true,
  breachOfSecurity: true,
  actor: 'thief_opportunistic',
  'confidentiality.state': 'not_ruled_out',
  exfiltration: 'not_ruled_out',
  'integrity.state': 'none',
  'availability.state': 'none',
  'data.categories': ['name', 'contact'],
  'protection.encryption': 'state_of_the_art',
  'protection.keyCompromised': 'no',
  'recipients.class': 'unknown',
  misuseObserved: false,
}).map(([name, value]) => ({
  about: 'case',
  name,
  value,
  certainty: 'confirmed' as const,
  source: 'bench',
  observedAt: null,
}));

/** Opens and determines one case: a stolen laptop whose disk was encrypted, so its lines are known and nobody is told. */
async function openOne(caseId: string): Promise<void> {
  const opened = await openCase(house, request(), {
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
    hits: [{ kind: 'asset', key: 'laptop-0417' }],
    facts: laptopFacts,
  });
  if (!opened.ok) throw new Error(opened.problem.detail);
  const determined = await determineCase(house, request(), {
    caseId,
    determination: 'breach',
    reason: 'bench',
  });
  if (!determined.ok) throw new Error(determined.problem.detail);
}

/** Seconds until `cases` cases, opened `atOnce` at a time, all have their obligations. */
async function caseRound(): Promise<number> {
  const ids = Array.from({ length: cases }, () => uuidv7());
  const queue = [...ids];
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) await openOne(id);
    }),
  );
  for (;;) {
    const left = await inTransaction(pool, { kind: 'machine', name: 'engine' }, (sql) =>
      sql.row<{ count: number }>(
        'SELECT count(*) AS count FROM case_file WHERE id = ANY ($1) AND obligations_revision < revision',
        [ids],
      ),
    );
    if (left?.count === 0) return (performance.now() - startedMs) / 1000;
    await wait(20);
  }
}

async function anchorRound(): Promise<number> {
  let left = cases;
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        await client.workflow.execute('oneActivity', {
          workflowId: randomUUID(),
          taskQueue: 'bench-anchor',
        });
      }
    }),
  );
  return (performance.now() - startedMs) / 1000;
}

try {
  say('warming up');
  await anchorRound();
  await caseRound();
  const [ours, anchors]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const [anchorSeconds, caseSeconds] = [await anchorRound(), await caseRound()];
    anchors.push(cases / anchorSeconds);
    ours.push(cases / caseSeconds);
    say(
      `round ${String(round + 1)}: anchor ${anchorSeconds.toFixed(1)} s, cases ${caseSeconds.toFixed(1)} s`,
    );
  }
  const ratio = median(ours.map((rate, index) => rate / (anchors[index] ?? Number.NaN)));
  const ok = report({
    bench: 'cases',
    rounds,
    figures: {
      'cases to obligations known, per s': median(ours),
      'one-activity workflows, per s': median(anchors),
    },
    ratios: { 'cases / one-activity workflow': ratio },
    goals: { 'cases / one-activity workflow': ['>=', 0.5] },
  });
  process.exitCode = ok ? 0 : 1;
} finally {
  await stopWatch();
  caseWorker.shutdown();
  anchorWorker.shutdown();
  await Promise.all(running);
  await connection.close();
  await client.connection.close();
  await pool.end();
  await watchPool.end();
  await stack.close();
  await rm(home, { recursive: true, force: true });
}
