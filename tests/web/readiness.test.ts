/** Readiness, filing packs and files over the edge: page and API, with what each refuses. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { api } from './ask.ts';
import { testEdge, type Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await testEdge();
});
afterAll(() => edge.close());

it('lists every authority with its light, and takes a record that turns it green', async () => {
  const before = await api(edge, 'GET', '/readiness', { as: 'leo' });
  expect(before.status).toBe(200);
  const { items, people } = before.json as {
    items: { authorityId: string; affiliateKey: string; light: string }[];
    people: { personId: string; name: string }[];
  };
  expect(items.every(({ light }) => light === 'red')).toBe(true);
  const id = (name: string): string => people.find((one) => one.name === name)?.personId ?? '';
  const body = {
    authorityId: 'ee-aki',
    affiliateKey: 'ee',
    account: 'exists',
    accountHolderId: id('leo'),
    eid: 'not-needed',
    deputyId: id('lena'),
    testedOn: new Date().toISOString().slice(0, 10),
    filingMinutes: 30,
  };
  expect((await api(edge, 'POST', '/readiness', { as: 'rita', body })).status).toBe(403);
  const bad = { ...body, filingMinutes: 0 };
  expect((await api(edge, 'POST', '/readiness', { as: 'leo', body: bad })).status).toBe(422);
  expect((await api(edge, 'POST', '/readiness', { as: 'leo', body })).status).toBe(200);
  const after = (await api(edge, 'GET', '/readiness', { as: 'leo' })).json as {
    items: { affiliateKey: string; light: string }[];
  };
  expect(after.items.find(({ affiliateKey }) => affiliateKey === 'ee')?.light).toBe('green');
});

it('keeps a file of a case for those who see it, and no file of a type it does not know', async () => {
  const opened = await api(edge, 'POST', '/incidents', {
    as: 'rita',
    key: 'file-case',
    body: { title: 'A case with a file', mode: 'drill', source: 'test' },
  });
  const { caseId } = opened.json as { caseId: string };
  const send = (type: string, payload: Buffer, as: 'rita' | 'aud' = 'rita') =>
    edge.app.inject({
      method: 'POST',
      url: `/api/v1/cases/${caseId}/documents?name=note.txt`,
      headers: { authorization: `Bearer ${edge.tokens[as]}`, 'content-type': type },
      payload,
    });
  const kept = await send('text/plain', Buffer.from('what the log said'));
  expect(kept.statusCode).toBe(200);
  expect((await send('text/html', Buffer.from('<p>'))).statusCode).toBe(415);
  expect((await send('text/plain', Buffer.from('x'), 'aud')).statusCode).toBe(403);
  expect((await send('text/plain', Buffer.alloc(26 * 1024 * 1024, 'a'))).statusCode).toBe(413);
  const { documentId } = kept.json<{ documentId: string }>();
  const read = (as: keyof Edge['tokens']) =>
    edge.app.inject({
      method: 'GET',
      url: `/api/v1/documents/${documentId}`,
      headers: { authorization: `Bearer ${edge.tokens[as]}` },
    });
  const got = await read('leo');
  expect(got.body).toBe('what the log said');
  expect(got.headers['content-disposition']).toMatch(/^attachment/);
  await inTransaction(edge.home.pool, { kind: 'machine', name: 'engine' }, (sql) =>
    sql.run(`UPDATE case_file SET unit = 'security-ee' WHERE id = $1`, [caseId]),
  );
  expect((await read('ruben')).statusCode).toBe(404);
});
