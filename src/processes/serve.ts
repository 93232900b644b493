/** The serve process: the HTTP API and the pages, until told to stop. */
import { once } from 'node:events';
import type { Person } from '../domain/actor.ts';
import { catalogueStore } from '../adapters/postgres/catalogue-import.ts';
import { engineState } from '../adapters/postgres/heartbeat.ts';
import { houseOver } from '../adapters/postgres/house.ts';
import { noteVerified, readHouse } from '../adapters/postgres/metrics.ts';
import { exportAll, exportCase } from '../adapters/postgres/register-export.ts';
import { verifyRegister, type Verification } from '../adapters/postgres/register-verify.ts';
import { openPool } from '../adapters/postgres/sql.ts';
import { inTransaction } from '../adapters/postgres/transaction.ts';
import { sampleRow } from '../adapters/postgres/views-notice.ts';
import { readinessChecks } from '../adapters/postgres/views-readiness.ts';
import { webSessions } from '../adapters/postgres/web-sessions.ts';
import { demand, type Config } from '../config.ts';
import { signatureCheck } from '../intake/events/signature.ts';
import { importCatalogue } from '../intake/import/import-catalogue.ts';
import type { WebPorts } from '../web/ports.ts';
import { buildServer } from '../web/server.ts';
import { readPeople } from './demo-house.ts';
import { readOpeningKey } from './keys.ts';
import type { Log } from './log.ts';
import { freezeDeps } from './notices.ts';
import { openWebLog } from './web-log.ts';

const poolSize = 16;
const requestsPerMinute = 6_000;

/** Listens on loopback unless TOCSIN_API_HOST says otherwise; resolves when `signal` is aborted and requests have drained. */
export async function runServe(
  config: Config,
  log: Log,
  signal: AbortSignal,
  version: string,
): Promise<void> {
  const pool = openPool(demand(config.database.app, 'DATABASE_URL'), poolSize, 'serve');
  const server = await buildServer(webPorts(config, pool, version));
  await server.listen({ host: config.api.host, port: config.api.port });
  log('info', 'serve', { message: 'ready' });
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
  await pool.end();
}

function webPorts(config: Config, pool: ReturnType<typeof openPool>, version: string): WebPorts {
  const openingKey = readOpeningKey(config.keysDir);
  return {
    house: houseOver(pool, openingKey),
    freeze: freezeDeps(config),
    eventSigner: signatureCheck(config.eventSources),
    sessions: webSessions(pool),
    register: {
      verify: (actor) => verifyAndNote(pool, actor),
      export: (actor, caseId) =>
        caseId === null
          ? exportAll(pool, actor, openingKey)
          : exportCase(pool, actor, caseId, openingKey),
    },
    importCatalogue: ({ actor, kind, body, format, replace }) =>
      importCatalogue(catalogueStore(pool), actor, kind, body, format, { replace }),
    sample: (actor, noticeId, version, recipientKey) =>
      inTransaction(pool, actor, (sql) => sampleRow(sql, noticeId, version, recipientKey)),
    engine: () => inTransaction(pool, { kind: 'machine', name: 'engine' }, engineState),
    readiness: () => readinessChecks(pool),
    embedded: config.embedded ? { people: demoPeople(config) } : null,
    senderAddress: config.mail.sender,
    mailboxUrl: config.mail.mailboxUrl,
    https: config.api.url.startsWith('https:'),
    requestsPerMinute,
    metrics: { token: config.metrics.token, version, read: () => readHouse(pool) },
    logger: openWebLog(config.logLevel),
  };
}

/** Only who sees every unit has verified the whole register. */
async function verifyAndNote(
  pool: ReturnType<typeof openPool>,
  actor: Person,
): Promise<Verification> {
  const found = await inTransaction(pool, actor, verifyRegister);
  if (actor.units.includes('*'))
    await inTransaction(pool, actor, (sql) => noteVerified(sql, found));
  return found;
}

const titles: Readonly<Record<Person['roles'][number], string>> = {
  responder: 'Security incident responder',
  legal: 'Legal reviewer',
  dpo: 'Data-protection officer',
  executive: 'Accountable executive',
  auditor: 'Auditor',
  administrator: 'Administrator',
};

function demoPeople(config: Config): { name: string; title: string; token: string }[] {
  return (readPeople(config.home)?.people ?? []).map(({ name, roles, token }) => ({
    name,
    token,
    title: roles.map((role) => titles[role]).join(', '),
  }));
}
