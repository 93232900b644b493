/** The servers of the tests: PostgreSQL and Temporal shared by all, started by the first that asks; the time-skipping one for each anew. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { prepareDatabase, roleUrl, type RolePasswords } from '../../src/adapters/postgres/roles.ts';
import { readConfig } from '../../src/config.ts';
import { installation } from '../../src/embedded/installation.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { adminUrl, planPostgres } from '../../src/embedded/postgres.ts';
import { endProcess, isAlive, markOf, type ProcessMark } from '../../src/embedded/process.ts';
import { supervise, type ProcessPlan, type Supervised } from '../../src/embedded/supervised.ts';
import { findTemporal } from '../../src/embedded/temporal-binary.ts';
import { planTemporal } from '../../src/embedded/temporal.ts';
import { findTestServer, planTimeSkipping } from './time-skipping.ts';

/** What a test needs to make databases of its own. */
export interface SharedPostgres {
  readonly adminUrl: string;
  readonly template: string;
  readonly passwords: RolePasswords;
}
export interface SharedTemporal {
  readonly address: string;
  readonly namespace: string;
}

export interface Servers {
  /** Asked by tests: `<url>/postgres`, `/temporal` and `/time-skipping` answer when the server is up. */
  readonly url: string;
  close(): Promise<void>;
}

const template = 'tocsin_template';
const namespace = 'tocsin';

/** Starts nothing yet but the small HTTP server through which tests ask for the rest. */
export async function startServers(say: (line: string) => void): Promise<Servers> {
  const home = await newHome();
  const started: Supervised[] = [];
  const run = async (plan: ProcessPlan): Promise<Supervised> => {
    const part = supervise(
      plan,
      () => {
        recordMarks(home, started);
      },
      say,
    );
    started.push(part);
    await part.start();
    return part;
  };
  let skipping: Supervised | null = null;
  const offers: Record<string, () => Promise<unknown>> = {
    '/postgres': once(() => startPostgres(home, run)),
    '/temporal': once(() => startTemporal(home, run, say)),
    // A workflow ended while a step of it runs holds the skipped time for good: nobody gets a server others have used.
    '/time-skipping': async () => {
      await skipping?.stop();
      const fresh = await startTimeSkipping(home, run, say);
      skipping = fresh.part;
      return fresh.place;
    },
  };
  const server = createServer((request, response) => {
    const offer = offers[request.url ?? ''];
    if (offer === undefined) {
      response.writeHead(404).end();
      return;
    }
    offer().then(
      (answer) => response.end(JSON.stringify(answer)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  const port = await freePort(0, new Set());
  await new Promise<void>((done) => {
    server.listen(port, '127.0.0.1', done);
  });
  return {
    url: `http://127.0.0.1:${String(port)}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await Promise.all(started.map((part) => part.stop()));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function startPostgres(
  home: string,
  run: (plan: ProcessPlan) => Promise<Supervised>,
): Promise<SharedPostgres> {
  const password = () => randomBytes(12).toString('hex');
  const adminPassword = password();
  const port = await freePort(0, new Set());
  await run(
    await planPostgres({
      dataDir: join(home, 'postgres'),
      port,
      adminPassword,
      logFile: join(home, 'postgres.log'),
      durability: 'none',
    }),
  );
  const url = adminUrl({ port, adminPassword });
  const passwords: RolePasswords = {
    owner: password(),
    app: password(),
    watch: password(),
    signer: password(),
    auditor: password(),
  };
  await prepareDatabase(url, template, passwords);
  await migrate(roleUrl(url, template, 'owner', passwords.owner));
  return { adminUrl: url, template, passwords };
}

async function startTemporal(
  home: string,
  run: (plan: ProcessPlan) => Promise<Supervised>,
  say: (line: string) => void,
): Promise<SharedTemporal> {
  const config = readConfig();
  const port = await freePort(0, new Set());
  await run(
    planTemporal({
      binary: await findTemporal(config.cacheDir, say),
      port,
      uiPort: null,
      namespace,
      databaseFile: join(home, 'temporal.db'),
      logFile: join(home, 'temporal.log'),
    }),
  );
  return { address: `127.0.0.1:${String(port)}`, namespace };
}

async function startTimeSkipping(
  home: string,
  run: (plan: ProcessPlan) => Promise<Supervised>,
  say: (line: string) => void,
): Promise<{ readonly part: Supervised; readonly place: SharedTemporal }> {
  const port = await freePort(0, new Set());
  const part = await run(
    planTimeSkipping({
      jars: findTestServer(readConfig().cacheDir, say),
      port,
      logFile: join(home, 'time-skipping.log'),
    }),
  );
  return { part, place: { address: `127.0.0.1:${String(port)}`, namespace } };
}

/** A folder of this run; whatever an earlier run that was killed left behind is ended and removed. */
async function newHome(): Promise<string> {
  const name = createHash('sha256').update(installation).digest('hex').slice(0, 8);
  const folder = join(tmpdir(), `tocsin-tests-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(folder)) {
    const { owner, processes } = readMarks(join(folder, entry));
    if (owner !== undefined && isAlive(owner)) continue;
    for (const left of processes) await endProcess(left, 'SIGINT', 5_000);
    rmSync(join(folder, entry), { recursive: true, force: true });
  }
  const home = mkdtempSync(join(folder, 'run-'));
  recordMarks(home, []);
  return home;
}

interface Marks {
  readonly owner?: ProcessMark | undefined;
  readonly processes: readonly ProcessMark[];
}

function recordMarks(home: string, parts: readonly Supervised[]): void {
  const processes = parts.flatMap(({ mark }) => (mark === null ? [] : [mark]));
  const marks: Marks = { owner: markOf(process.pid), processes };
  writeFileSync(join(home, 'run.json'), JSON.stringify(marks), { mode: 0o600 });
}

function readMarks(home: string): Marks {
  try {
    return JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')) as Marks;
  } catch {
    return { processes: [] };
  }
}
