/** One SMTP session over nodemailer's connection: opened, used for one mail after another, closed. */
import { isIP } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

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

/** A failure as nodemailer reports it, with what we decide by. */
export interface SmtpFault {
  readonly code: number | null;
  readonly command: string;
  readonly message: string;
}

export function faultOf(error: unknown): SmtpFault {
  if (!(error instanceof Error)) return { code: null, command: '', message: String(error) };
  const code =
    'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null;
  const command = 'command' in error && typeof error.command === 'string' ? error.command : '';
  return { code, command, message: error.message };
}

/**
 * Connects, greets and signs in, within a time. Rejects with nodemailer's error; nothing of a mail has been said by then.
 */
export async function openConnection(
  target: SmtpTarget,
  name: string,
  timeouts: SmtpTimeouts,
  withinMs: number,
): Promise<SMTPConnection> {
  const connection = new SMTPConnection({
    host: target.host,
    port: target.port,
    secure: target.secure,
    requireTLS: target.requireTLS,
    ignoreTLS: !target.requireTLS && !target.secure,
    name,
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.dotMs,
    // Closing must cut the line, never finish a message that was half said.
    socketCloseTimeout: 0,
  });
  const timer = setTimeout(() => {
    connection.emit('error', new Error('the server took too long to become ready'));
  }, withinMs);
  try {
    await ready(connection);
    if (target.auth !== null) await signIn(connection, target.auth);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function ready(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    // Also the listener that keeps a later fault of an idle session from being thrown.
    connection.on('error', reject);
    connection.once('end', () => {
      reject(new Error('the connection ended before it was ready'));
    });
    connection.connect((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}

function signIn(connection: SMTPConnection, auth: { user: string; pass: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => {
      reject(new Error('the connection ended while signing in'));
    });
    connection.login({ user: auth.user, pass: auth.pass }, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
