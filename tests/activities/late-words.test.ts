/** What leaves after its due says so, Art. 33(1), second sentence: drafted anew in time, never held back once released. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { approveNotices, approveTrueNotices } from '../../src/commands/approve-notices.ts';
import { explainDelay } from '../../src/commands/end-investigation.ts';
import { toMs } from '../../src/domain/instant.ts';
import { by } from '../support/house.ts';
import { phasesHouse, type PhasesHouse } from '../support/phases.ts';

const authority = 'ee-aki';
const says = 'More than 72 hours have passed since we became aware';
const saysReasonsFollow = 'the reasons for the delay (Art. 33(1), second sentence) follow';
const freeze = { wording: handlebarsWording(), noticeIdKey: Buffer.alloc(32, 3) };

let home: PhasesHouse;
beforeAll(async () => {
  home = await phasesHouse();
});
afterAll(() => home.close());

function sql(text: string, values: readonly unknown[]): Promise<number> {
  return inTransaction(home.pool, { kind: 'machine', name: 'engine' }, (run) =>
    run.run(text, values),
  );
}

async function asOwner(text: string): Promise<void> {
  const owner = openPool(home.ownerUrl, 1, 'test-owner');
  await owner.query(text);
  await owner.end();
}

const noticeOf = async (caseId: string) => {
  const found = (await home.notices(caseId, 'initial')).find(
    ({ recipientKey }) => recipientKey === authority,
  );
  if (found?.digest == null) throw new Error('no notice to the authority');
  return { ...found, digest: found.digest };
};
const textOf = (caseId: string) => home.textOf(caseId, 'initial', authority);

/** As if awareness had been so much earlier: the due of the authority is this many minutes from now. */
async function dueIn(caseId: string, minutes: number): Promise<void> {
  const { obligationId } = await home.obligation(caseId, authority);
  await sql(
    `UPDATE obligation SET due_at = clock_timestamp() + make_interval(mins => $2),
       due_ring_at = clock_timestamp() + make_interval(mins => $2) WHERE id = $1`,
    [obligationId, minutes],
  );
}

const approval = async (caseId: string) => {
  const { noticeId, digest } = await noticeOf(caseId);
  return { notices: [{ noticeId, digest }], recipientCount: null };
};
const approve = async (caseId: string) =>
  approveTrueNotices(home.house, freeze, by(home.people.eva), await approval(caseId));

it('is drafted anew when its due comes, and says that the reasons follow; the engine wakes for it', async () => {
  const caseId = await home.draftedBreach();
  const before = await noticeOf(caseId);
  expect(await textOf(caseId)).not.toContain(says);
  await dueIn(caseId, 10);
  const waiting = await home.steps.readNotice(before.noticeId);
  const { dueAt } = await home.obligation(caseId, authority);
  expect(waiting).toMatchObject({ step: 'review', actAtMs: toMs(dueAt ?? '') + 1_000 });
  await home.steps.actUnderStanding(before.noticeId);
  expect((await noticeOf(caseId)).version).toBe(before.version);
  await dueIn(caseId, -1);
  const after = await home.steps.actUnderStanding(before.noticeId);
  expect(after).not.toHaveProperty('actAtMs');
  expect(await noticeOf(caseId)).toMatchObject({ state: 'in-review', version: before.version + 1 });
  const text = await textOf(caseId);
  expect(text).toContain(says);
  expect(text).toContain(saysReasonsFollow);
  expect(await home.entries(caseId, 'notice.redrafted')).toHaveLength(1);
  await home.steps.actUnderStanding(before.noticeId);
  expect((await noticeOf(caseId)).version).toBe(before.version + 1);
});

it('is not approved after its due in words that hide it: the approval meets a version that says so, without Temporal', async () => {
  const caseId = await home.draftedBreach();
  await dueIn(caseId, -1);
  expect(await approve(caseId)).toMatchObject({ ok: false, problem: { type: 'stale' } });
  expect(await textOf(caseId)).toContain(saysReasonsFollow);
  expect(await approve(caseId)).toMatchObject({ ok: true, value: { released: 1 } });
});

it('is drafted anew for nobody who may not approve it', async () => {
  const caseId = await home.draftedBreach();
  await dueIn(caseId, -1);
  const input = await approval(caseId);
  expect(await approveTrueNotices(home.house, freeze, by(home.people.rita), input)).toMatchObject({
    problem: { type: 'forbidden' },
  });
  expect((await approval(caseId)).notices).toEqual(input.notices);
});

it('leaves as it was released when the due passes in between; then the reasons are a task, and a supplement gives them', async () => {
  const caseId = await home.draftedBreach();
  await approveNotices(home.house, by(home.people.eva), await approval(caseId));
  await dueIn(caseId, -1);
  const { noticeId, version } = await noticeOf(caseId);
  await home.steps.actUnderStanding(noticeId);
  await home.settle(caseId);
  expect(await noticeOf(caseId)).toMatchObject({ state: 'dispatched', version });
  expect(await home.obligation(caseId, authority)).toMatchObject({ late: true });
  const [task, ...others] = await home.tasks(caseId, 'reasons-for-delay');
  expect([task?.role, others]).toEqual(['legal', []]);
  expect(task?.title).toContain('Art. 33(1)');
  const reasons = 'The report lay in a mailbox nobody read';
  const told = await explainDelay(home.house, by(home.people.leo), { caseId, reasons });
  expect(told.ok).toBe(true);
  expect(await home.tasks(caseId, 'reasons-for-delay')).toEqual([]);
  await home.settle(caseId);
  expect(await home.textOf(caseId, 'supplementary', authority)).toContain(reasons);
});

it('opens no task for reasons where it left in time, nor for a customer, who is owed none', async () => {
  const caseId = await home.sentBreach();
  expect(await home.tasks(caseId, 'reasons-for-delay')).toEqual([]);
  const late = await home.draftedBreach();
  const { obligationId } = await home.obligation(late, 'alpha');
  await sql(`UPDATE obligation SET due_at = due_at - interval '30 days' WHERE id = $1`, [
    obligationId,
  ]);
  await home.approveAll(late);
  expect(await home.obligation(late, 'alpha')).toMatchObject({ late: true });
  expect(await home.tasks(late, 'reasons-for-delay')).toEqual([]);
});

it('says no more that it is late once a later due stands', async () => {
  const caseId = await home.draftedBreach();
  await dueIn(caseId, -1);
  const { noticeId } = await noticeOf(caseId);
  await home.steps.actUnderStanding(noticeId);
  expect(await textOf(caseId)).toContain(says);
  // How three people agree on a later due is not the claim here.
  await asOwner('ALTER TABLE tocsin.obligation DISABLE TRIGGER obligation_lowering');
  await dueIn(caseId, 600);
  await asOwner('ALTER TABLE tocsin.obligation ENABLE TRIGGER obligation_lowering');
  await home.steps.actUnderStanding(noticeId);
  expect(await textOf(caseId)).not.toContain(says);
});

it('may be approved as it is where it cannot be drafted anew: a late notice does not wait for words', async () => {
  const caseId = await home.draftedBreach();
  await dueIn(caseId, -1);
  const { obligationId } = await home.obligation(caseId, authority);
  await sql('UPDATE obligation SET authority = NULL WHERE id = $1', [obligationId]);
  const { noticeId, version } = await noticeOf(caseId);
  expect(await home.steps.actUnderStanding(noticeId)).not.toHaveProperty('actAtMs');
  expect((await home.task(caseId, 'draft-blocked'))?.title).toContain(
    'does not say that it is late',
  );
  expect(await approve(caseId)).toMatchObject({ ok: true, value: { released: 1 } });
  expect((await noticeOf(caseId)).version).toBe(version);
});
