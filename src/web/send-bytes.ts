/** Sends what is not JSON: a message to save, lines to keep; never something a browser would render. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Answers with the bytes of a message; they leave this process unchanged. */
export function sendMessage(reply: FastifyReply, bytes: Uint8Array): FastifyReply {
  return reply
    .header('content-type', 'message/rfc822')
    .header('content-disposition', 'attachment; filename="sample.eml"')
    .send(Buffer.from(bytes));
}

/** Answers with lines as they are made. */
export function sendLines(reply: FastifyReply, lines: AsyncIterable<string>): FastifyReply {
  return reply
    .header('content-type', 'text/plain; charset=utf-8')
    .send(Readable.from(endLines(lines)));
}

async function* endLines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
