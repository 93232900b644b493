/** What the command line sends for events, alarms, reopening, opinions and wording, and what it refuses to send. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fakeApi, run, type Asked, type FakeApi } from '../support/command-line.ts';

const digest = 'a'.repeat(64);
const seen: Readonly<Record<string, unknown>> = {
  '/api/v1/cases/B-2026-0001': { caseId: 'c-1', reference: 'B-2026-0001' },
  '/api/v1/notices/n-1': { noticeId: 'n-1', digest, doubts: { count: 3, digest } },
  '/api/v1/events': {
    items: [
      {
        source: 'siem',
        eventId: 'e-1',
        type: null,
        at: '2026-06-15T10:00:00.000Z',
        reason: 'unknown type',
      },
    ],
  },
  '/api/v1/alarms': {
    items: [
      {
        ...{ subject: 'events/waiting', step: 'kept', role: 'legal', line: '3 events wait' },
        ...{
          ringAt: '2026-06-15T10:00:00.000Z',
          rungAt: '2026-06-15T10:00:00.000Z',
          answeredAt: null,
        },
      },
    ],
  },
};

let api: FakeApi;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-cli-'));
  api = await fakeApi(({ path }) => ({
    body: seen[path] ?? { reference: 'B-2026-0002', state: 'determined', version: 2, digest },
  }));
});
afterEach(() => {
  api.asked.length = 0;
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const tocsin = (...argv: string[]) => run([...argv, '--api', api.url, '--token', 'secret']);

function posted(): Pick<Asked, 'path'> & { body: unknown } {
  const [one] = api.asked.filter(({ method }) => method === 'POST');
  if (one === undefined) throw new Error('nothing was sent');
  return { path: one.path.replace('/api/v1', ''), body: JSON.parse(one.body) as unknown };
}

describe('an act', () => {
  it.each<[string[], string, unknown]>([
    [
      ['case', 'reopen', 'B-2026-0001', '--reason', 'a second dump', '--yes'],
      '/cases/c-1/reopening',
      { reason: 'a second dump' },
    ],
    [
      ['case', 'erase-persons', 'B-2026-0001', '--reason', 'retention is over', '--yes'],
      '/cases/c-1/persons/erasure',
      { reason: 'retention is over' },
    ],
    [
      ['event', 'settle', 'siem', 'e-1', '--note', 'a test'],
      '/events/settlement',
      { source: 'siem', eventId: 'e-1', note: 'a test' },
    ],
    [
      ['event', 'open', 'siem', 'e-1', '--title', 'Intruder', '--asset', 'host'],
      '/events/case',
      { source: 'siem', eventId: 'e-1', title: 'Intruder', hits: [{ kind: 'asset', key: 'host' }] },
    ],
    [
      ['event', 'record', 'B-2026-0001', 'siem', 'e-1'],
      '/cases/B-2026-0001/events/facts',
      { source: 'siem', eventId: 'e-1' },
    ],
    [
      ['alarm', 'answer', 'events/waiting', 'kept'],
      '/alarms/answer',
      { subject: 'events/waiting', step: 'kept' },
    ],
    [
      ['notice', 'opinion', 'n-1', '--text', 'Too vague'],
      '/notices/n-1/opinion',
      { text: 'Too vague' },
    ],
    [
      ['delivery', 'resolve-all', 'n-1', 'sent', '--reason', 'in the log', '--yes'],
      '/notices/n-1/doubts/resolution',
      { how: 'sent', reason: 'in the log', digest },
    ],
    [
      ['delivery', 'resolve-all', 'n-1', 'abandoned', '--reason', 'r', '--only', 'd-1', '--yes'],
      '/notices/n-1/doubts/resolution',
      { how: 'abandoned', reason: 'r', deliveryIds: ['d-1'] },
    ],
    [
      ['alarm', 'answer', 'approvals/c-1/2026-06-15T10:00Z', 'approve'],
      '/alarms/answer',
      { subject: 'approvals/c-1/2026-06-15T10:00Z', step: 'approve' },
    ],
    [['notice', 'revise', 'n-1', '--subject', 'S'], '/notices/n-1/wording', { subject: 'S' }],
    [['notice', 'revise', 'n-1', '--remove-addition'], '/notices/n-1/wording', { addition: '' }],
  ])('%j is one request', async (argv, path, body) => {
    const ran = await tocsin(...argv);
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(posted()).toEqual({ path, body });
  });

  it('that rewords a notice sends the text of the file as it stands, with one kind of line end', async () => {
    const file = join(folder, 'addition.txt');
    await writeFile(file, 'Première ligne\r\nsecond line\r\n');
    expect((await tocsin('notice', 'revise', 'n-1', '--addition-file', file)).code).toBe(0);
    expect(posted().body).toEqual({ addition: 'Première ligne\nsecond line' });
  });

  it.each<[string, (file: string) => string[], Uint8Array]>([
    ['a file that is not text', (file) => ['--addition-file', file], Buffer.from([0xff, 0xfe, 0])],
    ['an empty file', (file) => ['--addition-file', file], Buffer.from(' \n')],
    ['a file that is not there', (file) => ['--addition-file', `${file}.gone`], Buffer.from('x')],
    ['nothing to change', () => [], Buffer.from('x')],
    [
      'a text both added and removed',
      (f) => ['--addition-file', f, '--remove-addition'],
      Buffer.from('x'),
    ],
  ])('is not sent for %s', async (_name, options, bytes) => {
    const file = join(folder, 'given.txt');
    await writeFile(file, bytes);
    const ran = await tocsin('notice', 'revise', 'n-1', ...options(file));
    expect(ran.code).toBe(2);
    expect(api.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('that reopens a case is asked about where nobody said --yes', async () => {
    const ran = await tocsin('case', 'reopen', 'B-2026-0001', '--reason', 'x');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('--yes');
  });
});

describe('a list', () => {
  it('names each event with what "open" and "settle" want, and why it waits', async () => {
    expect((await tocsin('event', 'list')).out).toMatch(/siem +e-1 .*waits: unknown type/);
  });

  it('names each alarm with what "answer" wants', async () => {
    expect((await tocsin('alarm', 'list')).out).toMatch(/rings +legal +events\/waiting +kept/);
  });
});

describe('people', () => {
  it('are sent from CSV and from NDJSON alike', async () => {
    const sent: unknown[] = [];
    const csv =
      'issuer,subject,name,email,roles,units,deputies\r\nlocal,ann,"Ann, E.",ann@x.example,legal|administrator,*,bo|cy\r\n';
    const ndjson = `${JSON.stringify({
      ...{ issuer: 'local', subject: 'ann', name: 'Ann, E.', email: 'ann@x.example' },
      ...{ roles: ['legal', 'administrator'], units: ['*'], deputies: ['bo', 'cy'] },
    })}\n`;
    for (const [name, text] of [
      ['people.csv', csv],
      ['people.ndjson', ndjson],
    ] as const) {
      await writeFile(join(folder, name), text);
      api.asked.length = 0;
      expect((await tocsin('people', 'import', join(folder, name), '--json')).code).toBe(0);
      sent.push(posted().body);
    }
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]).toMatchObject({ people: [{ roles: ['legal', 'administrator'] }] });
  });

  it.each([
    ['people.csv', 'issuer,subject\n"local,ann\n'],
    ['people.ndjson', '{"issuer": '],
  ])('of a broken %s are not sent', async (name, text) => {
    await writeFile(join(folder, name), text);
    const ran = await tocsin('people', 'import', join(folder, name));
    expect(ran.code).toBe(2);
    expect(api.asked).toEqual([]);
  });

  it('get an out-of-band route or lose it, never half of a command', async () => {
    for (const said of [[], ['a@b.example', '--remove']]) {
      api.asked.length = 0;
      expect((await tocsin('people', 'out-of-band', 'ann', ...said)).code).toBe(2);
      expect(api.asked).toEqual([]);
    }
  });

  it('get the first token on the host, and stdout is the token alone', async () => {
    const ran = await run(
      ['people', 'first', '--organisation', 'G', '--subject', 'a', '--name', 'A', '--email', 'a@x'],
      { firstPerson: () => Promise.resolve('tocsin_secret') },
    );
    expect([ran.code, ran.out]).toEqual([0, 'tocsin_secret\n']);
  });
});
