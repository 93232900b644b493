/** While mail is barred people are called another way, over a server of its own; who has none is telephoned. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmMail } from '../../src/adapters/mail/alarm-mail.ts';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { barMail, openMail } from '../../src/commands/bar-mail.ts';
import { setOutOfBand } from '../../src/commands/set-out-of-band.ts';
import { fromMs } from '../../src/domain/instant.ts';
import type { WatchStore } from '../../src/domain/watch-ports.ts';
import { handOver, type AlarmChannels } from '../../src/watch/hand-over.ts';
import { by, openTestCase, testHouse, type TestHouse } from '../support/house.ts';
import { testMailbox, type TestMailbox } from '../support/mailbox.ts';

const sender = 'tocsin@tocsin.example';
const pageUrl = 'https://tocsin.example';

let home: TestHouse;
let watch: WatchStore;
let watchPool: ReturnType<typeof openPool>;
let ordinary: TestMailbox;
let apart: TestMailbox;
let channels: AlarmChannels;
const standing = new Set<string>();
beforeAll(async () => {
  home = await testHouse();
  watchPool = openPool(home.watchUrl, 2, 'test-watch');
  watch = watchStore(watchPool);
});
beforeEach(async () => {
  [ordinary, apart] = [await testMailbox(), await testMailbox()];
  channels = {
    mail: alarmMail({ smtpUrl: ordinary.url, sender, pageUrl, isOutOfBand: false }),
    outOfBand: alarmMail({
      ...{ smtpUrl: apart.url, sender: 'calls@provider.example' },
      ...{ pageUrl, isOutOfBand: true },
    }),
  };
});
afterEach(async () => {
  await Promise.all([ordinary.close(), apart.close()]);
  for (const barId of standing) await open(barId);
  await watch.ring();
  await rows('UPDATE alarm_outbox SET handed_at = clock_timestamp() WHERE handed_at IS NULL');
  await rows('UPDATE person SET out_of_band = NULL');
});
afterAll(async () => {
  await watchPool.end();
  await home.close();
});

function rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return inTransaction(home.pool, { kind: 'machine', name: 'import' }, (sql) =>
    sql.rows<Row>(text, values),
  );
}

type Who = keyof TestHouse['people'];
const set = (who: Who, address: string | null) =>
  setOutOfBand(
    home.house,
    by(home.people.adam),
    { personId: home.people[who].personId, address },
    sender,
  );

async function route(who: Who, address: string): Promise<void> {
  const answer = await set(who, address);
  if (!answer.ok) throw new Error(answer.problem.detail);
}

/** A case whose first alarm, for legal, rings at once. */
async function ringingCase(): Promise<string> {
  const receivedAt = fromMs(Date.now() - 13 * 3_600_000);
  return (await openTestCase(home, { receivedAt })).caseId;
}

async function bar(caseId: string | null): Promise<string> {
  const barId = randomUUID();
  const reason = 'The mailbox of legal reads along.';
  const answer = await barMail(home.house, by(home.people.leo), { barId, caseId, reason });
  if (!answer.ok) throw new Error(answer.problem.detail);
  standing.add(barId);
  return barId;
}

async function open(barId: string): Promise<void> {
  standing.delete(barId);
  for (const who of ['rita', 'eva'] as const) {
    const input = { barId, reason: 'cleaned and checked' };
    const answer = await openMail(home.house, by(home.people[who]), input);
    if (!answer.ok) throw new Error(answer.problem.detail);
  }
}

async function callEverybody(): Promise<void> {
  await watch.ring();
  await handOver(watch, channels, (_part, error) => {
    throw error;
  });
}

const calledAt = (mailbox: TestMailbox): string[] => mailbox.received.flatMap(({ to }) => to);
const handedBy = (caseId: string) =>
  rows<{ step: string; way: string | null }>(
    'SELECT step, handed_way AS way FROM alarm_outbox WHERE case_id = $1 AND handed_at IS NOT NULL ORDER BY step',
    [caseId],
  );
const ringTasks = (caseId: string) =>
  rows<{ title: string }>(
    `SELECT title FROM task WHERE case_id = $1 AND kind = 'ring-person' AND state = 'open'`,
    [caseId],
  );

describe('alarms of a case whose mail is barred', () => {
  it('go to the route set in advance, over the other server, and none by mail', async () => {
    await route('leo', 'leo@provider.example');
    await route('eva', 'eva@provider.example');
    const caseId = await ringingCase();
    await bar(caseId);
    await callEverybody();
    expect(calledAt(ordinary)).toEqual([]);
    expect(new Set(calledAt(apart))).toEqual(
      new Set(['leo@provider.example', 'eva@provider.example']),
    );
    expect((await handedBy(caseId)).map(({ way }) => way)).toEqual(
      Array<string>(3).fill('out-of-band'),
    );
    expect(await ringTasks(caseId)).toEqual([]);
  });

  it('say no more than ordinary ones, name nobody, and tell what to mistrust', async () => {
    await route('leo', 'lawyer@provider.example');
    const caseId = await ringingCase();
    await callEverybody();
    const said = ordinary.received[0]?.bytes.toString() ?? '';
    await bar(caseId);
    await rows('UPDATE alarm_outbox SET handed_at = NULL WHERE case_id = $1', [caseId]);
    await callEverybody();
    const text = apart.received.map(({ bytes }) => bytes.toString());
    const again = text.find((one) => one.includes('determined')) ?? '';
    const lineOf = (mail: string) => /^Subject: (.*(?:\r\n .*)*)/m.exec(mail)?.[1];
    expect(lineOf(again)).toBe(lineOf(said));
    expect(again).toContain('Mail is barred');
    expect(again).not.toMatch(/leo|Intruder|reads along|people\.example/);
    expect(said).not.toContain('Mail is barred');
  });

  it('go by mail again once two people have opened it, and those of another case always did', async () => {
    await route('leo', 'leo@provider.example');
    await route('eva', 'eva@provider.example');
    const barred = await ringingCase();
    const other = await ringingCase();
    const barId = await bar(barred);
    await callEverybody();
    expect((await handedBy(other)).map(({ way }) => way)).toEqual(['mail']);
    const before = apart.received.length;
    await open(barId);
    await rows('UPDATE alarm_outbox SET handed_at = NULL WHERE case_id = $1', [barred]);
    await callEverybody();
    expect(apart.received).toHaveLength(before);
    expect(calledAt(ordinary)).toContain('leo@people.example');
  });

  it('take the other way although they rang and failed before the bar: asked right before each call', async () => {
    await route('leo', 'leo@provider.example');
    const caseId = await ringingCase();
    await watch.ring();
    const [ring] = (await watch.unhanded()).filter((one) => one.caseId === caseId);
    if (ring === undefined) throw new Error('nothing rang');
    await bar(caseId);
    const asked = { ...watch, unhanded: () => Promise.resolve([ring]) };
    await handOver(asked, channels, () => undefined);
    expect([calledAt(ordinary), calledAt(apart)]).toEqual([[], ['leo@provider.example']]);
  });
});

describe('a person without an out-of-band route', () => {
  it('is to be telephoned: one task says so, the register too, and the deputy is called when nobody answers', async () => {
    await route('eva', 'eva@provider.example');
    const caseId = await ringingCase();
    await bar(caseId);
    await callEverybody();
    expect([calledAt(ordinary), calledAt(apart)]).toEqual([[], ['eva@provider.example']]);
    expect((await ringTasks(caseId)).map(({ title }) => title)).toEqual([
      expect.stringContaining('Ring leo by telephone'),
    ]);
    const entered = await rows<{ way: string }>(
      `SELECT convert_from(leaf, 'UTF8')::jsonb -> 'data' ->> 'way' AS way FROM register_entry
       WHERE stream = 'case/' || $1 AND type = 'alarm.handed' ORDER BY stream_seq`,
      [caseId],
    );
    expect(entered.map(({ way }) => way).sort()).toEqual(['out-of-band', 'telephone', 'telephone']);
    await rows(
      "UPDATE alarm_outbox SET handed_at = handed_at - interval '1 hour' WHERE case_id = $1",
      [caseId],
    );
    await rows("UPDATE person SET out_of_band = 'lena@provider.example' WHERE subject = 'lena'");
    await watch.escalate(900);
    await callEverybody();
    expect(calledAt(apart)).toContain('lena@provider.example');
  });

  it('is everybody where no out-of-band server is configured', async () => {
    await route('leo', 'leo@provider.example');
    await route('eva', 'eva@provider.example');
    const caseId = await ringingCase();
    await bar(caseId);
    channels = { ...channels, outOfBand: null };
    await callEverybody();
    expect([calledAt(ordinary), calledAt(apart)]).toEqual([[], []]);
    expect(await ringTasks(caseId)).toHaveLength(2);
  });
});

describe('a house whose mail is barred', () => {
  it('calls everybody out of band, about every case and about the bar itself', async () => {
    await route('leo', 'leo@provider.example');
    await route('eva', 'eva@provider.example');
    const caseId = await ringingCase();
    const barId = await bar(null);
    await callEverybody();
    expect(calledAt(ordinary)).toEqual([]);
    expect((await handedBy(caseId)).map(({ way }) => way)).toEqual(['out-of-band']);
    expect(calledAt(apart).sort()).toEqual([
      'eva@provider.example',
      'leo@provider.example',
      'leo@provider.example',
    ]);
    await open(barId);
  });

  it('takes no new route, which could be the intruder’s, but lets one be taken away', async () => {
    await route('leo', 'leo@provider.example');
    const barId = await bar(null);
    expect(await set('leo', 'mine@elsewhere.example')).toMatchObject({
      ok: false,
      problem: { type: 'conflict' },
    });
    expect(await set('leo', null)).toMatchObject({ ok: true, value: { outOfBand: null } });
    await open(barId);
    expect(await set('leo', 'leo@provider.example')).toMatchObject({ ok: true });
  });
});

describe('a server that does not take a call out of band', () => {
  it('is tried again, and mail is not taken instead', async () => {
    await route('leo', 'leo@provider.example');
    await route('eva', 'eva@provider.example');
    const caseId = await ringingCase();
    await bar(caseId);
    apart.script = () => ({ code: 451, text: 'later' });
    await watch.ring();
    const complaints: unknown[] = [];
    await handOver(watch, channels, (_part, error) => complaints.push(error));
    expect(complaints.length).toBeGreaterThan(0);
    expect([calledAt(ordinary), await handedBy(caseId)]).toEqual([[], []]);
    apart.script = () => 'accept';
    await rows('UPDATE alarm_outbox SET next_attempt_at = clock_timestamp() WHERE case_id = $1', [
      caseId,
    ]);
    await callEverybody();
    expect(calledAt(apart)).toContain('leo@provider.example');
  });
});
