/** What lowers a result: refused outside the governed act, by the command and by the database; done by it, with both results kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { draftStep, scopeStep } from '../../src/commands/advance-case.ts';
import {
  adviseOnLowering,
  confirmLowering,
  declineLowering,
} from '../../src/commands/decide-lowering.ts';
import { decideObligation } from '../../src/commands/decide-obligation.ts';
import { closeCase, determineCase, fixAwareness } from '../../src/commands/determine-case.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { proposeLowering } from '../../src/commands/propose-lowering.ts';
import { recordFacts } from '../../src/commands/record-facts.ts';
import { setExposure } from '../../src/commands/set-exposure.ts';
import type { Person } from '../../src/domain/actor.ts';
import { fromMs, plusHours } from '../../src/domain/instant.ts';
import type { LoweringAct, LoweringGrounds } from '../../src/domain/lowering.ts';
import type { Obligation } from '../../src/domain/obligation.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';
import { grounds, lower } from '../support/lowering.ts';

let home: TestHouse;
beforeAll(async () => {
  home = await testHouse();
});
afterAll(() => home.close());

const engine = { kind: 'machine', name: 'engine' } as const;
const fact = (name: string, value: string | boolean) => ({
  ...{ about: 'case', name, value, certainty: 'confirmed' as const },
  ...{ source: 'query log', observedAt: null },
});

/** A breach with its obligations and drafted notices. */
async function breach(facts = highRiskFacts): Promise<string> {
  const hits = (['host', 'cluster', 'portal-db'] as const).map((key) => ({
    kind: 'asset' as const,
    key,
  }));
  const { caseId } = await openTestCase(home, { hits, facts });
  const reason = 'credentials seen on a paste site';
  await determineCase(home.house, by(home.people.leo), { caseId, determination: 'breach', reason });
  await advance(caseId);
  return caseId;
}

async function advance(caseId: string): Promise<void> {
  await scopeStep(home.house, caseId);
  await determineStep(home.house, caseId);
  await draftStep(home.house, caseId);
}

async function line(caseId: string, key: string): Promise<Obligation> {
  const lines = await home.house.as(engine, (store) => store.obligations.ofCase(caseId));
  const found = lines.find(({ recipientKey }) => recipientKey === key);
  if (found === undefined) throw new Error(`no line for ${key}`);
  return found;
}

/** Every row of the case in every table that a lowering touches. */
async function rowsOf(caseId: string): Promise<unknown> {
  return inTransaction(home.pool, engine, (sql) =>
    sql.row(
      `SELECT (SELECT to_jsonb(c) FROM case_file c WHERE id = $1) AS file,
         (SELECT jsonb_agg(f ORDER BY f.about, f.name, f.version) FROM fact f WHERE case_id = $1) AS facts,
         (SELECT jsonb_agg(e ORDER BY e.key) FROM case_exposure e WHERE case_id = $1) AS exposures,
         (SELECT jsonb_agg(o ORDER BY o.id) FROM obligation o WHERE case_id = $1) AS obligations,
         (SELECT jsonb_agg(l ORDER BY l.id) FROM lowering l WHERE case_id = $1) AS lowerings,
         (SELECT jsonb_agg(t ORDER BY t.id) FROM task t WHERE case_id = $1) AS tasks,
         (SELECT count(*) FROM register_entry) AS entries, (SELECT count(*) FROM idempotency) AS answers,
         (SELECT count(*) FROM wake) AS wakes`,
      [caseId],
    ),
  );
}

const propose = (caseId: string, act: LoweringAct, who: Person = home.people.rita) => {
  const loweringId = uuidv7();
  const input = { loweringId, caseId, act, ...grounds() };
  return proposeLowering(home.house, by(who), input).then((answer) => ({ loweringId, answer }));
};
const advise = (loweringId: string, who: Person = home.people.dora) =>
  adviseOnLowering(home.house, by(who), {
    loweringId,
    text: 'The logs bear it out',
    favours: true,
  });
const confirm = (loweringId: string, who: Person = home.people.leo) =>
  confirmLowering(home.house, by(who), { loweringId, reason: null });

describe('outside the governed act nothing is lowered, and nothing is recorded', () => {
  const leo = () => by(home.people.leo);
  it.each<[string, (caseId: string) => Promise<{ ok: boolean }>]>([
    [
      '"not a breach"',
      (caseId) =>
        determineCase(home.house, leo(), { caseId, determination: 'not-a-breach', reason: 'no' }),
    ],
    [
      '"excluded"',
      (caseId) =>
        setExposure(home.house, leo(), {
          caseId,
          entries: [{ select: 'customer', key: 'gamma', grade: 'excluded', evidence: 'off' }],
        }),
    ],
    [
      'a later awareness',
      (caseId) =>
        fixAwareness(home.house, leo(), {
          caseId,
          ...{ awareAt: fromMs(Date.now()), zone: 'UTC', offsetMinutes: 0, evidence: 'x' },
        }),
    ],
    [
      '"not notified"',
      async (caseId) =>
        decideObligation(home.house, leo(), {
          obligationId: (await line(caseId, 'ee-aki')).obligationId,
          ...{ owed: false, reason: 'we would rather not' },
        }),
    ],
    ...(
      [
        ['exfiltration', 'ruled_out'],
        ['exfiltration', 'likely'],
        ['confidentiality.state', 'ruled_out'],
        ['confidentiality.state', 'none'],
        ['personalDataInvolved', false],
        ['breachOfSecurity', false],
        ['role', 'processor'],
      ] as const
    ).map(([name, value]): [string, (caseId: string) => Promise<{ ok: boolean }>] => [
      `${name}=${String(value)}`,
      (caseId) => recordFacts(home.house, leo(), { caseId, hits: [], facts: [fact(name, value)] }),
    ]),
  ])('%s', async (name, act) => {
    const facts =
      name.startsWith('confidentiality') || name.startsWith('personal') ? [] : highRiskFacts;
    const caseId = await breach(facts);
    const before = await rowsOf(caseId);
    const answer = await act(caseId);
    expect(answer).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    const { errors } = (answer as unknown as { problem: { errors: { pointer: string }[] } })
      .problem;
    expect(errors.map(({ pointer }) => pointer)).toEqual([
      ...['/evidence', '/coverage', '/opinion', '/confirmation'],
    ]);
    expect(await rowsOf(caseId)).toEqual(before);
  });

  it.each<[string, string]>([
    [
      'not a breach',
      `UPDATE case_file SET determination = 'not-a-breach', determined_at = clock_timestamp() WHERE id = $1`,
    ],
    ['a later awareness', `UPDATE case_file SET aware_at = clock_timestamp() WHERE id = $1`],
    ['excluded', `UPDATE case_exposure SET grade = 'excluded' WHERE case_id = $1`],
    [
      'not notified',
      `UPDATE obligation SET state = 'not-owed' WHERE case_id = $1 AND state = 'owed'`,
    ],
    [
      'a later due',
      `UPDATE obligation SET due_at = due_at + interval '1 hour', due_ring_at = due_ring_at + interval '1 hour' WHERE case_id = $1`,
    ],
    ['a later due', `UPDATE obligation SET due_at = NULL, due_ring_at = NULL WHERE case_id = $1`],
    [
      'exfiltration',
      `INSERT INTO fact VALUES ($1, 99, 'case', 'exfiltration', '"ruled_out"', 'confirmed', 's', now(), now(), 'p')`,
    ],
    [
      'confidentiality.state',
      `INSERT INTO fact VALUES ($1, 99, 'case', 'confidentiality.state', '"likely"', 'confirmed', 's', now(), now(), 'p')`,
    ],
  ])('and the database refuses it as well: %s', async (what, text) => {
    const caseId = await breach();
    const attempt = inTransaction(home.pool, engine, (sql) => sql.run(text, [caseId]));
    await expect(attempt).rejects.toThrow(`${what}: it lowers what is owed`);
  });
});

describe('a lowering', () => {
  it.each<[string, Partial<LoweringGrounds>, string]>([
    ['no reason', { reason: ' ' }, '/reason'],
    ['no evidence', { evidence: '' }, '/evidence'],
    ['no logs', { coverage: { ...grounds().coverage, logs: [] } }, '/coverage/logs'],
    ['nothing said of gaps', { coverage: { ...grounds().coverage, gaps: '' } }, '/coverage/gaps'],
    [
      'logs that end before they begin',
      { coverage: { ...grounds().coverage, untilAt: fromMs(Date.now() - 2 * 86_400_000) } },
      '/coverage/untilAt',
    ],
    [
      'logs of the future',
      { coverage: { ...grounds().coverage, untilAt: plusHours(fromMs(Date.now()), 1) } },
      '/coverage/untilAt',
    ],
  ])('with %s is refused by the missing part', async (_name, changes, pointer) => {
    const { caseId } = await openTestCase(home);
    const before = await rowsOf(caseId);
    const answer = await proposeLowering(home.house, by(home.people.rita), {
      ...{ loweringId: uuidv7(), caseId, act: { kind: 'not-a-breach' } },
      ...{ ...grounds(), ...changes },
    });
    expect(answer).toMatchObject({
      ok: false,
      problem: { type: 'invalid', errors: [{ pointer }] },
    });
    expect(await rowsOf(caseId)).toEqual(before);
  });

  it('lowers nothing before the DPO has advised and a third person confirmed', async () => {
    const caseId = await breach();
    const { loweringId } = await propose(caseId, { kind: 'not-a-breach' }, home.people.leo);
    expect(await confirm(loweringId, home.people.eva)).toMatchObject({
      problem: { type: 'conflict', errors: [{ pointer: '/opinion' }] },
    });
    expect((await advise(loweringId)).ok).toBe(true);
    expect(await confirm(loweringId, home.people.leo)).toMatchObject({
      problem: { type: 'four-eyes' },
    });
    expect(await confirm(loweringId, home.people.dora)).toMatchObject({
      problem: { type: 'forbidden' },
    });
    expect(await confirm(loweringId, home.people.rita)).toMatchObject({
      problem: { type: 'forbidden' },
    });
    expect(await home.house.as(engine, (store) => store.cases.read(caseId))).toMatchObject({
      determination: 'breach',
    });
    expect((await confirm(loweringId, home.people.eva)).ok).toBe(true);
    expect(await home.house.as(engine, (store) => store.cases.read(caseId))).toMatchObject({
      determination: 'not-a-breach',
    });
  });

  it('keeps the result of the rules beside the one that counts, and both stay', async () => {
    const caseId = await breach();
    await lower(home, caseId, { kind: 'facts', facts: [fact('exfiltration', 'not_ruled_out')] });
    const [kept] = await home.house.as(engine, (store) => store.lowerings.ofCase(caseId));
    expect(kept).toMatchObject({
      state: 'confirmed',
      resultBefore: { assessment: { riskLevel: 'high-risk', notifySubjects: 'yes' } },
      resultAfter: { assessment: { riskLevel: 'high-risk' } },
      opinion: { favours: true, byName: 'dora' },
      decision: { byName: 'leo' },
    });
    const facts = await inTransaction(home.pool, engine, (sql) =>
      sql.rows(
        `SELECT value FROM fact WHERE case_id = $1 AND name = 'exfiltration' ORDER BY version`,
        [caseId],
      ),
    );
    expect(facts).toEqual([{ value: 'confirmed' }, { value: 'not_ruled_out' }]);
  });

  it('by which nobody is told pulls the unsent notice, silences its alarms and keeps both reasons', async () => {
    const caseId = await breach();
    const { obligationId } = await line(caseId, 'ee-aki');
    await lower(home, caseId, { kind: 'not-notified', obligationId });
    expect(await line(caseId, 'ee-aki')).toMatchObject({
      state: 'not-owed',
      reason: grounds().reason,
    });
    const left = await inTransaction(home.pool, engine, (sql) =>
      sql.row(
        `SELECT (SELECT count(*) FROM notice WHERE obligation_id = $1 AND state <> 'cancelled') AS notices,
           (SELECT count(*) FROM alarm WHERE subject = 'obligation/' || $1 AND silenced_at IS NULL) AS alarms`,
        [obligationId],
      ),
    );
    expect(left).toEqual({ notices: 0, alarms: 0 });
    await advance(caseId);
    expect((await line(caseId, 'ee-aki')).state).toBe('not-owed');
  });

  it('to a later awareness moves the dues that run from it, and only then', async () => {
    const { caseId } = await openTestCase(home, {
      receivedAt: fromMs(Date.now() - 10 * 3_600_000),
      ...{ hits: [{ kind: 'asset', key: 'portal-db' }], facts: highRiskFacts },
    });
    const reason = 'x';
    await determineCase(home.house, by(home.people.leo), {
      caseId,
      determination: 'breach',
      reason,
    });
    await advance(caseId);
    const awareAt = fromMs(Date.now() - 3_600_000);
    await lower(home, caseId, {
      ...{ kind: 'later-awareness', awareAt, zone: 'Europe/Tallinn', offsetMinutes: 120 },
    });
    expect((await line(caseId, 'ee-aki')).dueAt).toBe(plusHours(awareAt, 72));
    await advance(caseId);
    expect(await home.house.as(engine, (store) => store.tasks.blocking(caseId))).toEqual([]);
  });

  it('declined leaves all as it stands, and cannot be confirmed any more', async () => {
    const caseId = await breach();
    const { loweringId } = await propose(caseId, { kind: 'not-a-breach' });
    const declined = await declineLowering(home.house, by(home.people.leo), {
      ...{ loweringId, reason: 'the logs have a gap of two days' },
    });
    expect(declined.ok).toBe(true);
    await advise(loweringId);
    expect(await confirm(loweringId)).toMatchObject({ problem: { type: 'conflict' } });
  });

  it('is stale when facts have come since it was proposed', async () => {
    const caseId = await breach();
    const { loweringId } = await propose(caseId, { kind: 'not-a-breach' });
    await advise(loweringId);
    const input = { caseId, hits: [], facts: [fact('misuseObserved', true)] };
    await recordFacts(home.house, by(home.people.rita), input);
    expect(await confirm(loweringId)).toMatchObject({ problem: { type: 'stale' } });
  });

  it('opens no door after its own transaction', async () => {
    const caseId = await breach();
    await lower(home, caseId, {
      kind: 'excluded',
      entries: [{ select: 'customer', key: 'gamma' }],
    });
    await setExposure(home.house, by(home.people.leo), {
      caseId,
      entries: [{ select: 'customer', key: 'gamma', grade: 'likely', evidence: 'a second log' }],
    });
    const again = inTransaction(home.pool, engine, (sql) =>
      sql.run(`UPDATE case_exposure SET grade = 'excluded' WHERE case_id = $1`, [caseId]),
    );
    await expect(again).rejects.toThrow('excluded: it lowers what is owed');
  });

  it("is not changed, and not confirmed in another person's name, by anybody at the database", async () => {
    const caseId = await breach();
    const { loweringId } = await propose(caseId, { kind: 'not-a-breach' });
    const attempt = (actor: Person, text: string) =>
      inTransaction(home.pool, actor, (sql) => sql.run(text, [loweringId]));
    await expect(
      attempt(home.people.leo, `UPDATE lowering SET evidence = 'other' WHERE id = $1`),
    ).rejects.toThrow();
    await advise(loweringId);
    const { eva, leo } = home.people;
    const forged = `UPDATE lowering SET state = 'confirmed', decided_by = '${eva.personId}', decided_at = clock_timestamp() WHERE id = $1`;
    await expect(attempt(leo, forged)).rejects.toThrow('in their own name');
  });
});

it('that an authority hears nothing of a breach is confirmed by three before the case closes', async () => {
  const { caseId } = await openTestCase(home, {
    hits: [{ kind: 'asset', key: 'portal-db' }],
    facts: [
      ...highRiskFacts.filter(
        ({ name }) => !/^(confidentiality|exfiltration|recipients|actor|misuse)/.test(name),
      ),
      fact('actor', 'accidental'),
    ],
  });
  await lower(home, caseId, {
    kind: 'facts',
    facts: [fact('confidentiality.state', 'ruled_out'), fact('exfiltration', 'ruled_out')],
  });
  const temporary = [
    fact('availability.state', 'temporary'),
    fact('availability.backup', 'full'),
    { ...fact('availability.state', 'temporary'), name: 'availability.restorationHours', value: 1 },
    fact('availability.effectOnSubjects', 'none'),
  ];
  await recordFacts(home.house, by(home.people.rita), { caseId, hits: [], facts: temporary });
  const reason = 'an outage of an hour';
  await determineCase(home.house, by(home.people.leo), { caseId, determination: 'breach', reason });
  await advance(caseId);
  const { obligationId, state } = await line(caseId, 'ee-aki');
  expect(state).toBe('not-owed');
  const close = () => closeCase(home.house, by(home.people.leo), { caseId, reason: 'done' });
  expect(await close()).toMatchObject({
    problem: { detail: expect.stringContaining('1 authority not notified') as string },
  });
  await lower(home, caseId, { kind: 'not-notified', obligationId });
  expect(await close()).toMatchObject({ ok: true });
});

it('raising is free: one person, no opinion, no evidence of logs', async () => {
  const caseId = await breach([]);
  const raise = await recordFacts(home.house, by(home.people.rita), {
    ...{ caseId, hits: [], facts: [fact('exfiltration', 'confirmed')] },
  });
  expect(raise.ok).toBe(true);
});
