/** The order in which the parts of the stack come up, and what each waits for. */
import { mkdirSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { migrate } from '../adapters/postgres/migrate.ts';
import { ensureNamespace } from '../adapters/temporal/connection.ts';
import { installation } from './installation.ts';
import { ensureKeys, readPasswords } from './keys.ts';
import {
  choosePorts,
  databaseUrls,
  environmentOf,
  placesIn,
  prepareEmbeddedDatabase,
  sandboxCaller,
  stackEnvironment,
  usualPorts,
  type Ports,
  type StackInfo,
  type StackOptions,
} from './layout.ts';
import { planPostgres } from './postgres.ts';
import { markOf } from './process.ts';
import { writeRunFile, type PartName, type RunFile } from './run-file.ts';
import { supervise, type ProcessPlan, type Supervised } from './supervised.ts';
import { findTemporal } from './temporal-binary.ts';
import { planTemporal } from './temporal.ts';
import { prepareWorkflowBundle } from './workflow-bundle.ts';

export type Parts = Map<PartName, Supervised>;
type Say = (line: string) => void;
type Options = StackOptions & { readonly say: Say; readonly signal: AbortSignal };

/** Starts everything, filling `parts` as it goes; the first failure aborts `giveUp` and is thrown. */
export async function bringUp(
  options: Options,
  parts: Parts,
  giveUp: AbortController,
): Promise<StackInfo> {
  const { config, say, signal } = options;
  const places = placesIn(config.home);
  ensureKeys(config.keysDir);
  mkdirSync(places.cache, { recursive: true, mode: 0o700 });
  const ports = await choosePorts({ ...usualPorts, ...options.ports }, say);
  const info = addressesOf(options, ports);
  const included = (name: PartName) => !(options.leaveOut ?? []).includes(name);
  const record = () => {
    writeRunFile(runFileOf(info, parts));
  };
  const run = async (name: PartName, plan: ProcessPlan) => {
    signal.throwIfAborted();
    const part = supervise(plan, record, say);
    parts.set(name, part);
    await part.start();
    signal.throwIfAborted();
  };

  const [, , workflowBundle] = await together(giveUp, [
    bringUpDatabase(options, ports, info, run),
    included('temporal') ? bringUpTemporal(options, ports, run) : Promise.resolve(),
    included('worker') ? prepareWorkflowBundle(places.cache) : Promise.resolve(null),
  ]);
  const known = { ...info, workflowBundle };
  const complete: StackInfo = { ...known, env: stackEnvironment(known) };
  if (included('sandbox')) await run('sandbox', ownPart('sandbox', complete, options.program));
  await options.afterMigrate?.(complete);
  const ours = (['worker', 'serve', 'watch'] as const).filter(included);
  await together(
    giveUp,
    ours.map((name) => run(name, ownPart(name, complete, options.program))),
  );
  return complete;
}

type Run = (name: PartName, plan: ProcessPlan) => Promise<void>;
type Addresses = Omit<StackInfo, 'env'>;

async function bringUpDatabase(
  options: Options,
  ports: Ports,
  info: Addresses,
  run: Run,
): Promise<void> {
  const { config } = options;
  const places = placesIn(config.home);
  if (config.database.app === null) {
    const plan = await planPostgres({
      dataDir: places.postgres,
      port: ports.postgres,
      adminPassword: readPasswords(config.keysDir).admin,
      logFile: join(places.logs, 'postgres.log'),
      durability: options.durability ?? 'full',
    });
    await run('postgres', plan);
    await prepareEmbeddedDatabase(config.keysDir, ports.postgres);
  } else if (config.database.owner === null) {
    options.say('DATABASE_URL_OWNER is not given: taking the database as migrated');
    return;
  }
  await migrate(info.database.owner);
}

async function bringUpTemporal(options: Options, ports: Ports, run: Run): Promise<void> {
  const { config, say, signal } = options;
  if (config.temporal.address !== null) {
    await ensureNamespace(config.temporal, 10_000);
    return;
  }
  const places = placesIn(config.home);
  const plan = planTemporal({
    binary: await findTemporal(config.cacheDir, say, signal),
    port: ports.temporal,
    uiPort: options.headless === true ? null : ports.ui,
    namespace: config.temporal.namespace,
    databaseFile: places.temporal,
    logFile: join(places.logs, 'temporal.log'),
  });
  await run('temporal', plan);
}

function addressesOf(options: Options, ports: Ports): Addresses {
  const { config } = options;
  const at = (port: number) => `127.0.0.1:${String(port)}`;
  const ownTemporal = config.temporal.address === null;
  const sandboxSmtpUrl = `smtp://${at(ports.smtp)}`;
  return {
    home: config.home,
    keysDir: config.keysDir,
    logsDir: placesIn(config.home).logs,
    api: `http://${at(ports.api)}/api/v1`,
    page: `http://${at(ports.api)}/`,
    mailbox: `http://${at(ports.mailbox)}`,
    smtpUrl: config.mail.smtpUrl ?? sandboxSmtpUrl,
    sandboxSmtpUrl,
    outOfBand: config.mail.outOfBand ?? {
      smtpUrl: `smtp://${at(ports.outOfBandSmtp)}`,
      sender: sandboxCaller,
    },
    outOfBandMailbox:
      config.mail.outOfBand === null ? `http://${at(ports.outOfBandMailbox)}` : null,
    temporal: {
      address: config.temporal.address ?? at(ports.temporal),
      namespace: config.temporal.namespace,
    },
    ui: ownTemporal && options.headless !== true ? `http://${at(ports.ui)}` : null,
    database: databaseUrls(config, config.keysDir, ports.postgres),
    workflowBundle: null,
  };
}

function runFileOf(info: Addresses, parts: Parts): RunFile {
  const supervisor = markOf(process.pid);
  if (supervisor === undefined) throw new Error('this process cannot find its own start time');
  const database = new URL(info.database.app);
  database.username = '';
  database.password = '';
  const marks = [...parts].flatMap(([name, { mark }]) => (mark === null ? [] : [[name, mark]]));
  return {
    supervisor,
    home: info.home,
    keys: info.keysDir,
    api: info.api,
    page: info.page,
    mailbox: info.mailbox,
    smtp: info.smtpUrl.replace(/\/\/[^@/]*@/, '//'),
    sandboxSmtp: info.sandboxSmtpUrl,
    outOfBand: info.outOfBandMailbox === null ? null : (info.outOfBand?.smtpUrl ?? null),
    outOfBandMailbox: info.outOfBandMailbox,
    temporal: info.temporal.address,
    namespace: info.temporal.namespace,
    ui: info.ui,
    database: database.toString(),
    processes: Object.fromEntries(marks) as RunFile['processes'],
  };
}

/** One of our own parts, run as `node <program> <name>`. */
function ownPart(
  name: 'sandbox' | 'worker' | 'serve' | 'watch',
  info: StackInfo,
  program = join(installation, 'src/main.ts'),
): ProcessPlan {
  const addresses: Partial<Record<PartName, string>> = {
    serve: `${info.api}/openapi.json`,
    sandbox: `${info.mailbox}/api/messages?limit=1`,
  };
  const address = addresses[name];
  return {
    name,
    command: [process.execPath, program, name],
    env: environmentOf(name, info),
    logFile: join(info.logsDir, `${name}.log`),
    stopSignal: 'SIGTERM',
    // A worker may take ten seconds to end what is on its way to a mail server.
    stopGraceMs: name === 'worker' ? 15_000 : 5_000,
    readyWithinMs: 60_000,
    isReady: () => {
      // Worker and watch listen nowhere: what they miss while they start waits for them.
      if (address === undefined) return Promise.resolve(true);
      return responds(address);
    },
  };
}

/** One request on a connection of its own: a kept one would hold up the part's stop. */
async function responds(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: 5_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', reject);
  });
}

/** All of them, or the first error after every one has come to rest: nothing is left starting unseen. */
async function together<T extends readonly unknown[]>(
  giveUp: AbortController,
  tasks: { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  try {
    return await Promise.all(tasks);
  } catch (error) {
    giveUp.abort();
    await Promise.allSettled(tasks);
    throw error;
  }
}
