/** Dispatch killed without warning, again and again, at random: judged by the ledger's rows and the sink alone. */
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveDelivery } from '../../../src/commands/resolve-delivery.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { testMailbox, type TestMailbox } from '../../support/mailbox.ts';
import { seeded, type Random } from '../../simulation/random.ts';
import { engine, seed, type Seed } from '../dispatch-seed.ts';

// The full proof is 1,000 kills over 10,000 messages: TOCSIN_KILLS=1000. Each kill starts a process anew.
const kills = Number(process.env['TOCSIN_KILLS'] ?? 100);
const people = kills * 10;
/** Processes made ready while others are killed. */
const waiting = 3;
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

/** Lets a process send a random number of mails, and a random moment more, and kills it. */
async function killAgainAndAgain(noticeId: string, times: number, random: Random): Promise<number> {
  let killed = 0;
  const next = Array.from({ length: waiting }, () => ready(noticeId));
  while (killed < times) {
    const child = await next.shift();
    if (child === undefined) break;
    next.push(ready(noticeId));
    const exit = once(child, 'exit');
    child.send('go');
    await Promise.race([arrivals(child, random.int(0, 6)), wait(10_000)]);
    await wait(random.int(0, 8));
    const isOver = child.exitCode !== null;
    child.kill('SIGKILL');
    await exit;
    if (isOver) break;
    killed++;
  }
  for (const child of await Promise.all(next)) child.kill('SIGKILL');
  return killed;
}

/** Once so many more mails have come in, or nobody sends any. */
async function arrivals(child: ChildProcess, more: number): Promise<void> {
  const wanted = mailbox.received.length + more;
  while (mailbox.received.length < wanted && child.exitCode === null && !child.killed)
    await wait(1);
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
  const killed = await killAgainAndAgain(noticeId, kills, random);
  const last = await ready(noticeId);
  last.send('go');
  await once(last, 'exit');

  const rows = await rowsOf(noticeId);
  const byMessage = new Map(rows.map((row) => [row.messageId, row]));
  const arrived = Map.groupBy(mailbox.received, (mail) => mail.messageId.replace(/[<>]/g, ''));
  expect(killed).toBe(kills);
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
}, 3_600_000);
