/** The sandbox mailbox over HTTP: a small API for tests and pages for people. Loopback only. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import PostalMime, { type Email } from 'postal-mime';
import { faultPage, listPage, messagePage, messagesPerPage, styleSheet } from './mailbox-page.ts';
import type { MailboxStore, StoredMessage } from './mailbox-store.ts';

const pagePolicy =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A message's own HTML: its styles and embedded pictures, no script, no request to anywhere. */
const messagePolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

interface Exchange {
  readonly store: MailboxStore;
  readonly url: URL;
  readonly response: ServerResponse;
}

/** Answers every request of the mailbox. */
export function mailboxRequests(
  store: MailboxStore,
  complain: (error: unknown) => void,
): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://mailbox.invalid');
    respond({ store, url, response }, request).catch((error: unknown) => {
      complain(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: 'the mailbox failed: see its log' });
    });
  };
}

async function respond(exchange: Exchange, request: IncomingMessage): Promise<void> {
  const { url, response, store } = exchange;
  // Another site's page can make a browser here ask us by a name of its own: only our own names are answered.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
    sendJson(response, 421, { error: 'ask for 127.0.0.1 or localhost' });
    return;
  }
  if (request.method === 'DELETE' && url.pathname === '/api/messages') {
    const site = request.headers['sec-fetch-site'] ?? 'none';
    if (site !== 'none' && site !== 'same-origin') {
      sendJson(response, 403, { error: 'not from another site' });
      return;
    }
    sendJson(response, 200, { deleted: await store.clear() });
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD, DELETE');
    sendJson(response, 405, { error: 'GET, or DELETE on /api/messages' });
    return;
  }
  await read(exchange);
}

async function read(exchange: Exchange): Promise<void> {
  const { url, response, store } = exchange;
  if (url.pathname === '/') {
    const asked = Number(url.searchParams.get('page') ?? '1');
    const last = Math.max(1, Math.ceil(store.list().length / messagesPerPage));
    const number = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), last) : 1;
    await sendPage(response, 200, listPage(store.list(), number));
  } else if (url.pathname === '/style.css') {
    send(response, 200, 'text/css; charset=utf-8', styleSheet);
  } else if (url.pathname === '/api/messages') {
    sendList(exchange);
  } else {
    await readMessage(exchange);
  }
}

/** `?to=` keeps one recipient's messages, `?after=` those behind an id, `?limit=` the first so many. */
function sendList({ url, response, store }: Exchange): void {
  const to = url.searchParams.get('to')?.toLowerCase();
  const after = url.searchParams.get('after');
  const limit = Number(url.searchParams.get('limit') ?? Number.MAX_SAFE_INTEGER);
  const wanted = (m: StoredMessage) =>
    (to === undefined || m.to.some((address) => address.toLowerCase() === to)) &&
    (after === null || m.id > after);
  sendJson(response, 200, store.list().filter(wanted).slice(0, Math.max(0, limit)));
}

const messagePath =
  /^\/(?<kind>api\/messages|messages)\/(?<id>[0-9a-f-]{36})(?<rest>\.eml|\/html|\/attachments\/\d+)?$/;

async function readMessage({ url, response, store }: Exchange): Promise<void> {
  const { kind, id = '', rest } = messagePath.exec(url.pathname)?.groups ?? {};
  const message = store.find(id);
  if (message === undefined) {
    if (url.pathname.startsWith('/api/')) sendJson(response, 404, { error: 'no such message' });
    else await sendPage(response, 404, faultPage('No such message'));
  } else if (rest === '.eml') {
    response.writeHead(200, { ...safety(pagePolicy), 'content-type': 'message/rfc822' });
    store
      .open(id)
      .on('error', () => response.destroy())
      .pipe(response);
  } else if (kind === 'api/messages') {
    sendJson(response, 200, message);
  } else {
    await showMessage(response, message, await PostalMime.parse(await store.read(id)), rest);
  }
}

async function showMessage(
  response: ServerResponse,
  message: StoredMessage,
  parsed: Email,
  rest: string | undefined,
): Promise<void> {
  if (rest === undefined) {
    await sendPage(response, 200, messagePage(message, parsed));
    return;
  }
  if (rest === '/html') {
    send(response, 200, 'text/html; charset=utf-8', parsed.html ?? '', messagePolicy);
    return;
  }
  const file = parsed.attachments[Number(rest.split('/').at(-1))];
  if (file === undefined) {
    await sendPage(response, 404, faultPage('No such attachment'));
    return;
  }
  const name = encodeURIComponent(file.filename ?? 'attachment');
  response.setHeader('content-disposition', `attachment; filename*=UTF-8''${name}`);
  const bytes =
    typeof file.content === 'string' ? file.content : Buffer.from(new Uint8Array(file.content));
  send(response, 200, 'application/octet-stream', bytes);
}

function safety(policy: string): Record<string, string> {
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  policy = pagePolicy,
): void {
  response.writeHead(status, { ...safety(policy), 'content-type': type }).end(body);
}

async function sendPage(
  response: ServerResponse,
  status: number,
  markup: ReturnType<typeof listPage>,
): Promise<void> {
  send(response, status, 'text/html; charset=utf-8', (await markup).toString());
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}
