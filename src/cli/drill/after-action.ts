/** What a drill teaches: how long each step took, what stood ready and waited for a person, what was missing; scored. */
import { undeterminedAfterHours } from '../../domain/alarm.ts';
import type { Instant } from '../../domain/instant.ts';
import type { TimelineEntry } from '../../domain/views.ts';
import type { Scene } from './play.ts';
import { callFaults, type BarredCalls } from './barred-calls.ts';
import type { DrillReport } from './report.ts';
import { isTold } from './report.ts';
import { unionMs, waitsOf, type CaseEntry, type Wait } from './waits.ts';

interface Step {
  readonly step:
    'determination' | 'obligations-known' | 'drafts' | 'approval' | 'dispatch' | 'closing';
  /** Case time at which the last of it was done; null when it never was, or nothing was to do. */
  readonly doneAt: Instant | null;
  readonly secondsAfterReport: number | null;
}

interface Mark {
  readonly mark: string;
  readonly earned: boolean;
  readonly because: string;
}

export interface AfterAction {
  readonly case: string;
  readonly scenario: string;
  /** Case time against wall time: what the machine takes counts so many times over. */
  readonly speed: number;
  /** The arrival of the first report, in case time, from which every step is counted. */
  readonly reportedAt: Instant;
  readonly steps: readonly Step[];
  /** Notices that left, by phase. */
  readonly phases: DrillReport['phases'];
  /** By recipient, the tightest first; negative when late. */
  readonly margins: readonly { readonly to: string; readonly marginSeconds: number }[];
  /** What stood ready from then on, and for how long in case time. */
  readonly waits: readonly {
    readonly for: Wait['for'];
    readonly fromAt: Instant;
    readonly seconds: number;
  }[];
  /** Case time in which something stood ready and waited for a person; what waited together counts once. */
  readonly idleSeconds: number;
  /** How people were called while mail was barred; null where it never was. */
  readonly calls: BarredCalls | null;
  readonly missing: readonly string[];
  readonly marks: readonly Mark[];
  readonly score: { readonly earned: number; readonly of: number };
}

/** Policy of the scoring, not law: how long ready work may lie, in case time. */
const idleAllowedMinutes = 60;
/** As soon as legal is pressed for it. */
const determinedWithinHours = undeterminedAfterHours / 2;

/** Scores a drill from what the API shows of it; `problems` is why the drill fell short, if it did. */
export function afterAction(
  scene: Scene,
  timeline: readonly TimelineEntry[],
  report: Omit<DrillReport, 'ok'>,
  { problems, calls = null }: { problems: readonly string[]; calls?: BarredCalls | null },
): AfterAction {
  const entries = inCaseTime(scene, timeline);
  const reportedMs = Date.parse(scene.file.receivedAt);
  const steps = stepsOf(scene, entries, reportedMs);
  const waits = waitsOf(scene, entries);
  const idleSeconds = Math.round(unionMs(waits) / 1000);
  const margins = report.obligations
    .flatMap(({ provision, recipient, marginSeconds }) =>
      marginSeconds === null ? [] : [{ to: `${provision} to ${recipient}`, marginSeconds }],
    )
    .sort((one, other) => one.marginSeconds - other.marginSeconds);
  const unknown = unknownFacts(scene);
  const marks = marksOf({ scene, steps, margins, idleSeconds, unknown, problems, calls });
  const earned = marks.filter((mark) => mark.earned).length;
  return {
    case: scene.file.reference,
    scenario: report.scenario,
    speed: scene.file.speed,
    reportedAt: scene.file.receivedAt,
    steps,
    phases: report.phases,
    margins,
    waits: waits.map(({ for: what, fromMs, untilMs }) => ({
      for: what,
      fromAt: new Date(fromMs).toISOString(),
      seconds: Math.round((untilMs - fromMs) / 1000),
    })),
    idleSeconds,
    calls,
    missing: [...unknown.map((name) => `nobody said: ${name}`), ...problems],
    marks,
    score: { earned, of: marks.length },
  };
}

/** Oldest first. A case's clock starts at the wall instant at which it was opened. */
function inCaseTime({ file }: Scene, timeline: readonly TimelineEntry[]): CaseEntry[] {
  const sorted = timeline.toSorted((one, other) => one.streamSeq - other.streamSeq);
  const openedMs = Date.parse(sorted[0]?.at ?? file.receivedAt);
  return sorted.map((entry) => ({
    ...entry,
    caseMs: openedMs + (Date.parse(entry.at) - openedMs) * file.speed,
  }));
}

function stepsOf(scene: Scene, entries: readonly CaseEntry[], reportedMs: number): Step[] {
  const of = (type: string): number[] =>
    entries.filter((entry) => entry.type === type).map((entry) => entry.caseMs);
  const told = scene.obligations.filter(isTold);
  const dispatches = told.map((o) => (o.dispatchedAt === null ? NaN : Date.parse(o.dispatchedAt)));
  const step = (name: Step['step'], times: readonly number[], pick = Math.max): Step => {
    const ms = times.length === 0 ? NaN : pick(...times);
    return Number.isNaN(ms)
      ? { step: name, doneAt: null, secondsAfterReport: null }
      : {
          step: name,
          doneAt: new Date(ms).toISOString(),
          secondsAfterReport: Math.round((ms - reportedMs) / 1000),
        };
  };
  return [
    step('determination', of('case.determined'), Math.min),
    step('obligations-known', of('obligations.determined'), Math.min),
    step('drafts', of('notice.frozen')),
    step('approval', of('notice.released')),
    step('dispatch', dispatches),
    step('closing', of('case.closed')),
  ];
}

/** Facts the law asked for and nobody knew, as the obligations note them. */
function unknownFacts({ obligations }: Scene): string[] {
  const names = obligations
    .flatMap((o) => o.factsUsed)
    .filter(({ value }) => value === 'unknown')
    .map(({ name }) => name);
  return [...new Set(names)].sort();
}

interface Scored {
  readonly scene: Scene;
  readonly steps: readonly Step[];
  readonly margins: AfterAction['margins'];
  readonly idleSeconds: number;
  readonly unknown: readonly string[];
  readonly problems: readonly string[];
  readonly calls: BarredCalls | null;
}

function marksOf({ scene, steps, margins, idleSeconds, unknown, problems, calls }: Scored): Mark[] {
  const determined = steps.find(({ step }) => step === 'determination')?.secondsAfterReport ?? null;
  const late = margins.filter(({ marginSeconds }) => marginSeconds < 0).length;
  const pastAim = scene.obligations.filter(
    (o) =>
      isTold(o) &&
      o.targetAt !== null &&
      (o.dispatchedAt === null || Date.parse(o.dispatchedAt) > Date.parse(o.targetAt)),
  ).length;
  const idleMinutes = Math.round(idleSeconds / 60);
  const hours = String(determinedWithinHours);
  const count = (number: number, what: string) => `${String(number)} ${what}`;
  const mark = (name: string, earned: boolean, because: string): Mark => ({
    mark: name,
    earned,
    because,
  });
  return [
    mark(
      `determined within ${hours} h of the report`,
      determined !== null && determined <= determinedWithinHours * 3600,
      determined === null ? 'never determined' : `after ${spanOf(determined)}`,
    ),
    mark(
      'every due met',
      late === 0,
      `${count(late, 'late')} of ${count(margins.length, 'dated')}`,
    ),
    mark('every aim of our own met', pastAim === 0, count(pastAim, 'past it')),
    mark(
      `ready work waited at most ${count(idleAllowedMinutes, 'min')}`,
      idleMinutes <= idleAllowedMinutes,
      count(idleMinutes, 'min'),
    ),
    mark(
      'no fact the law asks for was missing',
      unknown.length === 0,
      count(unknown.length, 'missing'),
    ),
    ...(calls === null
      ? []
      : [mark('while mail was barred every call went out of band', ...callsMark(calls))]),
    mark('the drill held', problems.length === 0, count(problems.length, 'shortfalls')),
  ];
}

function callsMark(calls: BarredCalls): [boolean, string] {
  const { outOfBand, byTelephone, byMail, firstAfterSeconds } = calls;
  const ways = `${String(outOfBand)} out of band, ${String(byMail)} by mail, ${String(byTelephone)} by telephone`;
  const first = firstAfterSeconds === null ? 'none' : `the first ${spanOf(firstAfterSeconds)}`;
  return [callFaults(calls).length === 0, `${ways}; ${first} after the bar, wall time`];
}

/** `2 h 05 min`, `12 min`, `40 s`; a dash for what never was. */
export function spanOf(seconds: number | null): string {
  if (seconds === null) return '-';
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours === 0
    ? `${String(minutes)} min`
    : `${String(hours)} h ${String(minutes).padStart(2, '0')} min`;
}
