/** Recipients whom a mail did not reach, or from whom it came back: other addresses, telephone and post. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { cancelNotice } from '../../src/commands/cancel-notice.ts';
import { correctAddress } from '../../src/commands/correct-address.ts';
import { dispatchNotice } from '../../src/commands/dispatch-notice.ts';
import { recordBounce } from '../../src/commands/record-bounce.ts';
import { recordReceipt, type Receipt } from '../../src/commands/record-receipt.ts';
import { resolveDelivery } from '../../src/commands/resolve-delivery.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { testMailbox, type TestMailbox } from '../support/mailbox.ts';
import { engine, freezeDeps, quickWire, seed, type Seed } from './dispatch-seed.ts';

let db: TestDatabase;
let mailbox: TestMailbox;
let s: Seed;
let wire: ReturnType<typeof quickWire>;
beforeAll(async () => {
  db = await testDatabase();
  mailbox = await testMailbox();
  s = await seed(db, {
    subjects: 3,
    customers: [{ visibility: 'V3', grade: 'confirmed' }],
    facts: { 'confidentiality.state': 'confirmed' },
  });
});
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
const refuse = (...addresses: string[]): void => {
  mailbox.script = (moment) =>
    moment.stage === 'rcpt' && addresses.includes(moment.to.at(-1) ?? '')
      ? { code: 550, text: 'no such user' }
      : 'accept';
};
async function dispatched(kind: 'controller' | 'data-subject'): Promise<string> {
  const noticeId = await s.notice(kind, { provision: `gdpr/${String(++serial)}` });
  await s.release(noticeId);
  await dispatch(noticeId);
  return noticeId;
}
const dispatch = (noticeId: string) => dispatchNotice(s.house, { wire }, noticeId, { limit: 100 });
const copiesOf = (noticeId: string) =>
  mailbox.received.filter((mail) => mail.noticeId === noticeId).map((mail) => mail.to.join());
const noticeOf = (noticeId: string) => s.house.as(engine, (store) => store.notices.read(noticeId));
const viewOf = (noticeId: string) => s.house.as(engine, (store) => store.views.notice(noticeId));
const obligationOf = async (noticeId: string) => {
  const notice = await noticeOf(noticeId);
  const all = await s.house.as(engine, (store) => store.obligations.ofCase(s.caseId));
  return all.find((row) => row.obligationId === notice?.obligationId);
};
const openTasks = async (noticeId: string): Promise<string[]> => {
  const tasks = await s.house.as(engine, (store) =>
    store.views.tasks({ caseId: s.caseId, state: 'open', limit: 500 }),
  );
  return tasks.filter((task) => task.subject === `notice/${noticeId}`).map((task) => task.kind);
};
const correct = (noticeId: string, recipientKey: string, address: string, weighed = false) =>
  correctAddress(s.house, freezeDeps, s.request(s.people.legal), {
    ...{ noticeId, recipientKey, address, reason: 'by telephone', weighed },
  });
const receipt = (input: Omit<Receipt, 'receivedAt'>) =>
  recordReceipt(s.house, s.request(s.people.legal), { receivedAt: null, ...input });
const approve = (by: keyof Seed['people'], noticeId: string, digest: string) =>
  approveNotices(s.house, s.request(s.people[by]), {
    notices: [{ noticeId, digest }],
    recipientCount: null,
  });
const rowTo = async (noticeId: string, address: string): Promise<string> => {
  const row = await s.sql((sql) =>
    sql.row<{ id: string }>('SELECT id FROM delivery WHERE notice_id = $1 AND address = $2', [
      noticeId,
      address,
    ]),
  );
  return row?.id ?? '';
};

describe('a customer whose server refuses', () => {
  it('is written to at the corrected address when a second person has approved it', async () => {
    refuse('breach@c1.example');
    const noticeId = await dispatched('controller');
    expect((await noticeOf(noticeId))?.state).toBe('returned');
    expect(await correct(noticeId, 'C-1', 'breach@c1.example')).toMatchObject({ ok: false });
    expect(await correct(noticeId, 'C-1', 'no address')).toMatchObject({
      ok: false,
      problem: { type: 'invalid', errors: [{ pointer: '/address' }] },
    });
    expect(await correct(noticeId, 'C-9', 'dpo@c1.example')).toMatchObject({
      ok: false,
      problem: { type: 'not-found' },
    });
    const answer = await correct(noticeId, 'C-1', 'dpo@c1.example');
    if (!answer.ok) throw new Error(answer.problem.detail);
    const { digest } = answer.value;
    expect(await approve('legal', noticeId, digest)).toMatchObject({
      ok: false,
      problem: { type: 'four-eyes' },
    });
    await approve('executive', noticeId, digest);
    await dispatch(noticeId);
    expect(copiesOf(noticeId)).toEqual(['dpo@c1.example']);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
  });

  it('is told by telephone instead, and the obligation is discharged', async () => {
    refuse('breach@c1.example');
    const noticeId = await dispatched('controller');
    const call = { noticeId, kind: 'telephone', evidence: 'Read out; they confirm' } as const;
    expect(await receipt(call)).toMatchObject({
      ok: false,
      problem: { type: 'invalid', errors: [{ pointer: '/told' }] },
    });
    expect(await receipt({ noticeId, kind: 'reply', evidence: 'thanks' })).toMatchObject({
      ok: false,
      problem: { type: 'conflict' },
    });
    expect(await receipt({ ...call, told: 'Ms Li, security desk' })).toMatchObject({ ok: true });
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
    expect((await noticeOf(noticeId))?.state).toBe('dispatched');
    expect(await openTasks(noticeId)).toEqual([]);
    expect((await viewOf(noticeId))?.receipts).toMatchObject([
      { kind: 'telephone', told: 'Ms Li, security desk' },
    ]);
  });

  it('cannot be told by telephone what nobody has released', async () => {
    const noticeId = await s.notice('controller', { provision: `gdpr/${String(++serial)}` });
    await s.release(noticeId);
    await cancelNotice(s.house, s.request(s.people.legal), { noticeId, reason: 'stop' });
    const call = { noticeId, kind: 'telephone', evidence: 'e', told: 'Ms Li' } as const;
    expect(await receipt(call)).toMatchObject({ ok: false, problem: { type: 'conflict' } });
  });
});

describe('people of whom some are refused', () => {
  it('get the further version only where an address was corrected', async () => {
    refuse('ann1@people.example', 'ann2@people.example');
    const noticeId = await dispatched('data-subject');
    expect(copiesOf(noticeId)).toEqual(['ann3@people.example']);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'owed' });
    expect(await correct(noticeId, 'S-000003', 'x@people.example')).toMatchObject({
      ok: false,
      problem: { type: 'conflict' },
    });
    await correct(noticeId, 'S-000001', 'ann-one@people.example');
    const answer = await correct(noticeId, 'S-000002', 'ann-two@people.example');
    if (!answer.ok) throw new Error(answer.problem.detail);
    expect((await viewOf(noticeId))?.recipientCount).toBe(2);
    await approve('executive', noticeId, answer.value.digest);
    await dispatch(noticeId);
    expect(copiesOf(noticeId).sort()).toEqual([
      'ann-one@people.example',
      'ann-two@people.example',
      'ann3@people.example',
    ]);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
  });

  it('are discharged one by one: by mail, by a call, by post', async () => {
    refuse('ann1@people.example', 'ann2@people.example');
    const noticeId = await dispatched('data-subject');
    const told = 'the person';
    const one = { noticeId, kind: 'telephone', evidence: 'e', told, recipientKey: 'S-000001' };
    await receipt({ ...one, kind: 'telephone' });
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'owed' });
    expect(await openTasks(noticeId)).toEqual(['bounced']);
    expect(await receipt({ ...one, kind: 'post', recipientKey: 'S-9' })).toMatchObject({
      ok: false,
      problem: { type: 'invalid', errors: [{ pointer: '/recipientKey' }] },
    });
    await receipt({ ...one, kind: 'post', recipientKey: 'S-000002' });
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
    expect(await openTasks(noticeId)).toEqual([]);
  });

  it('keep what they have when the further version is pulled', async () => {
    refuse('ann1@people.example');
    const noticeId = await dispatched('data-subject');
    await correct(noticeId, 'S-000001', 'ann-one@people.example');
    const input = { noticeId, reason: 'by telephone after all' };
    const answer = await cancelNotice(s.house, s.request(s.people.legal), input);
    expect(answer).toMatchObject({ ok: true, value: { state: 'dispatched', cancelled: 1 } });
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'owed' });
  });

  it('are warned for before a copy that may be a second one', async () => {
    mailbox.script = (moment) =>
      moment.stage === 'dot' && moment.to.at(-1) === 'ann1@people.example' ? 'cut' : 'accept';
    const noticeId = await dispatched('data-subject');
    mailbox.script = () => 'accept';
    const deliveryId = await rowTo(noticeId, 'ann1@people.example');
    const input = { deliveryId, how: 'abandoned', reason: 'not in the log' } as const;
    await resolveDelivery(s.house, s.request(s.people.legal), input);
    await dispatch(noticeId);
    const unweighed = await correct(noticeId, 'S-000001', 'ann-one@people.example');
    expect(unweighed).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    expect(await correct(noticeId, 'S-000001', 'ann-one@people.example', true)).toMatchObject({
      ok: true,
    });
  });
});

describe('a customer who does not answer', () => {
  const ringNow = async (noticeId: string): Promise<void> => {
    await s.sql((sql) =>
      sql.run(
        `UPDATE alarm SET ring_at = clock_timestamp() WHERE subject = 'notice/' || $1 AND step = 'telephone'`,
        [noticeId],
      ),
    );
    const pool = openPool(db.watchUrl, 2, 'test-watch');
    // Two watches, and one again: neither Temporal nor the worker is there.
    await Promise.all([watchStore(pool).ring(), watchStore(pool).ring()]);
    await watchStore(pool).ring();
    await pool.end();
  };

  it('is telephoned: one task opens with the number, and recording the call completes it', async () => {
    await s.sql((sql) =>
      sql.run(`UPDATE customer SET contact_phone = '+32 2 111' WHERE key = 'C-1'`),
    );
    const noticeId = await dispatched('controller');
    const alarm = await s.sql((sql) =>
      sql.row<{ minutes: number }>(
        `SELECT round(extract(epoch FROM a.due_at - o.dispatched_at) / 60)::int AS minutes
         FROM notice n JOIN obligation o ON o.id = n.obligation_id
         JOIN alarm a ON a.subject = 'notice/' || n.id AND a.step = 'telephone' WHERE n.id = $1`,
        [noticeId],
      ),
    );
    expect(alarm).toEqual({ minutes: 240 });
    await ringNow(noticeId);
    expect(await openTasks(noticeId)).toEqual(['telephone']);
    const tasks = await s.sql((sql) =>
      sql.rows<{ title: string }>(
        `SELECT title FROM task WHERE kind = 'telephone' AND subject = $1`,
        [`notice/${noticeId}`],
      ),
    );
    expect(tasks).toHaveLength(1);
    expect(tasks[0]?.title).toContain('Customer Zeta 1 BV (+32 2 111)');
    await receipt({ noticeId, kind: 'telephone', evidence: 'they confirm', told: 'Ms Li' });
    expect(await openTasks(noticeId)).toEqual([]);
  });

  it('is not telephoned after a reply', async () => {
    const noticeId = await dispatched('controller');
    await receipt({ noticeId, kind: 'reply', evidence: 'thanks' });
    await ringNow(noticeId);
    expect(await openTasks(noticeId)).toEqual([]);
  });
});

describe('a message that comes back later', () => {
  it('opens the task, and the discharged obligation is owed again, visibly, until somebody tells', async () => {
    const noticeId = await dispatched('controller');
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
    const deliveryId = await rowTo(noticeId, 'breach@c1.example');
    const bounce = (change = {}) =>
      recordBounce(s.house, s.request(s.people.legal), {
        ...{ deliveryId, evidence: '550 5.1.1 unknown user', bouncedAt: null },
        ...change,
      });
    expect(await bounce({ bouncedAt: '2999-01-01T00:00:00.000Z' })).toMatchObject({
      ok: false,
      problem: { type: 'invalid' },
    });
    expect(await bounce()).toMatchObject({ ok: true, value: { reopened: true } });
    expect(await bounce()).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'owed', receiptAt: null });
    expect(await openTasks(noticeId)).toContain('bounced');
    const types = await s.sql((sql) =>
      sql.rows<{ type: string }>(
        `SELECT type FROM register_entry WHERE type IN ('bounce.recorded', 'obligation.reopened') ORDER BY stream_seq`,
      ),
    );
    expect(types.map(({ type }) => type)).toEqual(['bounce.recorded', 'obligation.reopened']);
    const answer = await correct(noticeId, 'C-1', 'dpo@c1.example');
    if (!answer.ok) throw new Error(answer.problem.detail);
    await approve('executive', noticeId, answer.value.digest);
    await dispatch(noticeId);
    expect(copiesOf(noticeId)).toEqual(['breach@c1.example', 'dpo@c1.example']);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
  });

  it('is no such thing where nothing was taken', async () => {
    refuse('breach@c1.example');
    const noticeId = await dispatched('controller');
    const deliveryId = await rowTo(noticeId, 'breach@c1.example');
    const input = { deliveryId, evidence: 'e', bouncedAt: null };
    const answer = await recordBounce(s.house, s.request(s.people.legal), input);
    expect(answer).toMatchObject({ ok: false, problem: { type: 'conflict' } });
  });
});
