/** Nothing of a request, a row or a person reaches the log: canaries are put everywhere, and none may sing. */
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWebLog } from '../../src/processes/web-log.ts';
import { faultOf } from '../../src/processes/log.ts';
import type { WebPorts } from '../../src/web/ports.ts';
import { buildServer } from '../../src/web/server.ts';
import { api } from './ask.ts';
import { testEdge, type Edge } from './edge.ts';

const canary = 'CANARY-7f3a';
const lines: string[] = [];
let failure: () => Promise<never>;
let edge: Edge;
beforeAll(async () => {
  const base = await testEdge();
  const ports: WebPorts = {
    ...base.ports,
    readiness: () => failure(),
    logger: openWebLog('debug', { write: (line) => void lines.push(line) }),
  };
  const app = await buildServer(ports);
  await app.ready();
  edge = { ...base, app, ports };
});
afterAll(async () => {
  await edge.app.close();
});
afterAll(() => edge.home.close());

/** A real error of PostgreSQL whose DETAIL repeats the row. */
function brokenRow(): Promise<never> {
  return edge.home.pool
    .query(
      `INSERT INTO tocsin.person (issuer, subject, name, email, roles, units)
       VALUES ('test', '${canary}', '${canary}', '${canary}@people.example', '{${canary}}', '{}')`,
    )
    .then(() => {
      throw new Error('PostgreSQL took the row');
    });
}

describe('the log of the web edge', () => {
  it('says that a request failed, by code and place, without the row in DETAIL', async () => {
    failure = brokenRow;
    await expect(brokenRow()).rejects.toMatchObject({
      code: '23514',
      detail: expect.stringContaining(canary) as unknown,
    });
    const answer = await edge.app.inject({ url: '/readyz' });
    expect(answer.statusCode).toBe(500);
    const said = JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
    expect(said).toMatchObject({ part: 'serve', msg: 'request failed', code: '23514' });
    expect(said['correlationId']).toBe(answer.headers['x-correlation-id']);
    expect(said['frames']).not.toEqual([]);
  });

  it('is not fooled by an error text that looks like a place in the code', async () => {
    failure = () => Promise.reject(new Error(`x\n    at ${canary} (file:///${canary}.ts:1:1)`));
    expect((await edge.app.inject({ url: '/readyz' })).statusCode).toBe(500);
  });

  it('holds nothing of bodies, queries, headers, cookies, paths or tokens', async () => {
    const headers = {
      'user-agent': canary,
      referer: `http://127.0.0.1/${canary}`,
      cookie: `tocsin_session=${canary}`,
      'x-forwarded-for': canary,
    };
    const body = { title: canary, description: canary, source: canary, externalId: canary };
    const open = (changes: object) =>
      api(edge, 'POST', '/incidents', { as: 'rita', body: { ...body, mode: 'drill' }, ...changes });
    expect((await open({ headers })).status).toBe(201);
    expect((await open({ body: { ...body, [canary]: canary } })).status).toBe(422);
    expect((await open({ raw: `{"title":"${canary}` })).status).toBe(400);
    expect((await open({ raw: `"${canary.repeat(30_000)}"` })).status).toBe(413);
    expect((await open({ headers: { 'content-type': `text/${canary}` } })).status).toBe(415);
    expect((await open({ key: `${canary}${'x'.repeat(300)}` })).status).toBe(400);
    const token = { authorization: `Bearer ${canary}` };
    expect((await open({ as: null, headers: token })).status).toBe(401);
    for (const url of [
      `/${canary}?q=${canary}`,
      `/cases/${canary}`,
      `/readyz?q=${canary}`,
      '/%ff',
    ]) {
      await edge.app.inject({ url, headers: { ...headers, accept: 'text/html' } });
    }
  });

  it('holds nothing of what is not even HTTP', async () => {
    await edge.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = edge.app.server.address() as AddressInfo;
    for (const garbage of [`${canary}\r\n\r\n`, `GET /${canary} HTTP/1.1\r\n${canary}\r\n\r\n`]) {
      const socket = connect(port, '127.0.0.1');
      socket.resume().end(garbage);
      await once(socket, 'close');
    }
    expect(lines.some((line) => line.includes('Server listening at http://127.0.0.1'))).toBe(true);
  });

  it('whatever a plugin hands over: fields and texts not named stay out', () => {
    const log = edge.ports.logger;
    if (log === null) throw new Error('no logger');
    const before = lines.length;
    log.info(canary);
    log.error(new Error(canary));
    log.warn({ err: new Error(canary), req: { url: canary }, correlationId: 'c-1' }, canary);
    log.child({ reqId: 'r-1' }).error({ body: canary, headers: { cookie: canary } }, canary);
    log.info('%s', canary);
    expect(lines.length - before).toBe(5);
  });

  it('was written to, and no canary sang', () => {
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => line.includes(canary))).toEqual([]);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});

describe('the log of the other processes', () => {
  it('names a database error by its state only', async () => {
    const error: unknown = await brokenRow().catch((thrown: unknown) => thrown);
    expect(faultOf(error)).toMatchObject({ code: '23514' });
    expect(JSON.stringify(faultOf(error))).not.toContain(canary);
  });

  it.each([
    '550 5.1.1 <ann@people.example>: recipient unknown',
    "can't send to ann@people.example, rejected",
    'no answer from postgres://ann:secret@people.example:5432/tocsin',
  ])('leaves addresses and credentials out of "%s"', (text) => {
    expect(faultOf(new Error(text)).message).not.toMatch(/ann|secret|people/);
  });
});
