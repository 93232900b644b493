/** What scripts and people may rely on at the command line: streams, exit codes, keys, confirmations, one line for each error. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeApi, run, type Answer, type Asked, type FakeApi } from '../support/command-line.ts';

let api: FakeApi | undefined;
const folders: string[] = [];

afterEach(async () => {
  await api?.close();
  api = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function serve(answer: (asked: Asked) => Answer): Promise<FakeApi> {
  api = await fakeApi(answer);
  return api;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'tocsin-cli-'));
  folders.push(made);
  return made;
}

const at = (url: string) => ['--api', url, '--token', 'secret'];
const problem = (status: number, type: string, detail: string, errors?: object[]): Answer => ({
  status,
  body: { type: `/problems/${type}`, title: type, status, detail, ...(errors && { errors }) },
});
const file = { caseId: 'c-1', reference: 'B-2026-0001', awareAt: '2026-06-15T10:00:00.000Z' };
const oneLine = /^tocsin: [^\n]+\n$/;

describe('what goes where', () => {
  it('puts exactly the answer on stdout with --json, and nothing on stderr', async () => {
    const { url } = await serve(() => ({ body: { items: [], next: null } }));
    const ran = await run(['case', 'list', '--json', ...at(url)]);
    expect(JSON.parse(ran.out)).toEqual({ items: [], next: null });
    expect([ran.code, ran.err]).toEqual([0, '']);
  });

  it('sends no colour where nobody looks', async () => {
    const { url } = await serve(() => problem(404, 'not-found', 'There is no such case.'));
    const ran = await run(['case', 'show', 'B-2026-0009', ...at(url)]);
    expect(ran.err).not.toContain('\u001b');
  });

  it('lets no text of a case move the cursor of whoever reads it', async () => {
    const { url } = await serve(() => ({
      body: {
        items: [{ taskId: 't', role: 'legal', state: 'open', title: 'a\u001b[2Jb' }],
        ...file,
      },
    }));
    const ran = await run(['task', 'list', 'B-2026-0001', ...at(url)]);
    expect(ran.out).toContain('a [2Jb');
    expect(ran.out).not.toContain('\u001b[2J');
  });
});

describe('exit codes, each with one line that names the next step', () => {
  it('is 3 when nothing listens', async () => {
    const ran = await run(['case', 'list', '--api', 'http://127.0.0.1:9/api/v1', '--token', 'x']);
    expect(ran.code).toBe(3);
    expect(ran.err).toContain('tocsin start');
  });

  it('is 3 when no stack runs here and no address is given', async () => {
    const ran = await run(['case', 'list'], { env: { TOCSIN_HOME: folder() } });
    expect(ran.code).toBe(3);
    expect(ran.err).toMatch(oneLine);
  });

  it.each([401, 403])('is 4 when the API answers %i', async (status) => {
    const { url } = await serve(() => problem(status, 'forbidden', 'You may not.'));
    const ran = await run(['case', 'list', ...at(url)]);
    expect(ran.code).toBe(4);
    expect(ran.err).toMatch(oneLine);
  });

  it('is 1 for a refusal, which names each field', async () => {
    const { url } = await serve(() =>
      problem(422, 'invalid', 'The report cannot be taken.', [
        { pointer: '/receivedAt', detail: 'has no zone' },
      ]),
    );
    const ran = await run(['case', 'open', 'x', '--received', '2026-06-15T10:00:00', ...at(url)]);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(oneLine);
    expect(ran.err).toContain('/receivedAt has no zone');
  });

  it.each([
    [['cas'], 'case'],
    [['case', 'shw'], 'show'],
    [['case', 'list', '--jsn'], '--json'],
    [['drill', '--scenari', 'x'], '--scenario'],
  ])('is 2 for a slip such as %j, and suggests %s', async (argv, suggestion) => {
    const ran = await run(argv);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(oneLine);
    expect(ran.err).toContain(`Did you mean ${suggestion}?`);
  });

  it.each([
    [['case', 'determine', 'B-2026-0001', 'maybe', '--reason', 'x'], 'breach'],
    [['case', 'facts', 'B-2026-0001', 'nothing'], 'confidentiality.state=confirmed'],
    [['drill', '--scenario', 'no-such'], 'drill --list'],
    [['drill', '--speed', '0'], 'above 0'],
    [['import', 'customers', 'list.xls'], '--format'],
  ])('is 2 for %j, which says what would do', async (argv, hint) => {
    const { url } = await serve(() => ({ body: file }));
    const ran = await run([...argv, ...at(url)]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(hint);
    expect(api?.asked.filter((asked) => asked.method === 'POST')).toEqual([]);
  });

  it('puts the examples first in every help', async () => {
    for (const argv of [['--help'], ['case', 'open', '--help'], ['drill', '--help']]) {
      const ran = await run(argv);
      expect(ran.code).toBe(0);
      expect(ran.out).toMatch(/^Examples:\n {2}tocsin /);
    }
    expect((await run(['--help'])).out).toContain('Exit codes:');
  });
});

describe('one act, however often it is sent', () => {
  it('repeats a request whose answer was lost under the same key', async () => {
    let times = 0;
    const { url, asked } = await serve(() => (++times === 1 ? { cut: true } : { body: file }));
    const ran = await run(['case', 'open', 'Intruder', ...at(url)]);
    expect(ran.code).toBe(0);
    expect(asked).toHaveLength(2);
    expect(asked[0]?.key).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(asked[1]?.key).toBe(asked[0]?.key);
    expect(asked[1]?.body).toBe(asked[0]?.body);
  });

  it('never repeats what was refused', async () => {
    const { url, asked } = await serve(() => problem(422, 'key-reused', 'Another body.'));
    await run(['case', 'open', 'Intruder', ...at(url)]);
    expect(asked).toHaveLength(1);
  });
});

describe('acts with legal effect', () => {
  const determine = ['case', 'determine', 'B-2026-0001', 'breach', '--reason', 'dump found'];

  it('do nothing without a confirmation', async () => {
    const { url, asked } = await serve(() => ({ body: file }));
    const ran = await run([...determine, ...at(url)]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('--yes');
    expect(asked.map((one) => one.method)).toEqual(['GET']);
  });

  it('go on with --yes, or when the word is typed', async () => {
    const { url, asked } = await serve(() => ({ body: { ...file, state: 'determined' } }));
    expect((await run([...determine, '--yes', ...at(url)])).code).toBe(0);
    expect((await run([...determine, ...at(url)], { typed: 'breach' })).code).toBe(0);
    const posted = asked.filter((one) => one.method === 'POST');
    expect(posted.map((one) => one.path)).toEqual([
      '/api/v1/cases/c-1/determination',
      '/api/v1/cases/c-1/determination',
    ]);
    expect(JSON.parse(posted[0]?.body ?? '')).toEqual({
      determination: 'breach',
      reason: 'dump found',
    });
  });

  it('stop when another word is typed', async () => {
    const { url, asked } = await serve(() => ({ body: file }));
    const ran = await run([...determine, ...at(url)], { typed: 'y' });
    expect(ran.code).toBe(1);
    expect(asked.map((one) => one.method)).toEqual(['GET']);
  });

  it('approve several notices by one approval, each bound to its digest', async () => {
    const notice = (id: string, provision: string) => ({
      noticeId: id,
      provision,
      state: 'in-review',
      digest: id.repeat(64),
      recipientCount: 1,
    });
    const items = [notice('a', 'gdpr/33/2'), notice('b', 'gdpr/33/2'), notice('c', 'gdpr/33/1')];
    const { url, asked } = await serve(({ path }) => ({
      body: path.includes('/notices')
        ? { items, next: null }
        : { ...file, approved: 2, released: 2 },
    }));
    const chosen = ['--case', 'B-2026-0001', '--provision', 'gdpr/33/2', '--yes'];
    expect((await run(['notice', 'approve', ...chosen, ...at(url)])).code).toBe(0);
    const posted = asked.filter((one) => one.method === 'POST');
    expect(posted.map((one) => one.path)).toEqual(['/api/v1/approvals']);
    expect(JSON.parse(posted[0]?.body ?? '')).toEqual({
      notices: [
        { noticeId: 'a', digest: 'a'.repeat(64) },
        { noticeId: 'b', digest: 'b'.repeat(64) },
      ],
    });
  });
});

describe('who asks', () => {
  const people = {
    people: [
      { login: 'rita', name: 'Rita', roles: ['responder'], token: 'token-of-rita' },
      { login: 'leo', name: 'Leo', roles: ['legal'], token: 'token-of-leo' },
    ],
  };
  async function home(): Promise<string> {
    const { url } = await serve(() => ({ body: { ...file, items: [], next: null } }));
    const made = folder();
    writeFileSync(join(made, 'run.json'), JSON.stringify({ api: url }));
    writeFileSync(join(made, 'people.json'), JSON.stringify(people));
    return made;
  }
  const asker = () => api?.asked.at(-1)?.authorization;

  it('is the demo person who does such acts, unless --as names another', async () => {
    const env = { TOCSIN_HOME: await home() };
    await run(['case', 'open', 'x'], { env });
    expect(asker()).toBe('Bearer token-of-rita');
    await run(['case', 'open', 'x', '--as', 'leo'], { env });
    expect(asker()).toBe('Bearer token-of-leo');
    await run(['case', 'list'], { env: { ...env, TOCSIN_TOKEN: 'mine' } });
    expect(asker()).toBe('Bearer mine');
  });

  it('is named when --as knows nobody', async () => {
    const ran = await run(['case', 'list', '--as', 'max'], { env: { TOCSIN_HOME: await home() } });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('rita, leo');
  });
});

describe('facts and files', () => {
  it('read a pair as the kind of value it looks like', async () => {
    const { url, asked } = await serve(() => ({ body: { ...file, factsVersion: 2 } }));
    const pairs = ['exfiltration=likely', 'data.categories=name,contact', 'subjects.count=500'];
    const more = [
      'misuseObserved=false',
      'mitigation.measures=["keys, changed"]',
      'subjects.types=staff,',
    ];
    const ran = await run([
      'case',
      'facts',
      'B-2026-0001',
      ...pairs,
      ...more,
      '--certainty',
      'estimated',
      ...at(url),
    ]);
    expect(ran.code).toBe(0);
    const { facts } = JSON.parse(asked.at(-1)?.body ?? '') as { facts: object[] };
    expect(facts).toEqual(
      [
        ['exfiltration', 'likely'],
        ['data.categories', ['name', 'contact']],
        ['subjects.count', 500],
        ['misuseObserved', false],
        ['mitigation.measures', ['keys, changed']],
        ['subjects.types', ['staff']],
      ].map(([name, value]) => ({ certainty: 'estimated', name, value })),
    );
  });

  it('take facts from a file, and hits from options', async () => {
    const { url, asked } = await serve(() => ({ body: { ...file, factsVersion: 2 } }));
    const path = join(folder(), 'facts.json');
    writeFileSync(path, JSON.stringify({ 'confidentiality.state': 'confirmed' }));
    await run([
      'case',
      'facts',
      'B-2026-0001',
      '--file',
      path,
      '--asset',
      'hypervisor-07',
      ...at(url),
    ]);
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({
      facts: [{ name: 'confidentiality.state', value: 'confirmed' }],
      hits: [{ kind: 'asset', key: 'hypervisor-07' }],
    });
  });

  it('stream a catalogue in its own media type', async () => {
    const { url, asked } = await serve(() => ({ body: { version: 3, rows: 1, changed: 1 } }));
    const path = join(folder(), 'customers.csv');
    writeFileSync(path, 'key,name\nc-1,Nordlicht\n');
    const ran = await run(['import', 'customers', path, ...at(url)]);
    expect(ran.code).toBe(0);
    expect(asked[0]).toMatchObject({
      path: '/api/v1/imports/customers?format=csv',
      contentType: 'text/csv',
      body: 'key,name\nc-1,Nordlicht\n',
    });
  });
});

describe('the register', () => {
  const counts = { entries: 2, streams: 1 };
  const lines = '{"a":1}\n{"b":"line\u2028separator"}\n';
  async function verify(serverOk: boolean, outsiderOk: boolean) {
    const { url } = await serve(({ path }) =>
      path.endsWith('/verification')
        ? { body: { ok: serverOk, ...counts, faults: [] } }
        : { body: lines },
    );
    const read: string[] = [];
    const ran = await run(['register', 'verify', '--json', ...at(url)], {
      async verifyExport(exported) {
        for await (const line of exported) read.push(line);
        return { ok: outsiderOk, ...counts, faults: [] };
      },
    });
    return { ran, read };
  }

  it('verifies only if the server and the outsider both say so', async () => {
    expect((await verify(true, true)).ran.code).toBe(0);
    expect((await verify(true, false)).ran.code).toBe(1);
    expect((await verify(false, true)).ran.code).toBe(1);
  });

  it('is handed to the outsider line by line, split at line feeds only', async () => {
    const { read } = await verify(true, true);
    expect(read).toEqual(['{"a":1}', '{"b":"line\u2028separator"}']);
  });
});
