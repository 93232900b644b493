/** Signed events: one case each, whatever is sent again, and nothing that was signed is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeCase } from '../../src/commands/determine-case.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { signatureCheck } from '../../src/intake/events/signature.ts';
import { by, openTestCase } from '../support/house.ts';
import { lower } from '../support/lowering.ts';
import { api } from './ask.ts';
import { testEdge, type Edge } from './edge.ts';
import { cloudEvent, newSecret, sendEvent, signed, type EventAnswer } from './event-sender.ts';
import { refused } from './refused.ts';

const [current, previous, unitSecret, foreign] = [
  newSecret(),
  newSecret(),
  newSecret(),
  newSecret(),
];
const minutesMs = 60_000;
const eventSigner = signatureCheck([
  { name: 'siem', secrets: [current, previous], unit: '*' },
  { name: 'soc-de', secrets: [unitSecret], unit: 'security-de' },
]);
let edge: Edge;
beforeAll(async () => {
  edge = await testEdge({ eventSigner });
});
afterAll(() => edge.close());

const send = (body: string, secret = current): Promise<EventAnswer> =>
  sendEvent(edge, body, signed(secret, body));

function rows<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
  return inTransaction(edge.home.pool, { kind: 'machine', name: 'engine' }, (sql) =>
    sql.rows<Row>(text, values),
  );
}

async function countCases(externalId: string): Promise<number> {
  const found = await rows('SELECT 1 FROM case_file WHERE external_id = $1', [externalId]);
  return found.length;
}

async function closedCase(): Promise<{ caseId: string; reference: string }> {
  const opened = await openTestCase(edge.home);
  const { caseId } = opened;
  const { house, people } = edge.home;
  const reason = 'a test mail';
  await lower(edge.home, caseId, { kind: 'not-a-breach' });
  const closed = await closeCase(house, by(people.leo), { caseId, reason });
  if (!closed.ok) throw new Error(closed.problem.detail);
  return opened;
}

describe('a signature', () => {
  it('is taken under the current secret, and under the one before', async () => {
    expect((await send(cloudEvent())).status).toBe(201);
    expect((await send(cloudEvent(), previous)).status).toBe(201);
  });

  it('is found among five', async () => {
    const body = cloudEvent();
    const headers = signed(current, body);
    const wrong = `v1,${'A'.repeat(43)}= `;
    const answer = await sendEvent(edge, body, {
      ...headers,
      'webhook-signature': wrong.repeat(4) + (headers['webhook-signature'] ?? ''),
    });
    expect(answer.status).toBe(201);
  });

  const shifted = (ms: number) => (body: string) =>
    signed(current, body, new Date(Date.now() + ms));
  const changed =
    (changes: (headers: Record<string, string>) => Record<string, string>) => (body: string) => {
      const headers = signed(current, body);
      return { ...headers, ...changes(headers) };
    };
  it.each<[string, (body: string) => Record<string, string>]>([
    ['none', () => ({})],
    ['of another key', (body) => signed(foreign, body)],
    ['of another body', () => signed(current, '{}')],
    ['of the same JSON spelled otherwise', (body) => signed(current, body.replace(':', ': '))],
    ['of another id', changed(() => ({ 'webhook-id': 'msg_other' }))],
    [
      'cut off',
      changed((h) => ({ 'webhook-signature': h['webhook-signature']?.slice(0, 20) ?? '' })),
    ],
    [
      'without version',
      changed((h) => ({ 'webhook-signature': h['webhook-signature']?.slice(3) ?? '' })),
    ],
    [
      'after five others',
      changed((h) => ({
        'webhook-signature': `v1,${'A'.repeat(43)}= `.repeat(5) + (h['webhook-signature'] ?? ''),
      })),
    ],
    [
      'among a hundred',
      changed(() => ({ 'webhook-signature': `v1,${'A'.repeat(43)}= `.repeat(100) })),
    ],
    ['six minutes old', shifted(-6 * minutesMs)],
    ['six minutes early', shifted(6 * minutesMs)],
    ['with a time that is no number', changed(() => ({ 'webhook-timestamp': 'now' }))],
    [
      'with letters after its time',
      changed((h) => ({ 'webhook-timestamp': `${h['webhook-timestamp'] ?? ''}x` })),
    ],
    ['with a time beyond all time', changed(() => ({ 'webhook-timestamp': '9'.repeat(12) }))],
  ])('%s is refused, and nothing changes', async (_name, headers) => {
    const body = cloudEvent();
    await refused(edge, async () => {
      const answer = await edge.app.inject({
        method: 'POST',
        url: '/api/v1/events',
        headers: { 'content-type': 'application/cloudevents+json', ...headers(body) },
        payload: body,
      });
      expect(answer.statusCode).toBe(401);
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: answer.body,
        json: answer.json(),
      };
    });
  });

  it('of one source does not carry an event of another', async () => {
    expect((await send(cloudEvent({ source: 'siem' }), unitSecret)).status).toBe(401);
  });

  it('is not asked of a body in another media type', async () => {
    const body = cloudEvent();
    const headers = { ...signed(current, body), 'content-type': 'application/json' };
    expect((await sendEvent(edge, body, headers)).status).toBe(415);
  });
});

describe('an event sent again', () => {
  it('twenty times at once opens one case, and every answer names it', async () => {
    const body = cloudEvent({ id: 'same-event' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(19).fill(200),
      201,
    ]);
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1);
    expect(await countCases('same-event')).toBe(1);
  });

  it('with another body is refused, and that stands in the register', async () => {
    await send(cloudEvent({ id: 'rewritten' }));
    const answer = await send(cloudEvent({ id: 'rewritten', data: { title: 'Something else' } }));
    expect(answer.status).toBe(409);
    expect(await countCases('rewritten')).toBe(1);
    const entries = await rows(
      "SELECT 1 FROM register_entry WHERE stream = 'house' AND type = 'event.refused'",
      [],
    );
    expect(entries).toHaveLength(1);
  });
});

describe('what a machine claims that would lower a result', () => {
  it('opens the case without it, and a person is asked to propose it', async () => {
    const facts = [
      { name: 'exfiltration', value: 'ruled_out' },
      { name: 'actor', value: 'malicious_external' },
    ];
    const answer = await send(cloudEvent({ id: 'claims', data: { title: 'Probe', facts } }));
    expect(answer.status).toBe(201);
    const [found] = await rows<{ names: string[]; title: string }>(
      `SELECT (SELECT array_agg(name) FROM fact f WHERE f.case_id = c.id) AS names,
         (SELECT title FROM task t WHERE t.case_id = c.id AND kind = 'claimed-lowering') AS title
       FROM case_file c WHERE external_id = 'claims'`,
      [],
    );
    expect(found?.names).toEqual(['actor']);
    expect(found?.title).toContain('exfiltration = "ruled_out"');
  });
});

describe('a report that no program can take', () => {
  it.each<[string, Record<string, unknown>]>([
    ['an unknown type', { type: 'eu.tocsin.incident.reported.v99' }],
    ['an unknown field', { data: { title: 'x', schemaVersion: 99 } }],
    ['no title', { data: {} }],
    ['no data', { data: undefined }],
    ['an unknown host', { data: { title: 'x', hits: [{ kind: 'asset', key: 'nope' }] } }],
    ['a time after now', { data: { title: 'x', receivedAt: '2999-01-01T00:00:00Z' } }],
    ['a prototype', { data: { title: 'x', constructor: { prototype: {} } } }],
    [
      'a case nobody knows',
      { type: 'eu.tocsin.facts.reported.v1', data: { case: { reference: 'D-2026-9999' } } },
    ],
    ['an older CloudEvents', { specversion: '0.3' }],
  ])('for %s is kept as it came, for a person', async (_name, changes) => {
    const body = cloudEvent(changes);
    const first = await send(body);
    expect([first.status, first.json.outcome]).toEqual([202, 'kept']);
    const [kept] = await rows<{ body: Buffer; reason: string }>(
      'SELECT body, reason FROM inbound_event WHERE body = $1',
      [Buffer.from(body)],
    );
    expect(kept?.body.toString()).toBe(body);
    expect(kept?.reason).not.toMatch(/Intruder|nope|2999/);
  });

  it('for what is not even JSON is kept under the id of its message', async () => {
    const body = 'our host was broken into';
    const headers = signed(current, body);
    expect((await sendEvent(edge, body, headers)).status).toBe(202);
    expect((await sendEvent(edge, body, headers)).status).toBe(200);
    const kept = await rows('SELECT 1 FROM inbound_event WHERE event_id = $1', [
      headers['webhook-id'],
    ]);
    expect(kept).toHaveLength(1);
  });

  it('is called to notice by an entry of the house', async () => {
    const entries = await rows(
      "SELECT 1 FROM register_entry WHERE stream = 'house' AND type = 'event.kept'",
      [],
    );
    expect(entries.length).toBeGreaterThan(9);
  });
});

describe('a kept event', () => {
  it('is read and settled by a person who sees the whole group, and by nobody else', async () => {
    const body = cloudEvent({ id: 'to-settle', type: 'eu.tocsin.rumour.heard.v1' });
    await send(body);
    const list = async (as: 'rita' | 'ruben') => {
      const { json } = await api(edge, 'GET', '/events', { as });
      const { items } = json as { items: { eventId: string; body: string; reason: string }[] };
      return items.filter(({ eventId }) => eventId === 'to-settle');
    };
    const settleAs = (as: 'rita' | 'ruben' | 'aud') =>
      api(edge, 'POST', '/events/settlement', {
        as,
        body: { source: 'siem', eventId: 'to-settle', note: 'a test of theirs' },
      });
    expect(await list('rita')).toMatchObject([{ body, reason: 'unknown type' }]);
    expect(await list('ruben')).toEqual([]);
    expect((await settleAs('ruben')).status).toBe(404);
    expect((await settleAs('aud')).status).toBe(403);
    expect((await settleAs('rita')).status).toBe(200);
    expect(await list('rita')).toEqual([]);
    expect((await settleAs('rita')).status).toBe(404);
    expect((await send(body)).json.outcome).toBe('kept');
  });
});

describe('facts in an event', () => {
  const facts = [{ name: 'exfiltration', value: 'confirmed' }];
  const reporting = (named: unknown) =>
    cloudEvent({ type: 'eu.tocsin.facts.reported.v1', data: { case: named, facts } });

  it.each<[string, (opened: { caseId: string; reference: string }, id: string) => unknown]>([
    ['its id', ({ caseId }) => ({ caseId })],
    ['its reference', ({ reference }) => ({ reference })],
    ['the event that opened it', (_opened, id) => ({ source: 'siem', id })],
  ])('enter the case that is named by %s', async (name, named) => {
    const id = `opens ${name}`;
    const { json } = await send(cloudEvent({ id }));
    const { caseId, reference } = json;
    if (typeof caseId !== 'string' || typeof reference !== 'string') throw new Error('no case');
    const answer = await send(reporting(named({ caseId, reference }, id)));
    expect([answer.status, answer.json]).toEqual([
      200,
      { outcome: 'facts-recorded', caseId, reference },
    ]);
    const recorded = await rows<{ by: string }>(
      "SELECT recorded_by AS by FROM fact WHERE case_id = $1 AND name = 'exfiltration'",
      [caseId],
    );
    expect(recorded).toEqual([{ by: 'machine/intake' }]);
  });

  it('that overtake the event that opens their case enter it when that one comes', async () => {
    const id = 'comes-late';
    const early = reporting({ source: 'siem', id });
    const contradicting = cloudEvent({
      type: 'eu.tocsin.facts.reported.v1',
      data: { case: { source: 'siem', id }, facts: [{ name: 'nope', value: 1 }] },
    });
    expect((await send(early)).json.outcome).toBe('kept');
    expect((await send(contradicting)).json.outcome).toBe('kept');
    const { status, json } = await send(cloudEvent({ id }));
    expect(status).toBe(201);
    expect(await rows('SELECT name FROM fact WHERE case_id = $1', [json.caseId])).toEqual([
      { name: 'exfiltration' },
    ]);
    expect((await send(early)).json).toEqual({ ...json, outcome: 'facts-recorded' });
    expect((await send(contradicting)).json.outcome).toBe('kept');
  });

  it('reach one case whichever of the two events is first, also when both come at once', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `at-once-${String(index)}`);
    await Promise.all(
      ids.flatMap((id) => [send(reporting({ source: 'siem', id })), send(cloudEvent({ id }))]),
    );
    const found = await rows(
      `SELECT 1 FROM fact f JOIN case_file c ON c.id = f.case_id WHERE c.external_id LIKE 'at-once-%'`,
      [],
    );
    expect(found).toHaveLength(ids.length);
  });

  it('for a closed case are attached, and a person is asked whether to reopen it', async () => {
    const { caseId } = await closedCase();
    const answer = await send(reporting({ caseId }));
    expect([answer.status, answer.json.outcome]).toEqual([202, 'attached']);
    const tasks = await rows<{ state: string }>(
      "SELECT state FROM task WHERE case_id = $1 AND kind = 'reopen'",
      [caseId],
    );
    expect(tasks).toEqual([{ state: 'open' }]);
    expect(await rows('SELECT 1 FROM fact WHERE case_id = $1', [caseId])).toEqual([]);
  });

  it('of a source that speaks for one unit do not reach a case of another', async () => {
    const { caseId } = await openTestCase(edge.home);
    const body = cloudEvent({
      source: 'soc-de',
      type: 'eu.tocsin.facts.reported.v1',
      data: { case: { caseId }, facts },
    });
    expect((await send(body, unitSecret)).json.outcome).toBe('kept');
    expect(await rows('SELECT 1 FROM fact WHERE case_id = $1', [caseId])).toEqual([]);
  });
});

describe('a source that speaks for one unit', () => {
  it('opens cases there', async () => {
    const { json } = await send(cloudEvent({ source: 'soc-de' }), unitSecret);
    const found = await rows('SELECT unit FROM case_file WHERE id = $1', [json.caseId]);
    expect(found).toEqual([{ unit: 'security-de' }]);
  });
});

describe('a source that sends too much', () => {
  it('is told to wait, and takes nothing from the others', async () => {
    const narrow = await testEdge({ eventSigner, requestsPerMinute: 8 });
    const from = (source: string, secret: string): Promise<EventAnswer> => {
      const body = cloudEvent({ source });
      return sendEvent(narrow, body, signed(secret, body));
    };
    const statuses: number[] = [];
    for (let sent = 0; sent < 4; sent += 1) statuses.push((await from('siem', current)).status);
    expect(statuses).toEqual([201, 201, 429, 429]);
    expect((await from('soc-de', unitSecret)).status).toBe(201);
    await narrow.close();
  });
});
