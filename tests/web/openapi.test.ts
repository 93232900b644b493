/** The OpenAPI document: valid, complete, and true of what the routes answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api } from './ask.ts';
import { testEdge, type Edge } from './edge.ts';

interface Body {
  readonly additionalProperties?: boolean;
}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { schema: Body & { anyOf?: readonly Body[] } }>>;
  };
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly servers: readonly { url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let edge: Edge;
let document: Document;
beforeAll(async () => {
  edge = await testEdge();
  const answer = await api(edge, 'GET', '/openapi.json', { as: null });
  document = answer.json as Document;
});
afterAll(() => edge.close());

function operations(): [string, string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
      path,
      method,
      operation,
    ]),
  );
}

describe('the OpenAPI document', () => {
  it('is version 3.1, needs no token, and holds every route of the agreed API', () => {
    expect(document.openapi).toMatch(/^3\.1/);
    expect(document.servers).toEqual([{ url: '/api/v1' }]);
    const paths = Object.keys(document.paths);
    for (const path of [
      '/incidents',
      '/cases',
      '/cases/{case}',
      '/cases/{case}/facts',
      '/cases/{case}/obligations',
      '/notices/{notice}/approval',
      '/approvals',
      '/imports/{kind}',
      '/register/export',
      '/alarms/answer',
      '/deliveries/{delivery}/resolution',
      '/me',
    ]) {
      expect(paths).toContain(path);
    }
  });

  it('says which files an import takes', () => {
    const { requestBody } = document.paths['/imports/{kind}']?.['post'] ?? {};
    expect(Object.keys(requestBody?.content ?? {})).toEqual(['text/csv', 'application/x-ndjson']);
  });

  it('resolves every reference it makes', () => {
    const text = JSON.stringify(document);
    for (const [, reference] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = (reference ?? '')
        .split('/')
        .reduce<unknown>(
          (at, part) => (at as Record<string, unknown> | undefined)?.[part],
          document,
        );
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
  });

  it('declares for every operation a name, a summary, and each status it can answer', () => {
    const names = operations().map(([, , operation]) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const [path, method, { responses, summary }] of operations()) {
      const always = ['200', '400', '401', '403', '404', '422', '429', '500', '503'];
      const wanted = method === 'post' ? [...always, '409', '413', '415'] : always;
      expect([path, summary === undefined]).toEqual([path, false]);
      for (const status of wanted) {
        expect([path, method, Object.keys(responses)]).toEqual([
          path,
          method,
          expect.arrayContaining([status]),
        ]);
        if (Number(status) >= 400) {
          expect(Object.keys(responses[status]?.content ?? {})).toEqual([
            'application/problem+json',
          ]);
        }
      }
    }
  });

  it('closes every JSON body to unknown fields and names the key of every POST', () => {
    for (const [path, method, { requestBody, parameters = [] }] of operations()) {
      // Files and signed events are read as bytes; an event's own id is its key.
      if (method !== 'post' || path.startsWith('/imports') || path === '/events') continue;
      const schema = requestBody?.content['application/json']?.schema;
      // A file comes as its bytes, under one of the types that are kept.
      const isFile = path === '/cases/{case}/documents';
      // One of several shapes is closed when each of them is.
      const bodies = schema?.anyOf ?? [schema];
      const isClosed = bodies.every((body) => body?.additionalProperties === false);
      if (!isFile) expect([path, isClosed]).toEqual([path, true]);
      const key = parameters.find((one) => one.name === 'idempotency-key');
      expect([path, key?.in, key?.required === true]).toEqual([
        path,
        'header',
        path === '/incidents',
      ]);
    }
  });
});
