/** The dot rule on a real SMTP conversation: every stage and fault is told apart, and nothing is said twice. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { smtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire, type SmtpWire } from '../../src/adapters/mail/wire.ts';
import type { WireOutcome } from '../../src/domain/notice-ports.ts';
import { testMailbox, type Answer, type Stage, type TestMailbox } from '../support/mailbox.ts';

const bytes = Buffer.from(
  `From: <a@us.example>\r\nTo: <b@them.example>\r\nMessage-ID: <m1@us.example>\r\n\r\n.\r\n..two\r\n${'body line\r\n'.repeat(4_000)}`,
);
/** For a server that hangs and an answer that never comes; everybody else is given the time the product gives. */
const short = {
  ...smtpTimeouts,
  connectMs: 2_000,
  greetingMs: 300,
  beforeDotMs: 600,
  dotMs: 1_200,
};

let mailbox: TestMailbox;
const wires: SmtpWire[] = [];
beforeAll(async () => {
  mailbox = await testMailbox();
});
afterEach(() => {
  mailbox.script = () => 'accept';
  for (const wire of wires.splice(0)) wire.close();
});
afterAll(() => mailbox.close());

function wireTo(url: string, timeouts = smtpTimeouts): SmtpWire {
  const wire = smtpWire({ sandbox: smtpTarget(url), relay: null, name: 'test.example', timeouts });
  wires.push(wire);
  return wire;
}

function send(
  wire: SmtpWire,
  beforeDot: () => Promise<boolean> = () => Promise.resolve(true),
  to = 'b@them.example',
) {
  return wire.send({ transport: 'sandbox', from: 'a@us.example', to, bytes, beforeDot });
}

const brief = (outcome: WireOutcome): string =>
  outcome.kind === 'not-sent' ? `not-sent/${outcome.cause}` : outcome.kind;

describe('one mail', () => {
  it('arrives byte for byte, dots and all, for exactly one recipient', async () => {
    const before = mailbox.received.length;
    const outcome = await send(wireTo(mailbox.url));
    expect(outcome).toEqual({ kind: 'sent', reply: '250 kept' });
    const [mail, ...more] = mailbox.received.slice(before);
    expect(more).toEqual([]);
    expect(mail?.to).toEqual(['b@them.example']);
    expect(mail?.bytes.equals(bytes)).toBe(true);
  });

  const deny = (code: number): Answer => ({ code, text: 'no' });
  const stages: readonly Stage[] = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'dot'];
  const faults: readonly (readonly [string, Answer])[] = [
    ['cut', 'cut'],
    ['hang', 'hang'],
    ['4xx', deny(451)],
    ['5xx', deny(551)],
  ];
  /** Before the sender is taken it is our relay's affair; from MAIL on the row's; after the dot only a reply decides. */
  const expected = (stage: Stage, fault: string): string => {
    if (stage === 'greeting' || stage === 'ehlo') return 'not-sent/unavailable';
    if (fault === '4xx') return 'not-sent/deferred';
    if (fault === '5xx') return 'bounced';
    return stage === 'dot' ? 'in-doubt' : 'not-sent/network';
  };
  const matrix = stages.flatMap((stage) =>
    faults.map(([fault, answer]) => [stage, fault, answer, expected(stage, fault)] as const),
  );

  it.each(matrix)('at %s, %s', async (stage, fault, answer, outcome) => {
    mailbox.script = (moment) => (moment.stage === stage ? answer : 'accept');
    const before = mailbox.received.length;
    // EHLO that is never answered ends with the silence of the server, like the dot.
    const wire = wireTo(mailbox.url, fault === 'hang' ? short : smtpTimeouts);
    expect(brief(await send(wire))).toBe(outcome);
    expect(mailbox.received).toHaveLength(before);
  });

  it('is in doubt when the server took it and the line broke before the answer', async () => {
    mailbox.script = (moment) => (moment.stage === 'dot' ? 'keep-and-cut' : 'accept');
    const before = mailbox.received.length;
    expect(brief(await send(wireTo(mailbox.url)))).toBe('in-doubt');
    expect(mailbox.received).toHaveLength(before + 1);
  });

  it('is tried again when the server answers the dot with 421', async () => {
    mailbox.script = (moment) => (moment.stage === 'dot' ? deny(421) : 'accept');
    expect(brief(await send(wireTo(mailbox.url)))).toBe('not-sent/deferred');
  });

  it.each([530, 535])('that is told %i to sign in says the relay is unavailable', async (code) => {
    mailbox.script = (moment) => (moment.stage === 'mail' ? deny(code) : 'accept');
    expect(brief(await send(wireTo(mailbox.url)))).toBe('not-sent/unavailable');
  });
});

describe('the fence before the dot', () => {
  it('keeps a mail from arriving when it says no', async () => {
    const before = mailbox.received.length;
    expect(brief(await send(wireTo(mailbox.url), () => Promise.resolve(false)))).toBe(
      'not-sent/fenced',
    );
    expect(mailbox.received).toHaveLength(before);
  });

  it('keeps a mail from arriving when it cannot be asked', async () => {
    const before = mailbox.received.length;
    const lost = () => Promise.reject(new Error('the database is gone'));
    expect(brief(await send(wireTo(mailbox.url), lost))).toBe('not-sent/fenced');
    expect(mailbox.received).toHaveLength(before);
  });

  it('does not count a yes that took too long to arrive', async () => {
    const wire = wireTo(mailbox.url, { ...smtpTimeouts, allowedForMs: -1 });
    const before = mailbox.received.length;
    expect(brief(await send(wire))).toBe('not-sent/fenced');
    expect(mailbox.received).toHaveLength(before);
  });

  it('gives up when the yes does not come before the lease would end', async () => {
    const before = mailbox.received.length;
    const never = () => new Promise<boolean>(() => undefined);
    expect(brief(await send(wireTo(mailbox.url, short), never))).toBe('not-sent/network');
    expect(mailbox.received).toHaveLength(before);
  });

  it('is asked once a mail, after the envelope was taken', async () => {
    const asked: number[] = [];
    let envelopes = 0;
    mailbox.script = (moment) => {
      if (moment.stage === 'data') envelopes++;
      return 'accept';
    };
    await send(wireTo(mailbox.url), () => {
      asked.push(envelopes);
      return Promise.resolve(true);
    });
    expect(asked).toEqual([1]);
  });
});

describe('a session', () => {
  it('carries one mail after another, also after a refusal, each to its own recipient', async () => {
    let connections = 0;
    mailbox.script = (moment) => {
      if (moment.stage === 'greeting') connections++;
      return moment.stage === 'rcpt' && moment.to.includes('no@them.example')
        ? { code: 550, text: 'no' }
        : 'accept';
    };
    const wire = wireTo(mailbox.url);
    const before = mailbox.received.length;
    for (const to of ['1@them.example', 'no@them.example', '2@them.example'])
      await send(wire, undefined, to);
    expect(mailbox.received.slice(before).map((mail) => mail.to)).toEqual([
      ['1@them.example'],
      ['2@them.example'],
    ]);
    expect(connections).toBe(1);
  });

  it('is opened anew after the server ended it', async () => {
    const wire = wireTo(mailbox.url);
    expect(brief(await send(wire))).toBe('sent');
    mailbox.script = (moment) => (moment.stage === 'dot' ? 'cut' : 'accept');
    expect(brief(await send(wire))).toBe('in-doubt');
    mailbox.script = () => 'accept';
    expect(brief(await send(wire))).toBe('sent');
  });
});

describe('encryption', () => {
  it.each([
    ['smtp://127.0.0.1:2525', false, false],
    ['smtp://localhost', false, false],
    ['smtp://relay.example:587', false, true],
    ['smtps://relay.example', true, false],
  ])('of %s: from the start %s, demanded %s', (url, secure, requireTLS) => {
    expect(smtpTarget(url)).toMatchObject({ secure, requireTLS });
  });

  it('that is demanded and not offered sends nothing', async () => {
    const target = { ...smtpTarget(mailbox.url), requireTLS: true };
    const wire = smtpWire({
      sandbox: null,
      relay: target,
      name: 'test.example',
      timeouts: smtpTimeouts,
    });
    wires.push(wire);
    const before = mailbox.received.length;
    const mail = { transport: 'relay', from: 'a@us.example', to: 'b@them.example', bytes } as const;
    const outcome = await wire.send({ ...mail, beforeDot: () => Promise.resolve(true) });
    expect(brief(outcome)).toBe('not-sent/unavailable');
    expect(mailbox.received).toHaveLength(before);
  });

  it('a transport that is not configured sends nothing', async () => {
    const mail = { transport: 'relay', from: 'a@us.example', to: 'b@them.example', bytes } as const;
    const outcome = await wireTo(mailbox.url).send({
      ...mail,
      beforeDot: () => Promise.resolve(true),
    });
    expect(brief(outcome)).toBe('not-sent/unavailable');
  });
});

describe('in the middle of the body', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  /** Takes the envelope, then does `inBody` when the first bytes of the message arrive. */
  async function midBody(inBody: (socket: Socket) => void): Promise<string> {
    server = createServer((socket) => {
      let inData = false;
      let done = false;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        if (inData) {
          if (!done) inBody(socket);
          done = true;
          return;
        }
        inData = chunk.toString().startsWith('DATA');
        socket.write(inData ? '354 go\r\n' : '250 ok\r\n');
      });
      socket.write('220 hello\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `smtp://127.0.0.1:${String(address.port)}`;
  }

  it.each<[string, (socket: Socket) => void, string]>([
    ['a cut', (socket) => socket.destroy(), 'not-sent/network'],
    ['a 451', (socket) => socket.write('451 no\r\n'), 'not-sent/deferred'],
    ['a 554', (socket) => socket.write('554 no\r\n'), 'bounced'],
    ['an early 250', (socket) => socket.write('250 ok\r\n'), 'not-sent/network'],
  ])('%s is known not to have sent anything', async (_what, inBody, outcome) => {
    const url = await midBody(inBody);
    // The dot is held back until the server has said its word.
    const late = () => new Promise<boolean>((resolve) => setTimeout(resolve, 300, true));
    expect(brief(await send(wireTo(url), late))).toBe(outcome);
  });
});
