/** Mail on the wire: one mail at a time over sessions kept for a while, or many over a session of one's own. */
import type { Wire, WireMail, WireOutcome, WireSession } from '../../domain/notice-ports.ts';
import { openSession, type SmtpSession, type SmtpTarget, type SmtpTimeouts } from './connection.ts';
import { notSent, reasonOf, transact, type TransactionTimes } from './transaction.ts';

export interface SmtpWireOptions {
  readonly sandbox: SmtpTarget | null;
  readonly relay: SmtpTarget | null;
  /** How we greet: our host name. */
  readonly name: string;
  readonly timeouts: SmtpTimeouts &
    TransactionTimes & {
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

type Transport = 'sandbox' | 'relay';
type Refusal = Extract<WireOutcome, { kind: 'not-sent' }>;

export function smtpWire(options: SmtpWireOptions): SmtpWire {
  const { timeouts, name } = options;
  const idle = idleSessions(timeouts.idleMs);
  const opened = async (transport: Transport): Promise<SmtpSession | Refusal> => {
    const target = options[transport];
    if (target === null) return notSent('unavailable', `no ${transport} server is configured`);
    try {
      return await openSession(target, name, timeouts, timeouts.beforeDotMs);
    } catch (error) {
      return notSent('unavailable', reasonOf(error));
    }
  };
  return {
    async send({ transport, ...mail }) {
      const startMs = performance.now();
      const session = idle.take(transport) ?? (await opened(transport));
      if (!('line' in session)) return session;
      const leftMs = timeouts.beforeDotMs - (performance.now() - startMs);
      const outcome = await transact(session, mail, { ...timeouts, beforeDotMs: leftMs });
      if (session.line.isQuiet) idle.keep(session, transport);
      else session.line.leave();
      return outcome;
    },
    async open(transport) {
      const session = await opened(transport);
      return 'line' in session ? ownSession(session, timeouts) : session;
    },
    close() {
      idle.close();
    },
  };
}

function ownSession(session: SmtpSession, times: TransactionTimes): WireSession {
  return {
    isUsable: () => session.line.isQuiet,
    send: (mail: WireMail) => transact(session, mail, times),
    close: () => {
      session.line.leave();
    },
  };
}

function idleSessions(idleMs: number) {
  const kept = new Map<SmtpSession, { transport: Transport; timer: NodeJS.Timeout }>();
  const drop = (session: SmtpSession): void => {
    clearTimeout(kept.get(session)?.timer);
    kept.delete(session);
  };
  return {
    take(transport: Transport): SmtpSession | null {
      for (const [session, one] of kept) {
        if (one.transport !== transport) continue;
        drop(session);
        if (session.line.isQuiet) return session;
        session.line.leave();
      }
      return null;
    },
    keep(session: SmtpSession, transport: Transport): void {
      const timer = setTimeout(() => {
        drop(session);
        session.line.leave();
      }, idleMs).unref();
      kept.set(session, { transport, timer });
    },
    close(): void {
      for (const session of [...kept.keys()]) {
        drop(session);
        session.line.leave();
      }
    },
  };
}
