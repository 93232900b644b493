/** Copies in doubt that are sent again: by a person, or by a machine under a clause two people signed. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acceptLate } from '../../src/commands/accept-late.ts';
import {
  proposeResendClause,
  revokeResendClause,
  signResendClause,
} from '../../src/commands/resend-clause.ts';
import { resendDelivery } from '../../src/commands/resend-delivery.ts';
import { resolveDelivery } from '../../src/commands/resolve-delivery.ts';
import type { ClaimedDelivery } from '../../src/domain/notice-ports.ts';
import { engineSteps } from '../../src/processes/engine.ts';
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
    subjects: 2,
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

const inTwoDays = new Date(Date.now() + 172_800_000).toISOString();
let serial = 0;
/** A notice whose copies all broke off at the dot; `kept` when the server has them all the same. */
async function doubtful(
  kind: 'authority' | 'controller' | 'data-subject',
  { kept = false, dueAt = inTwoDays }: { kept?: boolean; dueAt?: string | null } = {},
): Promise<{ noticeId: string; deliveryId: string }> {
  const noticeId = await s.notice(kind, {
    provision: `gdpr/${String(++serial)}`,
    dueAt,
    dueBasis: dueAt === null ? 'none' : 'statute',
  });
  await s.release(noticeId);
  mailbox.script = (moment) =>
    moment.stage === 'dot' ? (kept ? 'keep-and-cut' : 'cut') : 'accept';
  await step(noticeId);
  mailbox.script = () => 'accept';
  const [deliveryId = ''] = await s.house.as(engine, (store) => store.notices.inDoubtIds(noticeId));
  return { noticeId, deliveryId };
}
const step = (noticeId: string) =>
  engineSteps(s.house, { ...freezeDeps, wire }).dispatchNotice(noticeId, () => undefined);
/** As if the dot had been this long ago. */
const dotWas = (noticeId: string, minutes: number) =>
  s.sql((sql) =>
    sql.run(
      'UPDATE delivery SET at_dot_at = clock_timestamp() - make_interval(mins => $2) WHERE notice_id = $1',
      [noticeId, minutes],
    ),
  );
const resend = (deliveryId: string, by = s.people.legal) =>
  resendDelivery(s.house, freezeDeps, s.request(by), { deliveryId, reason: 'they have nothing' });
const copiesOf = (noticeId: string) =>
  mailbox.received.filter((mail) => mail.noticeId === noticeId);
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
const rowsOf = (noticeId: string) =>
  s.sql((sql) =>
    sql.rows<{ state: string; resend_no: number; message_id: string }>(
      'SELECT state, resend_no, message_id FROM delivery WHERE notice_id = $1 ORDER BY resend_no, recipient_key',
      [noticeId],
    ),
  );
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('latin1').replaceAll('=\r\n', '');

/** A clause in force, and the way to end it. */
async function clauseInForce(): Promise<() => Promise<void>> {
  const proposed = await proposeResendClause(s.house, s.request(s.people.legal), {
    reason: 'a missing notice is worse',
  });
  if (!proposed.ok) throw new Error(proposed.problem.detail);
  const { clauseId } = proposed.value;
  const signed = await signResendClause(s.house, s.request(s.people.executive), clauseId);
  expect(signed).toMatchObject({ ok: true, value: { stands: true } });
  return async () => {
    const input = { clauseId, reason: 'no longer' };
    await revokeResendClause(s.house, s.request(s.people.second), input);
  };
}

describe('a person who sends a copy again', () => {
  it.each(['authority', 'controller', 'data-subject'] as const)(
    'has one marked copy sent to the %s, under the same release, and the obligation is discharged',
    async (kind) => {
      const { noticeId, deliveryId } = await doubtful(kind);
      if (kind === 'data-subject') {
        const all = await s.house.as(engine, (store) => store.notices.inDoubtIds(noticeId));
        for (const other of all.slice(1)) {
          const input = { deliveryId: other, how: 'sent', reason: 'seen' } as const;
          await resolveDelivery(s.house, s.request(s.people.legal), input);
        }
      }
      await dotWas(noticeId, 16);
      const [first] = await rowsOf(noticeId);
      expect(await resend(deliveryId)).toMatchObject({ ok: true });
      expect(await openTasks(`delivery/${deliveryId}`)).toEqual([]);
      expect(await step(noticeId)).toMatchObject({ step: 'end' });
      const [copy, ...more] = copiesOf(noticeId);
      expect(more).toEqual([]);
      const text = textOf(copy?.bytes ?? new Uint8Array());
      expect(text).toContain('Subject: EXERCISE - Possible duplicate - ');
      expect(text).toContain(`POSSIBLE DUPLICATE of our message ${first?.message_id ?? '?'}`);
      expect(text).toContain(`References: <${first?.message_id ?? '?'}>`);
      expect(text).not.toContain(`Message-ID: <${first?.message_id ?? '?'}>`);
      expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
      expect((await noticeOf(noticeId))?.state).toBe('dispatched');
    },
  );

  it('in German carries a German mark', () => {
    const mark = freezeDeps.wording.render('resend/possible-duplicate', 'de', {
      ...{ exercise: false, subject: 'Betreff', messageId: 'a@b.example', reference: 'D-1' },
    });
    expect(mark).toMatchObject({ language: 'de', subject: 'Mögliches Duplikat - Betreff' });
    expect(mark.text).toContain('MÖGLICHES DUPLIKAT unserer Nachricht a@b.example, Zeichen D-1.');
  });

  it('is refused within 15 minutes of the dot, twice over, and without the right', async () => {
    const { noticeId, deliveryId } = await doubtful('authority');
    await dotWas(noticeId, 14);
    expect(await resend(deliveryId)).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    await dotWas(noticeId, 16);
    const responder = await resend(deliveryId, s.people.responder);
    expect(responder).toMatchObject({ ok: false, problem: { type: 'forbidden' } });
    expect(await resend(deliveryId)).toMatchObject({ ok: true });
    expect(await resend(deliveryId)).toMatchObject({ ok: false, problem: { type: 'not-found' } });
    await step(noticeId);
    expect(copiesOf(noticeId)).toHaveLength(1);
  });

  it('after giving the first one up opens the notice again', async () => {
    const { noticeId, deliveryId } = await doubtful('controller');
    const input = { deliveryId, how: 'abandoned', reason: 'not in the log' } as const;
    await resolveDelivery(s.house, s.request(s.people.legal), input);
    await step(noticeId);
    expect(await openTasks(`notice/${noticeId}`)).toContain('unproven');
    await dotWas(noticeId, 16);
    expect(await resend(deliveryId)).toMatchObject({ ok: true });
    expect((await noticeOf(noticeId))?.state).toBe('released');
    await step(noticeId);
    expect(copiesOf(noticeId)).toHaveLength(1);
    expect(await openTasks(`notice/${noticeId}`)).toEqual([]);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
  });
});

describe('the first attempt', () => {
  const late = async (deliveryId: string): Promise<boolean> => {
    const row = await s.sql((sql) =>
      sql.row<Pick<ClaimedDelivery, 'deliveryId' | 'attemptId'>>(
        'SELECT id AS "deliveryId", attempt_id AS "attemptId" FROM delivery WHERE id = $1',
        [deliveryId],
      ),
    );
    if (row === undefined) throw new Error('no row');
    return s.house.as(engine, (store) => acceptLate(store, row, '250 kept'));
  };

  it('that is accepted after all before the further copy left pulls that copy', async () => {
    const { noticeId, deliveryId } = await doubtful('authority', { kept: true });
    await dotWas(noticeId, 16);
    await resend(deliveryId);
    expect(await late(deliveryId)).toBe(true);
    await step(noticeId);
    expect((await rowsOf(noticeId)).map(({ state }) => state)).toEqual(['sent', 'cancelled']);
    expect(copiesOf(noticeId)).toHaveLength(1);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
  });

  it('that is accepted after all when the further copy was refused settles the obligation', async () => {
    const { noticeId, deliveryId } = await doubtful('authority', { kept: true });
    await dotWas(noticeId, 16);
    await resend(deliveryId);
    mailbox.script = (moment) => (moment.stage === 'rcpt' ? { code: 550, text: 'no' } : 'accept');
    await step(noticeId);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'owed' });
    expect(await late(deliveryId)).toBe(true);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
  });
});

describe('a standing clause', () => {
  it('needs two people, and neither the DPO nor a responder signs', async () => {
    const proposed = await proposeResendClause(s.house, s.request(s.people.legal), { reason: 'r' });
    if (!proposed.ok) throw new Error(proposed.problem.detail);
    const { clauseId } = proposed.value;
    const sign = (by: keyof Seed['people']) =>
      signResendClause(s.house, s.request(s.people[by]), clauseId);
    expect(await sign('legal')).toMatchObject({ ok: false, problem: { type: 'four-eyes' } });
    expect(await sign('dpo')).toMatchObject({ ok: false, problem: { type: 'forbidden' } });
    expect(await sign('responder')).toMatchObject({ ok: false, problem: { type: 'forbidden' } });
    const { noticeId } = await doubtful('authority', { kept: true });
    await dotWas(noticeId, 16);
    expect(await step(noticeId)).toEqual({ step: 'dispatch', nextAttemptAtMs: null });
    expect(copiesOf(noticeId)).toHaveLength(1);
    const input = { clauseId, reason: 'a test' };
    await revokeResendClause(s.house, s.request(s.people.legal), input);
    expect(await sign('executive')).toMatchObject({ ok: false, problem: { type: 'conflict' } });
  });

  it('lets the machine send once more to an authority, at the 15th minute and not before', async () => {
    const end = await clauseInForce();
    const { noticeId, deliveryId } = await doubtful('authority');
    const early = await step(noticeId);
    expect(early.step).toBe('dispatch');
    expect((early.nextAttemptAtMs ?? 0) - Date.now()).toBeGreaterThan(13 * 60_000);
    expect(copiesOf(noticeId)).toHaveLength(0);
    await dotWas(noticeId, 16);
    expect(await step(noticeId)).toEqual({ step: 'end', nextAttemptAtMs: null });
    expect(copiesOf(noticeId)).toHaveLength(1);
    expect(await openTasks(`delivery/${deliveryId}`)).toEqual([]);
    expect(await obligationOf(noticeId)).toMatchObject({ state: 'discharged' });
    const leave = await s.sql((sql) =>
      sql.row<{ basis: string; signers: string[] }>(
        'SELECT basis, signers::text[] AS signers FROM resend WHERE original_id = $1',
        [deliveryId],
      ),
    );
    const { legal, executive } = s.people;
    expect(leave).toEqual({
      basis: 'standing-clause',
      signers: [legal.personId, executive.personId],
    });
    await end();
  });

  it('lets it send one copy only: a second doubt is for people', async () => {
    const end = await clauseInForce();
    const { noticeId } = await doubtful('authority');
    await dotWas(noticeId, 16);
    mailbox.script = (moment) => (moment.stage === 'dot' ? 'cut' : 'accept');
    expect(await step(noticeId)).toEqual({ step: 'dispatch', nextAttemptAtMs: null });
    await dotWas(noticeId, 16);
    mailbox.script = () => 'accept';
    expect(await step(noticeId)).toEqual({ step: 'dispatch', nextAttemptAtMs: null });
    const [deliveryId = ''] = await s.house.as(engine, (store) =>
      store.notices.inDoubtIds(noticeId),
    );
    expect(await openTasks(`delivery/${deliveryId}`)).toEqual(['in-doubt']);
    await end();
  });

  it.each([
    ['a customer', 'controller', inTwoDays],
    ['people', 'data-subject', inTwoDays],
    ['an authority after the due', 'authority', '2020-01-01T00:00:00.000Z'],
    ['an authority without a due', 'authority', null],
  ] as const)('does not let it send to %s', async (_who, kind, dueAt) => {
    const end = await clauseInForce();
    const { noticeId } = await doubtful(kind, { dueAt });
    await dotWas(noticeId, 16);
    expect(await step(noticeId)).toEqual({ step: 'dispatch', nextAttemptAtMs: null });
    expect(copiesOf(noticeId)).toHaveLength(0);
    await end();
  });

  it('counts no longer when it is revoked or a signer may no longer sign', async () => {
    const end = await clauseInForce();
    const { noticeId } = await doubtful('authority');
    await dotWas(noticeId, 16);
    const roles = (list: string) =>
      s.sql((sql) =>
        sql.run('UPDATE person SET roles = $2 WHERE id = $1', [s.people.executive.personId, list]),
      );
    await roles('{auditor}');
    expect(await step(noticeId)).toEqual({ step: 'dispatch', nextAttemptAtMs: null });
    await roles('{executive}');
    await end();
    expect(await step(noticeId)).toEqual({ step: 'dispatch', nextAttemptAtMs: null });
    expect(copiesOf(noticeId)).toHaveLength(0);
  });
});

describe('the database', () => {
  it('refuses a further copy without its leave, and one nobody may give leave for', async () => {
    const { noticeId, deliveryId } = await doubtful('data-subject');
    await dotWas(noticeId, 16);
    const bare = s.sql((sql) =>
      sql.run(
        `INSERT INTO delivery (notice_id, version_id, case_id, mode, transport, recipient_key, address, language, merge,
           message_id, mime_sha256, mime_bytes, resend_no, state, release_id)
         SELECT notice_id, version_id, case_id, mode, transport, recipient_key, address, language, merge, 'x@y', mime_sha256,
           mime_bytes, 1, 'pending', release_id FROM delivery WHERE id = $1`,
        [deliveryId],
      ),
    );
    await expect(bare).rejects.toThrow('a further copy needs its resend');
    const end = await clauseInForce();
    const clause = await s.house.as(engine, (store) => store.resends.clauses());
    const byMachine = s.house.as(engine, async (store) => {
      const original = await store.resends.lockCopy(deliveryId);
      if (original === null) throw new Error('no copy');
      await store.resends.add({
        ...{ deliveryId: crypto.randomUUID(), original, reason: 'r', segments: [] },
        leave: {
          basis: 'standing-clause',
          clauseId: clause[0]?.clauseId ?? '',
          signers: [s.people.legal.personId, s.people.executive.personId],
        },
        ...{ messageId: 'x@y', mimeSha256: Buffer.alloc(32), mimeBytes: 1 },
      });
    });
    await expect(byMachine).rejects.toThrow('no standing clause allows it');
    await end();
  });
});
