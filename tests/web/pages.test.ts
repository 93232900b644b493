/** The pages: usable without JavaScript, escaped, in words for an empty and a full case. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCase } from '../support/house.ts';
import { page, sendForm, signIn } from './ask.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';
import { expectReadable } from './readable.ts';

let edge: Edge;
let leo: string;
beforeAll(async () => {
  edge = await testEdge();
  leo = await signIn(edge, 'leo');
});
afterAll(() => edge.close());

const hostile = `<img src=x onerror=alert(1)>"'><svg/onload=alert(1)>{{constructor}}[x](javascript:alert(1))`;

describe('opening a case from the page', () => {
  it('leads to the case, and sending the form twice opens one', async () => {
    const { html } = await page(edge, leo, '/cases/new');
    const hidden = [...html.matchAll(/name="(form|once)" value="([^"]*)"/g)].slice(-2);
    const payload = new URLSearchParams([
      ...hidden.map(([, name, value]): [string, string] => [name ?? '', value ?? '']),
      ['title', 'Opened on a page'],
      ['zone', 'Europe/Brussels'],
      ['hits', 'product hosting\r\nasset host'],
    ]).toString();
    const headers = {
      cookie: leo,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const send = () => edge.app.inject({ method: 'POST', url: '/cases/new', headers, payload });
    const [one, two] = [await send(), await send()];
    expect(one.headers.location).toMatch(/^\/cases\/D-\d{4}-\d{4,}\?done=opened$/);
    expect(two.headers.location).toBe(one.headers.location);
  });

  it('shows what is wrong, on top and at the field, and keeps what was typed', async () => {
    const answer = await sendForm(edge, leo, {
      on: '/cases/new',
      action: '/cases/new',
      fields: {
        title: '',
        description: 'Kept text',
        receivedAt: '2026-02-30T10:00:00Z',
        zone: 'UTC',
      },
    });
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('href="#open-receivedAt"');
    expect(answer.html).toContain('Error: names a day that does not exist');
    expect(answer.html).toContain('Kept text');
    expectReadable(answer.html);
  });
});

describe('a case nobody has determined', () => {
  it('shows its clock, its next action and every section, in words', async () => {
    const { reference } = await openTestCase(edge.home);
    const { status, html } = await page(edge, leo, `/cases/${reference}`);
    expect(status).toBe(200);
    expectReadable(html);
    for (const words of [
      'EXERCISE',
      'Determine whether personal data were breached',
      'Not scoped yet',
      'None is drafted yet',
      'provisional',
      '72 hours from provisional awareness',
    ]) {
      expect(html).toContain(words);
    }
    expect(html).toMatch(/<time datetime="[^"]+">\w{3} \d{1,2} \w{3,4} \d{4} \d\d:\d\d/);
  });

  it('is determined by its form', async () => {
    const { reference } = await openTestCase(edge.home);
    const path = `/cases/${reference}`;
    const answer = await sendForm(edge, leo, {
      on: path,
      action: `${path}/determination`,
      fields: { reason: 'Credentials on a paste site.' },
    });
    expect(answer.location).toBe(`${path}?done=determination`);
    expect((await page(edge, leo, answer.location)).html).toContain('breach');
  });

  it('is found not to be a breach by three people, each with a form of their own', async () => {
    const { reference } = await openTestCase(edge.home);
    const path = `/cases/${reference}`;
    const proposed = await sendForm(edge, leo, {
      on: path,
      action: `${path}/lowerings`,
      fields: {
        kind: 'not-a-breach',
        reason: 'A test probe.',
        evidence: 'The plan of the test',
        fromAt: '2026-06-01T00:00:00Z',
        untilAt: '2026-06-02T00:00:00Z',
        logs: 'session log\naudit log',
        gaps: 'none known',
      },
    });
    expect(proposed.location).toBe(`${path}?done=lowering`);
    const seen = await page(edge, leo, path);
    expectReadable(seen.html);
    expect(seen.html).toContain('Missing: the opinion of the DPO');
    const id = /id="lowering-([0-9a-f-]{36})"/.exec(seen.html)?.[1] ?? '';
    expect(seen.html).not.toContain(`${id}/confirmation`);
    await sendForm(edge, await signIn(edge, 'dora'), {
      on: path,
      action: `${path}/lowerings/${id}/opinion`,
      fields: { favours: 'yes', text: 'Agreed.' },
    });
    const confirmed = await sendForm(edge, await signIn(edge, 'eva'), {
      on: path,
      action: `${path}/lowerings/${id}/confirmation`,
      fields: {},
    });
    expect(confirmed.location).toBe(`${path}?done=lowered`);
    const after = (await page(edge, leo, path)).html;
    expect(after).toContain('not a breach');
    expect(after).toContain('Without it:');
  });

  it('refuses a proposal without its parts by naming each', async () => {
    const { reference } = await openTestCase(edge.home);
    const path = `/cases/${reference}`;
    const { status, html } = await sendForm(edge, leo, {
      on: path,
      action: `${path}/lowerings`,
      fields: {
        kind: 'excluded',
        reason: 'off',
        evidence: '',
        fromAt: '',
        untilAt: '',
        logs: '',
        gaps: '',
      },
    });
    expect(status).toBe(422);
    for (const field of ['evidence', 'fromAt', 'untilAt', 'logs', 'gaps'])
      expect(html).toContain(`id="lowerings-${field}-error"`);
  });

  it('takes a fact by a form that asks for a value of its kind', async () => {
    const { reference } = await openTestCase(edge.home);
    const path = `/cases/${reference}`;
    const answer = await sendForm(edge, leo, {
      on: `${path}?fact=data.categories`,
      action: `${path}/facts`,
      fields: {
        value: ['name', 'contact'],
        certainty: 'confirmed',
        source: 'the log',
        about: 'case',
      },
    });
    expect(answer.location).toBe(`${path}?done=facts`);
    expect((await page(edge, leo, path)).html).toContain('<td>name, contact</td>');
  });

  it('shows hostile text as text', async () => {
    const { reference } = await openTestCase(edge.home, { title: hostile, description: hostile });
    for (const path of ['/', `/cases/${reference}`]) {
      const { html } = await page(edge, leo, path);
      expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
      expect(html).not.toMatch(/<img|<svg/);
      expect(html).not.toContain('href="javascript');
    }
  });
});

describe('a case with notices to approve', () => {
  let path: string;
  beforeAll(async () => {
    path = `/cases/${(await casePendingApproval(edge)).reference}`;
  });

  it('shows obligations with citation, verification, clock and why not', async () => {
    const { html } = await page(edge, leo, path);
    expectReadable(html);
    for (const words of [
      'Art. 33(1) GDPR',
      'by law',
      'by contract',
      'without undue delay',
      'rule set',
      'awaiting approval',
      'To customers',
      'To people affected',
      'Read and approve',
    ]) {
      expect(html).toContain(words);
    }
  });

  it('shows the exact words of a notice, its digest and its recipients', async () => {
    const { html } = await page(edge, leo, path);
    const notice = /href="(\/notices\/[0-9a-f-]{36})"/.exec(html)?.[1] ?? '';
    const shown = await page(edge, leo, notice);
    expectReadable(shown.html);
    expect(shown.html).toMatch(/<code class="digest">[0-9a-f]{64}<\/code>/);
    expect(shown.html).toContain('Approve exactly these bytes');
    const sample = await edge.app.inject({ url: `${notice}/sample.eml`, headers: { cookie: leo } });
    expect(sample.headers['content-type']).toBe('message/rfc822');
    expect(sample.body).toContain('MIME-Version: 1.0');
  });

  it('refuses to approve nothing, and approves the ticked set with one button', async () => {
    const { html } = await page(edge, leo, path);
    const group =
      html.split('<div class="notice-group">').find((part) => part.includes('To customers')) ?? '';
    const ticked = [...group.matchAll(/name="notice"\s+value="([^"]*)"/g)].map(
      ([, value]) => value ?? '',
    );
    expect(ticked.length).toBeGreaterThan(0);
    const form = { on: path, action: `${path}/approvals` };
    expect((await sendForm(edge, leo, { ...form, fields: {} })).status).toBe(422);
    const [one = ''] = ticked;
    const others = Array.from({ length: 2_999 }, () => crypto.randomUUID() + one.slice(36));
    const many = await sendForm(edge, leo, { ...form, fields: { notice: [one, ...others] } });
    expect([many.status, many.html]).toEqual([404, expect.stringContaining('no such notice')]);
    const done = await sendForm(edge, leo, { ...form, fields: { notice: ticked } });
    expect(done.location).toBe(`${path}?done=approvals`);
    const after = await page(edge, leo, path);
    expect(after.html).toContain('released');
  });

  it('offers an auditor nothing to do', async () => {
    const { html } = await page(edge, await signIn(edge, 'aud'), path);
    expectReadable(html);
    expect(html).not.toMatch(/<button[^>]*>(?!Sign out|Choose)/);
  });
});
