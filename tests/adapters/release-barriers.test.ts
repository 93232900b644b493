/** Emergency approvals, holds and a barred mail channel in PostgreSQL: what leaves, what waits, what is refused. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { approveInEmergency, reviewEmergency } from '../../src/commands/approve-emergency.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { barMail, openMail } from '../../src/commands/bar-mail.ts';
import type { Answer } from '../../src/commands/command.ts';
import { completeTask } from '../../src/commands/decide-obligation.ts';
import { fileInstead } from '../../src/commands/file-instead.ts';
import { freezeNotice } from '../../src/commands/freeze-notice.ts';
import {
  confirmHold,
  liftHold,
  recordHold,
  type HoldInput,
} from '../../src/commands/hold-notices.ts';
import { recordReceipt, type Receipt } from '../../src/commands/record-receipt.ts';
import type { Person } from '../../src/domain/actor.ts';
import type { Outcome } from '../../src/domain/problem.ts';
import { engine, freezeDeps, seed, type Seed } from '../faults/dispatch-seed.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

/** An hour of the case is a second of the wall. */
const speed = 3_600;
const hourMs = 1_000;

let db: TestDatabase;
let s: Seed;
beforeAll(async () => {
  db = await testDatabase();
  s = await seed(db, {
    speed,
    subjects: 3,
    customers: [{ visibility: 'V3', grade: 'confirmed' }],
    facts: { 'confidentiality.state': 'confirmed' },
  });
});
afterAll(() => db.close());

function value<T>(outcome: Outcome<T> | Answer<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.problem.type}: ${outcome.problem.detail}`);
  return outcome.value;
}
const problem = (outcome: Outcome<unknown>): string => (outcome.ok ? 'done' : outcome.problem.type);

let count = 0;
async function inReview(kind: 'authority' | 'controller' | 'data-subject', dueInHours: number) {
  const dueAt = new Date(Date.now() + dueInHours * hourMs).toISOString();
  count += 1;
  const provision = `gdpr/${kind}/${String(count)}`;
  const noticeId = await s.notice(kind, { dueAt, dueBasis: 'statute', provision });
  const { digest } = value(await freezeNotice(s.house, freezeDeps, noticeId));
  const version = await s.house.as(engine, (store) => store.notices.liveVersion(noticeId));
  return { noticeId, digest, versionId: version?.versionId ?? '' };
}

const approve = (person: Person, { noticeId, digest }: { noticeId: string; digest: string }) =>
  approveNotices(s.house, s.request(person), {
    notices: [{ noticeId, digest }],
    recipientCount: null,
  });

/** How many rows could be claimed now; rolled back, so that the next question finds them as they were. */
async function claims(noticeId: string): Promise<number> {
  const claimed: number[] = [];
  await s.house
    .as(engine, async (store) => {
      claimed.push((await store.notices.claim(noticeId, 10, 60)).length);
      throw new Error('look only');
    })
    .catch(() => undefined);
  return claimed[0] ?? 0;
}

const openTasks = (subject: string) =>
  s.sql(async (sql) => {
    const rows = await sql.rows<{ kind: string; id: string }>(
      `SELECT kind, id FROM task WHERE subject = $1 AND state = 'open' ORDER BY kind`,
      [subject],
    );
    return rows;
  });

const why = 'The second lawyer cannot be reached tonight.';

describe('an emergency', () => {
  const hurry = (person: Person, notice: { noticeId: string; digest: string }, reason = why) =>
    approveInEmergency(s.house, s.request(person), { ...notice, reason });

  it('lets one person release what is nearly due, and asks another one for a second review', async () => {
    const notice = await inReview('authority', 1);
    const { noticeId } = notice;
    value(await hurry(s.people.legal, notice));
    expect(await claims(noticeId)).toBe(1);
    const subject = `notice/${noticeId}`;
    expect((await openTasks(subject)).map(({ kind }) => kind)).toEqual(['second-review']);
    const rings = await s.sql((sql) =>
      sql.rows<{ role: string }>('SELECT role FROM alarm WHERE subject = $1 ORDER BY role', [
        subject,
      ]),
    );
    expect(rings.map(({ role }) => role)).toEqual(['dpo', 'executive']);
    const [task] = await openTasks(subject);
    const done = { taskId: task?.id ?? '', outcome: 'looked at it' };
    expect(problem(await completeTask(s.house, s.request(s.people.legal), done))).toBe('conflict');
    const review = (person: Person, verdict: 'confirmed' | 'objected') =>
      reviewEmergency(s.house, s.request(person), { noticeId, verdict, reason: 'read it' });
    expect(problem(await review(s.people.legal, 'confirmed'))).toBe('four-eyes');
    expect(problem(await review(s.people.dpo, 'confirmed'))).toBe('forbidden');
    value(await review(s.people.executive, 'objected'));
    expect((await openTasks(subject)).map(({ kind }) => kind)).toEqual(['supplement']);
    expect(problem(await review(s.people.second, 'confirmed'))).toBe('conflict');
  });

  it('lets a late notice leave, never waiting for its reasons', async () => {
    const notice = await inReview('controller', -5);
    value(await hurry(s.people.executive, notice));
    expect(await claims(notice.noticeId)).toBe(1);
  });

  it('is refused when the due is far, without a reason, to people, and to whom may not approve', async () => {
    const far = await inReview('authority', 72);
    expect(problem(await hurry(s.people.legal, far))).toBe('conflict');
    const near = await inReview('authority', 1);
    expect(problem(await hurry(s.people.legal, near, 'hurry'))).toBe('invalid');
    expect(problem(await hurry(s.people.dpo, near))).toBe('forbidden');
    expect(problem(await hurry(s.people.legal, { ...near, digest: '0'.repeat(64) }))).toBe('stale');
    const people = await inReview('data-subject', 1);
    expect(problem(await hurry(s.people.legal, people))).toBe('conflict');
  });

  it('is refused by the database too: far, to people, in another name', async () => {
    const plant = (
      actor: Person,
      notice: { versionId: string; digest: string },
      personId = actor.personId,
    ) =>
      s.house.as(actor, (store) =>
        store.releases.addEmergency({ ...notice, caseId: s.caseId, personId, reason: why }),
      );
    const { legal, executive, dpo } = s.people;
    await expect(plant(legal, await inReview('authority', 72))).rejects.toThrow(/near or past/);
    await expect(plant(legal, await inReview('data-subject', 1))).rejects.toThrow(/near or past/);
    const near = await inReview('authority', 1);
    await expect(plant(dpo, near)).rejects.toThrow(/own name/);
    await expect(plant(legal, near, executive.personId)).rejects.toThrow(/own name/);
    const emergencyId = await plant(legal, near);
    const other = await inReview('authority', 1);
    await expect(
      s.house.as(legal, (store) =>
        store.releases.releaseOn({ ...other, caseId: s.caseId, basis: { emergencyId } }),
      ),
    ).rejects.toThrow(/no valid emergency/);
  });

  it('gives nothing any more once the one person may not approve any more', async () => {
    const notice = await inReview('authority', 1);
    value(await hurry(s.people.second, notice));
    const setActive = (active: boolean) =>
      s.sql((sql) =>
        sql.run('UPDATE person SET active = $2 WHERE id = $1', [s.people.second.personId, active]),
      );
    await setActive(false);
    expect(await claims(notice.noticeId)).toBe(0);
    await setActive(true);
    expect(await claims(notice.noticeId)).toBe(1);
  });
});

describe('a hold', () => {
  const holdOf = (hours: number, kinds: HoldInput['recipientKinds'] = ['data-subject']) => ({
    holdId: randomUUID(),
    caseId: s.caseId,
    recipientKinds: kinds,
    requestedBy: 'Prosecutor',
    reference: 'AZ 12/26',
    document: 'letter of the 3rd',
    reason: 'An arrest is near.',
    expiresAt: new Date(Date.now() + hours * 3_600_000).toISOString(),
  });

  it('keeps approved notices to people in the house, and lets them go by itself when it ends', async () => {
    const notice = await inReview('data-subject', 72);
    value(await recordHold(s.house, s.request(s.people.legal), holdOf(20_000)));
    const { holdId } = value(
      await recordHold(s.house, s.request(s.people.legal), holdOf(4 + (await caseAheadHours()))),
    );
    value(await approve(s.people.legal, notice));
    expect(await claims(notice.noticeId)).toBe(0);
    const barrier = () => s.house.as(engine, (store) => store.releases.barrier(notice.noticeId));
    expect(await barrier()).toMatchObject({ kind: 'held' });
    const others = await s.house.as(engine, (store) => store.releases.holds(s.caseId));
    for (const other of others.filter((one) => one.holdId !== holdId)) {
      const input = { holdId: other.holdId, reason: 'withdrawn' };
      value(await liftHold(s.house, s.request(s.people.executive), input));
    }
    while ((await barrier()) !== null) await wait(50);
    expect(await claims(notice.noticeId)).toBe(3);
  });

  it('never reaches an authority or a controller on one person’s word', async () => {
    const notice = await inReview('authority', 72);
    value(await approve(s.people.legal, notice));
    const hold = holdOf(20_000, ['authority', 'data-subject']);
    value(await recordHold(s.house, s.request(s.people.legal), hold));
    expect(await claims(notice.noticeId)).toBe(1);
    const { holdId } = hold;
    const confirm = (person: Person) => confirmHold(s.house, s.request(person), { holdId });
    expect(problem(await confirm(s.people.legal))).toBe('four-eyes');
    expect(value(await confirm(s.people.second)).holds).toEqual(['data-subject']);
    expect(await claims(notice.noticeId)).toBe(1);
    value(await confirm(s.people.executive));
    expect(await claims(notice.noticeId)).toBe(0);
    value(await liftHold(s.house, s.request(s.people.legal), { holdId, reason: 'over' }));
    expect(await claims(notice.noticeId)).toBe(1);
  });

  /** Case time runs ahead of the wall here: that many hours since the case was opened. */
  async function caseAheadHours(): Promise<number> {
    const row = await s.sql((sql) =>
      sql.row<{ hours: number }>(
        `SELECT extract(epoch FROM clock_timestamp() - wall_start_at)::float8 * (speed - 1) / 3600 AS hours
         FROM case_file WHERE id = $1`,
        [s.caseId],
      ),
    );
    return row?.hours ?? 0;
  }
});

describe('a barred mail channel', () => {
  it('stops machines at once, asks a second approver for what is frozen meanwhile, and two people open it', async () => {
    const before = await inReview('authority', 72);
    value(await approve(s.people.legal, before));
    expect(await claims(before.noticeId)).toBe(1);
    const barId = randomUUID();
    const bar = { barId, caseId: s.caseId, reason: 'The mailbox of legal reads along.' };
    value(await barMail(s.house, s.request(s.people.responder), bar));
    expect(await claims(before.noticeId)).toBe(0);
    const meanwhile = await inReview('controller', 72);
    expect(value(await approve(s.people.legal, meanwhile)).results).toMatchObject([
      { state: 'in-review', approvals: { counted: 1, needed: 2 } },
    ]);
    const open = (person: Person) =>
      openMail(s.house, s.request(person), { barId, reason: 'cleaned and checked' });
    expect(problem(await open(s.people.dpo))).toBe('forbidden');
    expect(value(await open(s.people.responder)).isOpen).toBe(false);
    expect(problem(await open(s.people.responder))).toBe('four-eyes');
    expect(await claims(before.noticeId)).toBe(0);
    await expect(
      inTransaction(db.pool, s.people.responder, (sql) =>
        sql.run(`INSERT INTO channel_opening VALUES ($1, $2, 'me too')`, [
          barId,
          s.people.legal.personId,
        ]),
      ),
    ).rejects.toThrow(/own name/);
    expect(value(await open(s.people.legal)).isOpen).toBe(true);
    expect(await claims(before.noticeId)).toBe(1);
    value(await approve(s.people.executive, meanwhile));
    expect(await claims(meanwhile.noticeId)).toBe(1);
  });

  it('bars the whole house as well', async () => {
    const notice = await inReview('authority', 72);
    value(await approve(s.people.legal, notice));
    const barId = randomUUID();
    const bar = { barId, caseId: null, reason: 'The mail server is suspected.' };
    value(await barMail(s.house, s.request(s.people.legal), bar));
    expect(await claims(notice.noticeId)).toBe(0);
    for (const person of [s.people.legal, s.people.executive])
      value(await openMail(s.house, s.request(person), { barId, reason: 'checked' }));
    expect(await claims(notice.noticeId)).toBe(1);
  });
});

describe('a notice that mail may not carry', () => {
  const bar = async (): Promise<string> => {
    const barId = randomUUID();
    const input = { barId, caseId: s.caseId, reason: 'The mailbox of legal reads along.' };
    value(await barMail(s.house, s.request(s.people.responder), input));
    return barId;
  };
  const open = async (barId: string): Promise<void> => {
    for (const person of [s.people.legal, s.people.executive])
      value(await openMail(s.house, s.request(person), { barId, reason: 'checked' }));
  };
  const read = (noticeId: string) => s.house.as(engine, (store) => store.notices.read(noticeId));
  const tasksOf = async (noticeId: string) =>
    (await openTasks(`notice/${noticeId}`)).map(({ kind }) => kind);
  const receipt = (noticeId: string, change: Partial<Receipt>) =>
    recordReceipt(s.house, s.request(s.people.legal), {
      ...{ noticeId, kind: 'reference', evidence: 'AZ 4711', receivedAt: null, ...change },
    });
  const refile = (person: Person, noticeId: string) =>
    fileInstead(s.house, freezeDeps, s.request(person), { noticeId });

  it('to an authority is filed by a person instead, with approvals given afresh, and never mailed', async () => {
    const released = await inReview('authority', 72);
    value(await approve(s.people.legal, released));
    const { noticeId } = released;
    expect(problem(await refile(s.people.legal, noticeId))).toBe('conflict');
    const barId = await bar();
    expect(await tasksOf(noticeId)).toEqual(['channel-barred']);
    expect(problem(await refile(s.people.responder, noticeId))).toBe('forbidden');
    const { digest } = value(await refile(s.people.legal, noticeId));
    expect(digest).not.toBe(released.digest);
    expect(await read(noticeId)).toMatchObject({ channel: 'portal', state: 'in-review' });
    expect(await tasksOf(noticeId)).toEqual(['approve']);
    const version = await s.house.as(engine, (store) => store.notices.liveVersion(noticeId));
    const pack = await s.house.as(engine, (store) => store.documents.list({ noticeId }));
    expect([version?.recipientCount, pack.length > 0]).toEqual([1, true]);
    value(await approve(s.people.legal, { noticeId, digest }));
    value(await receipt(noticeId, {}));
    expect(await read(noticeId)).toMatchObject({ channel: 'portal', state: 'dispatched' });
    await open(barId);
    expect(await claims(noticeId)).toBe(0);
  });

  it('to an authority is a filing pack from the start when it is frozen meanwhile', async () => {
    const barId = await bar();
    const { noticeId } = await inReview('authority', 72);
    expect(await read(noticeId)).toMatchObject({ channel: 'portal', state: 'in-review' });
    await open(barId);
  });

  it('to an authority may be recorded as filed without another version', async () => {
    const notice = await inReview('authority', 72);
    value(await approve(s.people.legal, notice));
    const barId = await bar();
    expect(problem(await receipt(notice.noticeId, { kind: 'reply' }))).toBe('conflict');
    value(await receipt(notice.noticeId, {}));
    await open(barId);
    expect(await claims(notice.noticeId)).toBe(0);
    expect(await read(notice.noticeId)).toMatchObject({ state: 'dispatched' });
  });

  it('to a customer is told by telephone and recorded, and gets no copy when mail opens', async () => {
    const notice = await inReview('controller', 72);
    value(await approve(s.people.legal, notice));
    const barId = await bar();
    expect(problem(await receipt(notice.noticeId, {}))).toBe('conflict');
    const call = { kind: 'telephone', told: 'Ms Li', evidence: 'read out' } as const;
    value(await receipt(notice.noticeId, call));
    expect(await tasksOf(notice.noticeId)).toEqual([]);
    await open(barId);
    expect(await claims(notice.noticeId)).toBe(0);
    expect(await read(notice.noticeId)).toMatchObject({ state: 'dispatched' });
  });

  it('to many people is told by post to all of them or to nobody', async () => {
    const notice = await inReview('data-subject', 72);
    for (const person of [s.people.legal, s.people.executive])
      await approveNotices(s.house, s.request(person), {
        notices: [{ noticeId: notice.noticeId, digest: notice.digest }],
        recipientCount: 3,
      });
    const barId = await bar();
    const letters = { kind: 'post', told: 'all three, by letter', evidence: 'posted' } as const;
    const one = { ...letters, recipientKey: 'S-000001' };
    expect(problem(await receipt(notice.noticeId, one))).toBe('conflict');
    value(await receipt(notice.noticeId, letters));
    await open(barId);
    expect(await claims(notice.noticeId)).toBe(0);
  });

  it('and waits instead leaves when mail opens, its task done', async () => {
    const notice = await inReview('controller', 72);
    value(await approve(s.people.legal, notice));
    const barId = await bar();
    expect(await tasksOf(notice.noticeId)).toEqual(['channel-barred']);
    await open(barId);
    expect(await tasksOf(notice.noticeId)).toEqual([]);
    expect(await claims(notice.noticeId)).toBe(1);
  });
});
