/** A command line under test: the real program, streams that are caught, and an API that answers as told. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { runProgram, type ProgramParts } from '../../src/cli/program.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** The connection is cut instead. */
  readonly cut?: true;
}

export interface FakeApi {
  /** Base address, as `--api` takes it. */
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** An API on loopback; `answer` is called once for each request, in order. */
export async function fakeApi(answer: (asked: Asked) => Answer): Promise<FakeApi> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void read(request).then((one) => {
      asked.push(one);
      const { status = 200, body = {}, cut } = answer(one);
      if (cut === true) {
        request.socket.destroy();
        return;
      }
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
      response.end(isText ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/api/v1`,
    asked,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const key = request.headers['idempotency-key'];
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    key: Array.isArray(key) ? key[0] : key,
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line. */
export async function run(
  argv: readonly string[],
  given: Partial<ProgramParts> & { readonly typed?: string } = {},
): Promise<Ran> {
  const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const [caughtOut, caughtErr] = [caught(out), caught(err)];
  const isTTY = given.typed !== undefined;
  if (isTTY) input.write(`${given.typed}\n`);
  const nothing = () => Promise.reject(new Error('not in this test'));
  const parts: ProgramParts = {
    env: {},
    terminal: {
      out,
      err: Object.assign(err, { isTTY }),
      in: Object.assign(input, { isTTY }),
    },
    version: '0.0.0',
    start: nothing,
    worker: nothing,
    serve: nothing,
    watch: nothing,
    sandbox: nothing,
    migrate: nothing,
    firstPerson: nothing,
    issueToken: nothing,
    doctor: nothing,
    startPrivateStack: nothing,
    verifyExport: nothing,
    ...given,
  };
  const code = await runProgram(parts, argv);
  return { code, out: caughtOut(), err: caughtErr() };
}

function caught(stream: PassThrough): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  return () => text;
}
