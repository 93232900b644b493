/** Bad input on the supervised stack, over HTTP and from the command line: one clear problem, and not a row has changed. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostingIntrusion } from '../../src/cli/drill/hosting-intrusion.ts';
import type { Player } from '../../src/cli/drill/scenario.ts';
import type { CaseView, NoticeSummary } from '../../src/domain/views.ts';
import { run } from '../support/command-line.ts';
import { demoStack, type DemoStack } from '../support/stack.ts';
import { playOn } from '../support/stack-play.ts';
import { readTables, untilStill, type Tables } from '../support/stack-tables.ts';

const twoMinutesMs = 120_000;
const ownDataOnly = {
  ...hostingIntrusion,
  hits: hostingIntrusion.hits.filter(({ key }) => key === 'portal-db-01'),
};
const report = { title: 'Mail to a wrong customer' };
const usedKey = randomUUID();
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
const eightyHoursAgo = new Date(Date.now() - 80 * 3_600_000).toISOString();
const oversized = 'x'.repeat(100_000);

let stack: DemoStack;
let file: CaseView;
/** In review, as everyone read it before leo reworded it. */
let read: NoticeSummary;
/** The digest of leo's own words. */
let reworded: string;
let firstAnswer: unknown;
let tables: Tables;

beforeAll(async () => {
  stack = await demoStack();
  const play = playOn(stack, ownDataOnly);
  file = await play.open(1);
  await play.judge(file);
  const { notices } = await play.drafted(file.caseId);
  const authority = notices.find(({ recipientKind }) => recipientKind === 'authority');
  if (authority === undefined) throw new Error('no notice to an authority was drafted');
  read = authority;
  const answer = await send({
    as: 'leo',
    path: `/notices/${read.noticeId}/wording`,
    headers: { 'if-match': read.digest ?? '' },
    body: { addition: 'The night shift saw the intruder.' },
  });
  reworded = (answer.body as { readonly digest: string }).digest;
  firstAnswer = (await send({ key: usedKey, body: report })).body;
  tables = await untilStill(stack);
  for (const table of ['case_file', 'fact', 'notice_version', 'delivery', 'idempotency', 'wake']) {
    expect(tables[table]?.rows).toBeGreaterThan(0);
  }
}, twoMinutesMs);

afterAll(() => stack.close(), twoMinutesMs);

interface Sent {
  readonly as?: Player;
  readonly path?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is text. */
  readonly body: unknown;
}

async function send({ as = 'rita', path = '/incidents', key, headers = {}, body }: Sent) {
  const answer = await fetch(stack.running.api + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stack.token(as)}`,
      'content-type': 'application/json',
      'idempotency-key': key ?? randomUUID(),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const replayed = answer.headers.get('idempotency-replayed') === 'true';
  const type = answer.headers.get('content-type');
  return { status: answer.status, type, replayed, body: await answer.json() };
}

type Bad = readonly [
  what: string,
  problem: string,
  status: number,
  place: string | null,
  ask: () => Sent,
];

const received = (receivedAt: string) => () => ({ body: { ...report, receivedAt } });
const approval = (as: Player, digest: () => string | null) => () => ({
  as,
  path: `/notices/${read.noticeId}/approval`,
  body: { digest: digest() },
});

const bad: readonly Bad[] = [
  ['malformed JSON', 'malformed', 400, null, () => ({ body: '{"title":' })],
  ['an unknown field', 'invalid', 422, '/state', () => ({ body: { ...report, state: 'closed' } })],
  ['a time without a zone', 'invalid', 422, '/receivedAt', received('2026-01-15T10:00:00')],
  ['30 February', 'invalid', 422, '/receivedAt', received('2026-02-30T10:00:00Z')],
  ['a time after now', 'invalid', 422, '/receivedAt', received(tomorrow)],
  [
    'an unknown product',
    'invalid',
    422,
    '/hits/0/key',
    () => ({ body: { ...report, hits: [{ kind: 'product', key: 'teleport' }] } }),
  ],
  [
    'an oversized body',
    'too-large',
    413,
    null,
    () => ({ body: { ...report, description: oversized.repeat(3) } }),
  ],
  ['a missing right', 'forbidden', 403, null, () => ({ as: 'aud', body: report })],
  [
    'a decision without the right to it',
    'forbidden',
    403,
    null,
    () => ({
      path: `/cases/${file.caseId}/determination`,
      body: { determination: 'not-a-breach', reason: 'It is late' },
    }),
  ],
  ['an approval of other words', 'stale', 409, null, approval('eva', () => read.digest)],
  ['an approval by the author', 'four-eyes', 409, null, approval('leo', () => reworded)],
  [
    'a key used with another body',
    'key-reused',
    422,
    null,
    () => ({ key: usedKey, body: { title: 'Something else' } }),
  ],
];

describe('over HTTP', () => {
  it.each(bad)(
    '%s is the problem "%s" and changes nothing',
    async (...[, type, status, at, ask]) => {
      const answer = await send(ask());
      expect(answer).toMatchObject({
        status,
        type: 'application/problem+json',
        body: {
          type: `/problems/${type}`,
          status,
          title: expect.any(String) as string,
          detail: expect.stringMatching(/^[^\n]{10,200}$/) as string,
          ...(at === null ? {} : { errors: [{ pointer: at }] }),
        },
      });
      expect(await readTables(stack)).toEqual(tables);
    },
  );

  it('the same request under its key again gives the first answer and changes nothing', async () => {
    const { body, replayed } = await send({ key: usedKey, body: report });
    expect([body, replayed]).toEqual([firstAnswer, true]);
    expect(await readTables(stack)).toEqual(tables);
  });
});

const cli = (...argv: string[]) => run(argv, { env: { TOCSIN_HOME: stack.running.home } });

type Typed = readonly [what: string, code: number, says: RegExp, argv: () => string[]];

const open = ['case', 'open', report.title];
const typed: readonly Typed[] = [
  ['an unknown option', 2, /unknown option '--state'/, () => [...open, '--state', 'closed']],
  ['no title', 2, /missing required argument/, () => ['case', 'open']],
  ['a zoneless time', 1, /zone/, () => [...open, '--received', '2026-01-15T10:00:00']],
  ['30 February', 1, /day/, () => [...open, '--received', '2026-02-30T10:00:00Z']],
  ['a time after now', 1, /after now/, () => [...open, '--received', tomorrow]],
  ['an unknown product', 1, /teleport|product/, () => [...open, '--product', 'teleport']],
  ['an oversized text', 1, /at most 20000/, () => [...open, '--description', oversized]],
  ['an unknown fact', 1, /nope/, () => ['case', 'facts', file.reference, 'nope=1']],
  ['an unknown case', 1, /case list/, () => ['case', 'show', 'D-1999-0001']],
  ['a missing right', 4, /--as/, () => [...open, '--as', 'aud']],
  ['a stranger', 2, /nobody here is called/, () => [...open, '--as', 'mallory']],
  [
    'an approval of other words',
    1,
    /read it again/,
    () => [
      'notice',
      'approve',
      read.noticeId,
      '--digest',
      read.digest ?? '',
      '--yes',
      '--as',
      'eva',
    ],
  ],
];

describe('from the command line', () => {
  it.each(typed)('%s ends with code %i and one line, and changes nothing', async (...given) => {
    const [, code, says, argv] = given;
    const ended = await cli(...argv());
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toMatch(/^tocsin: [^\n]+\n$/);
    expect(ended.err).toMatch(says);
    expect(await readTables(stack)).toEqual(tables);
  });
});

describe('a report whose 72 hours are over', () => {
  it('is taken and marked late, over HTTP', async () => {
    const { status, body } = await send(received(eightyHoursAgo)());
    expect(status).toBe(201);
    expect(body).toMatchObject({ reportedLate: true, awareAt: eightyHoursAgo });
    expect(await readTables(stack)).not.toEqual(tables);
  });

  it('is taken and marked late, from the command line', async () => {
    const ended = await cli(...open, '--received', eightyHoursAgo);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('reported late');
  });
});

it('an event that is sent again, under another key and in other words, opens no second case', async () => {
  const event = { source: 'siem', externalId: 'alert-4711' };
  const first = await send({ body: { ...report, ...event } });
  const again = await send({ body: { title: 'The same alert', ...event } });
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(again.body).toEqual(first.body);
});
