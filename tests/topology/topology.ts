/** docker-compose.yml's topology as processes: PostgreSQL, a real Temporal on it, two workers, serve, watch, a sandbox for mail. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { roleNames, type RoleName } from '../../src/adapters/postgres/roles.ts';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { apiClient, longPausesMs } from '../../src/cli/api.ts';
import { messagesSince } from '../../src/cli/drill/sink.ts';
import { readConfig } from '../../src/config.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { adminUrl, planPostgres } from '../../src/embedded/postgres.ts';
import { supervise, type ProcessPlan, type Supervised } from '../../src/embedded/supervised.ts';
import { findTemporal } from '../../src/embedded/temporal-binary.ts';
import { prepareWorkflowBundle } from '../../src/embedded/workflow-bundle.ts';
import { prepareDemoHouse, readPeople } from '../../src/processes/demo-house.ts';
import type { DrillSize } from '../../src/intake/demo/drill.ts';
import { seeingAll, type DemoStack } from '../support/stack.ts';
import { configText, makeSecrets, rolesSql, runJob, type ComposeOptions } from './compose.ts';
import { planOwn, planSandbox, planTemporalServer, type Ports } from './parts.ts';
import { findServer } from './temporal-server.ts';

export interface Topology extends DemoStack {
  /** Runs a job of the file again. */
  repeat(job: 'temporal-schema' | 'temporal-namespace' | 'migrate'): void;
  /** What the server says of the dynamic configuration it was given. */
  dynamicConfigFaults(): readonly string[];
  /** The two workers, by name; `stop` kills one without warning and leaves it dead. */
  readonly workers: readonly Supervised[];
}

const dynamicIn = (home: string): string => join(home, 'temporal-dynamic.yaml');

const secretIn = (secrets: string, name: string): string =>
  readFileSync(join(secrets, name), 'utf8').trim();

const workerNames = ['worker1', 'worker2'] as const;
const portNames = [
  ...['postgres', 'smtp', 'mailbox', 'api', ...workerNames],
  ...['frontend', 'frontendHttp', 'history', 'matching', 'system'],
  ...['frontendMembership', 'historyMembership', 'matchingMembership', 'systemMembership'],
] as const;

/** What is known of a topology while it comes up. */
interface Site {
  readonly home: string;
  readonly ports: Ports;
  readonly secrets: string;
  readonly options: ComposeOptions;
  readonly urls: Readonly<Record<RoleName, string>>;
  readonly parts: Map<string, Supervised>;
  readonly said: string[];
}

/** Starts all of it in a home of its own with the demo house, in the order the file gives. */
export async function startTopology(size: DrillSize): Promise<Topology> {
  const home = mkdtempSync(join(tmpdir(), 'tocsin-topology-'));
  const parts = new Map<string, Supervised>();
  try {
    const site = await prepare(home, parts);
    await bringUp(site, size);
    return controlsOf(site);
  } catch (error) {
    await takeDown(home, parts);
    throw error;
  }
}

async function prepare(home: string, parts: Map<string, Supervised>): Promise<Site> {
  const ports = await choosePorts();
  const secrets = makeSecrets(home, `127.0.0.1:${String(ports['postgres'])}`);
  const urls = Object.fromEntries(
    roleNames.map((role) => [role, secretIn(secrets, `database-url-${role}`)]),
  ) as Record<RoleName, string>;
  const options = await composeOptions(home, secrets, ports);
  return { home, ports, secrets, options, urls, parts, said: [] };
}

async function bringUp(site: Site, size: DrillSize): Promise<void> {
  const { home, ports, options, urls, parts, said } = site;
  const run = async (plan: ProcessPlan): Promise<void> => {
    const part = supervise(
      plan,
      () => undefined,
      (line) => said.push(line),
    );
    parts.set(plan.name, part);
    await part.start();
  };
  await startPostgres(site, run);
  runJob('temporal-schema', options);
  await run(planTemporalServer(home, options, ports));
  runJob('temporal-namespace', options);
  runJob('migrate', options);
  await prepareDemoHouse(home, urls.app, 1, () => undefined, size);
  await run(planSandbox(home, ports));
  for (const name of workerNames) await run(planOwn(home, 'worker', options, ports, name));
  await run(planOwn(home, 'serve', options, ports));
  await run(planOwn(home, 'watch', options, ports));
}

function controlsOf(site: Site): Topology {
  const { home, secrets, options, urls, parts, said } = site;
  const at = (name: string) => `127.0.0.1:${String(site.ports[name])}`;
  const onlooker = openPool(urls.owner, 2, 'onlooker');
  const api = options.variables['TOCSIN_API_URL'] ?? '';
  const mailbox = `http://${at('mailbox')}`;
  const people = readPeople(home)?.people ?? [];
  const token = (person: string) => people.find(({ login }) => login === person)?.token ?? '';
  const part = (name: string): Supervised => {
    const found = parts.get(name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };
  return {
    running: {
      ...{ home, keysDir: secrets, logsDir: join(home, 'logs'), env: {} },
      ...{ api, page: `http://${at('api')}/`, mailbox, ui: null, database: urls },
      ...{ smtpUrl: `smtp://${at('smtp')}`, sandboxSmtpUrl: `smtp://${at('smtp')}` },
      ...{ outOfBand: null, outOfBandMailbox: null },
      temporal: { address: at('frontend'), namespace: 'tocsin' },
      workflowBundle: options.variables['TOCSIN_WORKFLOW_BUNDLE'] ?? null,
      processes: Object.fromEntries(parts),
      kill: (name, signal) => void part(name).kill(signal),
      stop: (name) => part(name).stop(),
      start: (name) => part(name).start(),
      wipeTemporal: () => Promise.reject(new Error('its state is in PostgreSQL')),
      close: () => takeDown(home, parts),
    },
    said,
    workers: workerNames.map(part),
    token,
    as: (person) => apiClient({ api, token: token(person) }, () => undefined, longPausesMs),
    sink: () => messagesSince(mailbox, null),
    query: (text, values = []) => seeingAll(onlooker, (sql) => sql.rows(text, values)),
    repeat: (job) => {
      runJob(job, options);
    },
    dynamicConfigFaults: () => dynamicConfigFaults(home),
    async close() {
      await onlooker.end();
      await takeDown(home, parts);
    },
  };
}

function dynamicConfigFaults(home: string): readonly string[] {
  const server = join(home, 'programs/temporal-server');
  const args = ['validate-dynamic-config', dynamicIn(home)];
  const { stdout, stderr } = spawnSync(server, args, { encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => /error|warning/.test(line));
}

async function choosePorts(): Promise<Ports> {
  const taken = new Set<number>();
  const chosen: [string, number][] = [];
  for (const name of portNames) chosen.push([name, await freePort(0, taken)]);
  return Object.fromEntries(chosen);
}

/** What differs on one machine: addresses, folders, and where the images' programs are. */
async function composeOptions(
  home: string,
  secrets: string,
  ports: Ports,
): Promise<ComposeOptions> {
  const { cacheDir } = readConfig();
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const programs = join(home, 'programs');
  mkdirSync(programs);
  mkdirSync(join(home, 'logs'));
  const server = findServer(cacheDir, say);
  for (const name of ['temporal-server', 'temporal-sql-tool']) {
    symlinkSync(join(server, name), join(programs, name));
  }
  symlinkSync(await findTemporal(cacheDir, say), join(programs, 'temporal'));
  writeFileSync(dynamicIn(home), configText('temporal-dynamic'));
  const port = (name: string) => String(ports[name]);
  return {
    programs,
    variables: {
      TOCSIN_API_URL: `http://127.0.0.1:${port('api')}/api/v1`,
      TOCSIN_SENDER: 'privacy@example.com',
      TOCSIN_SANDBOX_SMTP_URL: `smtp://127.0.0.1:${port('smtp')}`,
      TOCSIN_WORKFLOW_BUNDLE: await prepareWorkflowBundle(join(home, 'bundle')),
    },
    instead: [
      ['/run/secrets', secrets],
      ['/tmp/tocsin', home],
      ['/etc/temporal/tocsin.yaml', dynamicIn(home)],
      // The image's own script finds the container's address, then does this.
      ['/etc/temporal/entrypoint.sh', 'temporal-server start'],
      ['--ep postgres -p 5432', `--ep 127.0.0.1 -p ${port('postgres')}`],
      ['temporal:7233', `127.0.0.1:${port('frontend')}`],
      ['smtp://mail:587', `smtp://127.0.0.1:${port('smtp')}`],
      ['serve:8080', `127.0.0.1:${port('api')}`],
      ['8080', port('api')],
      ['0.0.0.0', '127.0.0.1'],
    ],
  };
}

async function startPostgres(
  { home, secrets, ports }: Site,
  run: (plan: ProcessPlan) => Promise<unknown>,
): Promise<void> {
  const adminPassword = secretIn(secrets, 'postgres-password');
  const place = { port: ports['postgres'] ?? 0, adminPassword };
  await run(
    await planPostgres({
      ...place,
      dataDir: join(home, 'postgres'),
      logFile: join(home, 'logs/postgres.log'),
      durability: 'none',
    }),
  );
  const admin = new pg.Client({ connectionString: adminUrl(place) });
  await admin.connect();
  try {
    for (const statement of rolesSql(home, secrets)) await admin.query(statement);
  } finally {
    await admin.end();
  }
}

/** Callers first. */
async function takeDown(home: string, parts: ReadonlyMap<string, Supervised>): Promise<void> {
  for (const part of [...parts.values()].reverse()) await part.stop();
  rmSync(home, { recursive: true, force: true });
}
