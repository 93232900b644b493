/** A real case whose authority takes a web form only: no machine can file, so people are called in time, and nothing leaves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toMs, type Instant } from '../../src/domain/instant.ts';
import { openBreach, type Breach } from './breach.ts';
import { actsHoursBeforeDue, standingAuthorisation } from './standing-authorisation.ts';
import { expectFirstLook, hoursWorld, type World } from './world.ts';

const authority = 'ee-aki';
let world: World;
let breach: Breach;
let calledAt: Instant;

beforeAll(async () => {
  world = await hoursWorld('own');
  await standingAuthorisation(world.home);
  breach = await openBreach(world, ['portal-db'], 1);
  await breach.settled('in-review', [authority]);
  calledAt = breach.at(72 - actsHoursBeforeDue);
  await world.until(breach.at(73), [calledAt, breach.at(72)]);
}, 600_000);
afterAll(() => world.close());

describe('a portal authority under a standing authorisation', () => {
  it('is a call-out: filer and deputy are called at the latest start, both at once', async () => {
    const { noticeId } = (await breach.owed()).get(authority) ?? {};
    const rung = (await world.rungs(breach.caseId)).filter(({ step }) =>
      step.startsWith('call-out'),
    );
    expect(rung.map(({ subject, step }) => [subject, step]).sort()).toEqual([
      [`notice/${noticeId ?? ''}`, 'call-out'],
      [`notice/${noticeId ?? ''}`, 'call-out/deputy'],
    ]);
    for (const one of rung) expectFirstLook(world, one, calledAt);
    const called = world.calls.filter(({ step }) => step.startsWith('call-out'));
    expect(called.map(({ email }) => email).sort()).toEqual([
      'lena@people.example',
      'leo@people.example',
    ]);
  });

  it('opens a task to approve and file it, in that minute', async () => {
    const tasks = await world.read<{ role: string; state: string; at: Instant }>(
      `SELECT role, state, at FROM task WHERE case_id = $1 AND kind = 'call-out'`,
      [breach.caseId],
    );
    expect(tasks).toMatchObject([{ role: 'legal', state: 'open' }]);
    expect(Math.floor((toMs(tasks[0]?.at ?? '') - toMs(calledAt)) / 60_000)).toBe(0);
  });

  it('sends nothing by itself: the notice is in review when it is due, and that rings', async () => {
    const found = (await breach.owed()).get(authority);
    expect(found).toMatchObject({ noticeState: 'in-review', dispatchedAt: null });
    expect(world.mailbox.received).toEqual([]);
    const steps = (await world.rungs(breach.caseId)).map(({ step }) => step);
    expect(steps.filter((step) => step === 'due')).toHaveLength(1);
  });
});
