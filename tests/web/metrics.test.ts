/** `/metrics`: what monitoring sees of a house in trouble, and who may look. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { noteVerified } from '../../src/adapters/postgres/metrics.ts';
import { beat } from '../../src/adapters/postgres/heartbeat.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { buildServer } from '../../src/web/server.ts';
import { textOf, yamlOf } from '../support/yaml.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';

const machine = { kind: 'machine', name: 'engine' } as const;
let edge: Edge;
beforeAll(async () => {
  edge = await testEdge();
  await casePendingApproval(edge);
});
afterAll(() => edge.close());

/** Values by name and labels, as Prometheus reads them. */
async function scrape(app = edge.app): Promise<ReadonlyMap<string, number>> {
  const answer = await app.inject({ url: '/metrics' });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  expect(answer.body.endsWith('\n')).toBe(true);
  const lines = answer.body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines)
    expect(line).toMatch(/^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \S+$/);
  return new Map(
    lines.map((line): [string, number] => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

const asEngine = (text: string): Promise<number> =>
  inTransaction(edge.home.pool, machine, (sql) => sql.run(text));

describe('what monitoring sees', () => {
  it('is every number the alerts lean on, and nothing else of the house', async () => {
    await inTransaction(edge.home.pool, machine, async (sql) => {
      await beat(sql, 'relay', { temporal: 'down' });
      await noteVerified(sql, { ok: true, entries: 1 });
    });
    const seen = await scrape();
    expect(seen.get('tocsin_database_up')).toBe(1);
    expect(seen.get('tocsin_temporal_reachable')).toBe(0);
    expect(seen.get('tocsin_register_verified_ok')).toBe(1);
    expect(seen.has('tocsin_register_verified_age_seconds')).toBe(true);
    expect(seen.has('tocsin_heartbeat_age_seconds{part="relay"}')).toBe(true);
    expect([...seen.keys()].some((name) => name.includes('register-verified'))).toBe(false);
    expect(Math.abs(seen.get('tocsin_clock_skew_seconds') ?? NaN)).toBeLessThan(2);
  });

  it('is the wakes Temporal has not taken, with the age of the oldest', async () => {
    const pending = (await scrape()).get('tocsin_wakes_pending') ?? 0;
    expect(pending).toBeGreaterThan(0);
    await asEngine(`UPDATE wake SET at = at - interval '1 hour' WHERE accepted_at IS NULL`);
    expect((await scrape()).get('tocsin_wake_oldest_seconds')).toBeGreaterThan(3_500);
    await asEngine('UPDATE wake SET accepted_at = clock_timestamp()');
    const after = await scrape();
    expect(after.get('tocsin_wakes_pending')).toBe(0);
    expect(after.get('tocsin_wake_oldest_seconds')).toBe(0);
  });

  it('is an alarm nobody rang, and one that rang and reached nobody', async () => {
    await asEngine(`UPDATE alarm SET ring_at = clock_timestamp() - interval '10 minutes'`);
    expect((await scrape()).get('tocsin_alarm_oldest_unrung_seconds')).toBeGreaterThan(590);
    await asEngine(
      `INSERT INTO alarm_outbox (subject, step, due_at, ring_at, case_id, role, line, rung_at)
       SELECT subject, step, due_at, ring_at, case_id, role, line, clock_timestamp() - interval '5 minutes' FROM alarm LIMIT 1`,
    );
    const seen = await scrape();
    expect(seen.get('tocsin_alarms_unsent')).toBe(1);
    expect(seen.get('tocsin_alarm_oldest_unsent_seconds')).toBeGreaterThan(290);
  });

  it('is what is overdue, drills apart from real cases', async () => {
    expect((await scrape()).get('tocsin_obligations_overdue{mode="drill"}')).toBe(0);
    await asEngine(
      `UPDATE obligation SET due_ring_at = clock_timestamp() - interval '1 second' WHERE due_ring_at IS NOT NULL`,
    );
    const seen = await scrape();
    expect(seen.get('tocsin_obligations_overdue{mode="drill"}')).toBeGreaterThan(0);
    expect(seen.get('tocsin_obligations_overdue{mode="real"}')).toBe(0);
  });

  it('is that the database is away, when it is', async () => {
    const read = () => Promise.reject(new Error('away'));
    const app = await buildServer({ ...edge.ports, metrics: { ...edge.ports.metrics, read } });
    const seen = await scrape(app);
    expect(seen.get('tocsin_database_up')).toBe(0);
    expect(seen.has('tocsin_wakes_pending')).toBe(false);
    await app.close();
  });
});

describe('who may look', () => {
  it.each<[string, object]>([
    ['another machine', { remoteAddress: '192.0.2.7' }],
    ['whoever comes through a proxy here', { headers: { 'x-forwarded-for': '192.0.2.7' } }],
  ])('without a token set: not %s', async (_who, how) => {
    const answer = await edge.app.inject({ url: '/metrics', ...how });
    expect(answer.statusCode).toBe(403);
    expect(answer.body).not.toContain('tocsin_wakes');
  });

  it('with a token set: its bearer from anywhere, and nobody else from here', async () => {
    const token = 'scrape-me-0123456789';
    const app = await buildServer({ ...edge.ports, metrics: { ...edge.ports.metrics, token } });
    const ask = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/metrics', remoteAddress: '192.0.2.7', headers })).statusCode;
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await ask({ authorization: `Bearer ${token}x` })).toBe(401);
    expect(await ask({ authorization: `Bearer ${edge.tokens.adam}` })).toBe(401);
    expect((await app.inject({ url: '/metrics' })).statusCode).toBe(401);
    await app.close();
  });
});

describe('the alert rules', () => {
  const { groups } = z
    .object({
      groups: z.array(
        z.object({
          rules: z.array(
            z.object({
              alert: z.string(),
              expr: z.string(),
              annotations: z.object({ summary: z.string(), runbook: z.string() }),
            }),
          ),
        }),
      ),
    })
    .parse(yamlOf('docs/alerts.yml'));
  const rules = groups.flatMap((group) => group.rules);

  it('ask for numbers that exist, and for every number that can mean trouble', async () => {
    const names = [...(await scrape()).keys()].map((key) => key.replace(/\{.*/, ''));
    const asked = new Set(rules.flatMap(({ expr }) => expr.match(/\btocsin_\w+/g) ?? []));
    expect(names).toEqual(expect.arrayContaining([...asked]));
    // Counts beside an age that is asked for.
    const told = new Set([...asked, 'tocsin_alarms_unsent', 'tocsin_wakes_pending']);
    expect([...told]).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it('lead to a section of the operations page', () => {
    const headings = [...textOf('docs/operations.md').matchAll(/^#+ (.+)$/gm)].map(
      ([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
    );
    for (const { annotations } of rules) {
      const [page, section = ''] = annotations.runbook.split('#');
      expect(page).toBe('docs/operations.md');
      expect(headings).toContain(section);
    }
  });
});
