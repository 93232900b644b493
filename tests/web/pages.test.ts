/** The pages: usable without JavaScript, escaped, guarded against other sites, in words for an empty and a full case. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { page, sendForm, signIn } from './ask.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';
import { openTestCase } from '../support/house.ts';

let edge: Edge;
let leo: string;
beforeAll(async () => {
  edge = await testEdge();
  leo = await signIn(edge, 'leo');
});
afterAll(() => edge.close());

const hostile = `<img src=x onerror=alert(1)>"'><svg/onload=alert(1)>{{constructor}}[x](javascript:alert(1))`;

/** What every page must have to be read by anyone, whatever it shows. */
function expectReadable(html: string): void {
  expect(html).toMatch(/^<!doctype html>/i);
  expect(html).toContain('<html lang="en">');
  expect(html.match(/<h1[ >]/g)).toHaveLength(1);
  expect(html).not.toMatch(/ on[a-z]+="|style="|javascript:(?!alert)/);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of html.matchAll(/ (?:for|aria-labelledby)="([^"]*)"/g)) {
    expect(ids).toContain(target);
  }
  for (const [tag] of html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)) {
    if (tag.includes('type="hidden"')) continue;
    expect(html).toContain(`for="${/ id="([^"]*)"/.exec(tag)?.[1] ?? 'no id'}"`);
  }
}

describe('signing in', () => {
  it('is asked of whoever comes without a session, and leads back', async () => {
    const answer = await page(edge, '', '/cases/new');
    expect([answer.status, answer.location]).toEqual([303, '/sign-in?next=%2Fcases%2Fnew']);
  });

  it('sets a cookie no script and no other site can use', async () => {
    const headers = {
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const payload = `token=${edge.tokens.leo}`;
    const answer = await edge.app.inject({ method: 'POST', url: '/sign-in', headers, payload });
    const cookie = String(answer.headers['set-cookie']);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part);
  });

  it('with an unknown token says so at the field', async () => {
    const answer = await sendForm(edge, '', {
      on: '/sign-in',
      action: '/sign-in',
      fields: { token: 'nobody-has-this-one' },
    }).catch((error: unknown) => error);
    expect(answer).toMatchObject({ status: 401 });
    const { html } = answer as { html: string };
    expect(html).toContain('<title>Error: Sign in');
    expect(html).toContain('href="#sign-in-token"');
    expectReadable(html);
  });

  it.each(['//evil.example', 'https:evil', '/\\evil', 'javascript:alert(1)'])(
    'never leads to %s',
    async (next) => {
      const headers = {
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      };
      const payload = new URLSearchParams({ token: edge.tokens.leo, next }).toString();
      const answer = await edge.app.inject({ method: 'POST', url: '/sign-in', headers, payload });
      expect(answer.headers.location).toBe('/');
    },
  );

  it('ends for good when signing out', async () => {
    const cookie = await signIn(edge, 'eva');
    await sendForm(edge, cookie, { on: '/', action: '/sign-out', fields: {} });
    expect((await page(edge, cookie, '/')).status).toBe(303);
  });

  it('is over when the person is no longer active', async () => {
    const cookie = await signIn(edge, 'ruben');
    const { personId } = edge.home.people.ruben;
    await edge.home.pool.query('UPDATE tocsin.person SET active = false WHERE id = $1', [personId]);
    expect((await page(edge, cookie, '/')).status).toBe(303);
    await edge.home.pool.query('UPDATE tocsin.person SET active = true WHERE id = $1', [personId]);
  });

  it('offers the demo people to someone at this machine only', async () => {
    const at = (remoteAddress: string, host: string) =>
      edge.app.inject({ url: '/sign-in', remoteAddress, headers: { host } });
    expect((await at('127.0.0.1', '127.0.0.1:8080')).body).toContain('name="person"');
    expect((await at('192.0.2.7', '127.0.0.1:8080')).body).not.toContain('name="person"');
    expect((await at('127.0.0.1', 'rebound.example')).body).not.toContain('name="person"');
  });
});

describe('a form from elsewhere', () => {
  const form = {
    on: '/cases/new',
    action: '/cases/new',
    fields: { title: 'From elsewhere' },
  };
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a site beside ours', { 'sec-fetch-site': 'same-site' }],
    ['an origin that is not ours', { origin: 'https://evil.example', host: '127.0.0.1:8080' }],
    ['an opaque origin', { origin: 'null' }],
    ['nobody can tell where', {}],
  ])('is refused: %s', async (_name, headers) => {
    const answer = await sendForm(edge, leo, form, headers);
    expect(answer.status).toBe(403);
    expect((await page(edge, leo, '/')).html).not.toContain('From elsewhere');
  });

  it('is refused with the code of another session', async () => {
    const other = await signIn(edge, 'eva');
    const { html } = await page(edge, other, '/cases/new');
    const code = /name="form" value="([^"]*)"/.exec(html)?.[1] ?? '';
    const fields = { ...form.fields, form: code };
    expect((await sendForm(edge, leo, { ...form, fields })).status).toBe(403);
  });
});

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
      fields: { determination: 'not-a-breach', reason: 'A test probe.' },
    });
    expect(answer.location).toBe(`${path}?done=determination`);
    expect((await page(edge, leo, answer.location)).html).toContain('not a breach');
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

describe('every answer', () => {
  it('carries a strict policy and is kept by nobody', async () => {
    const { headers } = await edge.app.inject({ url: '/sign-in' });
    const policy = String(headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "style-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('that is an error is a page for a browser and a problem for a program', async () => {
    const shown = await page(edge, leo, '/nothing-here');
    expect(shown.status).toBe(404);
    expectReadable(shown.html);
    const told = await edge.app.inject({ url: '/nothing-here' });
    expect(told.headers['content-type']).toBe('application/problem+json');
  });

  it('of style, script and icon may be kept for ever', async () => {
    const { html } = await page(edge, leo, '/');
    for (const [, path] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const answer = await edge.app.inject({ url: path ?? '' });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['cache-control']).toContain('immutable');
    }
  });
});
