/** The line cut at every byte either side may say, in both modes: one copy, or a doubt, or another attempt; never two copies. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WireOutcome } from '../../src/domain/notice-ports.ts';
import { testMailbox, type TestMailbox } from '../support/mailbox.ts';
import { quickWire } from './dispatch-seed.ts';

const bytes = Buffer.from(
  'From: <a@us.example>\r\nTo: <b@them.example>\r\nMessage-ID: <m@us.example>\r\n\r\n.dot\r\nend\r\n',
);

let mailbox: TestMailbox;
let plain: TestMailbox;
let pipelining: TestMailbox;
beforeAll(async () => {
  plain = await testMailbox();
  pipelining = await testMailbox(['PIPELINING', 'SIZE 1000000']);
});
afterAll(async () => {
  await plain.close();
  await pipelining.close();
});

interface Proxy {
  readonly url: string;
  /** What went through, in each direction. */
  readonly passed: { client: number; server: number };
  close(): void;
}

/** Passes bytes on until so many of one direction are through, then cuts both lines. */
async function proxy(side: 'client' | 'server', limit: number): Promise<Proxy> {
  const passed = { client: 0, server: 0 };
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(Number(new URL(mailbox.url).port), '127.0.0.1');
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    const pass = (from: Socket, to: Socket, which: 'client' | 'server'): void => {
      sockets.add(from);
      from.on('error', cut);
      from.on('close', cut);
      from.on('data', (chunk) => {
        const left = which === side ? limit - passed[which] : Infinity;
        const now = chunk.subarray(0, Math.min(left, chunk.length));
        passed[which] += now.length;
        if (now.length < chunk.length || passed[which] === (which === side ? limit : -1))
          to.end(now, cut);
        else to.write(now);
      });
    };
    pass(near, far, 'client');
    pass(far, near, 'server');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `smtp://127.0.0.1:${String(address.port)}`,
    passed,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

type Mode = 'one by one' | 'in a window';

/** One mail through the proxy; `dotAllowed` says whether the sender let its dot go. */
async function sendThrough(
  url: string,
  mode: Mode,
): Promise<{ outcome: WireOutcome; dotAllowed: boolean }> {
  const wire = quickWire(url);
  let dotAllowed = false;
  const mail = { from: 'a@us.example', to: 'b@them.example', bytes };
  const yes = (): true => {
    dotAllowed = true;
    return true;
  };
  try {
    if (mode === 'one by one') {
      const beforeDot = () => Promise.resolve(yes());
      return { outcome: await wire.send({ transport: 'sandbox', ...mail, beforeDot }), dotAllowed };
    }
    const session = await wire.open('sandbox');
    if ('kind' in session) return { outcome: session, dotAllowed };
    const outcome = await session.send({ ...mail, beforeDot: yes });
    session.close();
    return { outcome, dotAllowed };
  } finally {
    wire.close();
  }
}

/** A server that took the message may still be reading it when its sender is cut off. */
async function copiesAfter(before: number, expected: number): Promise<number> {
  for (let tries = 0; tries < 50 && mailbox.received.length - before < expected; tries++)
    await new Promise((resolve) => setImmediate(resolve));
  return mailbox.received.length - before;
}

describe.each<Mode>(['one by one', 'in a window'])('sent %s', (mode) => {
  it.each([
    ['client', 'answers each command'],
    ['server', 'answers each command'],
    ['client', 'takes them in one breath'],
    ['server', 'takes them in one breath'],
  ] as const)(
    'and cut at every byte of the %s, where the server %s, an outcome never says more than is certain',
    async (side, kind) => {
      mailbox = kind === 'answers each command' ? plain : pipelining;
      const seen = new Set<string>();
      for (let limit = 1; ; limit++) {
        const before = mailbox.received.length;
        const way = await proxy(side, limit);
        const { outcome, dotAllowed } = await sendThrough(way.url, mode);
        const isWhole = way.passed[side] < limit;
        way.close();
        const copies = await copiesAfter(before, outcome.kind === 'sent' ? 1 : 0);
        const where = `${mode}, ${side} byte ${String(limit)}: ${JSON.stringify(outcome)}`;
        seen.add(outcome.kind);
        if (outcome.kind === 'sent') expect(copies, where).toBe(1);
        // Tried again by a machine: certainly nobody has it, and the dot was never let go.
        if (outcome.kind === 'not-sent') expect([copies, dotAllowed], where).toEqual([0, false]);
        expect(outcome.kind, where).not.toBe('bounced');
        if (outcome.kind === 'in-doubt') expect(dotAllowed, where).toBe(true);
        if (isWhole) break;
      }
      expect([...seen].sort()).toEqual(['in-doubt', 'not-sent', 'sent']);
    },
  );
});
