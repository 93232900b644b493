/** Events that wait for people: those for a closed case lead back into it, and those no program took call somebody. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { closeCase } from '../../src/commands/determine-case.ts';
import type { WatchStore } from '../../src/domain/watch-ports.ts';
import { signatureCheck } from '../../src/intake/events/signature.ts';
import { handOver } from '../../src/watch/hand-over.ts';
import { by, openTestCase } from '../support/house.ts';
import { lower } from '../support/lowering.ts';
import { api } from './ask.ts';
import { testEdge, type Edge, type Login } from './edge.ts';
import { cloudEvent, newSecret, sendEvent, signed, type EventAnswer } from './event-sender.ts';

const secret = newSecret();
let edge: Edge;
let watchPool: ReturnType<typeof openPool>;
let watch: WatchStore;
beforeAll(async () => {
  const eventSigner = signatureCheck([{ name: 'siem', secrets: [secret], unit: '*' }]);
  edge = await testEdge({ eventSigner });
  watchPool = openPool(edge.home.watchUrl, 2, 'test-watch');
  watch = watchStore(watchPool);
});
afterAll(async () => {
  await watchPool.end();
  await edge.close();
});

const send = (body: string): Promise<EventAnswer> => sendEvent(edge, body, signed(secret, body));

function rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return inTransaction(edge.home.pool, { kind: 'machine', name: 'watch' }, (sql) =>
    sql.rows<Row>(text, values),
  );
}

const post = (as: Login, path: string, body: unknown) => api(edge, 'POST', path, { as, body });

async function items<Item>(as: Login, path: string): Promise<Item[]> {
  return ((await api(edge, 'GET', path, { as })).json as { items: Item[] }).items;
}

async function closedCase(
  changes: Parameters<typeof openTestCase>[1] = {},
): Promise<{ caseId: string; reference: string }> {
  const opened = await openTestCase(edge.home, changes);
  const { caseId } = opened;
  const { house, people } = edge.home;
  const reason = 'a test mail';
  await lower(edge.home, caseId, { kind: 'not-a-breach' });
  const closed = await closeCase(house, by(people.leo), { caseId, reason });
  if (!closed.ok) throw new Error(closed.problem.detail);
  return opened;
}

const factsFor = (caseId: string, id: string): string =>
  cloudEvent({
    id,
    type: 'eu.tocsin.facts.reported.v1',
    data: { case: { caseId }, facts: [{ name: 'exfiltration', value: 'confirmed' }] },
  });

interface SeenEvent {
  readonly eventId: string;
  readonly body: string;
  readonly waits: boolean;
  readonly carries: number;
}

describe('an event for a closed case', () => {
  it('leads back into it: reopened by a person, its facts taken up, closed again', async () => {
    const { caseId, reference } = await closedCase();
    const body = factsFor(caseId, 'late-facts');
    await send(body);
    const path = `/cases/${reference}`;
    expect(await items<SeenEvent>('rita', `${path}/events`)).toMatchObject([
      { eventId: 'late-facts', body, waits: true, carries: 1 },
    ]);
    const take = { source: 'siem', eventId: 'late-facts' };
    expect((await post('rita', `${path}/events/facts`, take)).status).toBe(409);
    expect((await post('leo', `${path}/reopening`, { reason: 'new facts' })).json).toMatchObject({
      state: 'investigating',
    });
    expect((await post('rita', `${path}/events/facts`, take)).json).toMatchObject({
      factsVersion: 1,
    });
    expect((await post('rita', `${path}/events/facts`, take)).status).toBe(404);
    expect(await items<SeenEvent>('rita', `${path}/events`)).toMatchObject([{ waits: false }]);
    const tasks = await items<{ kind: string; state: string }>('leo', `${path}/tasks`);
    expect(tasks).toContainEqual(expect.objectContaining({ kind: 'reopen', state: 'done' }));
    expect(tasks.filter(({ state }) => state === 'open')).toEqual([]);
    const types = (await items<{ type: string }>('leo', `${path}/timeline`)).map((one) => one.type);
    expect(types.slice(0, 3)).toEqual(['event.taken-up', 'facts.recorded', 'case.reopened']);
    await lower(edge.home, caseId, { kind: 'not-a-breach' });
    expect((await post('leo', `${path}/closure`, { reason: 'again' })).status).toBe(200);
  });

  it('calls legal once, however many come, and again when one comes after the answer', async () => {
    const { caseId } = await closedCase();
    const rung = () => rows(`SELECT 1 FROM alarm_outbox WHERE case_id = $1`, [caseId]);
    for (const id of ['one', 'two', 'three']) await send(factsFor(caseId, `many-${id}`));
    await watch.ring();
    expect(await rung()).toHaveLength(1);
    const open = await items<{ taskId: string; state: string }>('leo', `/cases/${caseId}/tasks`);
    for (const { taskId } of open) {
      await post('leo', `/tasks/${taskId}/completion`, { outcome: 'known before' });
    }
    await send(factsFor(caseId, 'many-four'));
    await watch.ring();
    expect(await rung()).toHaveLength(2);
  });

  it('is settled by whoever sees the case, with the note in its register', async () => {
    const { caseId } = await closedCase({ unit: 'security-de' });
    await send(factsFor(caseId, 'to-settle-in-unit'));
    const settlement = { source: 'siem', eventId: 'to-settle-in-unit', note: 'nothing new' };
    expect((await post('ruben', '/events/settlement', settlement)).status).toBe(200);
    expect(await items('ruben', `/cases/${caseId}/events`)).toMatchObject([{ waits: false }]);
  });
});

describe('reopening', () => {
  it('is refused for an open case, without a reason, and without the right', async () => {
    const open = await openTestCase(edge.home);
    const { reference } = await closedCase();
    const reason = 'new facts';
    expect((await post('leo', `/cases/${open.reference}/reopening`, { reason })).status).toBe(409);
    expect((await post('leo', `/cases/${reference}/reopening`, {})).status).toBe(422);
    expect((await post('rita', `/cases/${reference}/reopening`, { reason })).status).toBe(403);
    expect((await post('dora', `/cases/${reference}/reopening`, { reason })).status).toBe(403);
    expect((await post('leo', '/cases/D-2026-9999/reopening', { reason })).status).toBe(404);
  });

  it('presses for a determination anew, from the reopening on, though it rang before', async () => {
    const { caseId } = await closedCase({
      receivedAt: new Date(Date.now() - 30 * 3_600_000).toISOString(),
    });
    await watch.ring();
    await post('leo', `/cases/${caseId}/reopening`, { reason: 'new facts' });
    const pending = await rows<{ step: string; later: boolean }>(
      `SELECT step, ring_at > clock_timestamp() + interval '11 hours' AS later FROM alarm
       WHERE case_id = $1 AND silenced_at IS NULL AND rung_due_at IS DISTINCT FROM due_at ORDER BY step`,
      [caseId],
    );
    expect(pending).toEqual([
      { step: 'determine', later: true },
      { step: 'determine-executive', later: true },
      { step: 'statute-72h', later: true },
    ]);
  });

  it('sets the alarms of what is still owed again, which closing had silenced', async () => {
    const { caseId } = await openTestCase(edge.home);
    const { house, people } = edge.home;
    const ringAt = new Date(Date.now() + 3_600_000).toISOString();
    const subject = `obligation/${caseId}`;
    await house.as(people.leo, ({ alarms }) =>
      alarms.set([
        { subject, step: 'due', dueAt: ringAt, ringAt, caseId, role: 'legal', line: 'due' },
      ]),
    );
    const reason = 'a test mail';
    await lower(edge.home, caseId, { kind: 'not-a-breach' });
    await closeCase(house, by(people.leo), { caseId, reason });
    const silenced = () =>
      rows('SELECT 1 FROM alarm WHERE subject = $1 AND silenced_at IS NOT NULL', [subject]);
    expect(await silenced()).toHaveLength(1);
    await post('eva', `/cases/${caseId}/reopening`, { reason: 'it was one after all' });
    expect(await silenced()).toHaveLength(0);
  });
});

const rumour = (id: string): string => cloudEvent({ id, type: 'eu.tocsin.rumour.heard.v1' });

/** Everybody who is called now, as the watch would do it a minute after the events came. */
async function calls(): Promise<{ email: string; line: string; caseId: string | null }[]> {
  await rows(
    `UPDATE alarm SET due_at = due_at - interval '1 minute', ring_at = ring_at - interval '1 minute'
     WHERE case_id IS NULL AND step = 'kept' AND rung_due_at IS DISTINCT FROM due_at`,
  );
  await watch.ring();
  const called: { email: string; line: string; caseId: string | null }[] = [];
  const channel = {
    call: (ring: { email: string; line: string; caseId: string | null }) => {
      if (ring.caseId === null) called.push(ring);
      return Promise.resolve();
    },
  };
  await handOver(watch, { mail: channel, outOfBand: null }, () => undefined);
  return called;
}

describe('an event that no program could take', () => {
  it('calls legal once with the number, though a hundred come at once', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, n) => send(rumour(`burst-${String(n)}`))));
    expect(await calls()).toMatchObject([
      { email: 'leo@people.example', line: expect.stringMatching(/^100 events wait/) as string },
    ]);
    expect(await calls()).toEqual([]);
    await send(rumour('after the burst'));
    await watch.ring();
    expect(await rows("SELECT 1 FROM alarm_outbox WHERE step = 'kept'")).toHaveLength(1);
    const [next] = await rows<{ later: boolean; line: string }>(
      `SELECT ring_at > clock_timestamp() + interval '10 minutes' AS later, line FROM alarm
       WHERE step = 'kept' AND silenced_at IS NULL AND rung_due_at IS DISTINCT FROM due_at`,
    );
    expect(next).toMatchObject({ later: true, line: expect.stringMatching(/^101 /) as string });
  });

  it('is answered by a person who sees the whole group; else the deputy is called', async () => {
    const alarms = await items<{ subject: string; step: string }>('leo', '/alarms');
    expect(alarms.some(({ subject }) => subject === 'events/waiting')).toBe(true);
    expect(await items('ruben', '/alarms')).toEqual([]);
    await rows(
      "UPDATE alarm_outbox SET handed_at = handed_at - interval '1 hour' WHERE case_id IS NULL",
    );
    await watch.escalate(900);
    const answer = { subject: 'events/waiting', step: 'kept' };
    expect((await post('ruben', '/alarms/answer', answer)).status).toBe(404);
    expect((await post('leo', '/alarms/answer', answer)).status).toBe(200);
    const rung = await rows<{ step: string }>(
      'SELECT step FROM alarm_outbox WHERE case_id IS NULL ORDER BY step',
    );
    expect(rung).toEqual([{ step: 'kept' }, { step: 'kept/deputy' }]);
    const entered = await rows<{ type: string }>(
      `SELECT type FROM register_entry WHERE stream = 'house' AND type LIKE 'alarm.%' ORDER BY stream_seq`,
    );
    expect(entered.map(({ type }) => type)).toEqual([
      'alarm.rung',
      'alarm.escalated',
      'alarm.answered',
    ]);
  });

  it('calls nobody any more when all are settled', async () => {
    for (const { eventId } of await items<{ eventId: string }>('leo', '/events')) {
      await post('leo', '/events/settlement', { source: 'siem', eventId, note: 'a test' });
    }
    expect(await items('leo', '/events')).toHaveLength(1);
    const [last] = await items<{ eventId: string }>('leo', '/events');
    await post('leo', '/events/settlement', {
      source: 'siem',
      eventId: last?.eventId,
      note: 'a test',
    });
    const pending = await rows('SELECT 1 FROM alarm WHERE case_id IS NULL AND silenced_at IS NULL');
    expect(pending).toEqual([]);
  });
});

describe('a case opened from an event by a person', () => {
  it('was received when the event came, keeps it to read, and takes up what waited for it', async () => {
    const body = rumour('a-real-one');
    await send(body);
    await send(
      cloudEvent({
        type: 'eu.tocsin.facts.reported.v1',
        data: {
          case: { source: 'siem', id: 'a-real-one' },
          facts: [{ name: 'exfiltration', value: 'likely' }],
        },
      }),
    );
    const input = { source: 'siem', eventId: 'a-real-one', title: 'Intruder, as told by siem' };
    expect((await post('ruben', '/events/case', input)).status).toBe(404);
    expect((await post('dora', '/events/case', input)).status).toBe(403);
    expect((await post('rita', '/events/case', { ...input, title: '' })).status).toBe(422);
    const opened = await post('rita', '/events/case', input);
    expect(opened.status).toBe(201);
    const { caseId } = opened.json as { caseId: string };
    const [file] = await rows<{ same: boolean; external: string }>(
      `SELECT c.received_at = e.at AS same, c.external_id AS external FROM case_file c
       JOIN inbound_event e ON e.event_id = 'a-real-one' WHERE c.id = $1`,
      [caseId],
    );
    expect(file).toEqual({ same: true, external: 'a-real-one' });
    expect(await items('rita', `/cases/${caseId}/events`)).toMatchObject([{ body, waits: false }]);
    expect(await rows('SELECT name FROM fact WHERE case_id = $1', [caseId])).toEqual([
      { name: 'exfiltration' },
    ]);
    expect(await items('rita', '/events')).toEqual([]);
    expect((await post('rita', '/events/case', input)).status).toBe(404);
    expect((await send(body)).json.outcome).toBe('case-opened');
  });
});
