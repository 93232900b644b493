/** Acts refused as things stand: stale or own approvals, early closing, wrong files, too many requests, no database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../src/web/server.ts';
import { mostInOneApproval } from '../../src/domain/notice.ts';
import { api, problemIn, type ApiAnswer, type Problem } from './ask.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';
import { refused as noneChanged } from './refused.ts';

let edge: Edge;
let caseId: string;
beforeAll(async () => {
  edge = await testEdge();
  ({ caseId } = await casePendingApproval(edge));
});
afterAll(() => edge.close());

const refused = (ask: () => Promise<ApiAnswer>) => noneChanged(edge, ask);

describe('an approval', () => {
  async function inReview(): Promise<{ noticeId: string; digest: string }> {
    const answer = await api(edge, 'GET', '/notices?state=in-review', { as: 'leo' });
    const { items } = answer.json as { items: { noticeId: string; digest: string }[] };
    const [first] = items;
    if (first === undefined) throw new Error('nothing is in review');
    return first;
  }

  it('of other bytes than those there are now is stale', async () => {
    const { noticeId } = await inReview();
    const body = { digest: 'ab'.repeat(32) };
    const answer = await refused(() =>
      api(edge, 'POST', `/notices/${noticeId}/approval`, { as: 'leo', body }),
    );
    expect([answer.status, problemIn(answer).type]).toEqual([409, '/problems/stale']);
  });

  it('over a set with one unknown notice is refused as a whole', async () => {
    const { noticeId, digest } = await inReview();
    const unknown = { noticeId: '01890000-0000-7000-8000-000000000000', digest };
    const body = { notices: [{ noticeId, digest }, unknown] };
    const answer = await refused(() => api(edge, 'POST', '/approvals', { as: 'leo', body }));
    expect(answer.status).toBe(404);
  });

  it('over as many as one act takes is judged, and over one more is refused with the number', async () => {
    const { digest } = await inReview();
    const set = (size: number) => ({
      notices: Array.from({ length: size }, () => ({ noticeId: crypto.randomUUID(), digest })),
    });
    const most = { as: 'leo', body: set(mostInOneApproval) } as const;
    expect((await refused(() => api(edge, 'POST', '/approvals', most))).status).toBe(404);
    const more = { as: 'leo', body: set(mostInOneApproval + 1) } as const;
    const answer = await refused(() => api(edge, 'POST', '/approvals', more));
    expect(answer.status).toBe(422);
    expect(JSON.stringify(problemIn(answer).errors)).toContain(String(mostInOneApproval));
  });

  it('by the person who wrote the words is refused', async () => {
    const { noticeId, digest } = await inReview();
    const reworded = await api(edge, 'POST', `/notices/${noticeId}/wording`, {
      as: 'leo',
      body: { addition: 'We have closed the hole.' },
      headers: { 'if-match': `"${digest}"` },
    });
    expect(reworded.status).toBe(200);
    const body = { digest: (reworded.json as { digest: string }).digest };
    const answer = await refused(() =>
      api(edge, 'POST', `/notices/${noticeId}/approval`, { as: 'leo', body }),
    );
    expect([answer.status, problemIn(answer).type]).toEqual([409, '/problems/four-eyes']);
  });

  it('to change words without saying which were read is refused', async () => {
    const { noticeId } = await inReview();
    const body = { subject: 'Another subject' };
    const answer = await refused(() =>
      api(edge, 'POST', `/notices/${noticeId}/wording`, { as: 'leo', body }),
    );
    expect(answer.status).toBe(400);
  });
});

describe('too many requests', () => {
  it('of wrong tokens are answered 429, and a right one still passes', async () => {
    const wrong = () =>
      edge.app.inject({
        url: '/api/v1/cases',
        remoteAddress: '192.0.2.9',
        headers: { authorization: 'Bearer test_00000000000000000000' },
      });
    const statuses = new Set<number>();
    for (let tries = 0; tries < 25; tries++) statuses.add((await wrong()).statusCode);
    expect([...statuses]).toEqual([401, 429]);
    expect((await wrong()).headers['retry-after']).toMatch(/^\d+$/);
    const right = await edge.app.inject({
      url: '/api/v1/cases',
      remoteAddress: '192.0.2.9',
      headers: { authorization: `Bearer ${edge.tokens.rita}` },
    });
    expect(right.statusCode).toBe(200);
  });

  it('of one token are answered 429 and starve nobody else', async () => {
    const small = await buildServer({ ...edge.ports, requestsPerMinute: 3 });
    const ask = (token: string) =>
      small.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${token}` } });
    for (let tries = 0; tries < 3; tries++)
      expect((await ask(edge.tokens.rita)).statusCode).toBe(200);
    const refusal = await ask(edge.tokens.rita);
    expect([refusal.statusCode, refusal.headers['content-type']]).toEqual([
      429,
      'application/problem+json',
    ]);
    expect((await ask(edge.tokens.leo)).statusCode).toBe(200);
    await small.close();
  });
});

describe('a database that does not answer', () => {
  it('is told as such, with nothing of its own in the answer', async () => {
    const away = () =>
      Promise.reject(Object.assign(new Error('10.0.0.1:5432'), { code: 'ECONNREFUSED' }));
    const cut = await buildServer({ ...edge.ports, house: { as: away } });
    const headers = { authorization: `Bearer ${edge.tokens.rita}` };
    const answer = await cut.inject({ url: '/api/v1/cases', headers });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain('10.0.0.1');
    await cut.close();
  });

  it.each([
    ['refuses our password', Object.assign(new Error('auth'), { code: '28P01' })],
    [
      'was lost under a transaction',
      new Error('Client has encountered a connection error and is not queryable'),
    ],
  ])('is told as such when it %s', async (_how, error) => {
    const cut = await buildServer({ ...edge.ports, house: { as: () => Promise.reject(error) } });
    const headers = { authorization: `Bearer ${edge.tokens.rita}` };
    const answer = await cut.inject({ url: '/api/v1/cases', headers });
    expect(answer.statusCode).toBe(503);
    await cut.close();
  });

  it('any more after it kept an act gives its answer to the same key afterwards, and the act is done once', async () => {
    let isLost = true;
    // As when the connection breaks between the commit and its answer.
    const losing: Edge['ports']['house'] = {
      async as(actor, work) {
        const result = await edge.ports.house.as(actor, work);
        const committed = typeof result === 'object' && result !== null && 'ok' in result;
        if (!isLost || !committed) return result;
        isLost = false;
        throw Object.assign(new Error('Connection terminated unexpectedly'), {
          code: 'ECONNRESET',
        });
      },
    };
    const cut = await buildServer({ ...edge.ports, house: losing });
    const ask = () =>
      cut.inject({
        method: 'POST',
        url: '/api/v1/incidents',
        headers: {
          authorization: `Bearer ${edge.tokens.rita}`,
          'content-type': 'application/json',
          'idempotency-key': 'kept-but-not-answered',
        },
        payload: JSON.stringify({ title: 'Kept, but not answered', source: 'test' }),
      });
    const lost = await ask();
    expect([lost.statusCode, lost.json<Problem>().detail]).toEqual([
      503,
      expect.not.stringContaining('Nothing was changed'),
    ]);
    expect((await ask()).statusCode).toBe(201);
    const listed = await api(edge, 'GET', '/cases?limit=100', { as: 'leo' });
    expect(listed.text.split('Kept, but not answered')).toHaveLength(2);
    await cut.close();
  });
});

describe('closing', () => {
  it('is refused while something is owed, and says what', async () => {
    const body = { reason: 'done' };
    const answer = await refused(() =>
      api(edge, 'POST', `/cases/${caseId}/closure`, { as: 'leo', body }),
    );
    expect(answer.status).toBe(409);
    expect(problemIn(answer).detail).toContain('owed and not discharged');
  });
});

describe('an import', () => {
  const send = (raw: string, type: string, path = '/imports/product') =>
    api(edge, 'POST', path, { as: 'adam', raw, headers: { 'content-type': type } });

  it('with a wrong line changes nothing and names line and field', async () => {
    const answer = await refused(() =>
      send(
        '{"key":"mail","name":"Mail","kind":"service","visibility":"V9"}\n',
        'application/x-ndjson',
      ),
    );
    expect(answer.status).toBe(422);
    expect(problemIn(answer).errors?.[0]?.pointer).toBe('/line/1/visibility');
  });

  it('of another content type is not read', async () => {
    expect((await refused(() => send('{}', 'application/json'))).status).toBe(415);
    expect(
      (await refused(() => send('key\n', 'text/csv', '/imports/product?format=ndjson'))).status,
    ).toBe(415);
  });

  it('of an unknown kind is not found, and needs the right', async () => {
    expect((await refused(() => send('', 'text/csv', '/imports/people'))).status).toBe(404);
    const headers = { 'content-type': 'text/csv' };
    const ask = () => api(edge, 'POST', '/imports/product', { as: 'leo', raw: 'key\n', headers });
    expect((await refused(ask)).status).toBe(403);
  });

  it('of good lines takes them in', async () => {
    const row = '{"key":"mail","name":"Mail","kind":"service","visibility":"V3"}\n';
    const answer = await send(row, 'application/x-ndjson', '/imports/products');
    expect(answer.json).toMatchObject({ rows: 1, added: 1 });
  });
});
