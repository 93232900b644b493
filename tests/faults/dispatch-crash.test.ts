/** A sender that dies between any two of its steps: at most one copy, and no recipient lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatchNotice } from '../../src/commands/dispatch-notice.ts';
import { foldAllDeliveryEvents } from '../../src/commands/fold-deliveries.ts';
import type { Stopwatch, Wire, WireSession } from '../../src/domain/notice-ports.ts';
import type { House, Store } from '../../src/domain/ports.ts';
import { dispatchPolicy, type DispatchPolicy } from '../../src/ledger/window.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { testMailbox, type TestMailbox } from '../support/mailbox.ts';
import { engine, quickWire, seed, type Seed } from './dispatch-seed.ts';

const people = 9;
/** From two people on, so that a lane soon holds several rows at their dots. */
const windows: DispatchPolicy = { ...dispatchPolicy, massFromRows: 2, windowRows: 16 };

let db: TestDatabase;
let mailbox: TestMailbox;
let s: Seed;
beforeAll(async () => {
  db = await testDatabase();
  mailbox = await testMailbox();
  s = await seed(db, { subjects: people, facts: { 'confidentiality.state': 'confirmed' } });
});
afterAll(async () => {
  await mailbox.close();
  await db.close();
});

/** Who is dead waits for nothing. */
const hasty: Stopwatch = {
  nowMs: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20))),
};

class Crash extends Error {}
type When = 'before' | 'after';

/** A process that dies at its nth step, a step being a transaction or a mail; dead, it does nothing any more. */
function mortal(house: House, wire: Wire, dieAt: number, when: When) {
  let steps = 0;
  const life = { dead: false };
  const step = async <T>(fn: () => Promise<T>): Promise<T> => {
    if (life.dead) throw new Crash();
    const mine = ++steps === dieAt;
    if (mine && when === 'before') life.dead = true;
    if (life.dead) throw new Crash();
    const result = await fn();
    if (mine) life.dead = true;
    if (life.dead) throw new Crash();
    return result;
  };
  return {
    life,
    house: {
      as: <T>(actor: Parameters<House['as']>[0], fn: (store: Store) => Promise<T>) =>
        step(() => house.as(actor, fn)),
    },
    wire: {
      send: (mail: Parameters<Wire['send']>[0]) => step(() => wire.send(mail)),
      open: async (transport: Parameters<Wire['open']>[0]) => {
        const opened = await step(() => wire.open(transport));
        if ('kind' in opened) return opened;
        return {
          ...opened,
          send: (mail: Parameters<WireSession['send']>[0]) => step(() => opened.send(mail)),
        };
      },
    },
  };
}

const copiesOf = (noticeId: string) =>
  mailbox.received.filter((mail) => mail.noticeId === noticeId);

/** As time would do it: what the dead process held is no longer its own. */
async function leasesEnd(noticeId: string, of: Seed = s): Promise<void> {
  await of.sql((sql) =>
    sql.run(
      `UPDATE delivery SET lease_until = clock_timestamp() - interval '1 second' WHERE notice_id = $1 AND lease_until IS NOT NULL`,
      [noticeId],
    ),
  );
  await of.sql((sql) =>
    sql.run(`UPDATE delivery SET next_attempt_at = NULL WHERE notice_id = $1`, [noticeId]),
  );
}

// One row needs one lane: the others' empty claims would fall between its steps by chance.
async function dieThenGoOn(
  noticeId: string,
  dieAt: number,
  when: When,
  limit: number,
  policy: DispatchPolicy = dispatchPolicy,
): Promise<boolean> {
  const wire = quickWire(mailbox.url);
  const process = mortal(s.house, wire, dieAt, when);
  const dying = { wire: process.wire, clock: hasty, policy };
  try {
    await dispatchNotice(process.house, dying, noticeId, { limit });
    // As its worker does: a crash may strike there too.
    await foldAllDeliveryEvents(process.house);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  for (let again = 0; again < 3; again++) {
    await leasesEnd(noticeId);
    await dispatchNotice(s.house, { wire, policy }, noticeId, { limit: 100 });
  }
  wire.close();
  return process.life.dead;
}

async function check(noticeId: string, recipients: number): Promise<{ inDoubt: number }> {
  const copies = copiesOf(noticeId);
  expect(new Set(copies.map((mail) => mail.to.join())).size).toBe(copies.length);
  expect(new Set(copies.map((mail) => mail.messageId)).size).toBe(copies.length);
  const counts = await s.counts(noticeId);
  expect(counts.sent + counts['in-doubt']).toBe(recipients);
  expect(copies.length).toBeGreaterThanOrEqual(counts.sent);
  const tasks = await s.house.as(engine, (store) =>
    store.views.tasks({ caseId: s.caseId, state: 'open', limit: 500 }),
  );
  const doubtful = await s.house.as(engine, (store) => store.notices.inDoubtIds(noticeId));
  const asked = new Set(
    tasks.filter((task) => task.kind === 'in-doubt').map((task) => task.subject),
  );
  for (const deliveryId of doubtful) expect(asked).toContain(`delivery/${deliveryId}`);
  const notice = await s.house.as(engine, (store) => store.notices.read(noticeId));
  expect(notice?.state).toBe(doubtful.length === 0 ? 'dispatched' : 'released');
  return { inDoubt: doubtful.length };
}

describe.each<When>(['before', 'after'])('a crash %s each step', (when) => {
  it('of a single notice leaves one copy or a doubt, and a doubt only around the dot', async () => {
    const doubts: number[] = [];
    let points = 0;
    for (let dieAt = 1; ; dieAt++) {
      const noticeId = await s.notice('authority', {
        recipientKey: `single-${when}-${String(dieAt)}`,
      });
      await s.release(noticeId);
      const died = await dieThenGoOn(noticeId, dieAt, when, 1);
      const { inDoubt } = await check(noticeId, 1);
      if (!died) break;
      points++;
      if (inDoubt > 0) doubts.push(dieAt);
    }
    expect(points).toBeGreaterThanOrEqual(8);
    expect(doubts.length).toBeGreaterThanOrEqual(1);
    expect(doubts.length).toBeLessThanOrEqual(3);
  });

  it('of a mass dispatch row by row leaves each person one copy or a doubt', async () => {
    for (let dieAt = 1; ; dieAt += 2) {
      const noticeId = await s.notice('data-subject', {
        recipientKey: `mass-${when}-${String(dieAt)}`,
      });
      await s.release(noticeId);
      const died = await dieThenGoOn(noticeId, dieAt, when, 100);
      const { inDoubt } = await check(noticeId, people);
      expect(inDoubt).toBeLessThanOrEqual(4);
      if (!died) break;
    }
  });

  it('of a mass dispatch in windows leaves each person one copy or a doubt', async () => {
    let doubts = 0;
    for (let dieAt = 1; ; dieAt++) {
      const noticeId = await s.notice('data-subject', {
        recipientKey: `windows-${when}-${String(dieAt)}`,
      });
      await s.release(noticeId);
      const died = await dieThenGoOn(noticeId, dieAt, when, 100, windows);
      const { inDoubt } = await check(noticeId, people);
      doubts = Math.max(doubts, inDoubt);
      if (!died) break;
    }
    // More than one lane can hold with a row each: some crash met a window of several.
    expect(doubts).toBeGreaterThan(4);
    expect(doubts).toBeLessThanOrEqual(people);
  });
});

describe('told to stop while further rows are being taken', () => {
  const many = 60;
  let other: TestDatabase;
  let crowd: Seed;
  beforeAll(async () => {
    other = await testDatabase();
    const facts = { 'confidentiality.state': 'confirmed' };
    crowd = await seed(other, { subjects: many, facts });
  });
  afterAll(() => other.close());

  /** The answer to the nth act comes when the sessions have been told to stop and have ended what they were sending. */
  function stoppedAt(stopAt: number, stop: AbortController): House {
    let acts = 0;
    return {
      async as(actor, fn) {
        const mine = ++acts;
        const result = await crowd.house.as(actor, fn);
        if (mine !== stopAt) return result;
        stop.abort();
        for (let waits = 0; waits < 10; waits++) await hasty.pause(20);
        return result;
      },
    };
  }

  // The first act looks to the notice; those after it take rows.
  it.each([2, 3, 4, 5, 6, 7, 8])(
    'at act %i, gives them back and leaves none at its dot',
    async (at) => {
      const noticeId = await crowd.notice('data-subject', { recipientKey: `stop-${String(at)}` });
      await crowd.release(noticeId);
      const stop = new AbortController();
      const wire = quickWire(mailbox.url);
      await dispatchNotice(stoppedAt(at, stop), { wire, policy: windows }, noticeId, {
        limit: 100,
        signal: stop.signal,
      });
      const counts = await crowd.counts(noticeId);
      expect(counts['at-dot']).toBe(0);
      expect(counts.sent + counts.pending + counts.retry).toBe(many);
      // Whoever was stopped right before its dot is tried again some seconds later.
      await leasesEnd(noticeId, crowd);
      await dispatchNotice(crowd.house, { wire, policy: windows }, noticeId, { limit: 100 });
      expect((await crowd.counts(noticeId)).sent).toBe(many);
      expect(copiesOf(noticeId)).toHaveLength(many);
      wire.close();
    },
  );
});
