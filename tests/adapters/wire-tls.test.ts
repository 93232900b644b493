/** Mail to a relay outside: encrypted to the server we meant and signed in, or not said at all. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import tls from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SmtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire } from '../../src/adapters/mail/wire.ts';
import type { WireOutcome } from '../../src/domain/notice-ports.ts';
import { certificate, certificateKey } from '../support/localhost-certificate.ts';

const bytes = Buffer.from('From: <a@us.example>\r\nTo: <b@them.example>\r\n\r\nbody\r\n');
const signIn = { user: 'tocsin', pass: 'pä:ss word' };

const trusted = tls.getCACertificates('default');
const servers: { close: (done: () => void) => unknown }[] = [];
/** What arrived, how it came and whom the server took the sender for. */
const arrived: { readonly secure: boolean; readonly user: string }[] = [];

beforeAll(() => {
  tls.setDefaultCACertificates([...trusted, certificate]);
});
afterAll(() => {
  tls.setDefaultCACertificates(trusted);
});
afterEach(async () => {
  arrived.splice(0);
  for (const server of servers.splice(0))
    await new Promise<void>((done) => {
      server.close(done);
    });
});

/** A relay that takes mail from whoever knows the password, over an encrypted line only. */
async function relay(options: SMTPServerOptions = {}): Promise<number> {
  const server = new SMTPServer({
    key: certificateKey,
    cert: certificate,
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      if (username === signIn.user && password === signIn.pass) done(null, { user: username });
      else done(new Error('no'));
    },
    onData: (stream, session, done) => {
      stream.resume();
      stream.once('end', () => {
        arrived.push({ secure: session.secure, user: String(session.user) });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  servers.push(server);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return portOf(listening);
}

function portOf(server: { address(): ReturnType<ReturnType<typeof createServer>['address']> }) {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  return address.port;
}

async function send(target: Partial<SmtpTarget> & { port: number }): Promise<string> {
  const to = { host: 'localhost', secure: false, requireTLS: true, auth: signIn, ...target };
  const wire = smtpWire({ sandbox: null, relay: to, name: 'us.example', timeouts: smtpTimeouts });
  const mail = { transport: 'relay', from: 'a@us.example', to: 'b@them.example', bytes } as const;
  const outcome: WireOutcome = await wire.send({ ...mail, beforeDot: () => true });
  wire.close();
  return outcome.kind === 'not-sent' ? `not-sent/${outcome.cause}` : outcome.kind;
}

describe('a relay outside', () => {
  it.each(['PLAIN', 'LOGIN'])(
    'that offers STARTTLS and AUTH %s gets the mail encrypted and signed in',
    async (way) => {
      expect(await send({ port: await relay({ authMethods: [way] }) })).toBe('sent');
      expect(arrived).toEqual([{ secure: true, user: 'tocsin' }]);
    },
  );

  it('that is encrypted from the first byte gets it too', async () => {
    const port = await relay({ secure: true });
    expect(await send({ port, secure: true, requireTLS: false })).toBe('sent');
    expect(arrived).toEqual([{ secure: true, user: 'tocsin' }]);
  });

  it('that does not know us gets nothing, and every other mail waits too', async () => {
    const auth = { user: 'tocsin', pass: 'guessed' };
    expect(await send({ port: await relay(), auth })).toBe('not-sent/unavailable');
    expect(arrived).toEqual([]);
  });

  it('that offers no way to sign in that we know gets no password and no mail', async () => {
    const port = await relay({ authMethods: ['XOAUTH2'] });
    expect(await send({ port })).toBe('not-sent/unavailable');
    expect(arrived).toEqual([]);
  });

  it('that does not offer STARTTLS is not told the password in clear', async () => {
    const heard: string[] = [];
    const onAuth: SMTPServerOptions['onAuth'] = ({ password }, _session, done) => {
      heard.push(String(password));
      done(null, { user: 'anybody' });
    };
    const port = await relay({ hideSTARTTLS: true, allowInsecureAuth: true, onAuth });
    expect(await send({ port })).toBe('not-sent/unavailable');
    expect([heard, arrived]).toEqual([[], []]);
  });
});

describe('a server that is not the one we meant', () => {
  it.each([false, true])(
    'because nobody we trust vouches for it gets nothing (encrypted from the start: %s)',
    async (secure) => {
      tls.setDefaultCACertificates(trusted);
      try {
        const port = await relay({ secure });
        expect(await send({ port, secure, requireTLS: !secure })).toBe('not-sent/unavailable');
        expect(arrived).toEqual([]);
      } finally {
        tls.setDefaultCACertificates([...trusted, certificate]);
      }
    },
  );

  it('because its certificate is for another name gets nothing', async () => {
    const port = await relay();
    expect(await send({ port, host: '127.0.0.1' })).toBe('not-sent/unavailable');
    expect(arrived).toEqual([]);
  });

  it('because somebody on the way slipped words in before the encryption gets nothing', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 here\r\n');
      socket.on('data', (said) => {
        const isHello = said.toString('latin1').startsWith('EHLO');
        socket.write(
          isHello ? '250-here\r\n250 STARTTLS\r\n' : '220 go ahead\r\n250 AUTH PLAIN\r\n',
        );
      });
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(await send({ port: portOf(server) })).toBe('not-sent/unavailable');
  });
});
