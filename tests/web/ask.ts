/** Requests to the edge, as a program with a token or as a browser with a cookie. */
import { randomUUID } from 'node:crypto';
import type { Edge, Login } from './edge.ts';

export interface Problem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { pointer: string; detail: string }[];
  readonly correlationId: string;
}

interface ApiRequest {
  readonly as: Login | null;
  readonly body?: unknown;
  /** Sent as they are, with no JSON made of them. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string | null;
}

/** Answer of the API, its body parsed when it is JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: unknown;
}

/** One API request; `path` is below `/api/v1`. */
export async function api(
  edge: Edge,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  request: ApiRequest,
): Promise<ApiAnswer> {
  const key = request.key === undefined ? randomUUID() : request.key;
  const sends = request.raw !== undefined || request.body !== undefined;
  const answer = await edge.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...(request.as === null ? {} : { authorization: `Bearer ${edge.tokens[request.as]}` }),
      ...(method === 'POST' && key !== null ? { 'idempotency-key': key } : {}),
      ...(sends ? { 'content-type': 'application/json' } : {}),
      ...request.headers,
    },
    ...(sends ? { payload: request.raw ?? JSON.stringify(request.body) } : {}),
  });
  const isJson = String(answer.headers['content-type']).includes('json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    json: isJson ? answer.json() : null,
  };
}

/** The problem an answer carries. */
export function problemIn(answer: ApiAnswer): Problem {
  return answer.json as Problem;
}

const sameOrigin = { 'sec-fetch-site': 'same-origin', host: '127.0.0.1:8080' };

/** Signs in by the form and gives the cookie header. */
export async function signIn(edge: Edge, login: Login): Promise<string> {
  const answer = await edge.app.inject({
    method: 'POST',
    url: '/sign-in',
    headers: { ...sameOrigin, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ token: edge.tokens[login] }).toString(),
  });
  const [cookie] = [answer.headers['set-cookie']].flat();
  if (cookie === undefined) throw new Error(`no sign-in: ${String(answer.statusCode)}`);
  return cookie.split(';', 1)[0] ?? '';
}

export interface PageAnswer {
  readonly status: number;
  readonly location: string;
  readonly html: string;
}

/** Reads a page with a cookie. */
export async function page(edge: Edge, cookie: string, url: string): Promise<PageAnswer> {
  const answer = await edge.app.inject({ url, headers: { cookie, accept: 'text/html' } });
  return {
    status: answer.statusCode,
    location: answer.headers.location ?? '',
    html: answer.body,
  };
}

/** Fills in and sends the form of a page, with its hidden fields as they stand in the page. */
export async function sendForm(
  edge: Edge,
  cookie: string,
  { on, action, fields }: { on: string; action: string; fields: Record<string, string | string[]> },
  headers: Readonly<Record<string, string>> = sameOrigin,
): Promise<PageAnswer> {
  const { html } = await page(edge, cookie, on);
  const form = new RegExp(`<form[^>]*action="${action}"[\\s\\S]*?</form>`).exec(html)?.[0];
  if (form === undefined) throw new Error(`no form ${action} on ${on}`);
  const body = new URLSearchParams(hiddenFields(form));
  for (const [name, value] of Object.entries(fields)) {
    body.delete(name);
    for (const one of [value].flat()) body.append(name, one);
  }
  const answer = await edge.app.inject({
    method: 'POST',
    url: action,
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: body.toString(),
  });
  return {
    status: answer.statusCode,
    location: answer.headers.location ?? '',
    html: answer.body,
  };
}

function hiddenFields(form: string): [string, string][] {
  return [...form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
    /name="([^"]*)"/.exec(tag)?.[1] ?? '',
    /value="([^"]*)"/.exec(tag)?.[1] ?? '',
  ]);
}
