/** A private Temporal dev server with the settings that remove its waits. */
import { connect } from 'node:net';
import { rmSync } from 'node:fs';
import { ensureNamespace, type TemporalPlace } from '../adapters/temporal/connection.ts';
import type { ProcessPlan } from './supervised.ts';

export interface TemporalOptions {
  readonly binary: string;
  readonly port: number;
  /** Null: no web interface. */
  readonly uiPort: number | null;
  readonly namespace: string;
  /** Everything Temporal knows; kept over restarts. */
  readonly databaseFile: string;
  readonly logFile: string;
}

/** Without these a hop takes 50 ms and a short timer up to a second (defaults of the dev server's one shard). */
const dynamicConfig = [
  'history.transferProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxPollRPS=2000',
  'history.visibilityProcessorMaxPollRPS=2000',
  'history.timerProcessorMaxTimeShift="10ms"',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
];

/** How clients reach the server of these options. */
function placeOf(options: Pick<TemporalOptions, 'port' | 'namespace'>): TemporalPlace {
  return {
    namespace: options.namespace,
    connectionOptions: { address: `127.0.0.1:${String(options.port)}` },
  };
}

/** How to run it. Ready means: the namespace exists and keeps history as long as we ask. */
export function planTemporal(options: TemporalOptions): ProcessPlan {
  const ui = options.uiPort === null ? ['--headless'] : ['--ui-port', String(options.uiPort)];
  return {
    name: 'temporal',
    command: [
      options.binary,
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port)],
      ...ui,
      ...['--log-level', 'error', '--namespace', options.namespace],
      ...['--db-filename', options.databaseFile],
      ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
      ...dynamicConfig.flatMap((setting) => ['--dynamic-config-value', setting]),
    ],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC' },
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    stopGraceMs: 8_000,
    readyWithinMs: 60_000,
    isReady: async () => {
      if (!(await listens(options.port))) return false;
      await ensureNamespace(placeOf(options), 2_000);
      return true;
    },
  };
}

/** Forgets all of Temporal's state; the server must be stopped. */
export function wipeDatabase(databaseFile: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${databaseFile}${suffix}`, { force: true });
}

/** True if something accepts connections on this loopback port. */
async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
