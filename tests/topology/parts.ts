/** How each part of the topology runs that is neither PostgreSQL nor a job. */
import { join } from 'node:path';
import type { ProcessPlan } from '../../src/embedded/supervised.ts';
import { listens } from '../support/listens.ts';
import { processOf, type ComposeOptions } from './compose.ts';

/** The port of each part, by name. */
export type Ports = Readonly<Record<string, number>>;

export function planTemporalServer(
  home: string,
  options: ComposeOptions,
  ports: Ports,
): ProcessPlan {
  const { command, env } = processOf('temporal', options);
  const port = (name: string) => String(ports[name]);
  return {
    name: 'temporal',
    command,
    env: {
      ...env,
      POSTGRES_SEEDS: '127.0.0.1',
      DB_PORT: port('postgres'),
      FRONTEND_GRPC_PORT: port('frontend'),
      FRONTEND_HTTP_PORT: port('frontendHttp'),
      FRONTEND_MEMBERSHIP_PORT: port('frontendMembership'),
      HISTORY_GRPC_PORT: port('history'),
      HISTORY_MEMBERSHIP_PORT: port('historyMembership'),
      MATCHING_GRPC_PORT: port('matching'),
      MATCHING_MEMBERSHIP_PORT: port('matchingMembership'),
      WORKER_GRPC_PORT: port('system'),
      WORKER_MEMBERSHIP_PORT: port('systemMembership'),
    },
    logFile: join(home, 'logs/temporal.log'),
    // A machine that loses power says nothing either.
    stopSignal: 'SIGKILL',
    stopGraceMs: 1_000,
    readyWithinMs: 90_000,
    // As the file's own check, which asks for the port alone.
    isReady: () => listens(ports['frontend'] ?? 0),
  };
}

export function planOwn(
  home: string,
  service: 'worker' | 'serve' | 'watch',
  options: ComposeOptions,
  ports: Ports,
  name: string = service,
): ProcessPlan {
  const replica: ComposeOptions['instead'] =
    service === 'worker' ? [['9464', String(ports[name])]] : [];
  const { command, env, isHealthy } = processOf(service, options, replica);
  return {
    name,
    command,
    env,
    logFile: join(home, `logs/${name}.log`),
    stopSignal: service === 'worker' ? 'SIGKILL' : 'SIGTERM',
    stopGraceMs: 5_000,
    readyWithinMs: 90_000,
    isReady: isHealthy,
  };
}

export function planSandbox(home: string, ports: Ports): ProcessPlan {
  const at = (name: string) => `127.0.0.1:${String(ports[name])}`;
  return {
    name: 'sandbox',
    command: [process.execPath, 'bin/tocsin.mjs', 'sandbox'],
    env: {
      PATH: process.env['PATH'],
      TOCSIN_HOME: home,
      TOCSIN_SANDBOX_SMTP_URL: `smtp://${at('smtp')}`,
      TOCSIN_MAILBOX_URL: `http://${at('mailbox')}`,
    },
    logFile: join(home, 'logs/sandbox.log'),
    stopSignal: 'SIGTERM',
    stopGraceMs: 5_000,
    readyWithinMs: 60_000,
    isReady: () => listens(ports['mailbox'] ?? 0),
  };
}
