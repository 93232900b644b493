/** One mail over an open session, and what became of it by the dot rule: before the dot nobody can have taken it. */
import type { WireMail, WireOutcome } from '../../domain/notice-ports.ts';
import { wireBody, type WireBody } from './body.ts';
import type { SmtpSession } from './connection.ts';
import { LineFault, type SmtpLine } from './line.ts';
import type { Reply } from './reply.ts';

export interface TransactionTimes {
  /** From the envelope to the dot. */
  readonly beforeDotMs: number;
  /** How long a yes to the dot may take to reach us. */
  readonly allowedForMs: number;
  /** How long we wait for the answer to the dot. */
  readonly dotMs: number;
}

const resetMs = 5_000;

/** Sends one mail to one recipient. Never throws; when what the server thinks is not certain, the line is cut. */
export async function transact(
  session: SmtpSession,
  mail: WireMail,
  times: TransactionTimes,
): Promise<WireOutcome> {
  const { line } = session;
  const body = wireBody(mail.bytes);
  if (body === null) return bounced('the message has a line end that is not CRLF');
  if (![mail.from, mail.to].every(isPlain))
    return bounced('an address cannot stand in an envelope');
  const endsMs = performance.now() + times.beforeDotMs;
  try {
    const refused = await envelope(session, mail, endsMs);
    if (refused !== null) {
      await reset(line, refused);
      return beforeDot(refused);
    }
    const stopped = await untilDot(line, body, mail, times, endsMs);
    if (stopped !== null) return stopped;
  } catch (error) {
    return notSent('network', reasonOf(error));
  }
  return afterDot(line, times.dotMs);
}

/** What an envelope takes; anything else could smuggle in words of its own. */
function isPlain(address: string): boolean {
  return /^[\x21-\x7e]{1,320}$/.test(address) && !/[<>]/.test(address);
}

/** Says who sends to whom. Gives the reply that refuses, or null when the server waits for the message. */
async function envelope(
  { line, pipelining, size }: SmtpSession,
  { from, to, bytes }: WireMail,
  endsMs: number,
): Promise<Reply | null> {
  const words = [
    `MAIL FROM:<${from}>${size ? ` SIZE=${String(bytes.length)}` : ''}\r\n`,
    `RCPT TO:<${to}>\r\n`,
    'DATA\r\n',
  ];
  if (!line.isQuiet) throw new LineFault('the server spoke before its turn');
  if (pipelining) line.write(words.join(''));
  let refused: Reply | null = null;
  for (const [index, word] of words.entries()) {
    if (!pipelining) line.write(word);
    const reply = await replyOr(line, refused, endsMs);
    const isTaken = index === 2 ? reply.code === 354 : reply.code >= 250 && reply.code <= 252;
    // It waits for a message to nobody: only a cut keeps it from getting one.
    if (isTaken && index === 2 && refused !== null) line.cut('the server took DATA to nobody');
    if (!isTaken) refused ??= reply;
    if (refused !== null && (!pipelining || line.isBroken)) break;
  }
  return refused;
}

/** The next reply; once the server has refused, its going away changes nothing. */
async function replyOr(line: SmtpLine, refused: Reply | null, endsMs: number): Promise<Reply> {
  try {
    return await line.reply(Math.max(0, endsMs - performance.now()));
  } catch (fault) {
    if (refused === null) throw fault;
    return refused;
  }
}

/** Sends the message up to its dot. Gives what became of it when the dot was not sent, null when it was. */
async function untilDot(
  line: SmtpLine,
  body: WireBody,
  mail: WireMail,
  times: TransactionTimes,
  endsMs: number,
): Promise<WireOutcome | null> {
  const asked = mail.beforeDot();
  if (typeof asked === 'boolean') {
    if (!asked) return cut(line, 'fenced', stoppedAtDot);
    if (!line.isQuiet) return answeredEarly(line);
    line.write(body.whole);
    return null;
  }
  line.write(body.before);
  const askedMs = performance.now();
  const yes = await answerTo(asked, line, endsMs);
  if (!line.isQuiet) return answeredEarly(line);
  if (yes === 'too-late') return cut(line, 'network', 'the dot was not allowed in time');
  // A process that was stopped in between may find its lease over: then the dot must not go.
  const isInTime = performance.now() - askedMs <= times.allowedForMs;
  if (!yes || !isInTime) return cut(line, 'fenced', stoppedAtDot);
  line.write(body.last);
  return null;
}

const stoppedAtDot = 'the row was no longer ours before the final dot';

/** The answer to "may the dot go", unless the server says something first or it takes too long. */
async function answerTo(
  asked: Promise<boolean>,
  line: SmtpLine,
  endsMs: number,
): Promise<boolean | 'too-late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'too-late'>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, endsMs - performance.now()), 'too-late');
  });
  const disturbed = line.disturbance().then(() => false);
  try {
    return await Promise.race([asked.catch(() => false), disturbed, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The server has spoken or gone although the message had not ended: it cannot have taken it. */
async function answeredEarly(line: SmtpLine): Promise<WireOutcome> {
  const reply = await line.reply(0);
  line.cut('the server answered before the message had ended');
  if (reply.code < 400)
    return notSent('network', `the server answered before the message had ended: ${reply.text}`);
  return beforeDot(reply);
}

async function afterDot(line: SmtpLine, dotMs: number): Promise<WireOutcome> {
  try {
    const reply = await line.reply(dotMs);
    if (reply.code < 300) return { kind: 'sent', reply: reply.text };
    if (reply.code === 421 || reply.code < 400) line.cut('the server ended the session');
    if (reply.code < 400) return { kind: 'in-doubt', reply: reply.text };
    return reply.code < 500 ? notSent('deferred', reply.text) : bounced(reply.text);
  } catch (error) {
    return { kind: 'in-doubt', reply: reasonOf(error) };
  }
}

function beforeDot({ code, text }: Reply): WireOutcome {
  if (code < 400) return notSent('network', text);
  // Sign-in or encryption is wanted: every other row would be told the same.
  if (code === 530 || code === 535 || code === 538) return notSent('unavailable', text);
  return code < 500 ? notSent('deferred', text) : bounced(text);
}

// After a refusal the server has to be told that the next mail is another one.
async function reset(line: SmtpLine, refused: Reply): Promise<void> {
  if (refused.code === 421 || refused.code < 400) line.cut('the server ended the session');
  if (line.isBroken) return;
  line.write('RSET\r\n');
  try {
    const { code } = await line.reply(resetMs);
    if (code !== 250) line.cut('the server does not begin anew');
  } catch {
    // The line is cut: the next mail goes over another one.
  }
}

function cut(line: SmtpLine, cause: 'fenced' | 'network', reply: string): WireOutcome {
  line.cut(reply);
  return notSent(cause, reply);
}

function bounced(reply: string): WireOutcome {
  return { kind: 'bounced', reply };
}

export function notSent(
  cause: Extract<WireOutcome, { kind: 'not-sent' }>['cause'],
  reply: string,
): Extract<WireOutcome, { kind: 'not-sent' }> {
  return { kind: 'not-sent', cause, reply };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
