/** A breach over seventy-three real hours: each obligation's alarms at the instants law and contract give, and what silences them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromMs, hourMs, toMs, type Instant } from '../../src/domain/instant.ts';
import { openBreach, type Breach } from './breach.ts';
import { expectFirstLook, hoursWorld, type Rung, type World } from './world.ts';

let world: World;
let breach: Breach;
const at = (hours: number): Instant => breach.at(hours);

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
const looksCloselyAt = [
  6, 6.25, 10, 10.25, 18, 18.25, 23, 24, 24.25, 42, 42.25, 47, 47.25, 48, 48.25, 66, 66.25, 71,
];

beforeAll(async () => {
  world = await hoursWorld('demo');
  breach = await openBreach(world, ['collector', 'host', 'cluster', 'portal-db'], 2);
  await breach.settled('in-review', ['alpha', 'beta', 'ee-aki']);
  const around = looksCloselyAt.map(at);
  await world.until(at(20), around);
  await breach.approve('alpha');
  await world.until(at(50), around);
  await breach.approve('beta');
  await world.until(at(71.5), around);
  await breach.approve('ee-aki');
  await world.until(at(73), [at(72)]);
}, 600_000);
afterAll(() => world.close());

describe('a breach over seventy-three hours', () => {
  it('is due where law and contract say, counted from awareness, and that never moved', async () => {
    const found = await breach.owed();
    expect([...found.keys()].sort()).toEqual(['alpha', 'beta', 'ee-aki']);
    expect(found.get('alpha')).toMatchObject({ dueAt: at(24), dueBasis: 'contract' });
    expect(found.get('beta')).toMatchObject({ dueAt: at(48), dueBasis: 'contract' });
    expect(found.get('ee-aki')).toMatchObject({ dueAt: at(72), dueBasis: 'statute' });
  });

  it('rings 24, 6 and 1 hours before and when it is due, and nothing once a notice has gone', async () => {
    const found = await breach.owed();
    // Customers who do not answer are telephoned: that rings by the notice, once each, and is no part of this claim.
    const all = await rungOf(false);
    const telephoned = all.filter(({ step }) => step === 'telephone').map((one) => one.subject);
    expect(telephoned.sort()).toEqual(
      ['alpha', 'beta'].map((key) => `notice/${found.get(key)?.noticeId ?? ''}`).sort(),
    );
    const rung = all.filter(({ step }) => step !== 'telephone');
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
      else expect(one.rungAt > at(2) && one.rungAt < at(2.25)).toBe(true);
    }
  });

  it('calls a lawyer four hours after the drafts, the deputy, and after eight everybody who may release', async () => {
    const rung = (await world.rungs(breach.caseId)).filter(isApprovalCall);
    const [subject, ...others] = new Set(rung.map((one) => one.subject));
    expect(others).toEqual([]);
    expect(rung.map(({ step }) => step).sort()).toEqual([
      ...['approve', 'approve-everyone', 'approve-everyone/2', 'approve-everyone/3'],
      'approve/deputy',
    ]);
    // Frozen a little after two hours from awareness; calls are shared by the quarter of an hour.
    for (const { step, dueAt, rungAt } of rung) {
      const hours = step.startsWith('approve-everyone') ? 10 : 6;
      expect(dueAt >= at(hours) && dueAt <= at(hours + 0.25), `${step} of ${subject ?? ''}`).toBe(
        true,
      );
      expect(rungAt >= dueAt).toBe(true);
    }
    const called = world.calls.filter(({ step }) => step.startsWith('approve-everyone'));
    expect(called.map(({ email }) => email).sort()).toEqual([
      ...['eva@people.example', 'lena@people.example', 'leo@people.example'],
    ]);
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
      expect(waitedHours).toBeGreaterThanOrEqual(0.25);
      expectFirstLook(world, deputy, fromMs(toMs(handedAt) + hourMs / 4));
    }
  });

  it('is late where it left after its due instant, and only there', async () => {
    const found = await breach.owed();
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

const isApprovalCall = ({ subject }: Rung): boolean => subject.startsWith('approvals/');

async function rungOf(deputies: boolean): Promise<readonly Rung[]> {
  const all = await world.rungs(breach.caseId);
  return all.filter(
    (one) =>
      !isApprovalCall(one) &&
      !one.subject.startsWith('beside/') &&
      one.step.endsWith('/deputy') === deputies,
  );
}
