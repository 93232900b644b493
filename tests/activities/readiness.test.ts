/** Readiness to file: who may say it, what it moves, and that an address needs a person, a change of it two. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { confirmAddress, withdrawAddress } from '../../src/commands/confirm-address.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import { scopeStep } from '../../src/commands/advance-case.ts';
import { filingPlanOf, latestStartOf } from '../../src/commands/filing-plan.ts';
import { listReadiness } from '../../src/commands/list-readiness.ts';
import { recordReadiness } from '../../src/commands/record-readiness.ts';
import { plusHours } from '../../src/domain/instant.ts';
import type { ReadinessRecord } from '../../src/domain/readiness.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';

const engine = { kind: 'machine', name: 'engine' } as const;
let home: TestHouse;
beforeAll(async () => {
  home = await testHouse();
});
afterAll(() => home.close());

const record = (changes: Partial<ReadinessRecord> = {}): ReadinessRecord => ({
  authorityId: 'de-be-blnbdi',
  affiliateKey: 'de',
  account: 'exists',
  accountHolderId: home.people.leo.personId,
  eid: 'held',
  eidHolderId: home.people.lena.personId,
  deputyId: home.people.eva.personId,
  testedOn: '2020-01-15',
  filingMinutes: 45,
  formVersion: 'seen in January',
  note: 'Password in the safe',
  ...changes,
});
const lines = () => home.house.as(home.people.leo, (store) => listReadiness(store));
const sql = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  inTransaction(home.pool, engine, (run) => run.rows<Row>(text, values));

it('every authority the catalogue may need is listed, red until somebody says who files', async () => {
  const all = await lines();
  expect(
    all.map(({ affiliateKey, authorityId, light }) => [affiliateKey, authorityId, light]),
  ).toEqual([
    ['de', 'de-land', 'red'],
    ['ee', 'ee-aki', 'red'],
  ]);
  expect(all[1]?.reasons).toEqual(['Nobody has recorded who can file.']);
});

it('a record long untested is amber, a fresh and complete one green, a missing eID red', async () => {
  const of = async (changes: Partial<ReadinessRecord>) => {
    const answer = await recordReadiness(
      home.house,
      by(home.people.leo),
      record({ authorityId: 'de-land', ...changes }),
    );
    expect(answer).toMatchObject({ ok: true });
    return (await lines()).find(({ affiliateKey }) => affiliateKey === 'de');
  };
  expect(await of({})).toMatchObject({ light: 'amber' });
  const [today] = await sql<{ day: string }>(`SELECT to_char(now(), 'YYYY-MM-DD') AS day`);
  expect(await of({ testedOn: today?.day ?? '' })).toMatchObject({ light: 'green', reasons: [] });
  expect(await of({ eid: 'missing', eidHolderId: null })).toMatchObject({ light: 'red' });
  expect(await of({ affiliateKey: null, testedOn: null, filingMinutes: null })).toMatchObject({
    // Its own record goes before the one for every affiliate.
    light: 'red',
  });
});

it.each([
  ['authorityId', { authorityId: 'xx-none' }],
  ['affiliateKey', { affiliateKey: 'nowhere' }],
  ['eidHolderId', { eidHolderId: '00000000-0000-7000-8000-000000000000' }],
  ['eidHolderId', { eidHolderId: null }],
  ['testedOn', { testedOn: '2999-01-01' }],
  ['testedOn', { testedOn: null }],
])('a record is refused at %s', async (field, changes) => {
  const answer = await recordReadiness(home.house, by(home.people.leo), record(changes));
  expect(answer).toMatchObject({
    ok: false,
    problem: { type: 'invalid', errors: [{ pointer: `/${field}` }] },
  });
});

it('a responder reads it and may not record it', async () => {
  const answer = await recordReadiness(home.house, by(home.people.rita), record());
  expect(answer).toMatchObject({ ok: false, problem: { type: 'forbidden' } });
});

it('alarms of a filing ring before its latest start and move with what was rehearsed', async () => {
  const { caseId } = await openTestCase(home, {
    hits: [{ kind: 'processing', key: 'portal-contacts' }],
    facts: highRiskFacts,
  });
  const determined = await determineCase(home.house, by(home.people.leo), {
    caseId,
    determination: 'breach',
    reason: 'Credentials were taken',
  });
  expect(determined).toMatchObject({ ok: true });
  await scopeStep(home.house, caseId);
  await determineStep(home.house, caseId);
  // The authority of this house takes e-mail; the case is a drill, so a machine sends: made a portal for this test.
  await sql(
    `UPDATE obligation SET authority = authority || '{"channel": "portal"}' WHERE case_id = $1 AND authority IS NOT NULL`,
    [caseId],
  );
  const [owed] = await home.house.as(engine, async (store) =>
    (await store.obligations.ofCase(caseId)).filter(
      (one) => one.authority !== null && one.dueAt !== null,
    ),
  );
  if (owed?.dueAt == null) throw new Error('nothing is owed to an authority');
  const start = (): Promise<string | null> =>
    home.house.as(engine, (store) => latestStartOf(store, owed, 'drill'));
  expect(await start()).toBe(plusHours(owed.dueAt, -2));

  const recorded = record({ authorityId: 'ee-aki', affiliateKey: 'ee' });
  expect(await recordReadiness(home.house, by(home.people.leo), recorded)).toMatchObject({
    ok: true,
  });
  expect(await start()).toBe(plusHours(owed.dueAt, -0.75));
  const alarms = await sql<Record<string, string>>(
    `SELECT step, due_at AS "dueAt", ring_at AS "ringAt", person_id AS person, deputy_id AS deputy FROM alarm
     WHERE subject = $1 AND step LIKE 'file-%' ORDER BY ring_at`,
    [`obligation/${owed.obligationId}`],
  );
  const startAt = plusHours(owed.dueAt, -0.75);
  expect(alarms.map(({ step, dueAt }) => [step, dueAt])).toEqual(
    ['file-in-24h', 'file-in-6h', 'file-in-1h', 'file-now'].map((step) => [step, startAt]),
  );
  expect(alarms.at(-1)).toMatchObject({
    ringAt: startAt,
    person: home.people.lena.personId,
    deputy: home.people.eva.personId,
  });
  const plan = await home.house.as(engine, (store) => filingPlanOf(store, owed, 'drill'));
  expect(plan).toEqual({
    minutes: 45,
    isRehearsed: true,
    filerId: home.people.lena.personId,
    deputyId: home.people.eva.personId,
  });
});

it('what rings for a filing calls the holder of the eID, then the deputy named there', async () => {
  const pool = openPool(home.watchUrl, 2, 'test-watch');
  try {
    const watch = watchStore(pool);
    await sql(`UPDATE alarm SET ring_at = clock_timestamp() WHERE step = 'file-now'`);
    await watch.ring();
    const first = (await watch.unhanded()).find(({ step }) => step === 'file-now');
    if (first === undefined) throw new Error('nothing rang for the filing');
    expect(first).toMatchObject({ personName: 'lena' });
    await watch.handed([first], 'mail');
    await sql(
      `UPDATE alarm_outbox SET handed_at = handed_at - interval '1 day' WHERE handed_at IS NOT NULL`,
    );
    await watch.escalate(60);
    const second = (await watch.unhanded()).find(({ step }) => step === 'file-now/deputy');
    expect(second).toMatchObject({ personName: 'eva' });
  } finally {
    await pool.end();
  }
});

it('one person confirms the first address; a change waits for a second person, and a withdrawal for nobody', async () => {
  const say = (person: TestHouse['people']['leo'], email: string, authorityId = 'ee-aki') =>
    confirmAddress(home.house, by(person), { authorityId, email, evidence: 'Called back' });
  const inForce = () =>
    home.house.as(engine, (store) => store.readiness.confirmedAddress('ee-aki'));
  const { leo, lena, rita } = home.people;

  expect(await say(rita, 'a@aki.example')).toMatchObject({ problem: { type: 'forbidden' } });
  expect(await say(leo, 'no address')).toMatchObject({ problem: { type: 'invalid' } });
  expect(await say(leo, 'a@aki.example', 'xx-none')).toMatchObject({
    problem: { type: 'not-found' },
  });
  expect(await say(leo, 'a@aki.example')).toMatchObject({ value: { state: 'confirmed' } });
  expect(await inForce()).toBe('a@aki.example');
  expect((await lines()).find(({ authorityId }) => authorityId === 'ee-aki')).toMatchObject({
    way: 'machine',
    light: 'green',
  });

  expect(await say(leo, 'b@aki.example')).toMatchObject({ value: { state: 'proposed' } });
  expect(await inForce()).toBe('a@aki.example');
  expect(await say(leo, 'b@aki.example')).toMatchObject({ problem: { type: 'four-eyes' } });
  expect(await say(lena, 'b@aki.example')).toMatchObject({ value: { state: 'confirmed' } });
  expect(await inForce()).toBe('b@aki.example');

  const gone = await withdrawAddress(home.house, by(lena), {
    authorityId: 'ee-aki',
    reason: 'Bounced',
  });
  expect(gone).toMatchObject({ ok: true });
  expect(await inForce()).toBeNull();
  expect(await say(leo, 'b@aki.example')).toMatchObject({ value: { state: 'proposed' } });
  expect(await inForce()).toBeNull();
});

it('the database itself refuses a change by one person', async () => {
  const insert = sql(
    `INSERT INTO authority_address (authority_id, email, evidence, named_by, state, confirmed_at)
     VALUES ('ee-aki', 'c@aki.example', 'none', $1, 'confirmed', now())`,
    [home.people.leo.personId],
  );
  await expect(insert).rejects.toThrow('a change needs a second person');
});
