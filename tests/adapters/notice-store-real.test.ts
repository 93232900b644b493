/** Outside drills: no machine sends to an address nobody has confirmed, nor words nobody has reviewed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { confirmAddress } from '../../src/commands/confirm-address.ts';
import { freezeNotice } from '../../src/commands/freeze-notice.ts';
import { engine, freezeDeps, seed, type Seed } from '../faults/dispatch-seed.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
let s: Seed;
beforeAll(async () => {
  db = await testDatabase();
  s = await seed(db, {
    mode: 'real',
    subjects: 2,
    customers: [{ visibility: 'V3', grade: 'confirmed' }],
    facts: { 'confidentiality.state': 'confirmed' },
  });
});
afterAll(() => db.close());

async function freeze(noticeId: string): Promise<string> {
  const frozen = await freezeNotice(s.house, freezeDeps, noticeId);
  if (!frozen.ok) throw new Error(frozen.problem.detail);
  return frozen.value.digest;
}
const approve = (noticeId: string, digest: string) =>
  approveNotices(s.house, s.request(s.people.legal), {
    notices: [{ noticeId, digest }],
    recipientCount: null,
  });
const channelOf = async (noticeId: string) =>
  (await s.house.as(engine, (store) => store.notices.read(noticeId)))?.channel;

it('an authority without a confirmed address is filed by a person', async () => {
  const noticeId = await s.notice('authority');
  const digest = await freeze(noticeId);
  expect(await channelOf(noticeId)).toBe('portal');
  expect(await approve(noticeId, digest)).toMatchObject({ ok: true, value: { released: 1 } });
  const rows = await s.sql((sql) =>
    sql.row('SELECT 1 FROM delivery WHERE notice_id = $1', [noticeId]),
  );
  expect(rows).toBeUndefined();
});

it('a customer whose contact nobody has confirmed is told by a person, a confirmed one by mail', async () => {
  const first = await s.notice('controller');
  await freeze(first);
  expect(await channelOf(first)).toBe('portal');
  await s.sql((sql) => sql.run(`UPDATE customer SET contact_confirmed_by = 'A person'`));
  const second = await s.notice('controller', { provision: 'gdpr/confirmed' });
  const digest = await freeze(second);
  expect(await channelOf(second)).toBe('email');
  expect(await approve(second, digest)).toMatchObject({ ok: true });
  const row = await s.sql((sql) =>
    sql.row<{ transport: string }>('SELECT transport FROM delivery WHERE notice_id = $1', [second]),
  );
  expect(row).toEqual({ transport: 'relay' });
});

it('unreviewed wording is not sent to authorities or people by a machine', async () => {
  const confirmed = await confirmAddress(s.house, s.request(s.people.legal), {
    authorityId: 'be-apd-gba',
    email: 'breach@authority.example',
    evidence: 'Called back on the number of the authority',
  });
  expect(confirmed).toMatchObject({ ok: true, value: { state: 'confirmed' } });
  const toAuthority = await s.notice('authority', { provision: 'gdpr/mailed' });
  const toPeople = await s.notice('data-subject');
  for (const noticeId of [toAuthority, toPeople]) {
    const digest = await freeze(noticeId);
    expect(await channelOf(noticeId)).toBe('email');
    expect(await approve(noticeId, digest)).toMatchObject({
      ok: false,
      problem: { type: 'conflict' },
    });
  }
});

it('nothing of it is marked as an exercise', async () => {
  const view = await s.house.as(engine, (store) =>
    store.views.notices({ caseId: s.caseId, limit: 50, cursor: null }),
  );
  expect(view.items.length).toBeGreaterThan(0);
  for (const { subject } of view.items) expect(subject).not.toContain('EXERCISE');
});
