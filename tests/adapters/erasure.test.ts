/** I10: what names people can be erased at the end of retention, and what was proven stays provable. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyRegister } from '../../src/adapters/postgres/register-verify.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { draftStep, scopeStep } from '../../src/commands/advance-case.ts';
import { closeCase } from '../../src/commands/determine-case.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { foldDeliveryEvents } from '../../src/commands/fold-deliveries.ts';
import { reopenCase } from '../../src/commands/reopen-case.ts';
import { by } from '../support/house.ts';
import { lower } from '../support/lowering.ts';
import { api } from '../web/ask.ts';
import { casePendingApproval, testEdge, type Edge, type Login } from '../web/edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await testEdge();
});
afterAll(() => edge.close());

const machine = { kind: 'machine', name: 'engine' } as const;
const run = (text: string, values: readonly unknown[] = []): Promise<number> =>
  inTransaction(edge.home.pool, machine, (sql) => sql.run(text, values));
const rows = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  inTransaction(edge.home.pool, machine, (sql) => sql.rows<Row>(text, values));

/** A case whose notices were frozen and pulled, closed; `years` ago. */
async function closedCase(years: number): Promise<{ caseId: string; reference: string }> {
  const { house, people } = edge.home;
  const opened = await casePendingApproval(edge);
  const { caseId } = opened;
  await run(
    "UPDATE delivery SET state = 'cancelled', reply = 'gone: ann@people.example' WHERE case_id = $1",
    [caseId],
  );
  await foldDeliveryEvents(house, caseId);
  const reason = 'a test of ours, told by Ann Example';
  await lower(edge.home, caseId, { kind: 'not-a-breach' });
  for (const step of [scopeStep, determineStep, draftStep]) await step(house, caseId);
  await run("UPDATE task SET state = 'done', done_at = now() WHERE case_id = $1", [caseId]);
  await run("UPDATE obligation SET state = 'not-owed' WHERE case_id = $1 AND state = 'to-decide'", [
    caseId,
  ]);
  const closed = await closeCase(house, by(people.leo), { caseId, reason });
  if (!closed.ok) throw new Error(closed.problem.detail);
  await run(
    'UPDATE case_file SET closed_at = closed_at - make_interval(years => $2) WHERE id = $1',
    [caseId, years],
  );
  return opened;
}

const erase = (as: Login, named: string) =>
  api(edge, 'POST', `/cases/${named}/persons/erasure`, {
    as,
    body: { reason: 'retention is over' },
  });

interface Frozen {
  readonly mime: string;
  readonly state: string;
  readonly messageId: string;
}
const frozen = (caseId: string): Promise<Frozen[]> =>
  rows(
    `SELECT encode(mime_sha256, 'hex') AS mime, state, message_id AS "messageId" FROM delivery
     WHERE case_id = $1 ORDER BY id`,
    [caseId],
  );

describe('erasing what names people', () => {
  it('is refused before retention is over, while the case is open, and without the right', async () => {
    const young = await closedCase(1);
    expect((await erase('leo', young.reference)).status).toBe(409);
    const old = await closedCase(4);
    for (const login of ['rita', 'dora', 'aud', 'adam'] as const) {
      expect((await erase(login, old.reference)).status).toBe(403);
    }
    await reopenCase(edge.home.house, by(edge.home.people.leo), {
      caseId: old.caseId,
      reason: 'x',
    });
    expect((await erase('leo', old.reference)).status).toBe(409);
    const left = await rows('SELECT 1 FROM delivery WHERE case_id = $1 AND erased_at IS NULL', [
      old.caseId,
    ]);
    expect(left.length).toBeGreaterThan(0);
  });

  it('leaves no address, no name and no reply, but every digest, and a register that verifies', async () => {
    const { caseId, reference } = await closedCase(4);
    const before = await frozen(caseId);
    const answer = await erase('leo', reference);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ deliveries: before.length });
    expect(await frozen(caseId)).toEqual(before);
    const [named] = await rows<{ n: number }>(
      `SELECT (SELECT count(*) FROM delivery WHERE case_id = $1
           AND (address <> 'erased@erased.invalid' OR merge <> '{}' OR reply IS NOT NULL))
         + (SELECT count(*) FROM delivery_event WHERE case_id = $1 AND reply IS NOT NULL)
         + (SELECT count(*) FROM case_exposure WHERE case_id = $1 AND contact IS NOT NULL)
         + (SELECT count(*) FROM case_subject WHERE case_id = $1)
         + (SELECT count(*) FROM register_opening WHERE stream = 'case/' || $1) AS n`,
      [caseId],
    );
    expect(named).toEqual({ n: 0 });
    const replies = await rows<{ same: boolean }>(
      `SELECT DISTINCT reply_sha256 = sha256('gone: ann@people.example') AS same FROM delivery_event
       WHERE case_id = $1 AND reply_sha256 IS NOT NULL`,
      [caseId],
    );
    expect(replies).toEqual([{ same: true }]);
    const verified = await inTransaction(edge.home.pool, machine, verifyRegister);
    expect(verified.faults).toEqual([]);
    const entered = await rows<{ type: string }>(
      "SELECT type FROM register_entry WHERE stream = 'case/' || $1 ORDER BY stream_seq DESC LIMIT 2",
      [caseId],
    );
    expect(entered.map(({ type }) => type)).toEqual([
      'case-persons.erased',
      'personal-data.erased',
    ]);
  });
});

describe('the database', () => {
  it.each<[string, string]>([
    ['another address', "address = 'x@y.example', merge = '{}', reply = NULL, erased_at = now()"],
    ['a kept merge value', "address = 'erased@erased.invalid', reply = NULL, erased_at = now()"],
    [
      'another state with it',
      "address = 'erased@erased.invalid', merge = '{}', reply = NULL, erased_at = now(), state = 'sent'",
    ],
    ['an address changed without erasing', "address = 'erased@erased.invalid'"],
  ])('refuses %s', async (_name, change) => {
    const { caseId } = await closedCase(0);
    await expect(run(`UPDATE delivery SET ${change} WHERE case_id = $1`, [caseId])).rejects.toThrow(
      /delivery/,
    );
  });

  it('refuses to erase in an open case, twice, or the reply of a delivery that was not erased', async () => {
    const open = await casePendingApproval(edge);
    const erasing =
      "address = 'erased@erased.invalid', merge = '{}', reply = NULL, erased_at = now()";
    const update = `UPDATE delivery SET ${erasing} WHERE case_id = $1`;
    await expect(run(update, [open.caseId])).rejects.toThrow('closed case');
    const { caseId } = await closedCase(0);
    const forget =
      "UPDATE delivery_event SET reply_sha256 = sha256(convert_to(reply, 'UTF8')), reply = NULL WHERE case_id = $1 AND reply IS NOT NULL";
    await expect(run(forget, [caseId])).rejects.toThrow('append-only');
    expect(await run(update, [caseId])).toBeGreaterThan(0);
    await expect(run(update, [caseId])).rejects.toThrow('once');
  });
});
