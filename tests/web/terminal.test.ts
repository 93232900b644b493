/** What a person at a terminal is told of a notice that cannot go its usual way, by the real command line over the real edge. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NoticeSummary, ObligationView } from '../../src/domain/views.ts';
import { run, type Ran } from '../support/command-line.ts';
import { casePendingApproval, testEdge, type Edge, type Login } from './edge.ts';

let edge: Edge;
let url: string;
let reference: string;
beforeAll(async () => {
  // Only an own organisation's authorities take nothing but their form.
  edge = await testEdge({}, 'own');
  url = `${await edge.app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
  ({ reference } = await casePendingApproval(edge, { mode: 'real' }));
});
afterAll(() => edge.close());

const tocsin = (login: Login, ...argv: string[]): Promise<Ran> =>
  run([...argv, '--api', url, '--token', edge.tokens[login]]);

async function json<T>(...argv: string[]): Promise<T> {
  const ran = await tocsin('leo', ...argv, '--json');
  expect(ran.err).toBe('');
  return JSON.parse(ran.out) as T;
}

async function noticeTo(
  kind: NoticeSummary['recipientKind'],
  by: NoticeSummary['channel'],
): Promise<string> {
  const { items } = await json<{ items: NoticeSummary[] }>('notice', 'list', '--case', reference);
  const found = items.find(
    ({ recipientKind, channel }) => recipientKind === kind && channel === by,
  );
  if (found === undefined) throw new Error(`no notice to ${kind}`);
  return found.noticeId;
}

it('a case says by when filing by hand must begin, and with what', async () => {
  const noticeId = await noticeTo('authority', 'portal');
  const file = await json<{ obligations: ObligationView[] }>('case', 'show', reference);
  const line = file.obligations.find((one) => one.noticeId === noticeId);
  const at = line?.latestStartAt ?? '';
  expect(Date.parse(at)).toBeLessThan(Date.parse(line?.dueAt ?? ''));
  const { out } = await tocsin('leo', 'case', 'show', reference);
  const begin = `begin by ${at.slice(0, 10)} ${at.slice(11, 16)} UTC (in `;
  expect(out).toContain(`file by hand: ${line?.recipientName ?? ''}, ${begin}`);
  expect(out).toContain(`tocsin notice pack ${noticeId}`);
});

describe('with mail barred', () => {
  beforeAll(async () => {
    const barred = await tocsin(
      'rita',
      'mail',
      'bar',
      '--case',
      reference,
      '--reason',
      'read by them',
    );
    expect(barred.code).toBe(0);
  });

  it('a notice to people says that no machine sends it, and what to do instead', async () => {
    const { out } = await tocsin('leo', 'notice', 'show', await noticeTo('data-subject', 'email'));
    expect(out).toContain('Mail is barred: no machine sends it.');
    expect(out).toContain('by telephone or post');
  });

  it('the bar is listed with who would open it, and gone from the notice when two people have', async () => {
    const listed = async () => (await tocsin('leo', 'hold', 'list', reference)).out;
    expect(await listed()).toMatch(/this case +barred .*rita.*read by them/);
    const { bars } = await json<{ bars: { barId: string }[] }>('hold', 'list', reference);
    const [{ barId } = { barId: '' }] = bars;
    for (const login of ['leo', 'eva'] as const) {
      const opened = await tocsin(login, 'mail', 'open', barId, '--reason', 'clean again');
      expect(opened.code).toBe(0);
      expect(await listed()).toContain(login === 'leo' ? 'would open' : 'open again');
    }
    const { out } = await tocsin('leo', 'notice', 'show', await noticeTo('data-subject', 'email'));
    expect(out).not.toContain('Mail is barred');
  });
});

describe('with a lawful hold', () => {
  it('a notice says so, and the hold is listed with who asked for it and until when', async () => {
    const noticeId = await noticeTo('data-subject', 'email');
    const until = new Date(Date.now() + 48 * 3_600_000).toISOString();
    const asked = [
      '--requested-by',
      'The prosecutor',
      '--reference',
      'AZ 12',
      '--reason',
      'an arrest',
    ];
    const held = await tocsin('leo', 'hold', 'record', reference, ...asked, '--until', until);
    expect(held.code).toBe(0);
    const { out } = await tocsin('leo', 'notice', 'show', noticeId);
    expect(out).toContain('Held by a lawful request');
    const listed = (await tocsin('leo', 'hold', 'list', reference)).out;
    expect(listed).toContain('The prosecutor, AZ 12');
    expect(listed).toMatch(/data-subject +\d{4}-/);
  });
});

it('a case nobody holds anything back in says so', async () => {
  const other = await casePendingApproval(edge, { mode: 'real' });
  const { out } = await tocsin('leo', 'hold', 'list', other.reference);
  expect(out).toBe('Nothing holds a notice of this case back.\n');
});
