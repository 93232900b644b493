/** The after-action report: times from the first report in case time, waits counted once, and marks one can argue with. */
import { describe, expect, it } from 'vitest';
import { afterAction } from '../../src/cli/drill/after-action.ts';
import { callFaults, type BarredCalls } from '../../src/cli/drill/barred-calls.ts';
import { afterActionLines, afterActionPage } from '../../src/cli/drill/after-action-page.ts';
import type { Scene } from '../../src/cli/drill/play.ts';
import type { DrillReport } from '../../src/cli/drill/report.ts';
import { unionMs, waitsOf } from '../../src/cli/drill/waits.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { TimelineEntry } from '../../src/domain/views.ts';

const speed = 60;
/** The instant `seconds` of wall time after the case was opened; a second is a case minute. */
const wall = (seconds: number) => new Date(Date.UTC(2026, 5, 15, 10, 0, seconds)).toISOString();
const caseTime = (minutes: number) =>
  new Date(Date.UTC(2026, 5, 15, 10) + minutes * 60_000).toISOString();

function timeline(...entries: readonly [number, string, JsonObject?][]): TimelineEntry[] {
  return entries.map(([seconds, type, data], index) => ({
    streamSeq: index + 1,
    at: wall(seconds),
    type,
    actor: 'person/1',
    actorName: 'One',
    data: data ?? {},
  }));
}

const played = timeline(
  [0, 'case.opened'],
  [30, 'case.determined'],
  [32, 'obligations.determined'],
  [35, 'notice.frozen', { noticeId: 'a' }],
  [36, 'notice.frozen', { noticeId: 'b' }],
  [40, 'notice.frozen', { noticeId: 'b' }],
  [50, 'notice.released', { notices: [{ noticeId: 'a' }, { noticeId: 'b' }] }],
  [70, 'receipt.recorded', { noticeId: 'b' }],
  [90, 'case.closed'],
);

function sceneOf(change: { receivedAt?: string; unknown?: boolean } = {}): Scene {
  const obligation = {
    provision: 'gdpr/33/1',
    recipientKind: 'authority',
    state: 'discharged',
    factsUsed: [{ name: 'actor', value: change.unknown === true ? 'unknown' : 'accidental' }],
    targetAt: caseTime(2880),
    dispatchedAt: caseTime(70),
    receiptAt: caseTime(75),
  };
  return {
    file: { reference: 'D-2026-0007', speed, receivedAt: change.receivedAt ?? caseTime(0) },
    obligations: [obligation],
    notices: [
      { noticeId: 'a', channel: 'email' },
      { noticeId: 'b', channel: 'portal' },
    ],
  } as unknown as Scene;
}

const reportWith = (marginSeconds: number): Omit<DrillReport, 'ok'> =>
  ({
    scenario: 'probe',
    obligations: [{ provision: 'gdpr/33/1', recipient: 'Authority', marginSeconds }],
    phases: { initial: 1, supplementary: 0, final: 0, withdrawal: 0 },
  }) as unknown as Omit<DrillReport, 'ok'>;

describe('the after-action report', () => {
  it('counts each step in case time from the first report, also one that lay about before the case', () => {
    const seconds = (receivedAt: string) =>
      afterAction(sceneOf({ receivedAt }), played, reportWith(3600), { problems: [] }).steps.map(
        (step) => [step.step, (step.secondsAfterReport ?? 0) / 60],
      );
    const expected: [string, number][] = [
      ['determination', 30],
      ['obligations-known', 32],
      ['drafts', 40],
      ['approval', 50],
      ['dispatch', 70],
      ['closing', 90],
    ];
    expect(seconds(caseTime(0))).toEqual(expected);
    expect(seconds(caseTime(-600))).toEqual(
      expected.map(([step, minutes]) => [step, minutes + 600]),
    );
  });

  it('says what stood ready and waited for whom, an edited version from its edit, overlaps once', () => {
    const { waits, idleSeconds } = afterAction(sceneOf(), played, reportWith(3600), {
      problems: [],
    });
    expect(waits.map((wait) => [wait.for, wait.seconds / 60])).toEqual([
      ['approval', 15],
      ['approval', 10],
      ['filing', 20],
      ['closing', 15],
    ]);
    expect(idleSeconds / 60).toBe(15 + 20 + 15);
  });

  it('gives every mark to a drill that went well', () => {
    const { score, missing } = afterAction(sceneOf(), played, reportWith(3600), { problems: [] });
    expect(score).toEqual({ earned: 6, of: 6 });
    expect(missing).toEqual([]);
  });

  it.each([
    ['late', sceneOf(), reportWith(-60), [], 'every due met'],
    ['unknown facts', sceneOf({ unknown: true }), reportWith(1), [], 'no fact the law asks for'],
    ['a shortfall', sceneOf(), reportWith(1), ['the register does not verify'], 'the drill held'],
    [
      'a slow start',
      sceneOf({ receivedAt: caseTime(-720) }),
      reportWith(1),
      [],
      'determined within',
    ],
  ])('takes one mark for %s, and says which', (_what, scene, report, problems, lost) => {
    const result = afterAction(scene, played, report, { problems });
    const missed = result.marks.filter(({ earned }) => !earned);
    expect(missed).toHaveLength(1);
    expect(missed[0]?.mark).toContain(lost);
    expect(afterActionLines(result).join('\n')).toContain('5 of 6 marks');
    expect(afterActionPage(result)).toContain(`LOST: ${missed[0]?.mark ?? ''}`);
  });

  it('takes a mark for ready work that lay too long', () => {
    const slow = played.map((entry) =>
      entry.type === 'case.closed' ? { ...entry, at: wall(200) } : entry,
    );
    const { marks } = afterAction(sceneOf(), slow, reportWith(1), { problems: [] });
    expect(marks.filter(({ earned }) => !earned).map(({ mark }) => mark)).toEqual([
      'ready work waited at most 60 min',
    ]);
  });

  it('has a page and lines for a drill in which nobody was owed anything', () => {
    const scene = { ...sceneOf(), obligations: [], notices: [] };
    const short = played.filter(({ type }) => /^case|^obligations/.test(type));
    const result = afterAction(
      scene,
      short,
      { ...reportWith(0), obligations: [] },
      { problems: [] },
    );
    expect(result.score.earned).toBe(6);
    expect(result.steps.find(({ step }) => step === 'dispatch')?.doneAt).toBeNull();
    expect(afterActionPage(result)).toContain('Nothing had a date.');
  });
});

describe('waits', () => {
  it('are counted once where they overlap', () => {
    const wait = (fromMs: number, untilMs: number) => ({ for: 'filing' as const, fromMs, untilMs });
    expect(unionMs([wait(5, 9), wait(0, 4), wait(2, 6), wait(20, 21)])).toBe(10);
    expect(unionMs([])).toBe(0);
  });

  it('end with the decision of what the engine left open', () => {
    const entries = timeline(
      [0, 'case.opened'],
      [5, 'obligations.determined'],
      [8, 'obligation.decided'],
    );
    const inMs = entries.map((entry) => ({ ...entry, caseMs: Date.parse(entry.at) }));
    expect(waitsOf({ ...sceneOf(), obligations: [] }, inMs)).toMatchObject([
      { for: 'decision', fromMs: Date.parse(wall(5)), untilMs: Date.parse(wall(8)) },
    ]);
  });
});

describe('the calls while mail was barred', () => {
  const good = { outOfBand: 3, arrived: 3, byTelephone: 0, byMail: 0, firstAfterSeconds: 1.2 };

  it('earn a mark of their own, and only where mail was barred', () => {
    const scored = (calls: BarredCalls | null) =>
      afterAction(sceneOf(), played, reportWith(3600), { problems: [], calls }).score;
    expect(scored(null)).toEqual({ earned: 6, of: 6 });
    expect(scored(good)).toEqual({ earned: 7, of: 7 });
    expect(scored({ ...good, byMail: 1 })).toEqual({ earned: 6, of: 7 });
  });

  it.each<[string, Partial<BarredCalls>, string]>([
    ['nobody was called', { outOfBand: 0, arrived: 0 }, 'nobody was called'],
    ['one did not arrive', { arrived: 2 }, 'the mailbox there has 2'],
    ['one had no route', { byTelephone: 1 }, 'by telephone'],
    ['one came by mail', { byMail: 1 }, 'by barred mail'],
  ])('are a shortfall when %s', (_what, change, why) => {
    expect(callFaults(good)).toEqual([]);
    expect(callFaults({ ...good, ...change }).join()).toContain(why);
  });

  it('count as a wait the time in which what was released stood behind the bar', () => {
    const entries = timeline(
      [0, 'case.opened'],
      [5, 'channel.barred'],
      [50, 'notice.released', { notices: [{ noticeId: 'a' }] }],
      [55, 'channel.opened', { isOpen: false }],
      [62, 'channel.opened', { isOpen: true }],
    );
    const { waits } = afterAction(sceneOf(), entries, reportWith(3600), { problems: [] });
    expect(waits.filter((wait) => wait.for === 'mail').map(({ seconds }) => seconds / 60)).toEqual([
      12,
    ]);
  });
});
