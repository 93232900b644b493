/** The whole web edge over a test house: real commands, real database, requests injected. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import { putToken } from '../../src/adapters/postgres/people.ts';
import { readHouse } from '../../src/adapters/postgres/metrics.ts';
import { exportAll, exportCase } from '../../src/adapters/postgres/register-export.ts';
import { verifyRegister } from '../../src/adapters/postgres/register-verify.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { sampleRow } from '../../src/adapters/postgres/views-notice.ts';
import { readinessChecks } from '../../src/adapters/postgres/views-readiness.ts';
import { webSessions } from '../../src/adapters/postgres/web-sessions.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { draftStep, scopeStep } from '../../src/commands/advance-case.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { freezeNotice, type FreezeDeps } from '../../src/commands/freeze-notice.ts';
import { importCatalogue } from '../../src/intake/import/import-catalogue.ts';
import type { WebPorts } from '../../src/web/ports.ts';
import { buildServer } from '../../src/web/server.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';

export type Login = keyof TestHouse['people'];

export interface Edge {
  readonly home: TestHouse;
  readonly app: FastifyInstance;
  readonly ports: WebPorts;
  readonly tokens: Readonly<Record<Login, string>>;
  close(): Promise<void>;
}

const freeze: FreezeDeps = {
  wording: handlebarsWording(),
  noticeIdKey: Buffer.alloc(32, 7),
};

/** Starts the edge; `close` in `afterAll`. */
export async function testEdge(
  changes: Partial<WebPorts> = {},
  organisation: 'demo' | 'own' = 'demo',
): Promise<Edge> {
  const home = await testHouse(organisation);
  const tokens = await giveTokens(home);
  const ports: WebPorts = { ...portsOver(home, tokens), ...changes };
  const app = await buildServer(ports);
  await app.ready();
  return {
    home,
    app,
    ports,
    tokens,
    async close() {
      await app.close();
      await home.close();
    },
  };
}

async function giveTokens(home: TestHouse): Promise<Edge['tokens']> {
  const tokens: Partial<Record<Login, string>> = {};
  await inTransaction(home.pool, { kind: 'machine', name: 'import' }, async (sql) => {
    for (const login of Object.keys(home.people) as Login[]) {
      const token = `test_${randomBytes(16).toString('hex')}`;
      await putToken(sql, home.people[login].personId, token, 1);
      tokens[login] = token;
    }
  });
  return tokens as Edge['tokens'];
}

function portsOver(home: TestHouse, tokens: Edge['tokens']): WebPorts {
  const { pool, house } = home;
  const catalogue = catalogueStore(pool);
  return {
    house,
    freeze,
    eventSigner: () => null,
    sessions: webSessions(pool),
    register: {
      verify: (actor) => inTransaction(pool, actor, verifyRegister),
      export: (actor, caseId) =>
        caseId === null ? exportAll(pool, actor) : exportCase(pool, actor, caseId),
    },
    importCatalogue: ({ actor, kind, body, format, replace }) =>
      importCatalogue(catalogue, actor, kind, body, format, { replace }),
    sample: (actor, noticeId, version, recipientKey) =>
      inTransaction(pool, actor, (sql) => sampleRow(sql, noticeId, version, recipientKey)),
    engine: () => Promise.resolve('waiting'),
    readiness: () => readinessChecks(pool),
    metrics: { token: null, version: '0.0.0', read: () => readHouse(pool) },
    embedded: { people: [{ name: 'Leo', title: 'legal', token: tokens.leo }] },
    senderAddress: 'tocsin@tocsin.example',
    mailboxUrl: 'http://127.0.0.1:8025/',
    https: false,
    requestsPerMinute: 100_000,
    logger: null,
  };
}

const hits = (['collector', 'host', 'cluster', 'portal-db'] as const).map((key) => ({
  kind: 'asset' as const,
  key,
}));

/** A case with both roles, determined, scoped, with its notices frozen and in review. */
export async function casePendingApproval(
  { home }: Edge,
  changes: Parameters<typeof openTestCase>[1] = {},
): Promise<{ caseId: string; reference: string }> {
  const { house, people } = home;
  const opened = await openTestCase(home, { hits, facts: highRiskFacts, ...changes });
  const { caseId } = opened;
  const reason = 'credentials seen on a paste site';
  await determineCase(house, by(people.leo), { caseId, determination: 'breach', reason });
  await scopeStep(house, caseId);
  await determineStep(house, caseId);
  await draftStep(house, caseId);
  const drafting = await house.as(people.leo, ({ notices }) =>
    notices.idsOfCase(caseId, ['drafting']),
  );
  for (const noticeId of drafting) {
    const frozen = await freezeNotice(house, freeze, noticeId);
    if (!frozen.ok) throw new Error(frozen.problem.detail);
  }
  return { caseId, reference: opened.reference };
}
