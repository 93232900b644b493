/** Webhooks out: signed, repeated until taken, never a way into the house, and without personal data. */
import { randomBytes } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { webhookStore } from '../../src/adapters/postgres/webhook-store.ts';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { isPublicAddress } from '../../src/adapters/webhook/public-address.ts';
import { webhookSender } from '../../src/adapters/webhook/sender.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import type { SendOutcome, WebhookEndpoint, WebhookStore } from '../../src/domain/event-ports.ts';
import { webhookEndpoints } from '../../src/event-settings.ts';
import { startWatch } from '../../src/watch/watch.ts';
import { nextPause, relayWebhooks } from '../../src/watch/webhooks.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';
import { webhookReceiver, type Receiver } from '../support/webhook-receiver.ts';

const canary = 'canary.person@victims.example';
const secret = `whsec_${randomBytes(32).toString('base64')}`;
let home: TestHouse;
let watchPool: ReturnType<typeof openPool>;
let store: WebhookStore;
let receiver: Receiver;
let endpoint: WebhookEndpoint;
const sender = webhookSender();

beforeAll(async () => {
  home = await testHouse();
  watchPool = openPool(home.watchUrl, 2, 'test-watch');
  store = webhookStore(watchPool);
});
afterAll(async () => {
  await watchPool.end();
  await home.close();
});
// A receiver of its own for each test: what one is still owed is no other's.
beforeEach(async () => {
  receiver = await webhookReceiver();
  endpoint = endpointAt(receiver.url, true);
  await store.configure([endpoint]);
});
afterEach(() => receiver.close());

function endpointAt(url: string, allowPrivate: boolean, types?: string[]): WebhookEndpoint {
  const [read] = webhookEndpoints.parse(
    JSON.stringify([{ url, secret, allowPrivate, types, exercises: true }]),
  );
  if (read === undefined) throw new Error('no endpoint');
  return read;
}

function rows<Row>(text: string): Promise<Row[]> {
  return inTransaction(watchPool, { kind: 'machine', name: 'watch' }, (sql) =>
    sql.rows<Row>(text, [endpoint.key]),
  );
}

const relay = (): Promise<void> => relayWebhooks(store, sender, endpoint);
const owed = () =>
  rows<{ state: string; attempts: number; ahead: boolean }>(
    `SELECT state, attempts, next_attempt_at > clock_timestamp() AS ahead FROM outbound_event WHERE endpoint = $1`,
  );
const due = () =>
  rows('UPDATE outbound_event SET next_attempt_at = clock_timestamp() WHERE endpoint = $1');

describe('an entry of a case', () => {
  it('reaches a receiver as a CloudEvent that the library verifies, once', async () => {
    const { caseId, reference } = await openTestCase(home, { facts: highRiskFacts });
    await relay();
    await relay();
    expect(receiver.received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const event = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(event).toMatchObject({
      specversion: '1.0',
      id: headers['webhook-id'],
      source: `/cases/${caseId}`,
      type: 'eu.tocsin.case.opened.v1',
      data: { caseId, reference, exercise: true, streamSeq: 1 },
    });
    expect(headers['content-type']).toMatch(/^application\/cloudevents\+json/);
    expect(headers['accept-encoding']).toBe('identity');
  });

  it('is relayed by the watch as it runs, with Temporal and the mail relay away', async () => {
    const away = () => Promise.reject(new Error('away'));
    const told = new Promise<void>((resolve) => {
      receiver.answer = (response) => {
        response.writeHead(204).end();
        resolve();
      };
    });
    await openTestCase(home);
    const stop = startWatch({
      store: watchStore(watchPool),
      conductor: { wake: away, isRunning: away, isReachable: away },
      channels: { mail: { call: away }, outOfBand: null },
      webhooks: { store, sender, endpoints: [endpoint] },
      complain: () => undefined,
    });
    await told;
    await stop();
    expect(await owed()).toMatchObject([{ state: 'delivered' }]);
  });

  it('never carries what a person wrote, whatever they wrote it into', async () => {
    const { caseId } = await openTestCase(home, {
      title: `Mail of ${canary}`,
      description: canary,
      source: canary,
      externalId: canary,
      facts: highRiskFacts.map((fact) => ({ ...fact, source: canary })),
    });
    const determined = await determineCase(home.house, by(home.people.leo), {
      caseId,
      determination: 'breach',
      reason: `seen by ${canary}`,
    });
    expect(determined.ok).toBe(true);
    await relay();
    expect(receiver.received.length).toBeGreaterThan(1);
    expect(JSON.stringify(receiver.received)).not.toContain('canary');
  });

  it('is announced with the change or not at all', async () => {
    await expect(
      home.house.as(home.people.rita, async ({ register }) => {
        const { caseId } = await openTestCase(home);
        await register.append({
          stream: `case/${caseId}`,
          type: 'case.noted',
          actor: 'machine/engine',
          data: {},
        });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await relay();
    const types = receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types).toEqual(['eu.tocsin.case.opened.v1']);
  });

  it('is told only to receivers that asked for its type, and to nobody no longer configured', async () => {
    endpoint = endpointAt(receiver.url, true, ['notice.*']);
    await store.configure([endpoint]);
    await openTestCase(home);
    expect(await owed()).toEqual([]);
    await store.configure([]);
    endpoint = endpointAt(receiver.url, true);
    await openTestCase(home);
    expect(await owed()).toEqual([]);
  });
});

describe('an entry of a drill', () => {
  it('stays in the house unless a receiver asked for exercises; a real one leaves', async () => {
    await store.configure([{ ...endpoint, exercises: false }]);
    await openTestCase(home);
    expect(await owed()).toEqual([]);
    const owner = openPool(home.ownerUrl, 1, 'test-owner');
    await owner.query("UPDATE organisation SET kind = 'own'");
    const { caseId } = await openTestCase(home, { mode: 'real' });
    await owner.end();
    await relay();
    expect(receiver.received).toHaveLength(1);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      data: { caseId, exercise: false },
    });
  });
});

describe('a receiver', () => {
  it('that answers 500 is tried again later, and marked when it takes the event', async () => {
    await openTestCase(home);
    receiver.answer = (response) => response.writeHead(500).end();
    await expect(relay()).rejects.toThrow('status 500');
    expect(await owed()).toEqual([{ state: 'pending', attempts: 1, ahead: true }]);
    await relay();
    expect(receiver.received).toHaveLength(1);
    await due();
    receiver.answer = (response) => response.writeHead(200).end();
    await relay();
    expect(await owed()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('that is gone is told nothing more, and the register says so', async () => {
    await openTestCase(home);
    await openTestCase(home);
    receiver.answer = (response) => response.writeHead(410).end();
    await expect(relay()).rejects.toThrow('gone');
    await openTestCase(home);
    await due();
    await relay();
    expect(receiver.received).toHaveLength(1);
    expect((await owed()).map(({ state }) => state)).toEqual(['abandoned', 'abandoned']);
    const entries = await rows<{ leaf: Buffer }>(
      "SELECT leaf FROM register_entry WHERE type = 'webhook.disabled' AND position($1::text IN convert_from(leaf, 'UTF8')) > 0",
    );
    expect(entries).toHaveLength(1);
  });

  it.each([302, 307])('that answers %i is not followed', async (status) => {
    const elsewhere = await webhookReceiver();
    await openTestCase(home);
    receiver.answer = (response) => response.writeHead(status, { location: elsewhere.url }).end();
    await expect(relay()).rejects.toThrow(`status ${String(status)}`);
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  it('that never stops answering is cut off after 64 KB, and has taken the event', async () => {
    await openTestCase(home);
    let isCut = (): void => undefined;
    const cut = new Promise<void>((resolve) => (isCut = resolve));
    receiver.answer = (response) => {
      response.on('close', isCut);
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const more = (): void => {
        while (response.write(Buffer.alloc(16 * 1024)));
      };
      response.on('drain', more);
      more();
    };
    await relay();
    await cut;
    expect(await owed()).toMatchObject([{ state: 'delivered' }]);
  });

  it('that hangs is given up after ten seconds; what it said by then counts', async () => {
    await openTestCase(home);
    await openTestCase(home);
    const answers = [() => undefined, (response: ServerResponse) => response.write('taken')];
    receiver.answer = (response) => answers.shift()?.(response);
    const sent: Promise<SendOutcome>[] = [];
    for (let event = await store.claim(endpoint.key); event !== null;) {
      sent.push(sender.send(endpoint, event));
      event = await store.claim(endpoint.key);
    }
    const outcomes = await Promise.all(sent);
    expect(outcomes).toHaveLength(2);
    expect(outcomes).toContainEqual({ kind: 'taken' });
    expect(outcomes).toContainEqual({ kind: 'failed', reason: 'no answer within 10 s' });
  });

  it('that is down for three days is still tried on the fourth, and given up in the end', async () => {
    const pauses = Array.from({ length: 20 }, (_, index) => nextPause(index + 1, 0.5));
    const lasting = pauses.filter((pause) => pause !== null);
    const days = lasting.reduce((sum, pause) => sum + pause, 0) / 86_400;
    expect(days).toBeGreaterThan(4);
    expect(pauses.at(-1)).toBeNull();
    await openTestCase(home);
    await rows('UPDATE outbound_event SET attempts = 12 WHERE endpoint = $1');
    receiver.answer = (response) => response.writeHead(503).end();
    await expect(relay()).rejects.toThrow('status 503');
    expect((await owed()).map(({ state }) => state)).toEqual(['abandoned']);
  });
});

describe('the way into the house', () => {
  const answering =
    (...answers: LookupAddress[][]) =>
    (_host: string, done: (error: null, addresses: readonly LookupAddress[]) => void): void => {
      done(null, answers.shift() ?? []);
    };
  const inside = { address: '127.0.0.1', family: 4 };
  const outside = { address: '93.184.216.34', family: 4 };

  it.each<[string, LookupAddress[]]>([
    ['a private address', [inside]],
    ['a private address beside a public one', [outside, inside]],
    ['a private address in IPv6 clothes', [{ address: '::ffff:127.0.0.1', family: 6 }]],
    ['no address', []],
  ])('is shut to a name with %s', async (_name, addresses) => {
    const { port } = new URL(receiver.url);
    await openTestCase(home);
    const event = await store.claim(endpoint.key);
    if (event === null) throw new Error('nothing to send');
    const target = { ...endpoint, url: `http://rebound.example:${port}/`, allowPrivate: false };
    const outcome = await webhookSender(answering(addresses)).send(target, event);
    expect(JSON.stringify(outcome)).toMatch(/failed.*address/);
    expect(receiver.received).toEqual([]);
  });

  it('is shut to a name that turns private after it was checked: it is asked once', async () => {
    const { port } = new URL(receiver.url);
    await openTestCase(home);
    const event = await store.claim(endpoint.key);
    if (event === null) throw new Error('nothing to send');
    let asked = 0;
    const rebinding = answering([inside], [outside]);
    const target = { ...endpoint, url: `http://rebound.example:${port}/` };
    const outcome = await webhookSender((host, done) => {
      asked += 1;
      rebinding(host, done);
    }).send(target, event);
    expect([outcome.kind, asked, receiver.received.length]).toEqual(['taken', 1, 1]);
    expect(receiver.received[0]?.headers.host).toBe(`rebound.example:${port}`);
  });

  it('is shut to private addresses written out, in every notation', async () => {
    await openTestCase(home);
    const event = await store.claim(endpoint.key);
    if (event === null) throw new Error('nothing to send');
    const { port } = new URL(receiver.url);
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:7f00:1]']) {
      const target = { ...endpoint, url: `http://${host}:${port}/`, allowPrivate: false };
      expect([host, await sender.send(target, event)]).toEqual([
        host,
        { kind: 'failed', reason: 'the address is private' },
      ]);
    }
    expect(receiver.received).toEqual([]);
  });

  it.each([
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['169.254.169.254', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['0.0.0.0', false],
    ['8.8.8.8', true],
    ['::', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['64:ff9b::7f00:1', false],
    ['2002:7f00:1::', false],
    ['2a00:1450:4001:82a::200e', true],
    ['localhost', false],
  ])('%s is outside: %s', (address, outsideOfHouse) => {
    expect(isPublicAddress(address)).toBe(outsideOfHouse);
  });
});
