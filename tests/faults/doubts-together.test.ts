/** Many copies in doubt after one fault: a person answers for all they saw at once, or for none. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveDoubts, type MeantDoubts } from '../../src/commands/resolve-delivery.ts';
import type { Doubts } from '../../src/domain/notice-ports.ts';
import { engineSteps } from '../../src/processes/engine.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { testMailbox, type TestMailbox } from '../support/mailbox.ts';
import { engine, freezeDeps, quickWire, seed, type Seed } from './dispatch-seed.ts';

const people = 5;
let db: TestDatabase;
let mailbox: TestMailbox;
let s: Seed;
let noticeId: string;
let seen: Doubts;
let serial = 0;
beforeAll(async () => {
  db = await testDatabase();
  mailbox = await testMailbox();
  s = await seed(db, { subjects: people });
});
afterAll(async () => {
  await mailbox.close();
  await db.close();
});
beforeEach(async () => {
  noticeId = await s.notice('data-subject', { provision: `gdpr/${String(++serial)}` });
  await s.release(noticeId);
  mailbox.script = ({ stage }) => (stage === 'dot' ? 'cut' : 'accept');
  await step();
  seen = await doubts();
  expect(seen.deliveryIds).toHaveLength(people);
});

async function step(): Promise<void> {
  const wire = quickWire(mailbox.url);
  await engineSteps(s.house, { ...freezeDeps, wire }).dispatchNotice(noticeId, () => undefined);
  wire.close();
}
const doubts = () => s.house.as(engine, ({ notices }) => notices.doubts(noticeId));
const resolve = (meant: MeantDoubts, by = s.people.legal, how: 'sent' | 'abandoned' = 'sent') =>
  resolveDoubts(s.house, s.request(by), {
    noticeId,
    how,
    reason: 'in the log of the relay',
    meant,
  });
const openTasks = async () =>
  (
    await s.house.as(engine, ({ views }) =>
      views.tasks({ caseId: s.caseId, state: 'open', limit: 500 }),
    )
  ).filter(({ subject }) => seen.deliveryIds.includes(subject.replace('delivery/', '')));
const resolvedEntries = () =>
  s.sql((sql) =>
    sql.rows<{ delivery: string }>(
      `SELECT e.leaf -> 'data' ->> 'deliveryId' AS delivery FROM (
         SELECT convert_from(leaf, 'UTF8')::jsonb AS leaf FROM register_entry WHERE type = 'delivery.resolved') e
       WHERE e.leaf -> 'data' ->> 'noticeId' = $1`,
      [noticeId],
    ),
  );

describe('the doubts of a notice', () => {
  it('are resolved together by their digest: each on record, no task left, and the notice ends', async () => {
    expect(await openTasks()).toHaveLength(people);
    expect(await resolve({ digest: seen.digest })).toMatchObject({ value: { resolved: people } });
    expect((await s.counts(noticeId)).sent).toBe(people);
    expect((await resolvedEntries()).map(({ delivery }) => delivery).sort()).toEqual(
      seen.deliveryIds,
    );
    expect(await openTasks()).toEqual([]);
    await step();
    const notice = await s.house.as(engine, ({ notices }) => notices.read(noticeId));
    expect(notice?.state).toBe('dispatched');
    expect(mailbox.received.filter((mail) => mail.noticeId === noticeId)).toEqual([]);
  });

  it('are resolved in part by a list, and the rest stay in doubt', async () => {
    const some = seen.deliveryIds.slice(0, 2);
    expect(await resolve({ deliveryIds: some }, s.people.legal, 'abandoned')).toMatchObject({
      value: { resolved: 2 },
    });
    expect(await s.counts(noticeId)).toMatchObject({ abandoned: 2, 'in-doubt': people - 2 });
    expect((await doubts()).deliveryIds).toEqual(seen.deliveryIds.slice(2));
  });

  it('are left as they are when one came or went since the person looked', async () => {
    const [first = ''] = seen.deliveryIds;
    expect(await resolve({ deliveryIds: [first] })).toMatchObject({ ok: true });
    const stale = { ok: false, problem: { type: 'stale' } };
    expect(await resolve({ digest: seen.digest })).toMatchObject(stale);
    expect(await resolve({ deliveryIds: seen.deliveryIds })).toMatchObject(stale);
    expect(await s.counts(noticeId)).toMatchObject({ sent: 1, 'in-doubt': people - 1 });
    expect(await resolvedEntries()).toHaveLength(1);
  });

  it('are for who may record receipts, and of a notice that has some', async () => {
    const forbidden = { ok: false, problem: { type: 'forbidden' } };
    expect(await resolve({ digest: seen.digest }, s.people.responder)).toMatchObject(forbidden);
    await resolve({ digest: seen.digest });
    const none = await doubts();
    expect(await resolve({ digest: none.digest })).toMatchObject({
      problem: { type: 'conflict' },
    });
    const other = await s.notice('data-subject', { provision: `gdpr/${String(++serial)}` });
    const [foreign = ''] = seen.deliveryIds;
    expect(
      await resolveDoubts(s.house, s.request(s.people.legal), {
        ...{ noticeId: other, how: 'sent', reason: 'r', meant: { deliveryIds: [foreign] } },
      }),
    ).toMatchObject({ problem: { type: 'stale' } });
  });

  it('are answered once when two people answer at the same moment', async () => {
    const answers = await Promise.all([
      resolve({ digest: seen.digest }),
      resolve({ digest: seen.digest }, s.people.executive),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await resolvedEntries()).toHaveLength(people);
  });
});
