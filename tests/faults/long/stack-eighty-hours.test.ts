/** Temporal is away for eighty case hours: every alarm rings once and reaches a person, and afterwards all is caught up. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ringsOf } from '../../../src/domain/alike-alarms.ts';
import { hostingIntrusionAt } from '../../../src/cli/drill/hosting-intrusion.ts';
import type { Scene } from '../../../src/cli/drill/play.ts';
import type { CaseView } from '../../../src/domain/views.ts';
import { judgePromises } from '../../support/invariants.ts';
import { demoStack, untilNothingIsMissing, type DemoStack } from '../../support/stack.ts';
import { withoutTemporal } from '../../support/stack-faults.ts';
import { playOn, type StackPlay } from '../../support/stack-play.ts';

const size = { customers: 10, people: 200 };
/** An hour of the case is a second. */
const speed = 3_600;
const hoursAway = 80;
let stack: DemoStack;
let play: StackPlay;
let undetermined: CaseView;
let drafted: Scene;

interface Rung {
  readonly subject: string;
  readonly step: string;
  readonly times: number;
  readonly handed: number;
}

beforeAll(async () => {
  stack = await demoStack(size);
  play = playOn(stack, hostingIntrusionAt(size), speed);
  const inReview = await play.open(0);
  await play.judge(inReview);
  drafted = await play.drafted(inReview.caseId);
  undetermined = await play.open(0);
});
afterAll(() => stack.close());

/** Waits by the clock of the database, which is the one that alarms ring by. */
async function untilHoursHavePassed(): Promise<void> {
  const [stopped] = await stack.query<{ at: string }>('SELECT clock_timestamp() AS at');
  await untilNothingIsMissing(async () => {
    const [left] = await stack.query<{ hours: number }>(
      `SELECT ceil($2 - extract(epoch FROM clock_timestamp() - $1::timestamptz) * $3 / 3600) AS hours`,
      [stopped?.at, hoursAway, speed],
    );
    return (left?.hours ?? 0) <= 0 ? null : `${String(left?.hours)} case hours`;
  });
}

/** Every alarm that was to ring by now, and how often it did; what rings at this very moment is left out. */
const alarmsDue = () =>
  stack.query<Rung>(
    `SELECT a.subject, a.step, count(o.id) AS times, count(o.handed_at) AS handed
     FROM alarm a LEFT JOIN alarm_outbox o USING (subject, step, due_at)
     WHERE a.silenced_at IS NULL AND a.ring_at <= clock_timestamp() - interval '5 seconds'
     GROUP BY 1, 2 ORDER BY 1, 2`,
  );

it('rings each alarm once, hands it over, sends nothing twice, and goes on by itself when Temporal is back', async () => {
  await withoutTemporal(stack);
  await play.approve(drafted);
  await untilHoursHavePassed();

  await untilNothingIsMissing(async () => {
    const waiting = (await alarmsDue()).filter(({ handed }) => handed === 0);
    return waiting.length === 0 ? null : `the handing over of ${String(waiting.length)} alarms`;
  });
  const rung = await alarmsDue();
  expect(rung.filter(({ times, handed }) => times !== 1 || handed !== 1)).toEqual([]);
  const ofTheCase = rung.filter(({ subject }) => subject === `case/${undetermined.caseId}`);
  expect(ofTheCase.map(({ step }) => step)).toEqual(
    expect.arrayContaining(['determine', 'determine-executive', 'statute-72h']),
  );
  expect(rung.filter(({ subject }) => subject.startsWith('obligation/')).length).toBeGreaterThan(
    11,
  );
  const calls = (await stack.sink()).filter(({ noticeId }) => noticeId === null);
  const [handed] = await stack.query<{ count: number }>(
    `SELECT count(*) AS count FROM alarm_outbox WHERE handed_at IS NOT NULL`,
  );
  const ringsCalled = calls.reduce((sum, { subject }) => sum + ringsOf(subject), 0);
  expect(ringsCalled).toBeGreaterThanOrEqual(rung.length);
  expect(ringsCalled).toBeLessThanOrEqual(handed?.count ?? 0);
  expect((await play.look(drafted.file.caseId)).file.engine).toBe('waiting');

  await stack.running.start('temporal');
  await play.finish(drafted.file.caseId);
  const noticeIds = new Set(drafted.notices.map(({ noticeId }) => noticeId));
  const sent = (await stack.sink()).filter(({ noticeId }) => noticeIds.has(noticeId ?? ''));
  expect(sent).toHaveLength(1 + size.customers + size.people);
  await play.judge(undetermined);
  await play.finish((await play.drafted(undetermined.caseId).then(approved)).caseId);
  const { broken } = await judgePromises(stack);
  expect(broken).toEqual([]);
});

async function approved(scene: Scene): Promise<CaseView> {
  await play.approve(scene);
  return scene.file;
}
