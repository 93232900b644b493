/** Temporal's time-skipping server, a Java program: fetched once by Maven, run on a loopback port with time locked. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '../../src/embedded/installation.ts';
import type { ProcessPlan } from '../../src/embedded/supervised.ts';
import { listens } from './listens.ts';

/** The version that tools/time-skipping/pom.xml names. */
const version = '1.38.0';
const folderOf = (cacheDir: string): string => join(cacheDir, `temporal-test-server-${version}`);

/** False where no JDK can be run. */
export function hasJava(): boolean {
  return spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;
}

/** The folder of its jars; has Maven copy them there if they are missing. Throws with the ways out if it cannot. */
export function findTestServer(cacheDir: string, say: (line: string) => void): string {
  const folder = folderOf(cacheDir);
  if (existsSync(folder)) return folder;
  say('fetching the time-skipping Temporal server with Maven: once, under a minute');
  const draft = `${folder}.${String(process.pid)}`;
  mkdirSync(draft, { recursive: true });
  const { status, stdout } = spawnSync(
    'mvn',
    [
      ...['--quiet', '--batch-mode', '--file', join(installation, 'tools/time-skipping/pom.xml')],
      ...['dependency:copy-dependencies', `-DoutputDirectory=${draft}`],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
  );
  if (status === 0) {
    renameSync(draft, folder);
    return folder;
  }
  rmSync(draft, { recursive: true, force: true });
  throw new Error(
    `the time-skipping server cannot be had: ${status === null ? 'there is no Maven here' : stdout}\n` +
      `Ways out: install Maven; or put io.temporal:temporal-test-server:${version} and all it depends on into ${folder}.`,
  );
}

/** How to run it. */
export function planTimeSkipping(options: {
  readonly jars: string;
  readonly port: number;
  readonly logFile: string;
}): ProcessPlan {
  const program = join(installation, 'tools/time-skipping/LoopbackServer.java');
  return {
    name: 'time-skipping',
    command: ['java', '-cp', join(options.jars, '*'), program, String(options.port)],
    env: { PATH: process.env['PATH'], JAVA_HOME: process.env['JAVA_HOME'], TZ: 'UTC' },
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
    readyWithinMs: 60_000,
    isReady: () => listens(options.port),
  };
}
