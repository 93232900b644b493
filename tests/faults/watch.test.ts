/** The watch rings whatever else is down, and relays until Temporal listens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { answerAlarm } from '../../src/commands/decide-obligation.ts';
import { fixAwareness } from '../../src/commands/determine-case.ts';
import { fromMs } from '../../src/domain/instant.ts';
import type { Conductor, WatchStore } from '../../src/domain/watch-ports.ts';
import { handOver } from '../../src/watch/hand-over.ts';
import { reconcile } from '../../src/watch/reconcile.ts';
import { relayWakes } from '../../src/watch/relay.ts';
import { by, openTestCase, testHouse, type TestHouse } from '../support/house.ts';
import { lower } from '../support/lowering.ts';

let home: TestHouse;
let store: WatchStore;
let watchPool: ReturnType<typeof openPool>;
const hoursAgo = (hours: number): string => fromMs(Date.now() - hours * 3_600_000);

beforeAll(async () => {
  home = await testHouse();
  watchPool = openPool(home.watchUrl, 2, 'test-watch');
  store = watchStore(watchPool);
});
afterAll(async () => {
  await watchPool.end();
  await home.close();
});

function rows<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
  return inTransaction(home.pool, { kind: 'machine', name: 'watch' }, (sql) =>
    sql.rows<Row>(text, values),
  );
}

const rungSteps = async (caseId: string): Promise<string[]> =>
  (
    await rows<{ step: string }>('SELECT step FROM alarm_outbox WHERE case_id = $1 ORDER BY step', [
      caseId,
    ])
  ).map((row) => row.step);

const downConductor: Conductor = {
  wake: () => Promise.reject(new Error('Temporal is down')),
  isRunning: () => Promise.reject(new Error('Temporal is down')),
  isReachable: () => Promise.resolve(false),
};

describe('alarms', () => {
  it('rings for a report that came in 13 hours ago and is undetermined, once, without Temporal', async () => {
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(13) });
    await store.ring();
    await store.ring();
    expect(await rungSteps(caseId)).toEqual(['determine']);
  });

  it('accepts a report whose 72 hours are over, marks it late, and rings at the executive at once', async () => {
    const opened = await openTestCase(home, { receivedAt: hoursAgo(80) });
    expect(opened.reportedLate).toBe(true);
    await store.ring();
    expect(await rungSteps(opened.caseId)).toEqual([
      'determine',
      'determine-executive',
      'statute-72h',
    ]);
  });

  it('rings again when the due moves, because the pair of step and due is new', async () => {
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(13) });
    await store.ring();
    const moved = await fixAwareness(home.house, by(home.people.leo), {
      caseId,
      awareAt: hoursAgo(14),
      zone: 'UTC',
      offsetMinutes: 0,
      evidence: 'first confirming log line',
    });
    expect(moved.ok).toBe(true);
    await store.ring();
    expect(await rungSteps(caseId)).toEqual(['determine', 'determine']);
  });

  it('rings no more once the case is determined', async () => {
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(30) });
    await lower(home, caseId, { kind: 'not-a-breach' });
    await store.ring();
    expect(await rungSteps(caseId)).toEqual([]);
  });

  it('is handed to the person in the role, and tried again while the mailbox refuses', async () => {
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(13) });
    await store.ring();
    const called: string[] = [];
    const refusing = { call: () => Promise.reject(new Error('no mail server')) };
    const taking = {
      call: (ring: { email: string; caseId: string | null }) => {
        if (ring.caseId === caseId) called.push(ring.email);
        return Promise.resolve();
      },
    };
    await handOver(store, { mail: refusing, outOfBand: null }, () => undefined);
    await rows('UPDATE alarm_outbox SET next_attempt_at = clock_timestamp() WHERE case_id = $1', [
      caseId,
    ]);
    await handOver(store, { mail: taking, outOfBand: null }, () => undefined);
    await handOver(store, { mail: taking, outOfBand: null }, () => undefined);
    expect(called).toEqual(['leo@people.example']);
  });

  it('calls the deputy when nobody answers, and nobody further when somebody does', async () => {
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(13) });
    const called: string[] = [];
    const channel = {
      call: (ring: { email: string; caseId: string | null }) => {
        if (ring.caseId === caseId) called.push(ring.email);
        return Promise.resolve();
      },
    };
    await store.ring();
    await handOver(store, { mail: channel, outOfBand: null }, () => undefined);
    await rows(
      "UPDATE alarm_outbox SET handed_at = handed_at - interval '1 hour' WHERE case_id = $1",
      [caseId],
    );
    await store.escalate(900);
    await store.escalate(900);
    await handOver(store, { mail: channel, outOfBand: null }, () => undefined);
    expect(called).toEqual(['leo@people.example', 'lena@people.example']);
    const answered = await answerAlarm(home.house, by(home.people.lena), {
      subject: `case/${caseId}`,
      step: 'determine',
    });
    expect(answered.ok).toBe(true);
    expect(await rungSteps(caseId)).toEqual(['determine', 'determine/deputy']);
  });
});

describe('when nobody answers the phone', () => {
  const quiet =
    "UPDATE alarm_outbox SET handed_at = handed_at - interval '1 hour' WHERE case_id = $1";
  /** Called of a case, in order, for so many waits without an answer. */
  async function callsOf(caseId: string, waits: number): Promise<readonly string[]> {
    const called: string[] = [];
    const channel = {
      call: (ring: { email: string; caseId: string | null }) => {
        if (ring.caseId === caseId) called.push(ring.email.replace(/@.*/, ''));
        return Promise.resolve();
      },
    };
    await store.ring();
    for (let waited = 0; waited <= waits; waited++) {
      await handOver(store, { mail: channel, outOfBand: null }, () => undefined);
      await rows(quiet, [caseId]);
      await store.escalate(900);
    }
    return called;
  }
  async function deputiesOfLeo(...logins: readonly ('eva' | 'rita')[]): Promise<void> {
    const leo = home.people.leo.personId;
    await rows('DELETE FROM further_deputy WHERE person_id = $1', [leo]);
    await rows(
      `INSERT INTO further_deputy (person_id, place, deputy_id)
       SELECT $1, 1 + l.place, l.id FROM unnest($2::uuid[]) WITH ORDINALITY AS l(id, place)`,
      [leo, logins.map((login) => home.people[login].personId)],
    );
  }
  const away = (login: 'leo' | 'lena' | 'rita', until: string | null): Promise<unknown> =>
    rows('UPDATE person SET absent_until = $2 WHERE id = $1', [home.people[login].personId, until]);
  const later = (): string => fromMs(Date.now() + 3_600_000);

  it('calls down the list of deputies, one after another, and then nobody twice', async () => {
    await deputiesOfLeo('rita', 'eva');
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(13) });
    expect(await callsOf(caseId, 6)).toEqual(['leo', 'lena', 'rita', 'eva']);
    expect(await rungSteps(caseId)).toEqual([
      ...['determine', 'determine/deputy', 'determine/deputy-2', 'determine/deputy-3'],
    ]);
  });

  it('passes over who is away or deactivated, whoever they are', async () => {
    await deputiesOfLeo('rita', 'eva');
    await away('lena', later());
    await rows('UPDATE person SET active = false WHERE id = $1', [home.people.rita.personId]);
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(13) });
    expect(await callsOf(caseId, 4)).toEqual(['leo', 'eva']);
    await rows('UPDATE person SET active = true WHERE id = $1', [home.people.rita.personId]);
    await away('lena', hoursAgo(1));
    await away('leo', later());
    const second = await openTestCase(home, { receivedAt: hoursAgo(13) });
    // Lena is of legal too, so she takes the call; she has no deputy, and is rung once more.
    expect(await callsOf(second.caseId, 4)).toEqual(['lena', 'lena']);
    await away('leo', null);
  });

  it('calls the holder all the same when everybody is away: no call is lost', async () => {
    await deputiesOfLeo();
    await away('leo', later());
    await away('lena', later());
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(13) });
    const called = await callsOf(caseId, 1);
    expect(called[0]).toBe('leo');
    await away('leo', null);
    await away('lena', null);
  });

  it('ends with one answer, whichever of those called gives it', async () => {
    await deputiesOfLeo('rita', 'eva');
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(13) });
    expect(await callsOf(caseId, 1)).toEqual(['leo', 'lena']);
    const answered = await answerAlarm(home.house, by(home.people.leo), {
      subject: `case/${caseId}`,
      step: 'determine',
    });
    expect(answered.ok).toBe(true);
    expect(await callsOf(caseId, 3)).toEqual(['rita']);
    expect(await rungSteps(caseId)).toHaveLength(3);
    await deputiesOfLeo();
  });
});

describe('wakes', () => {
  it('stay until Temporal accepts them, and then are passed on once for each workflow', async () => {
    const { caseId } = await openTestCase(home);
    await expect(relayWakes(store, downConductor)).rejects.toThrow('Temporal is down');
    const woken: string[] = [];
    const up: Conductor = {
      ...downConductor,
      wake: (workflow, id) => {
        woken.push(`${workflow}/${id}`);
        return Promise.resolve();
      },
    };
    await relayWakes(store, up);
    await relayWakes(store, up);
    expect(woken.filter((id) => id === `breach-case/${caseId}`)).toHaveLength(1);
  });

  it('are asked for again where a workflow is missing, and only there', async () => {
    const missing = await openTestCase(home);
    const running = await openTestCase(home);
    await rows('UPDATE wake SET accepted_at = clock_timestamp()', []);
    await reconcile(store, {
      ...downConductor,
      isRunning: (_workflow, id) => Promise.resolve(id !== missing.caseId),
    });
    const pending = await store.pendingWakes();
    expect(pending.map((wake) => wake.subjectId)).toEqual([missing.caseId]);
    expect(pending.map((wake) => wake.subjectId)).not.toContain(running.caseId);
  });
});
