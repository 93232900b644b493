/** Opens an SMTP session: connected, greeted, encrypted and signed in as its target demands. */
import { isIP, connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { LineFault, SmtpLine } from './line.ts';
import type { Reply } from './reply.ts';

/** Where mail goes out. */
export interface SmtpTarget {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Without TLS nothing is sent; off only on loopback. */
  readonly requireTLS: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

/** Reads `smtp://` or `smtps://` with an optional user. TLS is required except on loopback. */
export function smtpTarget(url: string): SmtpTarget {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const loopback =
    host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  return {
    host,
    port: port === '' ? (secure ? 465 : 25) : Number(port),
    secure,
    requireTLS: !secure && !loopback,
    auth:
      username === ''
        ? null
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
  };
}

export interface SmtpTimeouts {
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Silence of the server that ends the wait for the answer to the dot: 10 minutes or more. */
  readonly dotMs: number;
}

/** A session that is ready for mail. */
export interface SmtpSession {
  readonly line: SmtpLine;
  /** RFC 2920: the envelope may be said in one breath. */
  readonly pipelining: boolean;
  /** RFC 1870: MAIL may say how large the message is. */
  readonly size: boolean;
}

/** Connects, greets, encrypts and signs in, within a time. Throws; nothing of a mail has been said by then. */
export async function openSession(
  target: SmtpTarget,
  name: string,
  timeouts: SmtpTimeouts,
  withinMs: number,
): Promise<SmtpSession> {
  const endsMs = performance.now() + withinMs;
  const leftMs = (): number => Math.max(0, endsMs - performance.now());
  const socket = await connected(target, Math.min(timeouts.connectMs, leftMs()));
  let line = new SmtpLine(socket);
  try {
    expect(await line.reply(Math.min(timeouts.greetingMs, leftMs())), 220);
    let offers = await greet(line, name, leftMs());
    if (target.requireTLS) {
      line = new SmtpLine(await startTls(line, offers, target, leftMs));
      offers = await greet(line, name, leftMs());
    }
    if (target.auth !== null) await signIn(line, offers, target.auth, leftMs);
    return { line, pipelining: offers.has('PIPELINING'), size: offers.has('SIZE') };
  } catch (error) {
    line.cut('the session was not opened');
    throw error;
  }
}

function connected({ host, port, secure }: SmtpTarget, withinMs: number): Promise<Socket> {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return arrival(
    secure ? connectTls({ host, port, ...servername }) : connectPlain({ host, port }),
    secure ? 'secureConnect' : 'connect',
    withinMs,
  );
}

/** The socket once it is connected (and, with TLS, its certificate was found good); destroyed otherwise. */
function arrival<S extends Socket>(socket: S, event: string, withinMs: number): Promise<S> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const closed = (): void => {
      failed(new LineFault('the connection ended before it was ready'));
    };
    const timer = setTimeout(() => {
      failed(new LineFault('the server took too long to become ready'));
    }, withinMs);
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
      resolve(socket);
    });
  });
}

/** What the server offers, by keyword, with its parameters. */
async function greet(
  line: SmtpLine,
  name: string,
  withinMs: number,
): Promise<ReadonlyMap<string, string>> {
  line.write(`EHLO ${name}\r\n`);
  const { lines } = expect(await line.reply(withinMs), 250);
  return new Map(
    lines.slice(1).map((text) => {
      const [keyword = '', ...parameters] = text.trim().toUpperCase().split(/[ =]+/);
      return [keyword, ` ${parameters.join(' ')} `];
    }),
  );
}

async function startTls(
  line: SmtpLine,
  offers: ReadonlyMap<string, string>,
  { host }: SmtpTarget,
  leftMs: () => number,
): Promise<Socket> {
  if (!offers.has('STARTTLS')) throw new LineFault('the server does not offer the TLS we require');
  line.write('STARTTLS\r\n');
  expect(await line.reply(leftMs()), 220);
  const servername = isIP(host) === 0 ? { servername: host } : {};
  // Anything said in clear after the 220 could be somebody else's: `detach` refuses it.
  const socket = line.detach();
  return arrival(connectTls({ socket, host, ...servername }), 'secureConnect', leftMs());
}

async function signIn(
  line: SmtpLine,
  offers: ReadonlyMap<string, string>,
  { user, pass }: { user: string; pass: string },
  leftMs: () => number,
): Promise<void> {
  const ways = offers.get('AUTH') ?? '';
  const said = async (words: string): Promise<Reply> => {
    line.write(`${words}\r\n`);
    return line.reply(leftMs());
  };
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  if (ways.includes(' PLAIN ')) {
    expect(await said(`AUTH PLAIN ${base64(`\0${user}\0${pass}`)}`), 235);
  } else if (ways.includes(' LOGIN ')) {
    expect(await said('AUTH LOGIN'), 334);
    expect(await said(base64(user)), 334);
    expect(await said(base64(pass)), 235);
  } else {
    throw new LineFault('the server offers no way to sign in that we know');
  }
}

function expect(reply: Reply, code: number): Reply {
  if (reply.code !== code) throw new LineFault(reply.text);
  return reply;
}
