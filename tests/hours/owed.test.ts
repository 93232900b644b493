/** A breach over seventy-three real hours: each obligation's alarms at the instants law and contract give, and what silences them. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import { fromMs, hourMs, plusHours, toMs, type Instant } from '../../src/domain/instant.ts';
import { by, highRiskFacts, openTestCase } from '../support/house.ts';
import { expectFirstLook, hoursWorld, type Rung, type World } from './world.ts';

let world: World;
let caseId: string;
let awareAt: Instant;
const at = (hours: number): Instant => plusHours(awareAt, hours);

interface Owed {
  readonly subject: string;
  readonly recipientKey: string;
  readonly dueAt: Instant;
  readonly dueBasis: string;
  readonly dispatchedAt: Instant | null;
  readonly late: boolean;
  readonly noticeId: string;
  readonly noticeState: string;
  readonly digest: string | null;
}

/** The obligations that have a due instant, by whom they address: two contracts and one law. */
async function owed(): Promise<ReadonlyMap<string, Owed>> {
  const rows = await world.read<Owed>(
    `SELECT 'obligation/' || o.id AS subject, o.recipient_key AS "recipientKey", o.due_at AS "dueAt",
       o.due_basis AS "dueBasis", o.dispatched_at AS "dispatchedAt", o.late, n.id AS "noticeId", n.state AS "noticeState",
       (SELECT encode(v.digest, 'hex') FROM notice_version v WHERE v.notice_id = n.id AND v.superseded_at IS NULL) AS digest
     FROM obligation o JOIN notice n ON n.obligation_id = o.id WHERE o.case_id = $1 AND o.due_at IS NOT NULL`,
    [caseId],
  );
  return new Map(rows.map((row) => [row.recipientKey, row]));
}

/** Looks, with the clock at rest, until these notices stand where they should. */
async function settled(state: string, recipientKeys: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const found = await owed();
    if (recipientKeys.every((key) => found.get(key)?.noticeState === state)) return;
    await world.look();
    await wait(50);
  }
  throw new Error(`never ${state}: ${recipientKeys.join()}`);
}

async function approve(recipientKey: string): Promise<void> {
  const one = (await owed()).get(recipientKey);
  const answer = await approveNotices(world.home.house, by(world.home.people.leo), {
    notices: [{ noticeId: one?.noticeId ?? '', digest: one?.digest ?? '' }],
    recipientCount: null,
  });
  if (!answer.ok) throw new Error(answer.problem.detail);
  await settled('dispatched', [recipientKey]);
}

/** Opened and found to be a breach after two hours; what is owed is drafted and waits for approval. */
async function determinedBreach(): Promise<void> {
  const hits = ['collector', 'host', 'cluster', 'portal-db'].map((key) => ({
    kind: 'asset' as const,
    key,
  }));
  ({ caseId, awareAt } = await openTestCase(world.home, { hits, facts: highRiskFacts }));
  await world.until(at(2), []);
  const determined = await determineCase(world.home.house, by(world.home.people.leo), {
    caseId,
    determination: 'breach',
    reason: 'seen on a paste site',
  });
  if (!determined.ok) throw new Error(determined.problem.detail);
  await settled('in-review', ['alpha', 'beta', 'ee-aki']);
}

// Hours from awareness at which something must ring; what went out before its instant must not.
const ringsAt = [
  ['alpha', 'due-in-24h', 0],
  ['alpha', 'due-in-6h', 18],
  ['beta', 'due-in-24h', 24],
  ['beta', 'due-in-6h', 42],
  ['beta', 'due-in-1h', 47],
  ['beta', 'due', 48],
  ['ee-aki', 'due-in-24h', 48],
  ['ee-aki', 'due-in-6h', 66],
  ['ee-aki', 'due-in-1h', 71],
] as const;
const looksCloselyAt = [18, 18.25, 23, 24, 24.25, 42, 42.25, 47, 47.25, 48, 48.25, 66, 66.25, 71];

beforeAll(async () => {
  world = await hoursWorld('demo');
  await determinedBreach();
  const around = looksCloselyAt.map(at);
  await world.until(at(20), around);
  await approve('alpha');
  await world.until(at(50), around);
  await approve('beta');
  await world.until(at(71.5), around);
  await approve('ee-aki');
  await world.until(at(73), [at(72)]);
}, 600_000);
afterAll(() => world.close());

describe('a breach over seventy-three hours', () => {
  it('is due where law and contract say, counted from awareness, and that never moved', async () => {
    const found = await owed();
    expect([...found.keys()].sort()).toEqual(['alpha', 'beta', 'ee-aki']);
    expect(found.get('alpha')).toMatchObject({ dueAt: at(24), dueBasis: 'contract' });
    expect(found.get('beta')).toMatchObject({ dueAt: at(48), dueBasis: 'contract' });
    expect(found.get('ee-aki')).toMatchObject({ dueAt: at(72), dueBasis: 'statute' });
  });

  it('rings 24, 6 and 1 hours before and when it is due, and nothing once a notice has gone', async () => {
    const found = await owed();
    const rung = await rungOf(false);
    expect(rung.map(({ subject, step }) => [subject, step]).sort()).toEqual(
      ringsAt.map(([key, step]) => [found.get(key)?.subject, step]).sort(),
    );
    for (const [key, step, hours] of ringsAt) {
      const { subject, dueAt } = found.get(key) ?? { subject: '', dueAt: '' };
      const one = rung.find((other) => other.subject === subject && other.step === step);
      if (one === undefined) throw new Error(`${key} ${step} did not ring`);
      expect(one.dueAt).toBe(dueAt);
      // What was over when the obligation came to be rings at once.
      if (hours > 2) expectFirstLook(world, one, at(hours));
      else expect(one.rungAt > at(2) && one.rungAt < plusHours(awareAt, 2.25)).toBe(true);
    }
  });

  it('calls the deputy once, a quarter of an hour after each call nobody answered', async () => {
    const [calls, deputies] = [await rungOf(false), await rungOf(true)];
    expect(deputies).toHaveLength(calls.length);
    for (const { subject, step, handedAt } of calls) {
      const deputy = deputies.find(
        (one) => one.subject === subject && one.step === `${step}/deputy`,
      );
      if (deputy === undefined || handedAt === null) throw new Error(`${step} called no deputy`);
      const waitedHours = (toMs(deputy.rungAt) - toMs(handedAt)) / hourMs;
      expect(waitedHours).toBeGreaterThan(0.25);
      expectFirstLook(world, deputy, fromMs(toMs(handedAt) + hourMs / 4));
    }
  });

  it('is late where it left after its due instant, and only there', async () => {
    const found = await owed();
    expect([...found].map(([key, { late }]) => [key, late]).sort()).toEqual([
      ['alpha', false],
      ['beta', true],
      ['ee-aki', false],
    ]);
    const left = (key: string) => found.get(key)?.dispatchedAt ?? '';
    expect(left('alpha') > at(20) && left('alpha') < at(24)).toBe(true);
    expect(left('beta') > at(50) && left('beta') < at(51)).toBe(true);
    expect(left('ee-aki') > at(71.5) && left('ee-aki') < at(72)).toBe(true);
    const sent = world.mailbox.received.flatMap(({ to }) => to).sort();
    expect(sent).toEqual([
      'breach@alpha.example',
      'breach@beta.example',
      'ee-aki@authorities.example',
    ]);
  });
});

async function rungOf(deputies: boolean): Promise<readonly Rung[]> {
  const all = await world.rungs(caseId);
  return all.filter(({ step }) => step.endsWith('/deputy') === deputies);
}
