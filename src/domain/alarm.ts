/** Alarms: warnings that ring at an instant for a subject and a step, whatever else is down. */
import type { CaseFile } from './case.ts';
import {
  caseTimeAt,
  fromMs,
  hourMs,
  plusHours,
  toMs,
  wallTimeAt,
  type CaseClock,
  type Instant,
} from './instant.ts';
import { latestStartAt, type FilingPlan } from './readiness.ts';

/** Who is called; the watch finds the person on duty with that role in the case's unit. */
export type AlarmRole = 'responder' | 'legal' | 'executive' | 'dpo';

export interface Alarm {
  /** `case/<id>`, `obligation/<id>`, `notice/<id>`, `approvals/<case id>/<when>`, `events/<case id>`; `events/waiting` for the house. */
  readonly subject: string;
  readonly step: string;
  readonly dueAt: Instant;
  readonly ringAt: Instant;
  readonly caseId: string;
  readonly role: AlarmRole;
  /** One line for the person who is called; no personal data. */
  readonly line: string;
  /** Called by name instead of by role, and who is called after them. */
  readonly personId?: string | null;
  readonly deputyId?: string | null;
  /** Opened about the same subject in the transaction that rings: once, whatever else is down. */
  readonly taskKind?: string;
  readonly taskTitle?: string;
  /** Rings at everybody who may release, at once. */
  readonly everyone?: boolean;
  /** Rings only while a notice whose calls have this subject is in review. */
  readonly whileInReview?: boolean;
}

/** An alarm about no case: only who sees the whole group is called. Wall time, for there is no other. */
export type HouseAlarm = Omit<Alarm, 'caseId' | 'dueAt'>;

/** The step that rings when a notice has not left by our own target. */
export const targetStep = 'target';

/** The step that asks for a call to a customer who has not answered a notice. */
export const telephoneStep = 'telephone';

/** Policy, not law: how long a case may stay undetermined before the executive is called. */
export const undeterminedAfterHours = 24;

const beforeDueHours = [24, 6, 1] as const;

/**
 * The alarms of a case nobody has determined yet: press at half the policy time, then the executive. The policy time
 * runs from `pressFromAt` where a case was reopened; the 72 hours of the law always run from awareness.
 */
export function caseAlarms(
  caseId: string,
  reference: string,
  awareAt: Instant,
  clock: CaseClock,
  pressFromAt: Instant = awareAt,
): readonly Alarm[] {
  const subject = `case/${caseId}`;
  const make = (step: string, dueAt: Instant, role: AlarmRole, line: string): Alarm => ({
    subject,
    step,
    dueAt,
    ringAt: wallTimeAt(clock, dueAt),
    caseId,
    role,
    line,
  });
  return [
    make(
      'determine',
      plusHours(pressFromAt, undeterminedAfterHours / 2),
      'legal',
      `${reference}: is it a breach? Nobody has determined it yet.`,
    ),
    make(
      'determine-executive',
      plusHours(pressFromAt, undeterminedAfterHours),
      'executive',
      `${reference}: still undetermined after ${String(undeterminedAfterHours)} h. Please decide.`,
    ),
    make(
      'statute-72h',
      plusHours(awareAt, 72),
      'executive',
      `${reference}: 72 hours from provisional awareness are over.`,
    ),
  ];
}

/** While nobody has determined the case: the 24 hours of a provider are over, Art. 2(2) Regulation (EU) No 611/2013. */
export function detectionAlarm(
  { caseId, reference, clock }: Pick<CaseFile, 'caseId' | 'reference' | 'clock'>,
  detectedAt: Instant,
): Alarm {
  const dueAt = plusHours(detectedAt, 24);
  return {
    subject: `case/${caseId}`,
    step: 'statute-24h',
    dueAt,
    ringAt: wallTimeAt(clock, dueAt),
    caseId,
    role: 'executive',
    line: `${reference}: 24 hours from detection are over, the hours of a provider of communications.`,
  };
}

/** What the law wants done at once has no due: it rings at our own target, to be dispatched or looked at. */
export function atOnceAlarm(
  { obligationId, label, targetAt }: { obligationId: string; label: string; targetAt: Instant },
  { caseId, reference, clock }: Pick<CaseFile, 'caseId' | 'reference' | 'clock'>,
): Alarm {
  return {
    subject: `obligation/${obligationId}`,
    step: targetStep,
    dueAt: targetAt,
    ringAt: wallTimeAt(clock, targetAt),
    caseId,
    role: 'legal',
    line: `${reference}: owed at once and not yet dispatched: ${label}.`,
  };
}

/** An obligation as its alarms need it. */
interface Owed {
  readonly obligationId: string;
  readonly caseId: string;
  readonly dueAt: Instant;
  readonly label: string;
}

/** The alarms before the due instant of an obligation that has one; what a person files rings before its latest start. */
export function obligationAlarms(
  obligation: Owed,
  reference: string,
  clock: CaseClock,
  filing: FilingPlan | null = null,
): readonly Alarm[] {
  return [
    ...(filing === null
      ? warnings(obligation, reference, clock)
      : filingAlarms(obligation, reference, clock, filing)),
    at(obligation, clock, {
      step: 'due',
      dueAt: obligation.dueAt,
      hoursBefore: 0,
      role: 'executive',
      line: `${reference}: due now and not yet dispatched: ${obligation.label}.`,
    }),
  ];
}

function warnings(obligation: Owed, reference: string, clock: CaseClock): Alarm[] {
  return beforeDueHours.map((hours) =>
    at(obligation, clock, {
      step: `due-in-${String(hours)}h`,
      dueAt: obligation.dueAt,
      hoursBefore: hours,
      role: hours <= 1 ? 'executive' : 'legal',
      line: `${reference}: due in ${String(hours)} h and not yet dispatched: ${obligation.label}.`,
    }),
  );
}

/** Their due is the latest start, so that they ring again when the due or the rehearsed time moves. */
export function filingAlarms(
  obligation: Owed,
  reference: string,
  clock: CaseClock,
  filing: FilingPlan,
): readonly Alarm[] {
  const startAt = latestStartAt(obligation.dueAt, filing);
  const called = { personId: filing.filerId, deputyId: filing.deputyId };
  const takes = `${String(filing.minutes)} min${filing.isRehearsed ? '' : ', not rehearsed'}`;
  return [...beforeDueHours, 0].map((hours) => ({
    ...at(obligation, clock, {
      step: hours === 0 ? 'file-now' : `file-in-${String(hours)}h`,
      dueAt: startAt,
      hoursBefore: hours,
      role: 'legal',
      line:
        hours === 0
          ? `${reference}: begin the filing now (${takes}) or it will be late: ${obligation.label}.`
          : `${reference}: the filing must begin in ${String(hours)} h (${takes}): ${obligation.label}.`,
    }),
    ...called,
  }));
}

function at(
  { obligationId, caseId }: Owed,
  clock: CaseClock,
  {
    hoursBefore,
    ...alarm
  }: Pick<Alarm, 'step' | 'dueAt' | 'role' | 'line'> & { readonly hoursBefore: number },
): Alarm {
  const caseAt = fromMs(toMs(alarm.dueAt) - hoursBefore * hourMs);
  const subject = `obligation/${obligationId}`;
  return { ...alarm, subject, caseId, ringAt: wallTimeAt(clock, caseAt) };
}

/** An event came for a closed case: legal is called at once to say whether it is opened again. */
export function reopenAlarm(
  { caseId, reference, clock }: Pick<CaseFile, 'caseId' | 'reference' | 'clock'>,
  now: Instant,
): Alarm {
  return {
    subject: `events/${caseId}`,
    step: 'reopen',
    dueAt: caseTimeAt(clock, now),
    ringAt: now,
    caseId,
    role: 'legal',
    line: `${reference} is closed and an event came in for it: reopen?`,
  };
}

/** The subject of the calls about events that no program could take. */
export const waitingEvents = 'events/waiting';

/** Policy, not law: how long events are gathered before one call is made for all of them. */
const gatherSeconds = 60;
/** Policy, not law: such an event may be the report of a breach, so the executive is called when legal left it. */
const waitingToExecutiveHours = 2;

/** The calls about events that wait: legal at once, then the executive. */
export function waitingAlarms(now: Instant): readonly HouseAlarm[] {
  const calls = [
    { step: 'kept', role: 'legal', ringAt: fromMs(toMs(now) + gatherSeconds * 1_000) },
    { step: 'kept-executive', role: 'executive', ringAt: plusHours(now, waitingToExecutiveHours) },
  ] as const;
  return calls.map((call) => ({ ...call, subject: waitingEvents, line: waitingLine(1) }));
}

/** What is said of this many events that wait. */
export function waitingLine(count: number): string {
  const events = count === 1 ? '1 event waits' : `${String(count)} events wait`;
  return `${events} for a person: signed by a known source, and no program could take ${count === 1 ? 'it' : 'them'}.`;
}
