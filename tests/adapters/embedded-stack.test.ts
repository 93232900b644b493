/** Claims about the supervised stack: it keeps data, cleans up after a crash, and touches nothing of others. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { probeTemporal } from '../../src/adapters/temporal/connection.ts';
import { doctor } from '../../src/processes/doctor.ts';
import { readConfig } from '../../src/config.ts';
import { anyPorts, type StackOptions } from '../../src/embedded/layout.ts';
import { isAlive, markOf, type ProcessMark } from '../../src/embedded/process.ts';
import { partNames, readRunFile } from '../../src/embedded/run-file.ts';
import { joinRunningStack } from '../../src/embedded/running.ts';
import { startStack, type RunningStack } from '../../src/embedded/supervise.ts';

const program = fileURLToPath(new URL('../support/parts-program.ts', import.meta.url));
const cleanups: (() => unknown)[] = [];
/** A home that was started once and stopped: copying it is quicker than making a cluster for each test. */
const seed = mkdtempSync(join(tmpdir(), 'tocsin-seed-'));

beforeAll(async () => {
  const stack = await start(seed, { leaveOut: ['worker', 'watch', 'serve', 'sandbox'] });
  await stack.close();
});

afterAll(() => {
  rmSync(seed, { recursive: true, force: true });
});

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'tocsin-stack-'));
  // With its modes: PostgreSQL refuses a folder others may enter.
  execFileSync('cp', ['-a', `${seed}/.`, home]);
  cleanups.push(() => {
    rmSync(home, { recursive: true, force: true });
  });
  return home;
}

async function start(home: string, more: Partial<StackOptions> = {}): Promise<RunningStack> {
  const stack = await startStack({
    config: readConfig({ PATH: process.env['PATH'], TOCSIN_HOME: home }),
    ports: anyPorts,
    leaveOut: ['worker', 'watch'],
    headless: true,
    durability: 'none',
    program,
    ...more,
  });
  cleanups.push(() => stack.close());
  return stack;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const pidsOf = (stack: RunningStack) =>
  Object.values(stack.processes).flatMap(({ pid }) => (pid === null ? [] : [pid]));

describe('the stack', () => {
  it('keeps its data over a stop and a second start', async () => {
    const home = newHome();
    const first = await start(home);
    await query(first.database.owner, 'CREATE TABLE public.kept AS SELECT 7 AS n');
    const pids = pidsOf(first);
    expect(pids).toHaveLength(4);
    await first.close();
    expect(pids.map((pid) => markOf(pid))).toEqual(pids.map(() => undefined));
    expect(readRunFile(home)).toBeUndefined();

    const second = await start(home);
    expect(await query(second.database.owner, 'SELECT n FROM public.kept')).toEqual([{ n: 7 }]);
  });

  it('records itself where only its owner can read it, and doctor finds every part by it', async () => {
    const home = newHome();
    const stack = await start(home);
    const run = readRunFile(home);
    expect(run?.api).toBe(stack.api);
    expect(Object.keys(run?.processes ?? {}).sort()).toEqual([
      'postgres',
      'sandbox',
      'serve',
      'temporal',
    ]);
    expect(statSync(join(home, 'run.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home, 'run.json'), 'utf8')).not.toMatch(/postgres:\/\/[^"]*@/);
    for (const file of ['payload.json', 'database.json', 'notice-id.key', 'personal-data.key']) {
      expect(statSync(join(home, 'keys', file)).mode & 0o777).toBe(0o600);
    }
    const lines = await doctor(joinRunningStack(readConfig({ TOCSIN_HOME: home })));
    expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    expect(lines.length).toBeGreaterThanOrEqual(11);
  });

  it('is not started twice in the same home', async () => {
    const home = newHome();
    await start(home);
    await expect(start(home)).rejects.toThrow(/already runs in/);
  });

  it('takes the next free port when one is taken, and says so', async () => {
    const home = newHome();
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    cleanups.push(() => stranger.close());
    const address = stranger.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const said: string[] = [];
    const stack = await start(home, {
      ports: { ...anyPorts, mailbox: address.port },
      say: (line) => said.push(line),
    });
    expect(Number(new URL(stack.mailbox).port)).toBeGreaterThan(address.port);
    expect(said.join('\n')).toContain(`port ${String(address.port)} (mailbox) is taken`);
  });

  it('starts a part again that was killed, and leaves a stopped one stopped', async () => {
    const home = newHome();
    const said: string[] = [];
    const stack = await start(home, { say: (line) => said.push(line) });
    for (const name of ['postgres', 'temporal', 'serve'] as const) {
      const before = stack.processes[name]?.pid;
      stack.kill(name, 'SIGKILL');
      await vi.waitFor(
        () => {
          expect(stack.processes[name]?.pid ?? before).not.toBe(before);
        },
        { timeout: 20_000 },
      );
    }
    await vi.waitFor(() => query(stack.database.app, 'SELECT 1'), { timeout: 20_000 });
    expect(said.join('\n')).toMatch(/serve ended by itself \(SIGKILL\)/);
    await stack.stop('serve');
    await expect(fetch(`${stack.api}/openapi.json`)).rejects.toThrow();
    await stack.start('serve');
    expect((await fetch(`${stack.api}/openapi.json`)).status).toBe(200);
  });

  it('comes back with an empty Temporal and the namespace in place after a wipe', async () => {
    const stack = await start(newHome(), { leaveOut: ['worker', 'watch', 'serve', 'sandbox'] });
    await stack.wipeTemporal();
    const place = {
      namespace: stack.temporal.namespace,
      connectionOptions: { address: stack.temporal.address },
    };
    expect((await probeTemporal(place, 5_000)).retentionDays).toBe(30);
  });

  it('ends everything again when a step of the start fails', async () => {
    const home = newHome();
    let pids: number[] = [];
    const failing = start(home, {
      afterMigrate: () => {
        const run = readRunFile(home);
        pids = partNames.flatMap((name) => run?.processes[name]?.pid ?? []);
        return Promise.reject(new Error('no house'));
      },
    });
    await expect(failing).rejects.toThrow('no house');
    expect(pids.length).toBeGreaterThanOrEqual(2);
    expect(pids.map((pid) => markOf(pid))).toEqual(pids.map(() => undefined));
    await start(home);
  });
});

it('a start that is given up ends what it had started', async () => {
  const home = newHome();
  const stop = new AbortController();
  let marks: ProcessMark[] = [];
  const starting = start(home, {
    signal: stop.signal,
    afterMigrate: async () => {
      marks = Object.values(readRunFile(home)?.processes ?? {});
      stop.abort();
      await Promise.resolve();
    },
  });
  await expect(starting).rejects.toThrow(/abort/i);
  expect(marks.length).toBeGreaterThanOrEqual(2);
  expect(marks.filter(isAlive)).toEqual([]);
});

describe('after a supervisor was killed', () => {
  async function killedSupervisor(home: string): Promise<Record<string, string>> {
    const child = spawn(process.execPath, [program, 'start'], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TOCSIN_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    child.kill('SIGKILL');
    await once(child, 'exit');
    return JSON.parse(line) as Record<string, string>;
  }

  it('the next start ends its leftovers, keeps the data, and spares a stranger with a recorded pid', async () => {
    const home = newHome();
    const env = await killedSupervisor(home);
    const left = readRunFile(home);
    if (left === undefined) throw new Error('nothing was recorded');
    const marks = Object.values(left.processes);
    expect(marks.filter(isAlive)).toHaveLength(5);
    await query(env['DATABASE_URL_OWNER'] ?? '', 'CREATE TABLE public.kept AS SELECT 8 AS n');

    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    cleanups.push(() => stranger.kill());
    const pid = stranger.pid ?? 0;
    const reused = { ...left, processes: { ...left.processes, worker: { pid, startTime: '1' } } };
    writeFileSync(join(home, 'run.json'), JSON.stringify(reused));

    const said: string[] = [];
    const stack = await start(home, { say: (line) => said.push(line) });
    expect(marks.filter(isAlive)).toEqual([]);
    expect(markOf(pid)).toBeDefined();
    expect(said.join('\n')).toContain('ended what an earlier start left behind');
    expect(await query(stack.database.owner, 'SELECT n FROM public.kept')).toEqual([{ n: 8 }]);
  });

  it('a PostgreSQL that was never recorded is found by its own lock file', async () => {
    const home = newHome();
    await killedSupervisor(home);
    const left = readRunFile(home);
    const { postgres, ...others } = left?.processes ?? {};
    if (left === undefined || postgres === undefined) throw new Error('nothing was recorded');
    writeFileSync(join(home, 'run.json'), JSON.stringify({ ...left, processes: others }));
    await start(home);
    expect(isAlive(postgres)).toBe(false);
  });
});

it('Ctrl-C ends a supervisor and all its parts', async () => {
  const home = newHome();
  const child = spawn(process.execPath, [program, 'start'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TOCSIN_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  const marks = Object.values(readRunFile(home)?.processes ?? {});
  expect(marks).toHaveLength(5);
  child.kill('SIGINT');
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  expect(marks.filter(isAlive)).toEqual([]);
});
