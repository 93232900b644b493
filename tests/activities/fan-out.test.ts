/** Many customers whose data are merely not excluded: nobody is told of it before a person says so, and nothing is suppressed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { allowFanOut } from '../../src/commands/allow-fan-out.ts';
import { approveInEmergency } from '../../src/commands/approve-emergency.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { setExposure } from '../../src/commands/set-exposure.ts';
import type { Grade } from '../../src/domain/case.ts';
import { by } from '../support/house.ts';
import { phasesHouse, type PhasesHouse } from '../support/phases.ts';

let home: PhasesHouse;
beforeAll(async () => {
  home = await phasesHouse();
  const owner = openPool(home.ownerUrl, 1, 'test-owner');
  await owner.query('UPDATE tocsin.fan_out_policy SET not_excluded_over = 1');
  await owner.end();
});
afterAll(() => home.close());

function run(text: string, values: readonly unknown[]): Promise<number> {
  return inTransaction(home.pool, { kind: 'machine', name: 'engine' }, (sql) =>
    sql.run(text, values),
  );
}

const grade = async (caseId: string, key: string, to: Grade): Promise<void> => {
  const answer = await setExposure(home.house, by(home.people.leo), {
    caseId,
    entries: [{ select: 'customer', key, grade: to, evidence: 'looked' }],
  });
  if (!answer.ok) throw new Error(answer.problem.detail);
  await home.settle(caseId);
};

/** A breach in which so many of the three customers are merely not excluded, the others confirmed. */
async function breach(merely: readonly string[]): Promise<string> {
  const caseId = await home.draftedBreach();
  for (const key of ['alpha', 'beta', 'gamma'])
    await grade(caseId, key, merely.includes(key) ? 'not-excluded' : 'confirmed');
  return caseId;
}
const noticeTo = async (caseId: string, key: string) => {
  const found = (await home.notices(caseId, 'initial')).find((one) => one.recipientKey === key);
  if (found?.digest == null) throw new Error(`no notice to ${key}`);
  return { noticeId: found.noticeId, digest: found.digest, state: found.state };
};
const approve = async (caseId: string, key: string) => {
  const { noticeId, digest } = await noticeTo(caseId, key);
  const input = { notices: [{ noticeId, digest }], recipientCount: null };
  return approveNotices(home.house, by(home.people.eva), input);
};
const allow = (caseId: string, customers: number, who = home.people.leo) =>
  allowFanOut(home.house, by(who), { caseId, customers, reason: 'the host is shared by all' });
const fanOut = (caseId: string) =>
  home.house.as(home.people.leo, ({ fanOuts }) => fanOuts.read(caseId));
const conflict = { ok: false, problem: { type: 'conflict' } };

describe('more customers than the policy says, on "not excluded" alone', () => {
  it('are drafted and ring, are asked of a person, and wait; the others go', async () => {
    const caseId = await breach(['alpha', 'beta']);
    expect(await fanOut(caseId)).toEqual({ customers: 2, over: 1, leave: null, isWithheld: true });
    expect(await noticeTo(caseId, 'alpha')).toMatchObject({ state: 'in-review' });
    expect(await home.obligation(caseId, 'alpha')).toMatchObject({ state: 'owed' });
    const [task, ...others] = await home.tasks(caseId, 'allow-fan-out');
    expect([task?.role, others]).toEqual(['legal', []]);
    expect(await approve(caseId, 'alpha')).toMatchObject(conflict);
    expect(await approve(caseId, 'gamma')).toMatchObject({ ok: true });
    expect(await approve(caseId, 'ee-aki')).toMatchObject({ ok: true });
  });

  it('are told once a person says as many, with a reason on record; each is approved all the same', async () => {
    const caseId = await breach(['alpha', 'beta']);
    expect(await allow(caseId, 1)).toMatchObject({ ok: false, problem: { type: 'stale' } });
    expect(await allow(caseId, 2, home.people.rita)).toMatchObject({
      problem: { type: 'forbidden' },
    });
    expect(await allow(caseId, 2, home.people.dora)).toMatchObject({
      problem: { type: 'forbidden' },
    });
    expect(await allow(caseId, 2)).toMatchObject({
      ok: true,
      value: { isWithheld: false, leave: { customers: 2 } },
    });
    expect(await home.tasks(caseId, 'allow-fan-out')).toEqual([]);
    expect(await home.entries(caseId, 'fan-out.allowed')).toHaveLength(1);
    expect(await noticeTo(caseId, 'alpha')).toMatchObject({ state: 'in-review' });
    expect(await approve(caseId, 'alpha')).toMatchObject({ ok: true, value: { released: 1 } });
    expect(await allow(caseId, 2)).toMatchObject(conflict);
  });

  it('need another word when they become more, those told counted in', async () => {
    const caseId = await breach(['alpha', 'beta']);
    await allow(caseId, 2);
    await approve(caseId, 'alpha');
    await home.settle(caseId);
    await run(
      `UPDATE case_exposure SET grade = 'not-excluded' WHERE case_id = $1 AND customer_key = 'gamma'`,
      [caseId],
    );
    await grade(caseId, 'beta', 'not-excluded');
    expect(await fanOut(caseId)).toMatchObject({ customers: 3, isWithheld: true });
    expect(await approve(caseId, 'beta')).toMatchObject(conflict);
    expect(await allow(caseId, 3)).toMatchObject({ ok: true });
    expect(await approve(caseId, 'beta')).toMatchObject({ ok: true });
  });

  it('are no longer asked about once enough of them are graded otherwise', async () => {
    const caseId = await breach(['alpha', 'beta']);
    await grade(caseId, 'beta', 'likely');
    expect(await fanOut(caseId)).toMatchObject({ customers: 1, isWithheld: false });
    expect(await home.tasks(caseId, 'allow-fan-out')).toEqual([]);
    expect(await approve(caseId, 'alpha')).toMatchObject({ ok: true });
  });

  it('are not told by one person in a hurry either, nor past the command: the database refuses', async () => {
    const caseId = await breach(['alpha', 'beta']);
    const { noticeId, digest } = await noticeTo(caseId, 'alpha');
    await run(
      `UPDATE obligation SET due_at = clock_timestamp(), due_ring_at = clock_timestamp()
       WHERE case_id = $1 AND recipient_key = 'alpha'`,
      [caseId],
    );
    const reason = 'nobody else answers the telephone';
    expect(
      await approveInEmergency(home.house, by(home.people.eva), { noticeId, digest, reason }),
    ).toMatchObject(conflict);
    await expect(
      home.house.as(home.people.eva, async ({ notices }) => {
        const version = await notices.liveVersion(noticeId);
        const { versionId = '' } = version ?? {};
        const { personId } = home.people.eva;
        await notices.approve({ versionId, caseId, digest, personId, setRoot: null });
        await notices.release(versionId, caseId, digest, 1);
      }),
    ).rejects.toThrow('merely not excluded');
  });
});

it('so many as the policy allows are told without more ado', async () => {
  const caseId = await breach(['alpha']);
  expect(await fanOut(caseId)).toMatchObject({ customers: 1, isWithheld: false });
  expect(await approve(caseId, 'alpha')).toMatchObject({ ok: true });
});
