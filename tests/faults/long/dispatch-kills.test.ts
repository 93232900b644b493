/** Dispatch killed without warning, again and again, at random: judged by the ledger's rows and the sink alone. */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveDelivery } from '../../../src/commands/resolve-delivery.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { testMailbox, type TestMailbox } from '../../support/mailbox.ts';
import { seeded } from '../../simulation/random.ts';
import { engine, seed, type Seed } from '../dispatch-seed.ts';

// The full proof is 1,000 kills over 10,000 messages; starting a process anew each time takes most of an hour.
const people = Number(process.env['TOCSIN_KILLED_MAILS'] ?? 1_000);
const kills = Number(process.env['TOCSIN_KILLS'] ?? 100);
const program = new URL('dispatch-sender.ts', import.meta.url);

let db: TestDatabase;
let mailbox: TestMailbox;
let s: Seed;
beforeAll(async () => {
  db = await testDatabase();
  mailbox = await testMailbox(['PIPELINING']);
  s = await seed(db, { subjects: people, facts: { 'confidentiality.state': 'confirmed' } });
});
afterAll(async () => {
  await mailbox.close();
  await db.close();
});

async function ready(noticeId: string): Promise<ChildProcess> {
  const child = fork(program, [db.appUrl, mailbox.url, noticeId], { stdio: 'ignore' });
  await once(child, 'message');
  return child;
}

/** Lets a process send for a random while and kills it; the next one is made ready meanwhile. */
async function killAgainAndAgain(
  noticeId: string,
  times: number,
  random: () => number,
): Promise<number> {
  let killed = 0;
  let next = ready(noticeId);
  while (killed < times) {
    const child = await next;
    next = ready(noticeId);
    child.send('go');
    await Promise.race([wait(random()), once(child, 'exit')]);
    const isOver = child.exitCode !== null;
    child.kill('SIGKILL');
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
    if (isOver) break;
    killed++;
  }
  (await next).kill('SIGKILL');
  return killed;
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly address: string;
  readonly messageId: string;
  readonly sha: string;
}

const rowsOf = (noticeId: string): Promise<Row[]> =>
  s.sql((sql) =>
    sql.rows<Row>(
      `SELECT id, state, address, message_id AS "messageId", encode(mime_sha256, 'hex') AS sha
       FROM delivery WHERE notice_id = $1 AND release_id IS NOT NULL`,
      [noticeId],
    ),
  );

it(`${String(kills)} kills over ${String(people)} messages lose nobody and send to nobody twice`, async () => {
  const noticeId = await s.notice('data-subject');
  await s.release(noticeId);
  const random = seeded(20_261_123);
  // Each process gets far enough to be in the middle of some window; how far is chance.
  const killed = await killAgainAndAgain(noticeId, kills, () => random.int(20, 400));
  const last = await ready(noticeId);
  last.send('go');
  await once(last, 'exit');

  const rows = await rowsOf(noticeId);
  const byMessage = new Map(rows.map((row) => [row.messageId, row]));
  const arrived = Map.groupBy(mailbox.received, (mail) => mail.messageId.replace(/[<>]/g, ''));
  expect(killed).toBeGreaterThan(kills / 10);
  expect(rows).toHaveLength(people);
  for (const [messageId, copies] of arrived) {
    const row = byMessage.get(messageId);
    const digests = copies.map((mail) => createHash('sha256').update(mail.bytes).digest('hex'));
    expect([messageId, copies.map((mail) => mail.to), digests]).toEqual([
      messageId,
      [[row?.address]],
      [row?.sha],
    ]);
  }
  for (const row of rows) {
    expect(['sent', 'in-doubt']).toContain(row.state);
    if (row.state === 'sent') expect(arrived.has(row.messageId), row.id).toBe(true);
  }

  // A person reads the server's log and answers each doubt; then the notice is at its end.
  for (const row of rows.filter(({ state }) => state === 'in-doubt')) {
    const how = arrived.has(row.messageId) ? 'sent' : 'abandoned';
    const input = { deliveryId: row.id, how, reason: 'the log of the server' } as const;
    expect(await resolveDelivery(s.house, s.request(s.people.legal), input)).toMatchObject({
      ok: true,
    });
  }
  const done = await ready(noticeId);
  done.send('go');
  await once(done, 'exit');
  const notice = await s.house.as(engine, (store) => store.notices.read(noticeId));
  expect(notice?.state).toBe('dispatched');
}, 1_800_000);
