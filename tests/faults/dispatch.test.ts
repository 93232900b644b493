/** Dispatch over a real database and a real mail server that misbehaves. */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { acceptLate } from '../../src/commands/accept-late.ts';
import { cancelNotice } from '../../src/commands/cancel-notice.ts';
import { dispatchNotice } from '../../src/commands/dispatch-notice.ts';
import { foldAllDeliveryEvents } from '../../src/commands/fold-deliveries.ts';
import { recordReceipt } from '../../src/commands/record-receipt.ts';
import { resolveDelivery } from '../../src/commands/resolve-delivery.ts';
import type { Wire } from '../../src/domain/notice-ports.ts';
import type { House } from '../../src/domain/ports.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { testMailbox, type Answer, type Stage, type TestMailbox } from '../support/mailbox.ts';
import { engine, impatientWire, quickWire, seed, type Seed } from './dispatch-seed.ts';

let db: TestDatabase;
let mailbox: TestMailbox;
let s: Seed;
let wire: ReturnType<typeof quickWire>;
beforeAll(async () => {
  db = await testDatabase();
  mailbox = await testMailbox();
  s = await seed(db, {
    subjects: 300,
    customers: [{ visibility: 'V3', grade: 'confirmed' }],
    facts: { 'confidentiality.state': 'confirmed' },
  });
});
// A session kept from one test to the next would skip the greeting another one scripts.
beforeEach(() => {
  wire = quickWire(mailbox.url);
});
afterEach(() => {
  wire.close();
  mailbox.script = () => 'accept';
});
afterAll(async () => {
  await mailbox.close();
  await db.close();
});

let serial = 0;
async function released(
  kind: 'authority' | 'controller' | 'data-subject',
  change = {},
): Promise<string> {
  const noticeId = await s.notice(kind, { provision: `gdpr/${String(++serial)}`, ...change });
  await s.release(noticeId);
  return noticeId;
}
const copiesOf = (noticeId: string) =>
  mailbox.received.filter((mail) => mail.noticeId === noticeId);
const dispatch = (noticeId: string, by: Wire = wire) =>
  dispatchNotice(s.house, { wire: by }, noticeId, { limit: 1_000 });
/** Through a wire that gives a hanging server up soon. */
async function dispatchSoon(noticeId: string) {
  const impatient = impatientWire(mailbox.url);
  const dispatched = await dispatch(noticeId, impatient);
  impatient.close();
  return dispatched;
}
const noticeOf = (noticeId: string) => s.house.as(engine, (store) => store.notices.read(noticeId));
const obligationOf = async (noticeId: string) => {
  const notice = await noticeOf(noticeId);
  const all = await s.house.as(engine, (store) => store.obligations.ofCase(s.caseId));
  return all.find((row) => row.obligationId === notice?.obligationId);
};
const openTasks = async (subject: string): Promise<string[]> => {
  const tasks = await s.house.as(engine, (store) =>
    store.views.tasks({ caseId: s.caseId, state: 'open', limit: 500 }),
  );
  return tasks.filter((task) => task.subject === subject).map((task) => task.kind);
};
/** A sender that was lost at its dot, whose lease is over, and what it still has to say. */
async function claimToDot(
  noticeId: string,
): Promise<{ deliveryId: string; hear: () => Promise<boolean> }> {
  const [row] = await s.house.as(engine, (store) => store.notices.claim(noticeId, 1, 60));
  if (row === undefined) throw new Error('nothing to claim');
  const { deliveryId, attemptId } = row;
  await s.house.as(engine, (store) => store.notices.markAtDot(deliveryId, attemptId, -1));
  return {
    deliveryId,
    hear: () => s.house.as(engine, (store) => acceptLate(store, row, '250 kept after all')),
  };
}

/** A house that lets something happen between reading which rows are in doubt and asking about them. */
function houseThat(house: House, between: () => Promise<void>): House {
  return {
    as: (actor, fn) =>
      house.as(actor, (store) =>
        fn({
          ...store,
          notices: {
            ...store.notices,
            async inDoubtIds(noticeId) {
              const ids = await store.notices.inDoubtIds(noticeId);
              await between();
              return ids;
            },
          },
        }),
      ),
  };
}

/** Resolves once a transaction waits for the lock of another one. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const waiting = await s.sql((sql) =>
      sql.row(`SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`),
    );
    if (waiting !== undefined) return;
  }
}

const dueNow = (noticeId: string) =>
  s.sql((sql) =>
    sql.run('UPDATE delivery SET next_attempt_at = NULL WHERE notice_id = $1', [noticeId]),
  );

describe('a dispatch', () => {
  it('sends the approved bytes to each person once, settles the obligation and folds every transition', async () => {
    const noticeId = await released('data-subject');
    expect(await dispatch(noticeId)).toEqual({
      sent: 300,
      retried: 0,
      bounced: 0,
      inDoubt: 0,
      remaining: 0,
      nextAttemptAt: null,
    });
    const rows = await s.sql((sql) =>
      sql.rows<{ address: string; sha: string }>(
        `SELECT address, encode(mime_sha256, 'hex') AS sha FROM delivery WHERE notice_id = $1 ORDER BY address`,
        [noticeId],
      ),
    );
    const received = copiesOf(noticeId).map((mail) => ({
      address: mail.to.join(),
      sha: createHash('sha256').update(mail.bytes).digest('hex'),
    }));
    expect(received.sort((one, other) => (one.address < other.address ? -1 : 1))).toEqual(
      rows.sort((one, other) => (one.address < other.address ? -1 : 1)),
    );
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged', late: false });
    expect((await noticeOf(noticeId))?.state).toBe('dispatched');
    await foldAllDeliveryEvents(s.house);
    const folds = await s.sql((sql) =>
      sql.row<{ events: number; folded: number; largest: number; entries: number }>(
        `SELECT (SELECT count(*) FROM delivery_event) AS events, sum(events)::int AS folded, max(events) AS largest,
           (SELECT count(*) FROM register_entry WHERE type = 'deliveries.folded') AS entries FROM delivery_fold`,
      ),
    );
    expect(folds?.folded).toBe(folds?.events);
    expect(folds?.largest).toBeLessThanOrEqual(1_000);
    expect(folds?.entries).toBeGreaterThanOrEqual(2);
  });

  it('by several senders at once gives each person one copy', async () => {
    const noticeId = await released('data-subject');
    const others = [quickWire(mailbox.url), quickWire(mailbox.url)];
    const results = await Promise.all([wire, ...others].map((by) => dispatch(noticeId, by)));
    for (const other of others) other.close();
    expect(results.reduce((sum, result) => sum + result.sent, 0)).toBe(300);
    const copies = copiesOf(noticeId);
    expect(copies).toHaveLength(300);
    expect(new Set(copies.map((mail) => mail.to.join())).size).toBe(300);
    expect((await noticeOf(noticeId))?.state).toBe('dispatched');
  });

  it('repeated after its end sends nothing', async () => {
    const noticeId = await released('authority');
    await dispatch(noticeId);
    await dispatch(noticeId);
    expect(copiesOf(noticeId)).toHaveLength(1);
  });

  it('of a late notice leaves all the same and is marked late, with the server’s acceptance as receipt', async () => {
    const noticeId = await released('authority', {
      dueAt: '2020-01-01T00:00:00.000Z',
      dueBasis: 'statute',
    });
    await dispatch(noticeId);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged', late: true });
    const view = await s.house.as(engine, (store) => store.views.notice(noticeId));
    expect(view?.receipts).toMatchObject([{ kind: 'server-acceptance', evidence: '250 kept' }]);
  });

  it('stops at its limit and goes on the next time', async () => {
    const noticeId = await released('data-subject');
    const first = await dispatchNotice(s.house, { wire }, noticeId, { limit: 10 });
    expect(first).toMatchObject({ sent: 10, remaining: 290 });
    expect(first.nextAttemptAt).not.toBeNull();
    await dispatch(noticeId);
    expect(copiesOf(noticeId)).toHaveLength(300);
  });

  it('that is aborted begins no further row', async () => {
    const noticeId = await released('data-subject');
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort();
    };
    const { sent } = await dispatchNotice(s.house, { wire }, noticeId, {
      limit: 300,
      onProgress,
      signal: stop.signal,
    });
    expect(sent).toBeLessThanOrEqual(4);
    expect((await s.counts(noticeId)).claimed).toBe(0);
  });

  it('of a notice nobody released sends nothing', async () => {
    const noticeId = await s.notice('authority', { provision: 'gdpr/unreleased' });
    expect(await dispatch(noticeId)).toMatchObject({ sent: 0 });
    expect(copiesOf(noticeId)).toHaveLength(0);
  });
});

describe('a server that', () => {
  const deny = (code: number): Answer => ({ code, text: 'no' });
  const before: readonly Stage[] = ['greeting', 'ehlo', 'mail', 'rcpt', 'data'];
  const harmless = before.flatMap((stage) =>
    (['cut', 'hang', deny(451)] as const).map((answer) => [stage, answer] as const),
  );

  it.each([...harmless, ['dot', deny(451)] as const])(
    'at %s says %j gets the mail once when it is well again',
    async (stage, answer) => {
      const noticeId = await released('authority');
      mailbox.script = (moment) => (moment.stage === stage ? answer : 'accept');
      const first = await dispatchSoon(noticeId);
      expect(first).toMatchObject({ sent: 0, retried: 1, remaining: 1, inDoubt: 0 });
      expect(first.nextAttemptAt).not.toBeNull();
      mailbox.script = () => 'accept';
      await dueNow(noticeId);
      expect(await dispatch(noticeId)).toMatchObject({ sent: 1, remaining: 0 });
      expect(copiesOf(noticeId)).toHaveLength(1);
      expect(await openTasks(`notice/${noticeId}`)).toEqual([]);
    },
  );

  it.each<Answer>(['cut', 'hang', 'keep-and-cut'])(
    'after the dot does %s leaves a doubt no machine ends',
    async (answer) => {
      const noticeId = await released('authority');
      mailbox.script = (moment) => (moment.stage === 'dot' ? answer : 'accept');
      expect(await dispatchSoon(noticeId)).toMatchObject({
        sent: 0,
        inDoubt: 1,
        remaining: 0,
        nextAttemptAt: null,
      });
      mailbox.script = () => 'accept';
      const copies = copiesOf(noticeId).length;
      expect(copies).toBe(answer === 'keep-and-cut' ? 1 : 0);
      await dispatch(noticeId);
      expect(copiesOf(noticeId)).toHaveLength(copies);
      const [deliveryId = ''] = await s.house.as(engine, (store) =>
        store.notices.inDoubtIds(noticeId),
      );
      expect(await openTasks(`delivery/${deliveryId}`)).toEqual(['in-doubt']);
      const answerOf = await resolveDelivery(s.house, s.request(s.people.legal), {
        deliveryId,
        how: 'sent',
        reason: 'seen in the log',
      });
      expect(answerOf.ok).toBe(true);
      await dispatch(noticeId);
      expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
      expect(await openTasks(`delivery/${deliveryId}`)).toEqual([]);
    },
  );

  it('is given up on leaves the obligation owed, and the notice is not revised: somebody may have it', async () => {
    const noticeId = await released('authority');
    mailbox.script = (moment) => (moment.stage === 'dot' ? 'cut' : 'accept');
    await dispatch(noticeId);
    const [deliveryId = ''] = await s.house.as(engine, (store) =>
      store.notices.inDoubtIds(noticeId),
    );
    await resolveDelivery(s.house, s.request(s.people.legal), {
      deliveryId,
      how: 'abandoned',
      reason: 'not in the log',
    });
    await dispatch(noticeId);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'owed', dispatchedAt: null });
    expect((await noticeOf(noticeId))?.state).toBe('dispatched');
    expect(await openTasks(`notice/${noticeId}`)).toEqual(['unproven']);
    await recordReceipt(s.house, s.request(s.people.legal), {
      ...{ noticeId, kind: 'reply', evidence: 'they have it', receivedAt: null },
    });
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
    expect(await openTasks(`notice/${noticeId}`)).toEqual([]);
  });

  it.each<Stage>(['mail', 'rcpt', 'data', 'dot'])(
    'refuses for good at %s gives the notice back to people',
    async (stage) => {
      const noticeId = await released('controller');
      mailbox.script = (moment) => (moment.stage === stage ? deny(550) : 'accept');
      expect(await dispatch(noticeId)).toMatchObject({
        bounced: 1,
        remaining: 0,
        nextAttemptAt: null,
      });
      expect(await openTasks(`notice/${noticeId}`)).toEqual(['bounced']);
      expect((await noticeOf(noticeId))?.state).toBe('returned');
      expect(await obligationOf(noticeId)).toMatchObject({ state: 'owed', dispatchedAt: null });
    },
  );

  it('refuses some people leaves the obligation dispatched, not discharged', async () => {
    const noticeId = await released('data-subject');
    mailbox.script = (moment) =>
      moment.stage === 'rcpt' && moment.to.at(-1) === 'ann7@people.example' ? deny(550) : 'accept';
    expect(await dispatch(noticeId)).toMatchObject({ sent: 299, bounced: 1 });
    const obligation = await obligationOf(noticeId);
    expect(obligation).toMatchObject({ state: 'owed' });
    expect(obligation?.dispatchedAt).not.toBeNull();
    expect(await openTasks(`notice/${noticeId}`)).toEqual(['bounced']);
  });

  it('is not there at all is tried again later, by one mail a lane and not by all', async () => {
    const noticeId = await released('data-subject');
    const nobody = quickWire('smtp://127.0.0.1:1');
    const result = await dispatch(noticeId, nobody);
    expect(result).toMatchObject({ sent: 0, remaining: 300 });
    expect(result.retried).toBeLessThanOrEqual(4);
    expect(Date.parse(result.nextAttemptAt ?? '')).toBeGreaterThan(Date.now());
    expect(await openTasks(`notice/${noticeId}`)).toEqual(['mail-down']);
    await dueNow(noticeId);
    await dispatch(noticeId);
    expect(copiesOf(noticeId)).toHaveLength(300);
    expect(await openTasks(`notice/${noticeId}`)).toEqual([]);
  });
});

describe('before the dot', () => {
  it('a cancellation wins', async () => {
    const noticeId = await released('authority');
    const cancelling: Wire = {
      ...wire,
      send: (mail) =>
        wire.send({
          ...mail,
          async beforeDot() {
            const answer = await cancelNotice(s.house, s.request(s.people.legal), {
              noticeId,
              reason: 'stop',
            });
            expect(answer).toMatchObject({ ok: true, value: { state: 'cancelled', cancelled: 1 } });
            return mail.beforeDot();
          },
        }),
    };
    expect(await dispatch(noticeId, cancelling)).toMatchObject({ sent: 0, remaining: 0 });
    expect(copiesOf(noticeId)).toHaveLength(0);
    expect(await s.counts(noticeId)).toMatchObject({ cancelled: 1, claimed: 0 });
  });

  it('a sender that lost its lease does not send', async () => {
    const noticeId = await released('authority');
    const stopped: Wire = {
      ...wire,
      send: (mail) =>
        wire.send({
          ...mail,
          async beforeDot() {
            await s.sql((sql) =>
              sql.run(`UPDATE delivery SET lease_until = clock_timestamp() WHERE notice_id = $1`, [
                noticeId,
              ]),
            );
            await dispatch(noticeId);
            return mail.beforeDot();
          },
        }),
    };
    await dispatch(noticeId, stopped);
    expect(copiesOf(noticeId)).toHaveLength(1);
    expect(await s.counts(noticeId)).toMatchObject({ sent: 1 });
  });

  it('after the dot a cancellation is refused', async () => {
    const noticeId = await released('authority');
    mailbox.script = (moment) => (moment.stage === 'dot' ? 'keep-and-cut' : 'accept');
    await dispatch(noticeId);
    const answer = await cancelNotice(s.house, s.request(s.people.legal), {
      noticeId,
      reason: 'stop',
    });
    expect(answer).toMatchObject({ ok: false, problem: { type: 'conflict' } });
  });
});

describe('after the dot', () => {
  it('an answer that comes when the row is already in doubt still counts', async () => {
    const noticeId = await released('authority');
    const slow: Wire = {
      ...wire,
      async send(mail) {
        const outcome = await wire.send(mail);
        await s.sql((sql) =>
          sql.run(`UPDATE delivery SET lease_until = clock_timestamp() WHERE notice_id = $1`, [
            noticeId,
          ]),
        );
        expect(await dispatch(noticeId)).toMatchObject({ inDoubt: 1, sent: 0 });
        return outcome;
      },
    };
    await dispatch(noticeId, slow);
    expect(await s.counts(noticeId)).toMatchObject({ sent: 1, 'in-doubt': 0 });
    expect(copiesOf(noticeId)).toHaveLength(1);
  });

  it('such an answer closes the question, and the notice is woken and comes to its end', async () => {
    const noticeId = await released('authority');
    const late = await claimToDot(noticeId);
    await dispatch(noticeId);
    expect(await openTasks(`delivery/${late.deliveryId}`)).toEqual(['in-doubt']);
    await s.sql((sql) =>
      sql.run('UPDATE wake SET accepted_at = at WHERE subject_id = $1', [noticeId]),
    );
    // The sender settles and dies: nothing else of it runs.
    expect(await late.hear()).toBe(true);
    expect(await late.hear()).toBe(false);
    expect(await openTasks(`delivery/${late.deliveryId}`)).toEqual([]);
    const wakes = await s.sql((sql) =>
      sql.rows('SELECT 1 FROM wake WHERE subject_id = $1 AND accepted_at IS NULL', [noticeId]),
    );
    expect(wakes).toHaveLength(1);
    await dispatch(noticeId);
    expect((await noticeOf(noticeId))?.state).toBe('dispatched');
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
  });

  it.each(['person', 'late answer'])(
    'a batch that ends while a %s ends the doubt does not ask about it again',
    async (who) => {
      const noticeId = await released('authority');
      const late = await claimToDot(noticeId);
      const { deliveryId } = late;
      const resolve = (): Promise<unknown> =>
        resolveDelivery(s.house, s.request(s.people.legal), {
          ...{ deliveryId, how: 'sent', reason: 'seen in the log' },
        });
      let resolved: Promise<unknown> = Promise.resolve();
      const atItsEnd = houseThat(s.house, async () => {
        resolved = who === 'person' ? resolve() : late.hear();
        await Promise.race([resolved, somebodyWaits()]);
      });
      await dispatchNotice(atItsEnd, { wire }, noticeId, { limit: 10 });
      await resolved;
      expect(await s.counts(noticeId)).toMatchObject({ sent: 1, 'in-doubt': 0 });
      expect(await openTasks(`delivery/${deliveryId}`)).toEqual([]);
      await dispatch(noticeId);
      expect((await noticeOf(noticeId))?.state).toBe('dispatched');
    },
  );
});

describe('nothing leaves', () => {
  it('when an approver has lost the right to approve, until it is back', async () => {
    const noticeId = await released('authority');
    const roles = (list: string) =>
      s.sql((sql) =>
        sql.run('UPDATE person SET roles = $2 WHERE id = $1', [s.people.legal.personId, list]),
      );
    await roles('{auditor}');
    const held = await dispatch(noticeId);
    await roles('{legal}');
    expect(held).toMatchObject({ sent: 0, remaining: 1 });
    expect(Date.parse(held.nextAttemptAt ?? '')).toBeGreaterThan(Date.now());
    expect(await openTasks(`notice/${noticeId}`)).toContain('release-void');
    await dueNow(noticeId);
    await dispatch(noticeId);
    expect(copiesOf(noticeId)).toHaveLength(1);
  });

  it('when the frozen words were changed behind everybody’s back', async () => {
    const noticeId = await released('authority');
    const owner = new pg.Pool({
      connectionString: db.ownerUrl,
      max: 1,
      options: '-c search_path=tocsin',
    });
    await inTransaction(owner, engine, async (sql) => {
      await sql.run('ALTER TABLE notice_variant DISABLE TRIGGER notice_variant_stays');
      await sql.run(
        `UPDATE notice_variant SET segments = segments || '[{"kind":"bytes","base64":"WA=="}]'
         WHERE version_id IN (SELECT id FROM notice_version WHERE notice_id = $1)`,
        [noticeId],
      );
      await sql.run('ALTER TABLE notice_variant ENABLE ALWAYS TRIGGER notice_variant_stays');
    });
    await owner.end();
    await dispatch(noticeId);
    expect(copiesOf(noticeId)).toHaveLength(0);
    expect(await openTasks(`notice/${noticeId}`)).toContain('quarantined');
  });
});
