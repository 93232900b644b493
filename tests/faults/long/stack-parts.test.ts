/** Faults of single parts that are no kills: graceful stops, a frozen or locked database, lost secrets, many cases at once. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { hostingIntrusionAt } from '../../../src/cli/drill/hosting-intrusion.ts';
import { keyFiles, readPasswords } from '../../../src/embedded/keys.ts';
import { judgePromises } from '../../support/invariants.ts';
import { demoStack, untilNothingIsMissing, type DemoStack } from '../../support/stack.ts';
import * as fault from '../../support/stack-faults.ts';
import { playOn, type StackPlay } from '../../support/stack-play.ts';

const size = { customers: 4, people: 200 };
let stack: DemoStack;
let play: StackPlay;
beforeAll(async () => {
  stack = await demoStack(size);
  play = playOn(stack, hostingIntrusionAt(size));
});
afterAll(() => stack.close());

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
  const { broken } = await judgePromises(stack);
  expect(broken).toEqual([]);
});

async function inReview() {
  const file = await play.open(1);
  await play.judge(file);
  return play.drafted(file.caseId);
}

const statesOf = (caseId: string) =>
  stack.query<{ state: string; count: number }>(
    `SELECT state, count(*) AS count FROM delivery WHERE case_id = $1 GROUP BY 1 ORDER BY 1`,
    [caseId],
  );

/** One request, asked once, with its own key unless one is given. */
async function askOnce(path: string, body: unknown, key = randomUUID()) {
  const answer = await fetch(`${stack.running.api}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stack.token('rita')}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    body: (await answer.json()) as { readonly caseId?: string },
  };
}

const report = (title: string) => ({ title, mode: 'drill', speed: 60, source: 'test' });

async function asAdmin(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const url = new URL(stack.running.database.owner);
  url.username = 'postgres';
  url.password = readPasswords(stack.running.keysDir).admin;
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

it('a worker told to stop in the middle of a dispatch finishes what is on its way and leaves nothing in doubt', async () => {
  const drafted = await inReview();
  const { caseId } = drafted.file;
  await play.approve(drafted);
  await untilNothingIsMissing(async () => {
    const sent = (await statesOf(caseId)).find(({ state }) => state === 'sent')?.count ?? 0;
    return sent >= 20 ? null : `${String(sent)} of 20 sent`;
  });
  await stack.running.stop('worker');
  const states = (await statesOf(caseId)).map(({ state }) => state);
  expect(states.filter((state) => !['sent', 'pending', 'retry'].includes(state))).toEqual([]);
  await stack.running.start('worker');
  await play.finish(caseId);
  expect(await statesOf(caseId)).toEqual([{ state: 'sent', count: 205 }]);
});

it('a database that stands still for ten seconds holds an act up and loses and doubles nothing', async () => {
  const backends = await stack.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  const pids = [...backends.map(({ pid }) => pid), stack.running.processes.postgres?.pid ?? 0];
  const signal = (name: NodeJS.Signals) => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // A backend that had ended by itself.
      }
    }
  };
  signal('SIGSTOP');
  const key = randomUUID();
  const asked = askOnce('/incidents', report('Reported while the database stood still'), key);
  await wait(10_000);
  signal('SIGCONT');
  const { status, body } = await asked;
  expect([201, 503]).toContain(status);
  const again = await askOnce('/incidents', report('Reported while the database stood still'), key);
  expect(again.status).toBe(201);
  if (status === 201) expect(again.body.caseId).toBe(body.caseId);
  const rows = await stack.query(
    `SELECT 1 FROM case_file WHERE title = 'Reported while the database stood still'`,
  );
  expect(rows).toHaveLength(1);
});

it('an act that waits for a lock too long is answered 503, not left hanging, and works when the lock is gone', async () => {
  const { caseId } = await play.open(1);
  const holder = new pg.Client({ connectionString: stack.running.database.owner });
  await holder.connect();
  cleanups.push(() => holder.end());
  await holder.query('SET search_path = tocsin');
  await holder.query(
    `BEGIN; SELECT set_config('tocsin.units', '*', true), set_config('tocsin.actor', 'machine/onlooker', true)`,
  );
  await holder.query('SELECT 1 FROM case_file WHERE id = $1 FOR UPDATE', [caseId]);
  const key = randomUUID();
  const body = {
    facts: [
      { name: 'misuseObserved', value: true, certainty: 'confirmed', about: 'case', source: 'log' },
    ],
  };
  const held = await askOnce(`/cases/${caseId}/facts`, body, key);
  expect([held.status, held.type]).toEqual([503, 'application/problem+json']);
  await holder.query('ROLLBACK');
  expect((await askOnce(`/cases/${caseId}/facts`, body, key)).status).toBeLessThan(300);
});

it('a database password that is no longer right makes the house unready and heals when it is', async () => {
  const password = readPasswords(stack.running.keysDir).app;
  const set = (value: string) =>
    asAdmin(async (client) => {
      await client.query(`ALTER ROLE tocsin_app PASSWORD ${pg.escapeLiteral(value)}`);
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tocsin_app'`,
      );
    });
  const base = stack.running.api.replace('/api/v1', '');
  await set(randomBytes(12).toString('hex'));
  const refused = await askOnce('/incidents', report('Reported while locked out'));
  expect([refused.status, refused.type]).toEqual([503, 'application/problem+json']);
  expect((await fetch(`${base}/readyz`)).status).toBe(503);
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  await set(password);
  expect((await askOnce('/incidents', report('Reported afterwards'))).status).toBe(201);
  const { caseId } = await play.open(1);
  await untilNothingIsMissing(async () =>
    (await play.look(caseId)).file.engine === 'following' ? null : 'the engine',
  );
});

it('a worker without the payload key sends nothing and fails nothing, and goes on when the key is back', async () => {
  const drafted = await inReview();
  const { caseId } = drafted.file;
  const file = join(stack.running.keysDir, keyFiles.payload);
  const kept = readFileSync(file);
  await stack.running.stop('worker');
  const other = { current: 'other', keys: { other: randomBytes(32).toString('base64') } };
  writeFileSync(file, JSON.stringify(other), { mode: 0o600 });
  await stack.running.start('worker');
  await play.approve(drafted);
  await untilNothingIsMissing(async () => {
    const [wakes] = await stack.query<{ left: number }>(
      `SELECT count(*) AS left FROM wake WHERE accepted_at IS NULL`,
    );
    return wakes?.left === 0 ? null : `${String(wakes?.left)} wakes to be passed on`;
  });
  // As long as a workflow task takes to come, fail and come again.
  await wait(5_000);
  expect((await statesOf(caseId)).map(({ state }) => state)).toEqual(['pending']);
  await stack.running.stop('worker');
  writeFileSync(file, kept, { mode: 0o600 });
  await stack.running.start('worker');
  await play.finish(caseId);
  expect(await statesOf(caseId)).toEqual([{ state: 'sent', count: 205 }]);
});

it('a hundred cases reported at once are all taken, with their alarms, and the engine takes each up', async () => {
  const titles = Array.from({ length: 100 }, (_, n) => `One of a hundred: ${String(n)}`);
  const answers = await Promise.all(titles.map((title) => askOnce('/incidents', report(title))));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  const ids = answers.map(({ body }) => body.caseId);
  const [alarms] = await stack.query<{ cases: number }>(
    `SELECT count(DISTINCT case_id) AS cases FROM alarm WHERE case_id = ANY ($1) AND step = 'determine'`,
    [ids],
  );
  expect(alarms?.cases).toBe(100);
  await fault.untilRebuilt(stack, ids[0] ?? '', []);
  await untilNothingIsMissing(async () => {
    const [wakes] = await stack.query<{ left: number }>(
      `SELECT count(*) AS left FROM wake WHERE accepted_at IS NULL AND subject_id = ANY ($1)`,
      [ids],
    );
    return wakes?.left === 0 ? null : `${String(wakes?.left)} wakes to be passed on`;
  });
});
