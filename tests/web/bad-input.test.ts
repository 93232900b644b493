/** Bad input and attacks on the API: one clear problem each, nothing changed, nothing given away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, problemIn, type ApiAnswer } from './ask.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';
import { refused as noneChanged } from './refused.ts';

let edge: Edge;
let caseId: string;
beforeAll(async () => {
  edge = await testEdge();
  ({ caseId } = await casePendingApproval(edge));
});
afterAll(() => edge.close());

const incident = { title: 'Intruder on a host' };
const refused = (ask: () => Promise<ApiAnswer>) => noneChanged(edge, ask);
const open = (body: unknown): Promise<ApiAnswer> =>
  api(edge, 'POST', '/incidents', { as: 'rita', body });
const openRaw = (raw: string | Buffer): Promise<ApiAnswer> =>
  api(edge, 'POST', '/incidents', { as: 'rita', raw });

describe('a report that cannot be taken', () => {
  const after = new Date(Date.now() + 3_600_000).toISOString();
  it.each<[string, unknown, string]>([
    ['an unknown field', { ...incident, status: 'closed' }, '/status'],
    [
      'an unknown field within',
      { ...incident, hits: [{ kind: 'asset', key: 'host', x: 1 }] },
      '/hits/0/x',
    ],
    ['no title', {}, '/title'],
    ['a blank title', { title: '   ' }, '/title'],
    ['a title with a line break', { title: 'x\r\nBcc: evil@x' }, '/title'],
    ['a title that turns the direction of text', { title: 'x\u202Egpj.exe' }, '/title'],
    ['a NUL character', { title: 'x\0y' }, '/title'],
    ['half a surrogate pair', { title: 'x\ud800y' }, '/title'],
    ['a time without a zone', { ...incident, receivedAt: '2026-01-15T10:00:00' }, '/receivedAt'],
    ['30 February', { ...incident, receivedAt: '2026-02-30T10:00:00Z' }, '/receivedAt'],
    ['a time after now', { ...incident, receivedAt: after }, '/receivedAt'],
    [
      'an unknown product',
      { ...incident, hits: [{ kind: 'product', key: 'nope' }] },
      '/hits/0/key',
    ],
    ['an unknown zone', { ...incident, zone: 'Mars/Olympus' }, '/zone'],
    ['a unit of others', { ...incident, mode: 'real' }, '/mode'],
    ['an unknown fact', { ...incident, facts: [{ name: 'nope', value: 1 }] }, '/facts/0/name'],
    [
      'a fact that cannot be',
      { ...incident, facts: [{ name: 'actor', value: 'aliens' }] },
      '/facts/0/value',
    ],
    ['a constructor', { ...incident, constructor: { prototype: { admin: true } } }, '/constructor'],
    ['a list instead of an object', [incident], ''],
  ])('%s is refused by its place', async (_name, body, pointer) => {
    const answer = await refused(() => open(body));
    expect(answer.status).toBe(422);
    expect(problemIn(answer).type).toBe('/problems/invalid');
    expect(problemIn(answer).errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('is told that __proto__ is no field, and no prototype changes', async () => {
    const answer = await refused(() => openRaw('{"title":"x","__proto__":{"admin":true}}'));
    expect([answer.status, problemIn(answer).errors?.[0]?.pointer]).toEqual([422, '/__proto__']);
    expect('admin' in {}).toBe(false);
  });

  it.each<[string, string | Buffer]>([
    ['half an object', '{"title":'],
    ['nothing', ''],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ])('is malformed: %s', async (_name, raw) => {
    expect((await refused(() => openRaw(raw))).status).toBe(400);
  });

  it('is too large above 256 KB', async () => {
    const answer = await refused(() => open({ title: 'x', description: 'y'.repeat(300_000) }));
    expect(answer.status).toBe(413);
  });

  it('is nested too deeply', async () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    expect((await refused(() => openRaw(`{"title":${deep}}`))).status).toBe(422);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/csv',
  ])('is not read as %s', async (type) => {
    const answer = await refused(() =>
      api(edge, 'POST', '/incidents', {
        as: 'rita',
        raw: JSON.stringify(incident),
        headers: { 'content-type': type },
      }),
    );
    expect(answer.status).toBe(415);
  });
});

describe('whoever asks', () => {
  it('without a token is told to sign in', async () => {
    const answer = await refused(() => api(edge, 'GET', '/cases', { as: null }));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="tocsin"',
    ]);
  });

  it('with an unknown token is told no more than without one', async () => {
    const headers = { authorization: 'Bearer test_00000000000000000000' };
    const answer = await refused(() => api(edge, 'GET', '/cases', { as: null, headers }));
    expect(answer.status).toBe(401);
  });

  it('without the right is refused before the body is looked at', async () => {
    const answer = await refused(() =>
      api(edge, 'POST', `/cases/${caseId}/determination`, { as: 'rita', raw: '{' }),
    );
    expect(answer.status).toBe(403);
    expect(problemIn(answer).detail).toContain('determine');
  });

  it('as an auditor reads and cannot act', async () => {
    expect((await api(edge, 'GET', `/cases/${caseId}`, { as: 'aud' })).status).toBe(200);
    expect(
      (await refused(() => api(edge, 'POST', '/incidents', { as: 'aud', body: incident }))).status,
    ).toBe(403);
  });

  it('by another method is told which ones there are', async () => {
    const answer = await refused(() => api(edge, 'DELETE', '/cases', { as: 'rita' }));
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET']);
  });
});

describe('an idempotency key', () => {
  it('gives the first answer again, and opens one case', async () => {
    const key = 'one-report';
    const first = await api(edge, 'POST', '/incidents', {
      as: 'rita',
      body: { ...incident, speed: 2 },
      key,
    });
    // The same body spelled another way is the same body.
    const again = await api(edge, 'POST', '/incidents', {
      as: 'rita',
      raw: `{"speed": 2, "title": "${incident.title}"}`,
      key,
    });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toEqual(first.json);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('used with another body is refused', async () => {
    const answer = await refused(() =>
      api(edge, 'POST', '/incidents', { as: 'rita', body: incident, key: 'one-report' }),
    );
    expect([answer.status, problemIn(answer).type]).toEqual([422, '/problems/key-reused']);
  });

  it.each([
    ['is needed to open a case', null],
    ['has at most 255 characters', 'x'.repeat(300)],
    ['has visible characters only', 'a b'],
  ])('%s', async (_name, key) => {
    const answer = await refused(() =>
      api(edge, 'POST', '/incidents', { as: 'rita', body: incident, key }),
    );
    expect(answer.status).toBe(400);
  });

  it('of two requests at once has one effect', async () => {
    const ask = () =>
      api(edge, 'POST', '/incidents', { as: 'rita', body: incident, key: 'at-once' });
    const [one, other] = await Promise.all([ask(), ask()]);
    expect(one.json).toEqual(other.json);
  });
});

describe('the same event', () => {
  it('opens one case however often it comes', async () => {
    const body = { ...incident, source: 'siem', externalId: 'E-1' };
    const first = await open(body);
    const again = await open(body);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.json).toEqual(first.json);
  });
});

describe('a list', () => {
  it.each([
    '/cases?limit=0',
    '/cases?limit=1000',
    '/cases?fields=recipients.email',
    '/cases?cursor=nonsense',
  ])('is not given for %s', async (path) => {
    expect((await refused(() => api(edge, 'GET', path, { as: 'rita' }))).status).toBe(422);
  });
});
