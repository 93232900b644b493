/** Thousands of customers are one call: what rings alike is handed over, answered and passed on together. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { answerAlarm } from '../../src/commands/decide-obligation.ts';
import { obligationAlarms } from '../../src/domain/alarm.ts';
import { fromMs } from '../../src/domain/instant.ts';
import type { Call, WatchStore } from '../../src/domain/watch-ports.ts';
import { handOver } from '../../src/watch/hand-over.ts';
import { by, openTestCase, testHouse, type TestHouse } from '../support/house.ts';

const customers = 1_200;
let home: TestHouse;
let store: WatchStore;
let watchPool: ReturnType<typeof openPool>;
let caseId: string;
const obligations = Array.from({ length: customers }, () => crypto.randomUUID());

beforeAll(async () => {
  home = await testHouse();
  watchPool = openPool(home.watchUrl, 2, 'test-watch');
  store = watchStore(watchPool);
  ({ caseId } = await openTestCase(home));
  const now = Date.now();
  // Their contracts differ by a minute, so that the dues do, and all of them have rung by now.
  const alarms = obligations.flatMap((obligationId, index) =>
    obligationAlarms(
      {
        ...{ obligationId, caseId, label: 'Tell the customer whose data we process' },
        dueAt: fromMs(now + 23 * 3_600_000 - (index % 2) * 60_000),
      },
      'B-2026-0042',
      { speed: 1, wallStartAt: fromMs(now), caseStartAt: fromMs(now) },
    ),
  );
  await home.house.as({ kind: 'machine', name: 'engine' }, (s) => s.alarms.set(alarms));
});
afterAll(async () => {
  await watchPool.end();
  await home.close();
});

const rows = <Row>(text: string): Promise<Row[]> =>
  inTransaction(home.pool, { kind: 'machine', name: 'watch' }, (sql) =>
    sql.rows<Row>(text, [caseId]),
  );
const count = async (condition: string): Promise<number> =>
  (await rows(`SELECT 1 FROM alarm_outbox WHERE case_id = $1 AND ${condition}`)).length;

/** Rings, and hands over until nothing is left; gives each call. */
async function callsNow(mail?: (call: Call) => void): Promise<readonly Call[]> {
  const calls: Call[] = [];
  while ((await store.ring()) > 0) continue;
  while ((await store.unhanded()).length > 0) {
    const call = (one: Call): Promise<void> => {
      mail?.(one);
      calls.push(one);
      return Promise.resolve();
    };
    await handOver(store, { mail: { call }, outOfBand: null }, () => undefined);
  }
  return calls;
}

it('calls a person a few times for all of them, says how many, and has each ring on record as handed over', async () => {
  const calls = await callsNow();
  expect(calls.length).toBeLessThanOrEqual(3);
  expect(calls.reduce((sum, { alike }) => sum + alike, 0)).toBe(customers);
  for (const { email, step } of calls)
    expect([email, step]).toEqual(['leo@people.example', 'due-in-24h']);
  expect(calls.some(({ dueAt, lastDueAt }) => dueAt < lastDueAt)).toBe(true);
  expect(await count('handed_at IS NOT NULL')).toBe(customers);
});

it('tries each again that a refused call was about, and loses none', async () => {
  await rows('UPDATE alarm_outbox SET handed_at = NULL WHERE case_id = $1');
  const refusing = { call: () => Promise.reject(new Error('no mail server')) };
  while ((await store.unhanded()).length > 0)
    await handOver(store, { mail: refusing, outOfBand: null }, () => undefined);
  expect(await count('handed_at IS NULL AND next_attempt_at > clock_timestamp()')).toBe(customers);
  await rows('UPDATE alarm_outbox SET next_attempt_at = clock_timestamp() WHERE case_id = $1');
  const calls = await callsNow();
  expect(calls.reduce((sum, { alike }) => sum + alike, 0)).toBe(customers);
});

it('calls the deputy as few times when nobody answers, and nobody further once one answer is given for all', async () => {
  const quiet =
    "UPDATE alarm_outbox SET handed_at = handed_at - interval '1 hour' WHERE case_id = $1";
  await rows(quiet);
  await store.escalate(900);
  const calls = await callsNow();
  expect(calls.length).toBeLessThanOrEqual(3);
  expect(new Set(calls.map(({ email }) => email))).toEqual(new Set(['lena@people.example']));
  const [first = ''] = obligations;
  const answered = await answerAlarm(home.house, by(home.people.lena), {
    ...{ subject: `obligation/${first}`, step: 'due-in-24h' },
  });
  expect(answered.ok).toBe(true);
  expect(await count('answered_at IS NULL')).toBe(0);
  await rows(quiet);
  await store.escalate(900);
  expect(await callsNow()).toEqual([]);
});

it('leaves a ring of another kind unanswered', async () => {
  await rows(
    "UPDATE alarm SET ring_at = clock_timestamp() WHERE case_id = $1 AND step = 'due-in-6h'",
  );
  await callsNow();
  const [first = ''] = obligations;
  await rows(
    `UPDATE alarm_outbox SET line = 'another' WHERE case_id = $1 AND step = 'due-in-6h' AND subject = 'obligation/${first}'`,
  );
  await answerAlarm(home.house, by(home.people.leo), {
    ...{ subject: `obligation/${first}`, step: 'due-in-6h' },
  });
  expect(await count("step = 'due-in-6h' AND answered_at IS NULL")).toBe(customers - 1);
});

it('leaves a ring at another named person to that person', async () => {
  const [, named = '', third = ''] = obligations;
  await rows(
    `UPDATE alarm_outbox SET person_id = '${home.people.eva.personId}'
     WHERE case_id = $1 AND step = 'due-in-6h' AND subject = 'obligation/${named}'`,
  );
  await answerAlarm(home.house, by(home.people.leo), {
    ...{ subject: `obligation/${third}`, step: 'due-in-6h' },
  });
  expect(await count("step = 'due-in-6h' AND answered_at IS NULL")).toBe(1);
});
