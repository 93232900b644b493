/** The main job on the supervised stack while parts of it fail: what people do is kept, nothing is sent twice, all ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseView } from '../../src/domain/views.ts';
import { dispatchPolicy, policyFor } from '../../src/ledger/window.ts';
import { gatherEvidence, type Evidence } from '../support/evidence.ts';
import { judge, judgePromises } from '../support/invariants.ts';
import { demoStack, untilNothingIsMissing, type DemoStack } from '../support/stack.ts';
import * as fault from '../support/stack-faults.ts';
import { playOn, type StackPlay } from '../support/stack-play.ts';

const fiveMinutesMs = 300_000;
let stack: DemoStack;
let play: StackPlay;
/** What a case comes to whose dispatch nobody disturbed. */
let undisturbed: readonly string[];

beforeAll(async () => {
  stack = await demoStack();
  play = playOn(stack);
}, fiveMinutesMs);

afterAll(() => stack.close(), fiveMinutesMs);

async function expectSoundHouse(): Promise<void> {
  const { broken, looked } = await judgePromises(stack);
  expect(broken).toEqual([]);
  expect(looked.deliveries).toBeGreaterThanOrEqual(531);
}

async function mailsOf(caseId: string): Promise<number> {
  const { notices } = await play.look(caseId);
  const ids = new Set(notices.map(({ noticeId }) => noticeId));
  return (await stack.sink()).filter(({ noticeId }) => ids.has(noticeId ?? '')).length;
}

const digestsOf = async (caseId: string) =>
  (await play.look(caseId)).notices.map(({ noticeId, version, digest }) => [
    noticeId,
    version,
    digest,
  ]);

async function untilRung(file: CaseView): Promise<void> {
  await untilNothingIsMissing(async () => {
    const rung = await stack.query(
      `SELECT 1 FROM alarm_outbox WHERE case_id = $1 AND step = 'determine' AND handed_at IS NOT NULL`,
      [file.caseId],
    );
    const mail = (await stack.sink()).some(
      ({ to, subject }) => to[0] === 'leo@people.example' && subject.includes(file.reference),
    );
    return rung.length > 0 && mail ? null : 'the alarm of the undetermined case';
  });
}

describe('while Temporal is down', () => {
  let file: CaseView;

  it(
    'people work and alarms ring, nothing is drafted or sent; it goes on by itself afterwards',
    async () => {
      await fault.withoutTemporal(stack);
      file = await play.open(13);
      await untilRung(file);
      await play.judge(file);
      expect(new Set(play.engines.splice(0))).toEqual(new Set(['waiting']));
      const recorded = await play.look(file.caseId);
      expect(recorded.file).toMatchObject({
        state: 'determined',
        determination: 'breach',
        awareState: 'fixed',
        engine: 'waiting',
      });
      expect(recorded.file.facts.length).toBeGreaterThan(30);
      expect([recorded.obligations, recorded.notices]).toEqual([[], []]);

      await stack.running.start('temporal');
      const drafted = await play.drafted(file.caseId);
      expect(drafted.notices).toHaveLength(32);

      await fault.withoutTemporal(stack);
      play.engines.splice(0);
      await play.approve(drafted);
      expect(new Set(play.engines.splice(0))).toEqual(new Set(['waiting']));
      const approved = await play.look(file.caseId);
      expect(new Set(approved.notices.map(({ state }) => state))).toEqual(new Set(['released']));
      expect(await mailsOf(file.caseId)).toBe(0);

      await stack.running.start('temporal');
      await play.finish(file.caseId);
      expect(await mailsOf(file.caseId)).toBe(531);
      undisturbed = await fault.outcomeOf(stack, file.caseId);
      await expectSoundHouse();
    },
    fiveMinutesMs,
  );
});

// What one killed worker may leave in doubt: the window its sessions share.
const { windowRows } = policyFor(500, dispatchPolicy);

describe('a worker killed again and again in the middle of a dispatch', () => {
  it(
    'leaves the same obligations, decisions, digests and end states, and a person what nobody can know',
    async () => {
      const file = await play.open(1);
      await play.judge(file);
      const drafted = await play.drafted(file.caseId);
      const before = await digestsOf(file.caseId);
      await play.approve(drafted);
      for (const [taken, mailServer] of [
        [50, 'goOn'],
        [120, 'goOn'],
        [200, 'die'],
      ] as const) {
        const held = await fault.holdMailAt(stack, file.caseId, taken);
        await fault.killWorker(stack);
        held[mailServer]();
        await fault.leasesOfTheDeadEnd(stack, file.caseId);
      }
      const doubts = await fault.atRest(stack, file.caseId);
      expect(doubts.length).toBeGreaterThanOrEqual(1);
      expect(doubts.length).toBeLessThanOrEqual(3 * windowRows);
      await expectSoundHouse();
      await expect(
        stack.as('leo').post(`/cases/${file.caseId}/closure`, { reason: 'too early' }),
      ).rejects.toThrow(/cannot be closed yet/);

      const lost = await fault.resolveDoubts(stack, doubts);
      if (lost > 0) await fault.tellByTelephone(stack, file.caseId);
      await play.finish(file.caseId);
      expect(await mailsOf(file.caseId)).toBe(531 - lost);
      expect(await digestsOf(file.caseId)).toEqual(before);
      expect(await fault.outcomeOf(stack, file.caseId)).toEqual(undisturbed);
      await expectSoundHouse();
    },
    fiveMinutesMs,
  );
});

describe("Temporal's state wiped while a case is open", () => {
  it(
    'is rebuilt from PostgreSQL, in review and in the middle of a dispatch, and nothing is sent twice',
    async () => {
      const file = await play.open(1);
      await play.judge(file);
      const drafted = await play.drafted(file.caseId);
      await stack.running.wipeTemporal();
      const noticeIds = drafted.notices.map(({ noticeId }) => noticeId);
      await fault.untilRebuilt(stack, file.caseId, noticeIds);
      const before = await digestsOf(file.caseId);

      await play.approve(drafted);
      const held = await fault.holdMailAt(stack, file.caseId, 100);
      await stack.running.wipeTemporal();
      held.goOn();
      await play.finish(file.caseId);
      expect(await mailsOf(file.caseId)).toBe(531);
      expect(await digestsOf(file.caseId)).toEqual(before);
      expect(await fault.outcomeOf(stack, file.caseId)).toEqual(undisturbed);
      await expectSoundHouse();
    },
    fiveMinutesMs,
  );
});

describe('the judge of the promises', () => {
  let sound: Evidence;
  beforeAll(async () => {
    sound = await gatherEvidence(stack);
  });

  const first = <T>(items: readonly T[]): T => {
    const [item] = items;
    if (item === undefined) throw new Error('there is nothing to plant a fault in');
    return item;
  };
  const sent = () => first(sound.mails.filter(({ noticeId }) => noticeId !== null));
  const others = () => sound.mails.filter((mail) => mail !== sent());

  it.each<[string, string, () => Partial<Evidence>]>([
    ['a mail nobody approved', 'I1', () => ({ approvals: [] })],
    [
      'a mail of no notice',
      'I1',
      () => ({ mails: [...sound.mails, { ...sent(), messageId: 'x' }] }),
    ],
    ['a second copy', 'I2', () => ({ mails: [...sound.mails, sent()] })],
    ['a mail that never arrived', 'I3', () => ({ mails: others() })],
    ['a lost recipient', 'I3', () => ({ deliveries: sound.deliveries.slice(1) })],
    ['another address', 'I6', () => ({ mails: [...others(), { ...sent(), to: ['x@x.example'] }] })],
    ['other bytes', 'I7', () => ({ mails: [...others(), { ...sent(), sha256: '0' }] })],
    ['a transition that is missing', 'I8', () => ({ events: sound.events.slice(1) })],
    ['a fold that is missing', 'I8', () => ({ folds: sound.folds.slice(1) })],
    ['an act that was not entered', 'I8', () => ({ leaves: sound.leaves.slice(1) })],
    ['an act entered twice', 'I12', () => ({ leaves: [...sound.leaves, ...sound.leaves] })],
  ])('finds %s', (_name, promise, plant) => {
    const { broken } = judge({ ...sound, ...plant() });
    expect(broken.some((line) => line.startsWith(promise))).toBe(true);
  });
});
