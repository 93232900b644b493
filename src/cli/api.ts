/** The HTTP API as the command line asks it: one key per act, the same key again when no answer came. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { JsonObject } from '../domain/json.ts';
import type { Page } from '../domain/views.ts';
import type { Connection } from './connection.ts';
import { CliError, exitCodes } from './exit.ts';
import { problemOf } from './refusal.ts';

/** Pauses before the second, third and further attempts of one request, while a person waits. */
const shortPausesMs: readonly number[] = [200, 600, 1_500];
/** For a drill: long enough for a part that is being restarted. */
export const longPausesMs: readonly number[] = [...shortPausesMs, 3_000, 5_000, 10_000];

export interface Api {
  /** Throws a `CliError` for every answer that is not a success. */
  get<T>(path: string): Promise<T>;
  /** `ifMatch` is the digest that was read, where an act is refused on anything newer. */
  post<T>(path: string, body: JsonObject, ifMatch?: string): Promise<T>;
  /** Sends a body as it is, once: a stream cannot be sent again. */
  upload<T>(path: string, body: Readable, mediaType: string): Promise<T>;
  /** Every item behind a list, page after page. */
  all<T>(path: string): Promise<T[]>;
  /** The answer as text, such as one finished message. */
  text(path: string): Promise<string>;
  /** The lines of a long text answer as they arrive. */
  lines(path: string): AsyncIterable<string>;
}

interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accept?: string;
  readonly body?: JsonObject;
  readonly ifMatch?: string;
}

/** An API client for one person. `say` is told when an answer has to be waited for. */
export function apiClient(
  connection: Connection,
  say: (line: string) => void,
  pausesMs = shortPausesMs,
): Api {
  const ask = (request: Ask) => askAgain(connection, request, { say, pausesMs });
  const get = async <T>(path: string): Promise<T> =>
    readJson<T>(await ask({ method: 'GET', path }));
  return {
    get,
    async post<T>(path: string, body: JsonObject, ifMatch?: string) {
      const match = ifMatch === undefined ? {} : { ifMatch };
      return readJson<T>(await ask({ method: 'POST', path, body, ...match }));
    },
    async upload<T>(path: string, body: Readable, mediaType: string) {
      return readJson<T>(await sendStream(connection, path, body, mediaType));
    },
    async all<T>(path: string) {
      const items: T[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Page<T> = await get(withCursor(path, cursor));
        items.push(...page.items);
        cursor = page.next;
      }
      return items;
    },
    async text(path) {
      return (await ask({ method: 'GET', path, accept: '*/*' })).text();
    },
    async *lines(path) {
      const answer = await ask({ method: 'GET', path, accept: 'text/plain, application/x-ndjson' });
      if (answer.body === null) return;
      yield* linesOf(answer.body);
    },
  };
}

function withCursor(path: string, cursor: string): string {
  if (cursor === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}

/** The answer of a request that may be repeated: the key makes any number of attempts one act. */
async function askAgain(
  connection: Connection,
  request: Ask,
  patience: { readonly say: (line: string) => void; readonly pausesMs: readonly number[] },
): Promise<Response> {
  const init = {
    method: request.method,
    headers: {
      authorization: `Bearer ${connection.token}`,
      accept: request.accept ?? 'application/json',
      ...(request.body === undefined
        ? {}
        : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      ...(request.ifMatch === undefined ? {} : { 'if-match': `"${request.ifMatch}"` }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  };
  for (let attempt = 0; ; attempt++) {
    const answer = await send(connection.api + request.path, init);
    if (answer instanceof Response && answer.ok) return answer;
    const pauseMs = patience.pausesMs[attempt];
    if (pauseMs === undefined || !(await mayRepeat(answer)))
      throw await failureOf(connection, answer);
    patience.say(`no answer from ${connection.api} yet, asking again in ${String(pauseMs)} ms`);
    await wait(pauseMs);
  }
}

async function send(url: string, init: RequestInit): Promise<Response | Error> {
  try {
    return await fetch(url, init);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** No answer, "come back later", or our own first attempt still at work. */
async function mayRepeat(answer: Response | Error): Promise<boolean> {
  if (answer instanceof Error) return true;
  if ([429, 502, 503, 504].includes(answer.status)) return true;
  return answer.status === 409 && (await problemOf(answer.clone())).type.endsWith('in-progress');
}

async function failureOf(connection: Connection, answer: Response | Error): Promise<CliError> {
  if (answer instanceof Response) return (await problemOf(answer)).asError();
  return new CliError(
    exitCodes.unreachable,
    `no answer from ${connection.api}`,
    'run "tocsin start", or check --api and "tocsin doctor"',
  );
}

async function sendStream(
  connection: Connection,
  path: string,
  body: Readable,
  mediaType: string,
): Promise<Response> {
  const answer = await send(connection.api + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${connection.token}`,
      accept: 'application/json',
      'content-type': mediaType,
    },
    body: Readable.toWeb(body),
    duplex: 'half',
  });
  if (answer instanceof Response && answer.ok) return answer;
  throw await failureOf(connection, answer);
}

async function readJson<T>(answer: Response): Promise<T> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) {
    throw new CliError(
      exitCodes.unreachable,
      `${answer.url} does not answer as the Tocsin API does`,
      'check --api',
    );
  }
  // The shape is the contract of /api/v1, written down in src/domain/views.ts on both sides of the wire.
  return body as T;
}

/** Splits at line feeds only: other line breaks may stand inside a JSON text. Throws for what is not UTF-8. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
