/** One sender in a process of its own, so that its CPU and memory are its alone: dispatch, the same without ledger and over the least one, nodemailer. */
import { createTransport } from 'nodemailer';
import { smtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire } from '../../src/adapters/mail/wire.ts';
import { houseOver } from '../../src/adapters/postgres/house.ts';
import { openingKey } from '../../src/adapters/postgres/register-opening.ts';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { dispatchNotice } from '../../src/commands/dispatch-notice.ts';
import { foldAllDeliveryEvents } from '../../src/commands/fold-deliveries.ts';
import { approvedBytes } from '../../src/commands/send-delivery.ts';
import { overLeastLedger } from './least-ledger.ts';
import { batchLimit } from '../../src/processes/engine.ts';
import type { ClaimedDelivery } from '../../src/domain/notice-ports.ts';

export interface Job {
  readonly sender: 'dispatch' | 'bare' | 'least' | 'nodemailer';
  readonly smtpUrl: string;
  readonly databaseUrl: string;
  readonly noticeId: string;
}

export interface Sent {
  readonly mails: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

const lanes = 4;

/** Sends each row over `lanes` sessions; what a row costs here is what it costs dispatch without its ledger. */
async function bare({ smtpUrl }: Job, rows: readonly ClaimedDelivery[]): Promise<void> {
  const wire = wireTo(smtpUrl);
  let next = 0;
  const lane = async (): Promise<void> => {
    const session = await wire.open('sandbox');
    if ('kind' in session) throw new Error(session.reply);
    for (let row = rows[next++]; row !== undefined; row = rows[next++]) {
      const bytes = approvedBytes(row);
      if (bytes === null) throw new Error('other bytes than were approved');
      const mail = { from: row.sender, to: row.address, bytes, beforeDot: () => true };
      const { kind } = await session.send(mail);
      if (kind !== 'sent') throw new Error(kind);
    }
    session.close();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** The pool of nodemailer, with messages made beforehand. */
async function withNodemailer(
  { smtpUrl }: Job,
  rows: readonly ClaimedDelivery[],
): Promise<() => Promise<void>> {
  const mails = rows.map((row) => {
    const bytes = approvedBytes(row);
    if (bytes === null) throw new Error('other bytes than were approved');
    return { envelope: { from: row.sender, to: [row.address] }, raw: Buffer.from(bytes) };
  });
  const pool = { pool: true as const, maxConnections: lanes, maxMessages: Infinity };
  const transport = createTransport({ url: smtpUrl, ignoreTLS: true, ...pool });
  await Promise.resolve();
  return async () => {
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let mail = mails[next++]; mail !== undefined; mail = mails[next++])
        await transport.sendMail(mail);
    };
    await Promise.all(Array.from({ length: lanes * 2 }, lane));
    transport.close();
  };
}

function wireTo(url: string) {
  return smtpWire({ sandbox: smtpTarget(url), relay: null, name: 'bench', timeouts: smtpTimeouts });
}

/** Gives what the worker does beside it every two seconds: its CPU counts, though nobody waits for it. */
async function dispatch(
  { smtpUrl, noticeId }: Job,
  pool: ReturnType<typeof openPool>,
): Promise<() => Promise<unknown>> {
  const house = houseOver(pool, openingKey(Buffer.alloc(32, 1).toString('base64')));
  const wire = wireTo(smtpUrl);
  for (;;) {
    const { remaining, inDoubt } = await dispatchNotice(house, { wire }, noticeId, {
      limit: batchLimit,
    });
    if (inDoubt > 0) throw new Error(`${String(inDoubt)} in doubt`);
    if (remaining === 0) break;
  }
  wire.close();
  return () => foldAllDeliveryEvents(house);
}

/** Rows of the notice as dispatch claims them, read without touching the ledger. */
function rowsOf(pool: ReturnType<typeof openPool>, noticeId: string): Promise<ClaimedDelivery[]> {
  return inTransaction(pool, { kind: 'machine', name: 'dispatch' }, async (sql) => {
    const variants = await sql.rows<{ language: string; segments: ClaimedDelivery['segments'] }>(
      `SELECT v.language, v.segments FROM notice_variant v
       WHERE v.version_id = (SELECT id FROM notice_version WHERE notice_id = $1 AND superseded_at IS NULL)`,
      [noticeId],
    );
    const rows = await sql.rows<ClaimedDelivery & { language: string }>(
      `SELECT d.address, d.merge, d.message_id AS "messageId", d.mime_sha256 AS "mimeSha256", d.language, v.encoder, v.sender
       FROM delivery d JOIN notice_version v ON v.id = d.version_id WHERE d.notice_id = $1`,
      [noticeId],
    );
    return rows.map((row) => ({
      ...row,
      segments: variants.find(({ language }) => language === row.language)?.segments ?? [],
    }));
  });
}

/** What is measured; gives what else belongs to it and nobody waits for, or null. */
type Work = () => Promise<(() => Promise<unknown>) | null>;

async function workOf(
  job: Job,
  pool: ReturnType<typeof openPool>,
  rows: readonly ClaimedDelivery[],
): Promise<Work> {
  switch (job.sender) {
    case 'dispatch':
      return () => dispatch(job, pool);
    case 'bare':
      return () => bare(job, rows).then(() => null);
    case 'least':
      return () => overLeastLedger(pool, wireTo(job.smtpUrl), rows, lanes).then(() => null);
    case 'nodemailer': {
      const sendAll = await withNodemailer(job, rows);
      return () => sendAll().then(() => null);
    }
  }
}

async function run(job: Job): Promise<Sent> {
  const pool = openPool(job.databaseUrl, 8, 'bench');
  const rows = job.sender === 'dispatch' ? [] : await rowsOf(pool, job.noticeId);
  const work = await workOf(job, pool, rows);
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const beside = await work();
  const seconds = (performance.now() - startedMs) / 1_000;
  await beside?.();
  const { user, system } = process.cpuUsage(before);
  await pool.end();
  const peakBytes = process.resourceUsage().maxRSS * 1_024;
  return { mails: rows.length, seconds, cpuSeconds: (user + system) / 1e6, peakBytes };
}

process.on('message', (job: Job) => {
  run(job).then(
    (sent) => process.send?.(sent),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
