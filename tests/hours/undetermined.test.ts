/** A case nobody determines, for seventy-two real hours: who is called and pressed, at which instant, and how often. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenedCase } from '../../src/commands/open-case.ts';
import { fromMs, hourMs, plusHours, toMs, type Instant } from '../../src/domain/instant.ts';
import { openTestCase } from '../support/house.ts';
import { expectFirstLook, hoursWorld, type World } from './world.ts';

let world: World;
let opened: OpenedCase;
/** The run of its workflow in the first hour, and the one it was continued as. */
let runs: readonly [string, string];

const after = (hours: number): Instant => plusHours(opened.awareAt, hours);
const quarterHourMs = hourMs / 4;
const workflow = () => world.client.workflow.getHandle(`breach-case/${opened.caseId}`);
const runNow = async (): Promise<string> => (await workflow().describe()).runId;

/** Wakes it so often that its history passes the limit of 2,000 events, and waits for the run that comes after. */
async function continuedAsNew(first: string): Promise<string> {
  for (let sent = 0; sent < 2_100; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, () => workflow().signal('woken')));
  }
  for (let tries = 0; tries < 600; tries++) {
    const now = await runNow();
    if (now !== first) return now;
    await wait(100);
  }
  throw new Error('2,100 wakes did not make it continue as new');
}

beforeAll(async () => {
  world = await hoursWorld('own');
  opened = await openTestCase(world.home, { mode: 'real' });
  await world.look();
  await world.until(after(1), []);
  const first = await runNow();
  runs = [first, await continuedAsNew(first)];
  const policy = [12, 24, 72].map(after);
  await world.until(after(73), [
    ...policy,
    ...policy.map((at) => fromMs(toMs(at) + quarterHourMs)),
  ]);
}, 600_000);
afterAll(() => world.close());

describe('seventy-two hours of a case nobody determines', () => {
  it('rings for legal, the executive and the law, each once, the moment its instant comes', async () => {
    const rung = (await world.rungs(opened.caseId)).filter(({ step }) => !step.endsWith('/deputy'));
    expect(rung).toMatchObject([
      { step: 'determine', role: 'legal', dueAt: after(12) },
      { step: 'determine-executive', role: 'executive', dueAt: after(24) },
      { step: 'statute-72h', role: 'executive', dueAt: after(72) },
    ]);
    for (const one of rung) expectFirstLook(world, one, one.dueAt);
  });

  it('calls a deputy a quarter of an hour after each call that nobody answered, once', async () => {
    const rung = await world.rungs(opened.caseId);
    for (const step of ['determine', 'determine-executive', 'statute-72h']) {
      const [call, ...others] = rung.filter((one) => one.step === step);
      const [deputy, ...more] = rung.filter((one) => one.step === `${step}/deputy`);
      expect([others, more]).toEqual([[], []]);
      if (call?.handedAt == null || deputy === undefined) throw new Error(`${step} rang nobody`);
      expectFirstLook(world, deputy, fromMs(toMs(call.handedAt) + quarterHourMs));
    }
    expect(world.calls).toMatchObject([
      { step: 'determine', email: 'leo@people.example' },
      { step: 'determine/deputy', email: 'lena@people.example' },
      { step: 'determine-executive', email: 'eva@people.example' },
      { step: 'determine-executive/deputy' },
      { step: 'statute-72h', email: 'eva@people.example' },
      { step: 'statute-72h/deputy' },
    ]);
  });

  it('presses for a determination after 12 and after 24 hours, once each, by workflow timers', async () => {
    const tasks = await world.read<{ kind: string; role: string; state: string; at: Instant }>(
      'SELECT kind, role, state, at FROM task WHERE case_id = $1 ORDER BY at',
      [opened.caseId],
    );
    expect(tasks).toMatchObject([
      { kind: 'determine', role: 'legal', state: 'open' },
      { kind: 'determine-executive', role: 'executive', state: 'open' },
    ]);
    // Time does not stand still for the worker: a press is in the minute of its instant, never before it.
    const late = tasks.map(({ at }, n) => (toMs(at) - toMs(after(n === 0 ? 12 : 24))) / 60_000);
    expect(late.map(Math.floor)).toEqual([0, 0]);
    const pressed = await world.read<{ data: { role: string } }>(
      `SELECT convert_from(leaf, 'UTF8')::jsonb -> 'data' AS data FROM register_entry
       WHERE stream = $1 AND type = 'determination.pressed' ORDER BY stream_seq`,
      [`case/${opened.caseId}`],
    );
    expect(pressed.map(({ data }) => data.role)).toEqual(['legal', 'executive']);
  });

  it('goes on over continue-as-new: the timers that fired were those of the second run', async () => {
    const [first, second] = runs;
    expect(second).not.toBe(first);
    const { runId, status } = await workflow().describe();
    expect([runId, status.name]).toEqual([second, 'RUNNING']);
  });

  it('leaves awareness provisional at the arrival of the report, for nobody has fixed it', async () => {
    const file = await world.home.house.as(world.home.people.leo, (store) =>
      store.cases.read(opened.caseId),
    );
    expect(file).toMatchObject({
      state: 'investigating',
      mode: 'real',
      clock: { speed: 1 },
      awareness: { awareAt: opened.awareAt, state: 'provisional' },
    });
  });
});
