/** Forms that settle many at once, on the page and at the terminal: all doubts of a notice, and customers merely not excluded. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { finishNotice } from '../../src/commands/finish-notice.ts';
import { setExposure } from '../../src/commands/set-exposure.ts';
import { run } from '../support/command-line.ts';
import { by } from '../support/house.ts';
import { page, sendForm, signIn } from './ask.ts';
import { casePendingApproval, testEdge, type Edge, type Login } from './edge.ts';
import { expectReadable } from './readable.ts';

const engine = { kind: 'machine', name: 'engine' } as const;
let edge: Edge;
let url: string;
let leo: string;
beforeAll(async () => {
  edge = await testEdge();
  url = `${await edge.app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
  leo = await signIn(edge, 'leo');
  const owner = openPool(edge.home.ownerUrl, 1, 'test-owner');
  await owner.query('UPDATE tocsin.fan_out_policy SET not_excluded_over = 1');
  await owner.end();
});
afterAll(() => edge.close());

const tocsin = (login: Login, ...argv: string[]) =>
  run([...argv, '--api', url, '--token', edge.tokens[login]]);

/** A released notice to people of whom nobody knows whether any has it: the sender was lost at their dots. */
async function allInDoubt(): Promise<{ noticeId: string; people: number }> {
  const { house, people } = edge.home;
  const { caseId } = await casePendingApproval(edge);
  const { items } = await house.as(people.leo, ({ views }) =>
    views.notices({ caseId, limit: 50, cursor: null }),
  );
  const found = items.find((one) => one.recipientKind === 'data-subject');
  if (found?.digest == null) throw new Error('no notice to people');
  const { noticeId, digest, recipientCount } = found;
  for (const who of [people.leo, people.eva]) {
    const notices = [{ noticeId, digest }];
    await approveNotices(house, by(who), { notices, recipientCount: null });
  }
  await house.as(engine, async ({ notices }) => {
    const attemptId = crypto.randomUUID();
    const taken = await notices.takeWindow(noticeId, recipientCount, attemptId, -1, null);
    expect(taken).toHaveLength(recipientCount);
  });
  await house.as(engine, ({ notices }) => notices.recover(noticeId));
  await finishNotice(house, noticeId);
  return { noticeId, people: recipientCount };
}

describe('many copies in doubt', () => {
  it('are answered for by one form, which says for how many and refuses who does not say how', async () => {
    const { noticeId, people } = await allInDoubt();
    const on = `/notices/${noticeId}`;
    const { html } = await page(edge, leo, on);
    expectReadable(html);
    expect(html).toContain(`Answer for all ${String(people)} copies in doubt at once`);
    const send = (fields: Record<string, string>) =>
      sendForm(edge, leo, { on, action: `${on}/doubts/resolution`, fields });
    const refused = await send({ reason: 'the log of the relay' });
    expect(refused.status).toBe(422);
    expectReadable(refused.html);
    expect(refused.html).toContain('choose one of the two');
    expect(refused.html).toContain('the log of the relay');
    expect((await send({ how: 'sent', reason: 'the log of the relay' })).status).toBe(303);
    const counts = await edge.home.house.as(engine, ({ notices }) => notices.counts(noticeId));
    expect(counts).toMatchObject({ sent: people, 'in-doubt': 0 });
    expect((await page(edge, leo, on)).html).not.toContain('copies in doubt at once');
  });
});

describe('more customers than the policy says, on "not excluded" alone', () => {
  async function withheld(): Promise<string> {
    const { house, people } = edge.home;
    const { caseId, reference } = await casePendingApproval(edge);
    const entries = (['alpha', 'beta'] as const).map((key) => ({
      ...{ select: 'customer' as const, key, grade: 'not-excluded' as const, evidence: 'looked' },
    }));
    const set = await setExposure(house, by(people.leo), { caseId, entries });
    expect(set.ok).toBe(true);
    await determineStep(house, caseId);
    return reference;
  }

  it('are let go by a form that wants their number typed, and only from who may', async () => {
    const reference = await withheld();
    const on = `/cases/${reference}`;
    const { html } = await page(edge, leo, on);
    expectReadable(html);
    expect(html).toContain('Let 2 customers be told');
    const rita = await page(edge, await signIn(edge, 'rita'), on);
    expect(rita.html).not.toContain('Let 2 customers be told');
    const send = (customers: string) =>
      sendForm(edge, leo, {
        ...{ on, action: `${on}/fan-out`, fields: { customers, reason: 'a shared host' } },
      });
    for (const wrong of ['', 'many', '3']) {
      const refused = await send(wrong);
      expect(refused.status).toBeGreaterThanOrEqual(409);
      expectReadable(refused.html);
      expect(refused.html).toContain('a shared host');
    }
    expect((await send('2')).status).toBe(303);
    expect((await page(edge, leo, on)).html).not.toContain('Let 2 customers be told');
  });

  it('are let go at the terminal by the command the case names, with as many', async () => {
    const reference = await withheld();
    const shown = await tocsin('leo', 'case', 'show', reference);
    const command = `case allow-fan-out ${reference} 2`;
    expect(shown.out).toContain(`tocsin ${command}`);
    const reason = ['--reason', 'a shared host'];
    const other = await tocsin('leo', 'case', 'allow-fan-out', reference, '3', ...reason, '--yes');
    expect(other).toMatchObject({ code: 1, out: '' });
    expect(other.err).toMatch(/^tocsin: [^\n]+\n$/);
    const allowed = await tocsin('leo', ...command.split(' '), ...reason, '--yes');
    expect([allowed.code, allowed.err]).toEqual([0, expect.not.stringContaining('tocsin:')]);
    expect((await tocsin('leo', 'case', 'show', reference)).out).not.toContain(command);
  });
});

describe('a case of a thousand customers', () => {
  const customers = 1_000;
  let reference: string;
  beforeAll(async () => {
    const opened = await casePendingApproval(edge);
    ({ reference } = opened);
    await inTransaction(edge.home.pool, engine, (sql) =>
      sql.run(
        `INSERT INTO obligation SELECT r.* FROM generate_series(1, $2) n, LATERAL (
           SELECT to_jsonb(o) AS row FROM obligation o WHERE case_id = $1 AND recipient_kind = 'controller' LIMIT 1) one,
           jsonb_populate_record(NULL::obligation, one.row
             || jsonb_build_object('id', uuidv7(), 'recipient_key', 'many-' || n, 'state', 'owed')) r`,
        [opened.caseId, customers],
      ),
    );
  });
  it('shows what waits for an approval although a thousand notices were made before it, and says that not all are shown', async () => {
    const ticked = async (): Promise<readonly string[]> => {
      const { html } = await page(edge, leo, `/cases/${reference}`);
      expectReadable(html);
      return [...html.matchAll(/name="notice"\s+value="([0-9a-f-]{36})/g)].map(
        ([, id]) => id ?? '',
      );
    };
    const before = await ticked();
    expect(before.length).toBeGreaterThan(0);
    await inTransaction(edge.home.pool, engine, (sql) =>
      sql.run(
        `INSERT INTO notice (id, case_id, mode, obligation_id, recipient_kind, phase, channel, state)
         SELECT ('00000000-0000-7000-8000-' || lpad(row_number() OVER ()::text, 12, '0'))::uuid, o.case_id, c.mode, o.id,
           'controller', 'initial', 'email', 'drafting'
         FROM obligation o JOIN case_file c ON c.id = o.case_id
         WHERE c.reference = $1 AND o.recipient_key LIKE 'many-%'`,
        [reference],
      ),
    );
    expect(await ticked()).toEqual(before);
    const { html } = await page(edge, leo, `/cases/${reference}`);
    expect(html).toContain(`tocsin notice list --case ${reference}`);
  });

  const bases = (html: string): number => html.split('<summary>Basis</summary>').length - 1;

  it('shows each of them on its page, and the reasons and acts of the one asked for', async () => {
    const { html } = await page(edge, leo, `/cases/${reference}`);
    expectReadable(html);
    for (const number of [1, customers])
      expect(html).toContain(`<strong>many-${String(number)}</strong>`);
    const link = new RegExp(
      `many-7</strong>\\s*<a href="/cases/${reference}([?]obligation=[0-9a-f-]{36})#obligation-[0-9a-f-]{36}"`,
    ).exec(html)?.[1];
    const asked = await page(edge, leo, `/cases/${reference}${String(link)}`);
    expectReadable(asked.html);
    expect(bases(asked.html)).toBe(bases(html) + 1);
    expect(asked.html).toContain('<details open>');
    expect(bases(html)).toBeLessThan(20);
  });
});
