/** The sandbox mailbox: an SMTP sink that takes everything and lets nothing out, with a page to read it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { mailboxRequests } from './mailbox-http.ts';
import { openStore, type MailboxStore } from './mailbox-store.ts';

export interface SandboxOptions {
  readonly folder: string;
  /** 0: any free port. */
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly complain: (error: unknown) => void;
}

export interface SandboxMailbox {
  readonly smtpUrl: string;
  readonly url: string;
  close(): Promise<void>;
}

const largestMessageBytes = 50_000_000;

/** Listens on loopback for mail and for readers. A message is on disk before its 250 goes out. */
export async function startSandboxMailbox(options: SandboxOptions): Promise<SandboxMailbox> {
  const store = await openStore(options.folder);
  const smtp = new SMTPServer(smtpOptions(store, options.complain));
  smtp.on('error', options.complain);
  const smtpSocket = smtp.listen(options.smtpPort, '127.0.0.1');
  const http = createServer(mailboxRequests(store, options.complain));
  http.listen(options.httpPort, '127.0.0.1');
  await Promise.all([once(smtpSocket, 'listening'), once(http, 'listening')]);
  return {
    smtpUrl: `smtp://127.0.0.1:${String(portOf(smtpSocket.address()))}`,
    url: `http://127.0.0.1:${String(portOf(http.address()))}`,
    async close() {
      http.closeAllConnections();
      await Promise.all([
        new Promise<void>((done) => {
          http.close(() => {
            done();
          });
        }),
        new Promise<void>((done) => {
          smtp.close(done);
        }),
      ]);
    },
  };
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function smtpOptions(store: MailboxStore, complain: (error: unknown) => void): SMTPServerOptions {
  return {
    banner: 'Tocsin sandbox: nothing leaves this machine',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    authOptional: true,
    logger: false,
    size: largestMessageBytes,
    closeTimeout: 500,
    onData(stream, { envelope }, done) {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      const to = envelope.rcptTo.map((recipient) => recipient.address);
      store
        .add({ from, to }, stream, () => !stream.sizeExceeded)
        .then(
          (message) => {
            done(null, `kept as ${message.id}`);
          },
          (error: unknown) => {
            if (stream.sizeExceeded) {
              done(smtpFault(552, 'message too large'));
              return;
            }
            complain(error);
            done(smtpFault(451, 'the sandbox could not keep the message'));
          },
        );
    },
  };
}

function smtpFault(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
