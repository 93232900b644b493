/** Alarms: warnings that ring at an instant for a subject and a step, whatever else is down. */
import { fromMs, hourMs, toMs, wallTimeAt, type CaseClock, type Instant } from './instant.ts';

/** Who is called; the watch finds the person on duty with that role in the case's unit. */
export type AlarmRole = 'responder' | 'legal' | 'executive' | 'dpo';

export interface Alarm {
  /** `case/<id>`, `obligation/<id>` or `notice/<id>`. */
  readonly subject: string;
  readonly step: string;
  readonly dueAt: Instant;
  readonly ringAt: Instant;
  readonly caseId: string;
  readonly role: AlarmRole;
  /** One line for the person who is called; no personal data. */
  readonly line: string;
}

/** Policy, not law: how long a case may stay undetermined before the executive is called. */
export const undeterminedAfterHours = 24;

const beforeDueHours = [24, 6, 1] as const;

/** The alarms of a case nobody has determined yet: press at half the policy time, then the executive. */
export function caseAlarms(
  caseId: string,
  reference: string,
  awareAt: Instant,
  clock: CaseClock,
): readonly Alarm[] {
  const subject = `case/${caseId}`;
  const at = (hours: number): Instant => fromMs(toMs(awareAt) + hours * hourMs);
  const make = (step: string, hours: number, role: AlarmRole, line: string): Alarm => ({
    subject,
    step,
    dueAt: at(hours),
    ringAt: wallTimeAt(clock, at(hours)),
    caseId,
    role,
    line,
  });
  return [
    make(
      'determine',
      undeterminedAfterHours / 2,
      'legal',
      `${reference}: is it a breach? Nobody has determined it yet.`,
    ),
    make(
      'determine-executive',
      undeterminedAfterHours,
      'executive',
      `${reference}: still undetermined after ${String(undeterminedAfterHours)} h. Please decide.`,
    ),
    make(
      'statute-72h',
      72,
      'executive',
      `${reference}: 72 hours from provisional awareness are over.`,
    ),
  ];
}

/** The alarms before the due instant of an obligation that has one. */
export function obligationAlarms(
  obligation: { obligationId: string; caseId: string; dueAt: Instant; label: string },
  reference: string,
  clock: CaseClock,
): readonly Alarm[] {
  return [...beforeDueHours, 0].map((hours) => {
    const at = fromMs(toMs(obligation.dueAt) - hours * hourMs);
    return {
      subject: `obligation/${obligation.obligationId}`,
      step: hours === 0 ? 'due' : `due-in-${String(hours)}h`,
      dueAt: obligation.dueAt,
      ringAt: wallTimeAt(clock, at),
      caseId: obligation.caseId,
      role: hours <= 1 ? 'executive' : 'legal',
      line:
        hours === 0
          ? `${reference}: due now and not yet dispatched: ${obligation.label}.`
          : `${reference}: due in ${String(hours)} h and not yet dispatched: ${obligation.label}.`,
    };
  });
}
