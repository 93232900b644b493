/** Finds a Temporal dev server, or gets one: PATH, the cache, the SDK's download, a build with Go. */
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tryLock } from './lock-file.ts';
import { installation } from './installation.ts';

/** Version of the Temporal CLI that tools/temporal/go.mod pins. */
const temporalVersion = '1.5.1';

const downloadWithinMs = 90_000;

const waysOut = `Ways out:
  - set TEMPORAL_ADDRESS to a running Temporal server (docker-compose.yml has one),
  - put the "temporal" command on the PATH (its releases are at github.com/temporalio/cli),
  - install Go 1.24 or newer: Tocsin then builds it once from tools/temporal,
  - allow this machine to reach temporal.download: the Temporal SDK then downloads it.`;

type Say = (line: string) => void;

/** The path of a Temporal command. Gets one if need be, telling `say` how long that takes. */
export async function findTemporal(
  cacheDir: string,
  say: Say,
  signal?: AbortSignal,
): Promise<string> {
  const cached = join(cacheDir, `temporal-${temporalVersion}`);
  const known = onPath('temporal') ?? (existsSync(cached) ? cached : undefined);
  if (known !== undefined) return known;
  mkdirSync(cacheDir, { recursive: true });
  return underLock(`${cached}.lock`, say, async () => {
    if (existsSync(cached)) return cached;
    const faults: string[] = [];
    for (const get of [download, build]) {
      const fault = await get(cached, say, signal);
      signal?.throwIfAborted();
      if (fault === null) return cached;
      faults.push(fault);
    }
    throw new Error(`Temporal cannot be had: ${faults.join('; ')}.\n${waysOut}`);
  });
}

function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Two starts at once must not build twice: the second waits for the first. */
async function underLock<T>(path: string, say: Say, work: () => Promise<T>): Promise<T> {
  for (let told = false; ;) {
    const attempt = tryLock(path);
    if (attempt.held) {
      try {
        return await work();
      } finally {
        attempt.release();
      }
    }
    if (!told) say(`waiting for process ${String(attempt.by.pid)}, which is getting Temporal`);
    told = true;
    await wait(500);
  }
}

/** Null when done, else why not. In a process of its own: a download that hangs can be ended. */
async function download(target: string, say: Say, signal?: AbortSignal): Promise<string | null> {
  say(`Temporal is not on this machine yet: trying the SDK's download`);
  const folder = `${target}.download`;
  mkdirSync(folder, { recursive: true });
  const script = fileURLToPath(new URL('./temporal-download.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, `v${temporalVersion}`], {
    stdio: 'ignore',
    detached: true,
    timeout: downloadWithinMs,
    killSignal: 'SIGKILL',
    ...(signal === undefined ? {} : { signal }),
  });
  const code = await exitCode(child);
  const found = readdirSync(folder).find((name) => !name.endsWith('.downloading'));
  const done = code === 0 && found !== undefined;
  if (done) renameSync(join(folder, found), target);
  rmSync(folder, { recursive: true, force: true });
  return done ? null : 'the SDK could not download it';
}

async function build(target: string, say: Say, signal?: AbortSignal): Promise<string | null> {
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0) return 'there is no Go here';
  say('building Temporal with Go: once, about 2.5 minutes on two cores');
  const draft = `${target}.${String(process.pid)}`;
  const flags = `-s -w -X github.com/temporalio/cli/temporalcli.Version=${temporalVersion}`;
  const child = spawn(
    'go',
    [
      'build',
      '-v',
      '-trimpath',
      '-ldflags',
      flags,
      '-o',
      draft,
      'github.com/temporalio/cli/cmd/temporal',
    ],
    {
      cwd: join(installation, 'tools/temporal'),
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    },
  );
  const startedMs = performance.now();
  let packages = 0;
  let last = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    packages++;
    last = line;
  });
  const progress = setInterval(() => {
    const seconds = String(Math.round((performance.now() - startedMs) / 1000));
    say(`building Temporal: ${seconds} s, ${String(packages)} packages`);
  }, 10_000);
  const code = await exitCode(child);
  clearInterval(progress);
  if (code !== 0) {
    rmSync(draft, { force: true });
    return `the Go build failed (${last})`;
  }
  renameSync(draft, target);
  return null;
}

async function exitCode(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(null);
    });
    child.once('exit', resolve);
  });
}
