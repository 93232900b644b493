/** Pages of what is done while mail is barred: routes of people, who is to be telephoned, and notices filed instead. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { handOver } from '../../src/watch/hand-over.ts';
import { page, sendForm, signIn } from './ask.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';
import { expectReadable } from './readable.ts';

let edge: Edge;
let leo: string;
let adam: string;
beforeAll(async () => {
  edge = await testEdge();
  [leo, adam] = [await signIn(edge, 'leo'), await signIn(edge, 'adam')];
});
afterAll(() => edge.close());

describe('the page of people', () => {
  const set = (address: string) =>
    sendForm(edge, adam, {
      on: '/people',
      action: `/people/${edge.home.people.leo.personId}/out-of-band`,
      fields: { address },
    });

  it('shows who has no route, takes one, and takes it away by an empty field', async () => {
    const before = await page(edge, adam, '/people');
    expectReadable(before.html);
    expect(before.html).toContain('of those who are called have none');
    expect((await set('leo@provider.test')).status).toBe(303);
    expect((await page(edge, adam, '/people')).html).toContain('leo@provider.test');
    expect((await set('')).status).toBe(303);
    expect((await page(edge, adam, '/people')).html).not.toContain('leo@provider.test');
  });

  it('says why an address cannot be one, with what was typed', async () => {
    const refused = await set('leo@mail.people.example');
    expect(refused.status).toBe(422);
    expectReadable(refused.html);
    expect(refused.html).toContain('leo@mail.people.example');
    expect(refused.html).toContain('same domain as the ordinary address');
  });

  it('keeps the deputies in their order and who is away, and says why it cannot', async () => {
    const base = `/people/${edge.home.people.rita.personId}`;
    const send = (act: string, fields: Record<string, string>) =>
      sendForm(edge, adam, { on: '/people', action: `${base}/${act}`, fields });
    expect((await send('deputies', { deputies: 'ruben, lena' })).status).toBe(303);
    expect((await page(edge, adam, '/people')).html).toContain('ruben, then lena');
    const refused = await send('deputies', { deputies: 'rita' });
    expect([refused.status, refused.html]).toEqual([422, expect.stringContaining('itself')]);
    expectReadable(refused.html);
    const until = `${String(new Date().getUTCFullYear() + 1)}-08-17T08:00:00Z`;
    expect((await send('absence', { until })).status).toBe(303);
    expect((await page(edge, adam, '/people')).html).toContain('away until');
    expect((await send('absence', { until: '' })).status).toBe(303);
    expect((await page(edge, adam, '/people')).html).not.toContain('away until <');
  });

  it('is for administrators', async () => {
    expect((await page(edge, leo, '/people')).status).toBe(403);
    expect((await page(edge, leo, '/')).html).not.toContain('href="/people"');
    expect((await page(edge, adam, '/')).html).toContain('href="/people"');
  });
});

describe('a case whose mail is barred', () => {
  it('says whom to telephone, marks what waits for mail, and lets a person file it instead', async () => {
    const { caseId, reference } = await casePendingApproval(edge);
    const on = `/cases/${reference}`;
    await sendForm(edge, leo, { on, action: `${on}/bars`, fields: { reason: 'they read it' } });
    const pool = openPool(edge.home.watchUrl, 2, 'test-watch');
    const watch = watchStore(pool);
    await watch.ring();
    const call = (): Promise<void> => Promise.resolve();
    await handOver(watch, { mail: { call }, outOfBand: { call } }, () => undefined);
    await pool.end();
    const { html } = await page(edge, leo, on);
    expectReadable(html);
    expect(html).toMatch(/Ring leo by\s+telephone/);
    expect(html).toContain('mail is barred');
    const notices = await edge.home.house.as(edge.home.people.leo, ({ views }) =>
      views.notices({ caseId, limit: 50, cursor: null }),
    );
    const authority = notices.items.find((one) => one.recipientKind === 'authority');
    const path = `/notices/${authority?.noticeId ?? ''}`;
    const waiting = await page(edge, leo, path);
    expectReadable(waiting.html);
    expect(waiting.html).toContain('Let a person file it');
    const filed = await sendForm(edge, leo, { on: path, action: `${path}/filing`, fields: {} });
    expect(filed.status).toBe(303);
    const after = await page(edge, leo, filed.location);
    expectReadable(after.html);
    expect(after.html).toContain('by portal');
    expect(after.html).not.toContain('Mail is barred');
    const customer = notices.items.find((one) => one.recipientKind === 'controller');
    const other = await page(edge, leo, `/notices/${customer?.noticeId ?? ''}`);
    expect(other.html).toContain('by telephone or post');
    expect(other.html).not.toContain('Let a person file it instead');
  });
});
