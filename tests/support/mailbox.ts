/** An SMTP sink whose answers a test scripts stage by stage: accept, refuse, hang, or cut the line. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** Where in the conversation an answer is due. `dot` is after the whole message has arrived. */
export type Stage = 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'dot';

/** `keep-and-cut` keeps the message and cuts the line before the reply: the case only the ledger can settle. */
export type Answer =
  'accept' | 'hang' | 'cut' | 'keep-and-cut' | { readonly code: number; readonly text: string };

interface Moment {
  readonly stage: Stage;
  /** Counts connections from 1. */
  readonly connection: number;
  /** Counts `MAIL FROM` from 1, over all connections. */
  readonly transaction: number;
  readonly from: string;
  /** Envelope recipients so far. */
  readonly to: readonly string[];
}

interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Exactly as sent, dots unstuffed, with its closing line break. */
  readonly bytes: Buffer;
  readonly messageId: string;
  readonly noticeId: string | null;
}

export interface TestMailbox {
  /** `smtp://127.0.0.1:port` */
  readonly url: string;
  /** Every message that arrived whole and was kept, in order of arrival. */
  readonly received: readonly ReceivedMail[];
  /** Asked at every stage; starts as always `accept`. */
  script: (moment: Moment) => Answer;
  close(): Promise<void>;
}

/** Starts the sink on a free loopback port; `offers` are the extensions it says it has. */
export async function testMailbox(offers: readonly string[] = []): Promise<TestMailbox> {
  const received: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const counters = { connection: 0, transaction: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A sender that goes away in the middle is part of the game.
    socket.on('error', () => undefined);
    counters.connection++;
    converse(socket, { counters, offers }, (moment) => mailbox.script(moment), received);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sink has no port');
  const mailbox: TestMailbox = {
    url: `smtp://127.0.0.1:${String(address.port)}`,
    received,
    script: () => 'accept',
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => {
        server.close(() => {
          done();
        });
      });
    },
  };
  return mailbox;
}

const endOfData = Buffer.from('\r\n.\r\n');

function converse(
  socket: Socket,
  {
    counters,
    offers,
  }: {
    counters: { connection: number; transaction: number };
    offers: readonly string[];
  },
  script: (moment: Moment) => Answer,
  received: ReceivedMail[],
): void {
  const connection = counters.connection;
  const lines = ['sink', ...offers];
  const greeting = lines
    .map((line, n) => `250${lines[n + 1] === undefined ? ' ' : '-'}${line}`)
    .join('\r\n');
  let from = '';
  let to: string[] = [];
  let inData = false;
  let buffer = Buffer.alloc(0);

  /** Replies as scripted; true when the stage was accepted. */
  const answer = (stage: Stage, reply: string): boolean => {
    const said = script({ stage, connection, transaction: counters.transaction, from, to });
    if (said === 'accept') socket.write(`${reply}\r\n`);
    else if (said === 'cut' || said === 'keep-and-cut') socket.destroy();
    else if (said !== 'hang') socket.write(`${String(said.code)} ${said.text}\r\n`);
    return said === 'accept' || (stage === 'dot' && said === 'keep-and-cut');
  };

  const command = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO' || verb === 'HELO') answer('ehlo', greeting);
    else if (verb === 'MAIL') {
      counters.transaction++;
      [from, to] = [address, []];
      answer('mail', '250 sender ok');
    } else if (verb === 'RCPT') {
      to = [...to, address];
      if (!answer('rcpt', '250 recipient ok')) to = to.slice(0, -1);
    } else if (verb === 'DATA') inData = answer('data', '354 go ahead');
    else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else if (verb === 'RSET' || verb === 'NOOP') socket.write('250 ok\r\n');
    else socket.write('502 not here\r\n');
  };

  const takeMessage = (): boolean => {
    // The first line may itself be the dot: the line break before it then belongs to the command.
    const empty = buffer.subarray(0, 3).equals(endOfData.subarray(2));
    const end = empty ? -2 : buffer.indexOf(endOfData);
    if (end === -1) return false;
    const raw = buffer.subarray(0, end + 2);
    buffer = buffer.subarray(end + 5);
    inData = false;
    if (answer('dot', '250 kept')) received.push(messageOf(from, to, raw));
    return true;
  };

  socket.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      if (inData) {
        if (!takeMessage()) return;
        continue;
      }
      const end = buffer.indexOf('\r\n');
      if (end === -1) return;
      const line = buffer.subarray(0, end).toString('latin1');
      buffer = buffer.subarray(end + 2);
      command(line);
    }
  });
  answer('greeting', '220 sink ESMTP');
}

function messageOf(from: string, to: readonly string[], raw: Buffer): ReceivedMail {
  const text = raw.toString('latin1').replace(/(^|\r\n)\.\./g, '$1.');
  const head = text.split('\r\n\r\n', 1)[0] ?? '';
  const header = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'im').exec(head)?.[1];
  return {
    from,
    to: [...to],
    bytes: Buffer.from(text, 'latin1'),
    messageId: header('message-id') ?? '',
    noticeId: header('x-notice-id') ?? null,
  };
}
