/** Signing in and out, forms from other sites, and what guards every answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { page, sendForm, signIn } from './ask.ts';
import { testEdge, type Edge } from './edge.ts';
import { expectReadable } from './readable.ts';

let edge: Edge;
let leo: string;
beforeAll(async () => {
  edge = await testEdge();
  leo = await signIn(edge, 'leo');
});
afterAll(() => edge.close());

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
