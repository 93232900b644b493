/** Notices in PostgreSQL: what a person approved is what can leave, and the database itself refuses the rest. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { cancelNotice } from '../../src/commands/cancel-notice.ts';
import { freezeNotice } from '../../src/commands/freeze-notice.ts';
import { giveOpinion } from '../../src/commands/give-opinion.ts';
import { recordReceipt } from '../../src/commands/record-receipt.ts';
import { returnNotice } from '../../src/commands/return-notice.ts';
import { reviseNotice } from '../../src/commands/revise-notice.ts';
import type { Answer } from '../../src/commands/command.ts';
import type { Outcome } from '../../src/domain/problem.ts';
import { engine, freezeDeps, seed, type Seed } from '../faults/dispatch-seed.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
let s: Seed;
beforeAll(async () => {
  db = await testDatabase();
  s = await seed(db, {
    subjects: 150,
    customers: [
      { visibility: 'V0', grade: 'confirmed' },
      { visibility: 'V4', grade: 'confirmed' },
      { visibility: 'V4', grade: 'not-excluded' },
      { visibility: 'V1', grade: 'likely' },
    ],
    facts: {
      'confidentiality.state': 'confirmed',
      actor: 'malicious_external',
      'data.categories': ['name', 'contact', 'ip_address'],
      'subjects.count': 1200,
      'mitigation.measures': ['Access was closed'],
    },
  });
});
afterAll(() => db.close());

function value<T>(outcome: Outcome<T> | Answer<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.problem.type}: ${outcome.problem.detail}`);
  return outcome.value;
}
const problem = (outcome: Outcome<unknown>): string => (outcome.ok ? 'done' : outcome.problem.type);
const frozen = async (noticeId: string) => value(await freezeNotice(s.house, freezeDeps, noticeId));
const textOf = async (noticeId: string): Promise<string> => {
  const view = await s.house.as(engine, (store) => store.views.notice(noticeId));
  return view?.variants.map(({ subject, text }) => `${subject}\n${text}`).join('\n') ?? '';
};
const customer = (number: number) => ({
  recipientKey: `C-${String(number)}`,
  engagementKeys: [`E-${String(number)}`],
});
const approve = (
  by: keyof Seed['people'],
  notices: { noticeId: string; digest: string }[],
  recipientCount: number | null = null,
) => approveNotices(s.house, s.request(s.people[by]), { notices, recipientCount });

describe('a notice to a controller', () => {
  it('states at V0 no data, no numbers and no consequences, and asks for them', async () => {
    const noticeId = await s.notice('controller', customer(1));
    await frozen(noticeId);
    const text = await textOf(noticeId);
    expect(text).toContain('Categories of data and of people: not visible to us; please assess');
    expect(text).not.toMatch(/1 200|contact details|Likely consequences, as input/);
    expect(text).toContain('Access was closed');
  });

  it('states at V4 what is known, consequences marked as input only', async () => {
    const noticeId = await s.notice('controller', customer(2));
    await frozen(noticeId);
    const text = await textOf(noticeId);
    expect(text).toMatch(
      /names, contact details[\s\S]*1 200[\s\S]*as input to your own assessment only/,
    );
    expect(text).not.toContain('not visible to us');
  });

  it('that is not excluded never carries the confirmed text', async () => {
    const noticeId = await s.notice('controller', customer(3));
    await frozen(noticeId);
    const text = await textOf(noticeId);
    expect(text).toContain('we cannot yet exclude your data');
    expect(text).not.toMatch(/personal data breach|attacker|1 200|names,/i);
  });

  it('at V1 names metadata, never people', async () => {
    const noticeId = await s.notice('controller', customer(4));
    await frozen(noticeId);
    const text = await textOf(noticeId);
    expect(text).toContain('Categories of personal data: IP addresses');
    expect(text).not.toMatch(/contact details|1 200/);
  });

  it('never says whether the controller has to notify, nor anything of another customer', async () => {
    for (const number of [1, 2, 3, 4]) {
      const rows = await s.sql((sql) =>
        sql.rows<{ text: string }>(
          `SELECT w.text_body AS text FROM notice n JOIN obligation o ON o.id = n.obligation_id
           JOIN notice_version v ON v.notice_id = n.id JOIN notice_variant w ON w.version_id = v.id WHERE o.recipient_key = $1`,
          [`C-${String(number)}`],
        ),
      );
      expect(rows).toHaveLength(1);
      const text = rows[0]?.text ?? '';
      expect(text).toContain(`Customer Zeta ${String(number)} BV`);
      const others = [1, 2, 3, 4].filter((other) => other !== number).map(String);
      for (const other of others)
        expect(text).not.toMatch(new RegExp(`Zeta ${other}|SVC-000${other}|c${other}\\.example`));
      expect(text).not.toMatch(
        /must notify|have to notify|need not notify|required to notify|72 hours/i,
      );
    }
  });

  it('is not drafted when a person adds another customer to it', async () => {
    const noticeId = await s.notice('controller', { ...customer(1), provision: 'gdpr/again' });
    const { digest } = await frozen(noticeId);
    const change = { noticeId, digest, subject: null, addition: 'Customer Zeta 2 BV has it too.' };
    const answer = await reviseNotice(s.house, freezeDeps, s.request(s.people.legal), change);
    expect(problem(answer)).toBe('conflict');
    expect(await textOf(noticeId)).not.toContain('Zeta 2');
  });
});

describe('texts of other customers', () => {
  const inWords = (words: string) =>
    s.house.as(engine, ({ cases }) => cases.foreignTexts(s.caseId, 'C-1', words));

  it.each([
    ['a name', 'As at Customer Zeta 2 BV, nothing was lost.', ['Customer Zeta 2 BV']],
    ['an address', '(breach@c3.example) knows', ['breach@c3.example']],
    ['a reference at the end', 'see SVC-0004', ['SVC-0004']],
    ['two of them', 'Contact 2, Contact 4', ['Contact 2', 'Contact 4']],
    ['the own ones', 'Customer Zeta 1 BV, Contact 1, breach@c1.example, SVC-0001', []],
    ['a word that only holds one', 'xSVC-0004', []],
    ['nothing of them', 'Access was closed. 2 of 4 servers.', []],
  ])('are found: %s', async (_what, words, found) => {
    expect((await inWords(words)).toSorted()).toEqual(found);
  });

  it('are read anew once the case was scoped again', async () => {
    const words = 'Late Harbour Ltd';
    expect(await inWords(words)).toEqual([]);
    await s.sql((sql) =>
      sql.run(
        `INSERT INTO case_exposure (case_id, kind, key, affiliate_key, role, customer_key, product_key, visibility,
           service_reference, asset_keys, contact, grade, evidence, decided_by, catalogue_version)
         SELECT case_id, kind, 'E-late', affiliate_key, role, 'C-late', product_key, visibility, 'Late Harbour Ltd',
           asset_keys, NULL, 'likely', evidence, decided_by, catalogue_version
         FROM case_exposure WHERE case_id = $1 AND key = 'E-1'`,
        [s.caseId],
      ),
    );
    const scoped = (by: number) =>
      s.sql((sql) =>
        sql.run('UPDATE case_file SET scoped_revision = scoped_revision + $2 WHERE id = $1', [
          ...[s.caseId, by],
        ]),
      );
    await scoped(1);
    expect(await inWords(words)).toEqual([words]);
    await scoped(-1);
  });
});

describe('an approval', () => {
  it('by the author alone is refused, by somebody else releases', async () => {
    const noticeId = await s.notice('authority');
    const first = await frozen(noticeId);
    const change = { noticeId, digest: first.digest, subject: null, addition: 'One thing more.' };
    const revised = value(
      await reviseNotice(s.house, freezeDeps, s.request(s.people.legal), change),
    );
    expect(problem(await approve('legal', [{ noticeId, digest: revised.digest }]))).toBe(
      'four-eyes',
    );
    expect(value(await approve('second', [{ noticeId, digest: revised.digest }])).released).toBe(1);
    expect(await textOf(noticeId)).toContain('One thing more.');
  });

  it('is void after an edit, and the old digest is refused as stale', async () => {
    const noticeId = await s.notice('data-subject');
    const first = await frozen(noticeId);
    const half = value(await approve('legal', [{ noticeId, digest: first.digest }]));
    expect(half).toMatchObject({
      released: 0,
      results: [{ state: 'in-review', approvals: { counted: 1, needed: 2 } }],
    });
    const change = { noticeId, digest: first.digest, subject: 'Important news', addition: null };
    const revised = value(
      await reviseNotice(s.house, freezeDeps, s.request(s.people.second), change),
    );
    expect(problem(await approve('executive', [{ noticeId, digest: first.digest }]))).toBe('stale');
    const again = value(await approve('executive', [{ noticeId, digest: revised.digest }]));
    expect(again.results[0]?.approvals).toEqual({ counted: 1, needed: 2 });
    const twice = value(await approve('executive', [{ noticeId, digest: revised.digest }]));
    expect(twice.results[0]?.approvals).toEqual({ counted: 1, needed: 2 });
    expect(problem(await approve('legal', [{ noticeId, digest: revised.digest }], 149))).toBe(
      'conflict',
    );
    expect(
      value(await approve('legal', [{ noticeId, digest: revised.digest }], 150)).released,
    ).toBe(1);
    expect(await s.counts(noticeId)).toMatchObject({ pending: 150, prepared: 0 });
    expect(await textOf(noticeId)).toContain('EXERCISE - Important news');
  });

  it('over a set is all or nothing', async () => {
    const ids = await Promise.all(
      [1, 2, 4].map((number) =>
        s.notice('controller', { ...customer(number), provision: 'gdpr/set' }),
      ),
    );
    const members = await Promise.all(ids.map(frozen));
    const notices = members.map(({ noticeId, digest }) => ({ noticeId, digest }));
    const broken = notices.map((member, index) =>
      index === 1 ? { ...member, digest: 'f'.repeat(64) } : member,
    );
    expect(problem(await approve('legal', broken))).toBe('stale');
    expect(
      await s.sql((sql) =>
        sql.row(
          'SELECT 1 FROM approval a JOIN notice_version v ON v.id = a.version_id WHERE v.notice_id = ANY ($1)',
          [ids],
        ),
      ),
    ).toBeUndefined();
    const set = value(await approve('legal', notices));
    expect(set).toMatchObject({ approved: 3, released: 3 });
    expect(set.setRoot).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['responder', 'dpo'] as const)('is not for a %s', async (role) => {
    const noticeId = await s.notice('authority', { recipientKey: `x-${role}` });
    const { digest } = await frozen(noticeId);
    expect(problem(await approve(role, [{ noticeId, digest }]))).toBe('forbidden');
  });

  it('is refused while the obligation is to be decided', async () => {
    const noticeId = await s.notice('authority', { recipientKey: 'undecided' });
    const { digest } = await frozen(noticeId);
    await s.sql((sql) =>
      sql.run(`UPDATE obligation SET state = 'to-decide' WHERE recipient_key = 'undecided'`),
    );
    expect(problem(await approve('legal', [{ noticeId, digest }]))).toBe('conflict');
  });
});

describe('sending back and cancelling', () => {
  it('takes a released notice back as long as nothing has left: the veto of the DPO', async () => {
    const noticeId = await s.notice('authority', { recipientKey: 'vetoed' });
    await s.release(noticeId);
    const answer = await returnNotice(s.house, s.request(s.people.dpo), {
      noticeId,
      reason: 'not yet',
    });
    expect(value(answer).state).toBe('returned');
    expect(await s.counts(noticeId)).toMatchObject({ cancelled: 1, pending: 0 });
    expect(
      value(await giveOpinion(s.house, s.request(s.people.dpo), { noticeId, text: 'wait' }))
        .version,
    ).toBe(1);
  });

  it('cancels every row of a released notice', async () => {
    const noticeId = await s.notice('authority', { recipientKey: 'pulled' });
    await s.release(noticeId);
    expect(
      value(await cancelNotice(s.house, s.request(s.people.legal), { noticeId, reason: 'wrong' })),
    ).toEqual({ state: 'cancelled', cancelled: 1 });
  });
});

describe('a portal filing', () => {
  it('waits for a person, and the receipt settles the obligation at its own instant', async () => {
    const authority = {
      authorityId: 'p',
      name: 'Portal authority',
      role: 'competent',
      channel: 'portal',
      email: null,
      url: null,
      languages: ['nl'],
      zone: 'UTC',
      verification: 'to-verify',
      why: 'x',
    } as const;
    const dueAt = '2020-01-01T00:00:00.000Z';
    const noticeId = await s.notice('authority', {
      recipientKey: 'p',
      authority,
      dueAt,
      dueBasis: 'statute',
    });
    const { digest, recipientCount } = await frozen(noticeId);
    expect(recipientCount).toBe(1);
    expect(
      problem(
        await recordReceipt(s.house, s.request(s.people.legal), {
          noticeId,
          kind: 'reference',
          evidence: 'R-1',
          receivedAt: null,
        }),
      ),
    ).toBe('conflict');
    value(await approve('legal', [{ noticeId, digest }]));
    const future = {
      noticeId,
      kind: 'reference',
      evidence: 'R-1',
      receivedAt: '2999-01-01T00:00:00.000Z',
    } as const;
    expect(problem(await recordReceipt(s.house, s.request(s.people.legal), future))).toBe(
      'invalid',
    );
    const receivedAt = new Date(Date.now() - 1_000).toISOString();
    value(await recordReceipt(s.house, s.request(s.people.legal), { ...future, receivedAt }));
    const obligations = await s.house.as(engine, (store) => store.obligations.ofCase(s.caseId));
    expect(obligations.find((row) => row.recipientKey === 'p')).toMatchObject({
      state: 'discharged',
      dispatchedAt: receivedAt,
      receiptAt: receivedAt,
      late: true,
    });
    expect(await textOf(noticeId)).toContain('More than 72 hours have passed');
  });
});

describe('the database itself refuses', () => {
  const refused = (text: string, values: unknown[] = []) =>
    expect(s.sql((sql) => sql.run(text, values))).rejects;
  let noticeId: string;
  beforeAll(async () => {
    noticeId = await s.notice('authority', { recipientKey: 'constraints' });
    await frozen(noticeId);
  });

  it('a release without enough approvers', async () => {
    await refused(
      `INSERT INTO release (version_id, case_id, digest, basis, approvals_needed)
       SELECT id, case_id, digest, 'approvals', 1 FROM notice_version WHERE notice_id = $1`,
      [noticeId],
    ).toThrow('not enough distinct approvers');
  });

  it('a release whose only approval is the author’s', async () => {
    const own = await s.notice('authority', { recipientKey: 'own' });
    const { digest } = await frozen(own);
    const input = { noticeId: own, digest, subject: null, addition: 'x' };
    value(await reviseNotice(s.house, freezeDeps, s.request(s.people.legal), input));
    await s.sql((sql) =>
      sql.run(
        `INSERT INTO approval (version_id, case_id, digest, person_id) SELECT id, case_id, digest, $2 FROM notice_version
       WHERE notice_id = $1 AND superseded_at IS NULL`,
        [own, s.people.legal.personId],
      ),
    );
    await refused(
      `INSERT INTO release (version_id, case_id, digest, basis, approvals_needed)
       SELECT id, case_id, digest, 'approvals', 1 FROM notice_version WHERE notice_id = $1 AND superseded_at IS NULL`,
      [own],
    ).toThrow('not enough distinct approvers');
  });

  it.each([
    ['emergency', 'no valid emergency approval'],
    ['standing-authorisation', 'does not allow it'],
  ])('a release on the basis %s that does not exist', async (basis, says) => {
    await refused(
      `INSERT INTO release (version_id, case_id, digest, basis, approvals_needed)
       SELECT id, case_id, digest, $2, 1 FROM notice_version WHERE notice_id = $1`,
      [noticeId, basis],
    ).toThrow(says);
  });

  it('a delivery without a release', async () => {
    await refused(`UPDATE delivery SET state = 'pending' WHERE notice_id = $1`, [noticeId]).toThrow(
      'violates check',
    );
  });

  it.each([
    "address = 'evil@x.example'",
    "mime_sha256 = sha256('x')",
    "merge = '{}'::jsonb || '{\"a\":1}'",
    "transport = 'relay'",
    "mode = 'real'",
    "language = 'xx'",
    'id = uuidv7()',
    'notice_id = uuidv7()',
    'version_id = uuidv7()',
    'case_id = uuidv7()',
    "recipient_key = recipient_key || 'x'",
    "message_id = message_id || 'x'",
    'mime_bytes = mime_bytes + 1',
    'resend_no = resend_no + 1',
    "state = 'cancelled', address = 'evil@x.example'",
  ])('a change of a frozen row: %s', async (change) => {
    await refused(`UPDATE delivery SET ${change} WHERE notice_id = $1`, [noticeId]).toThrow(
      'what was frozen cannot change',
    );
  });

  it.each([
    "notice_version SET content = '{}'",
    "notice_variant SET text_body = 'x'",
    "approval SET set_root = 'x'",
    "delivery_event SET reply = 'x'",
  ])('a change of %s', async (change) => {
    await refused(`UPDATE ${change}`).toThrow(/frozen|append-only|permission denied/);
  });

  it('a way back from doubt or from an end', async () => {
    const ended = await s.notice('authority', { recipientKey: 'ended' });
    await s.release(ended);
    await s.sql((sql) =>
      sql.run(`UPDATE delivery SET state = 'cancelled' WHERE notice_id = $1`, [ended]),
    );
    await refused(`UPDATE delivery SET state = 'pending' WHERE notice_id = $1`, [ended]).toThrow(
      'cannot become',
    );
  });

  it('mail of a drill on the relay', async () => {
    await refused(
      `INSERT INTO delivery (notice_id, version_id, case_id, mode, transport, recipient_key, address, language, merge, message_id, mime_sha256, mime_bytes)
       SELECT notice_id, version_id, case_id, mode, 'relay', 'x', address, language, merge, 'x@y', mime_sha256, mime_bytes FROM delivery WHERE notice_id = $1`,
      [noticeId],
    ).toThrow('violates check');
  });
});

describe('freezing', () => {
  it('gives every person a copy of their own, each with its digest, and repeats without a second version', async () => {
    const noticeId = await s.notice('data-subject', { recipientKey: 'again' });
    const first = await frozen(noticeId);
    expect(await frozen(noticeId)).toEqual(first);
    const row = await s.sql((sql) =>
      sql.row<{ rows: number; digests: number; ids: number }>(
        'SELECT count(*) AS rows, count(DISTINCT mime_sha256) AS digests, count(DISTINCT message_id) AS ids FROM delivery WHERE notice_id = $1',
        [noticeId],
      ),
    );
    expect(row).toEqual({ rows: 150, digests: 150, ids: 150 });
    const version = await s.house.as(engine, (store) => store.notices.liveVersion(noticeId));
    expect(version?.content['recipients']).toEqual({
      merged: 0,
      unusable: 0,
      languagesWanted: { en: 100, fr: 50 },
      languagesUsed: { en: 150 },
      languagesWithoutWording: { fr: 50 },
    });
  });
});
