/** Pages as tagged templates: every value is escaped where it is put in. */
import type { FastifyReply } from 'fastify';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export { html };

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Nothing, where a template has a place for something. */
export const nothing: Html = html``;

/** Sends a whole page. */
export async function sendPage(
  reply: FastifyReply,
  status: number,
  page: Html,
): Promise<FastifyReply> {
  const text = (await page).toString();
  return reply.code(status).type('text/html; charset=utf-8').send(text);
}

/** A count with its noun: `1 notice`, `30 notices`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}
