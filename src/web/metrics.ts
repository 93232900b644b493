/** `/metrics`: how the house stands, for Prometheus; counts and ages only, and not for everybody. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HouseReadings } from '../domain/readings.ts';
import type { MetricsPort } from './ports.ts';
import { ProblemError } from './problems.ts';
import { bearerToken, sha256 } from './who.ts';

/** With a token set, its bearer may read; without one, whoever asks from this machine and not through a proxy. */
export function metricsRoute(app: FastifyInstance, port: MetricsPort): void {
  const config = { rateLimit: false, right: 'open' } as const;
  app.get('/metrics', { config, schema: { hide: true } }, async (request, reply) => {
    refuseStrangers(request, port.token);
    // A database that does not answer is itself a reading: the scrape must not fail with it.
    const house = await port.read().catch(() => null);
    const about = info('tocsin_build_info', 'The version that runs.', {
      version: port.version,
      node: process.versions.node,
    });
    const up = gauge('tocsin_database_up', '1 when PostgreSQL answered.', house === null ? 0 : 1);
    const text = [...about, ...up, ...(house === null ? [] : exposition(house)), ''].join('\n');
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
}

function refuseStrangers(request: FastifyRequest, token: string | null): void {
  if (token !== null) {
    const given = bearerToken(request.headers.authorization);
    if (given !== null && timingSafeEqual(sha256(given), sha256(token))) return;
    throw new ProblemError(
      'unauthenticated',
      'Send the token of TOCSIN_METRICS_TOKEN as a bearer.',
    );
  }
  const local = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip);
  const forwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'].some(
    (name) => request.headers[name] !== undefined,
  );
  if (local && !forwarded) return;
  throw new ProblemError('forbidden', 'Ask from this machine, or set TOCSIN_METRICS_TOKEN.');
}

type Labels = Readonly<Record<string, string>>;

function exposition(house: HouseReadings): string[] {
  const { deliveriesInDoubt: doubt, obligationsOverdue: overdue } = house;
  const byMode = ({ real, drill }: typeof doubt): [Labels, number][] => [
    [{ mode: 'real' }, real],
    [{ mode: 'drill' }, drill],
  ];
  return [
    ...gauge(
      'tocsin_alarms_unsent',
      'Alarms that rang and were not handed over.',
      house.alarmsUnsent,
    ),
    ...gauge(
      'tocsin_alarm_oldest_unsent_seconds',
      'Age of the oldest alarm not handed over.',
      house.oldestUnsentAlarmSeconds,
    ),
    ...gauge(
      'tocsin_alarm_oldest_unrung_seconds',
      'How long an alarm is past its instant without having rung.',
      house.oldestUnrungAlarmSeconds,
    ),
    ...gauge('tocsin_wakes_pending', 'Wakes Temporal has not taken yet.', house.wakesPending),
    ...gauge('tocsin_wake_oldest_seconds', 'Age of the oldest such wake.', house.oldestWakeSeconds),
    ...gauges('tocsin_deliveries_in_doubt', 'Deliveries only a person may resolve.', byMode(doubt)),
    ...gauges('tocsin_obligations_overdue', 'Past due and nothing dispatched.', byMode(overdue)),
    ...gauge(
      'tocsin_clock_skew_seconds',
      'Clock of PostgreSQL minus clock of this process.',
      house.clockSkewSeconds,
    ),
    ...lives(house),
  ];
}

function lives({ heartbeats, temporalReachable, registerVerified }: HouseReadings): string[] {
  const ages = heartbeats.map(({ part, ageSeconds }): [Labels, number] => [{ part }, ageSeconds]);
  return [
    ...gauges('tocsin_heartbeat_age_seconds', 'Since a part last said that it lives.', ages),
    ...(temporalReachable === null
      ? []
      : gauge(
          'tocsin_temporal_reachable',
          'What the relay found last.',
          Number(temporalReachable),
        )),
    ...(registerVerified === null
      ? []
      : [
          ...gauge(
            'tocsin_register_verified_age_seconds',
            'Since the whole register was last verified.',
            registerVerified.ageSeconds,
          ),
          ...gauge(
            'tocsin_register_verified_ok',
            '1 when that verification found no fault.',
            Number(registerVerified.ok),
          ),
        ]),
  ];
}

function info(name: string, help: string, labels: Labels): string[] {
  return gauges(name, help, [[labels, 1]]);
}

function gauge(name: string, help: string, value: number): string[] {
  return gauges(name, help, [[{}, value]]);
}

function gauges(name: string, help: string, samples: readonly [Labels, number][]): string[] {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${String(value)}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines];
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
