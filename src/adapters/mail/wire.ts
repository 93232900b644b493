/** Puts one mail on the wire and says what became of it, by the dot rule: before the dot nobody can have taken it. */
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Wire, WireOutcome } from '../../domain/notice-ports.ts';
import { ownBody } from './body.ts';
import {
  faultOf,
  openConnection,
  type SmtpFault,
  type SmtpTarget,
  type SmtpTimeouts,
} from './connection.ts';

export interface SmtpWireOptions {
  readonly sandbox: SmtpTarget | null;
  readonly relay: SmtpTarget | null;
  /** How we greet: our host name. */
  readonly name: string;
  readonly timeouts: SmtpTimeouts & {
    /** From opening to the dot; shorter than the lease of a claim. */
    readonly beforeDotMs: number;
    /** How long a yes to the dot may take to reach us. */
    readonly allowedForMs: number;
    /** How long an idle session is kept for the next mail. */
    readonly idleMs: number;
  };
}

/** RFC 5321, 4.5.3.2: ten minutes and more for the answer to the dot. */
export const smtpTimeouts: SmtpWireOptions['timeouts'] = {
  connectMs: 30_000,
  greetingMs: 30_000,
  beforeDotMs: 90_000,
  allowedForMs: 30_000,
  dotMs: 630_000,
  idleMs: 5_000,
};

export interface SmtpWire extends Wire {
  /** Ends idle sessions; a mail on its way finishes by itself. */
  close(): void;
}

type Mail = Parameters<Wire['send']>[0];

/** A wire that keeps sessions open from one mail to the next. */
export function smtpWire(options: SmtpWireOptions): SmtpWire {
  const idle = new Map<SMTPConnection, { transport: Mail['transport']; timer: NodeJS.Timeout }>();
  const take = (transport: Mail['transport']): SMTPConnection | null => {
    for (const [connection, kept] of idle) {
      if (kept.transport !== transport) continue;
      clearTimeout(kept.timer);
      idle.delete(connection);
      if (!connection.destroyed && isWritable(connection)) return connection;
    }
    return null;
  };
  const end = (connection: SMTPConnection): void => {
    idle.delete(connection);
    connection.quit();
  };
  const keep = (connection: SMTPConnection, transport: Mail['transport']): void => {
    const timer = setTimeout(end, options.timeouts.idleMs, connection).unref();
    idle.set(connection, { transport, timer });
  };
  return {
    async send(mail) {
      const target = options[mail.transport];
      if (target === null)
        return notSent('unavailable', `no ${mail.transport} server is configured`);
      const deadlineAt = performance.now() + options.timeouts.beforeDotMs;
      let connection = take(mail.transport);
      try {
        const { timeouts, name } = options;
        connection ??= await openConnection(target, name, timeouts, timeouts.beforeDotMs);
      } catch (error) {
        return notSent('unavailable', faultOf(error).message);
      }
      const { outcome, reusable } = await transact(
        connection,
        mail,
        deadlineAt,
        options.timeouts.allowedForMs,
      );
      if (reusable && (await isReset(connection, outcome))) keep(connection, mail.transport);
      else connection.close();
      return outcome;
    },
    close() {
      for (const [connection, kept] of idle) {
        clearTimeout(kept.timer);
        end(connection);
      }
    },
  };
}

function isWritable(connection: SMTPConnection): boolean {
  const socket = connection._socket;
  return socket !== false && socket !== null && socket.writable && !socket.destroyed;
}

interface Transacted {
  readonly outcome: WireOutcome;
  /** False when what the server thinks of the session is not certain. */
  readonly reusable: boolean;
}

function transact(
  connection: SMTPConnection,
  mail: Mail,
  deadlineAt: number,
  allowedForMs: number,
): Promise<Transacted> {
  return new Promise((resolve) => {
    const finish = (outcome: WireOutcome, reusable: boolean): void => {
      clearTimeout(timer);
      body.stream.destroy();
      resolve({ outcome, reusable });
    };
    const cut = (cause: 'fenced' | 'network', reply: string): void => {
      connection.close();
      finish(notSent(cause, reply), false);
    };
    const allowed = async (): Promise<boolean> => {
      const yes = await mail.beforeDot();
      clearTimeout(timer);
      return yes;
    };
    const refused = (): void => {
      cut('fenced', 'the row was no longer ours before the final dot');
    };
    const body = ownBody(mail.bytes, allowed, refused, allowedForMs);
    const timer = setTimeout(() => {
      if (!body.ended()) cut('network', 'the server took too long before the final dot');
    }, deadlineAt - performance.now());
    connection.send(
      { from: mail.from, to: [mail.to], size: mail.bytes.length },
      body.stream,
      (error, info) => {
        const dotMayBeOut = body.ended();
        if (error !== null) {
          const fault = faultOf(error);
          const outcome = dotMayBeOut ? afterDot(fault) : beforeDot(fault);
          finish(outcome, !dotMayBeOut && isEnvelope(fault));
        } else if (dotMayBeOut) {
          finish({ kind: 'sent', reply: info.response }, true);
        } else {
          cut('network', 'the server answered before the message had ended');
        }
      },
    );
  });
}

/** Replies to MAIL, RCPT or DATA leave the session usable; a fault in the middle of a body does not. */
function isEnvelope(fault: SmtpFault): boolean {
  return (
    fault.code !== null &&
    fault.code !== 421 &&
    /^(MAIL FROM|RCPT TO|DATA)$/.test(fault.command) &&
    !fault.message.startsWith('Message failed')
  );
}

function beforeDot({ code, message }: SmtpFault): WireOutcome {
  if (code === null || code < 400) return notSent('network', message);
  // Sign-in or encryption is wanted: every other row would be told the same.
  if (code === 530 || code === 535 || code === 538) return notSent('unavailable', message);
  return code < 500 ? notSent('deferred', message) : { kind: 'bounced', reply: message };
}

function afterDot(fault: SmtpFault): WireOutcome {
  const { code, command, message } = fault;
  // Only a whole reply line counts: one to the message itself, or the 421 with which a server ends the session.
  const answered = command === 'DATA' || message.startsWith('Server closed the connection');
  if (!answered || code === null || code < 400 || code > 599)
    return { kind: 'in-doubt', reply: message };
  return code < 500 ? notSent('deferred', message) : { kind: 'bounced', reply: message };
}

function notSent(
  cause: Extract<WireOutcome, { kind: 'not-sent' }>['cause'],
  reply: string,
): WireOutcome {
  return { kind: 'not-sent', cause, reply };
}

// After a mail that went out the session is fresh by itself; after a refusal it has to be told.
async function isReset(connection: SMTPConnection, outcome: WireOutcome): Promise<boolean> {
  if (outcome.kind === 'sent') return true;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 5_000, false);
    connection.reset((error) => {
      clearTimeout(timer);
      resolve(error === null);
    });
  });
}
