/** A due instant with its working: what was counted, from when, and how else the period is read. */
import type { Instant } from '../domain/instant.ts';
import { hourMs, toMs } from '../domain/instant.ts';
import { periodEndAt, periodText } from './period.ts';
import type { Period } from './period.ts';
import type { Provision } from './provision.ts';
import { isUnionLaw } from './regimes.ts';
import {
  daysEndAt,
  hoursBeginAt,
  hoursEndAt,
  monthsEndAt,
  twoWorkingDays,
} from './regulation-1182.ts';
import type { WorkingCalendar } from './regulation-1182.ts';
import { localAt, offsetMinutesAt } from './zone.ts';

/** An instant as UTC, `2026-06-15T15:45:00Z`, and on the wall, `2026-06-15T17:45:00+02:00`; whole seconds, never rounded up. */
export interface Moment {
  readonly utc: string;
  readonly local: string;
}

/** The reading of Art. 3(5) Regulation 1182/71, which authorities reject: explained, never worked to. */
interface ContestedReading {
  readonly contested: true;
  readonly partialDays: Moment;
  readonly wholeDays: Moment;
  /** Public holidays that were counted as such; Saturdays and Sundays besides. */
  readonly holidays: readonly string[];
}

export interface DueWorking {
  readonly rule: string;
  /** What is worked to; null where the law gives no number. */
  readonly strict: Moment | null;
  /** Null outside Union law. */
  readonly reg1182: Moment | null;
  /** Null outside Union law, and where the period is no hours or shorter than two days. */
  readonly art3_5: ContestedReading | null;
  readonly working: readonly string[];
}

/** The due of a provision counted from an instant, in a zone whose public holidays the caller names. */
export function dueWorking(
  provision: Provision,
  fromAt: Instant,
  { zone, holidays }: WorkingCalendar,
): DueWorking {
  const moment = (at: Instant): Moment => ({ utc: utcOf(at), local: localAt(at, zone) });
  const head = [dated(provision), `${startWords[provision.runsFrom]} ${both(moment(fromAt))}.`];
  const { period } = provision;
  const named = { rule: provision.id };
  if (period === null) {
    const none =
      'The law gives no number; it says "without undue delay" or the like. Only a contract or our own aim sets an hour.';
    return { ...named, strict: null, reg1182: null, art3_5: null, working: [...head, none] };
  }
  const strictAt = periodEndAt(period, fromAt, zone);
  const strict = moment(strictAt);
  const isUnion = isUnionLaw(provision.regime);
  const reg1182 = isUnion ? moment(unionEndAt(period, fromAt, { zone, holidays })) : null;
  const art3_5 = isUnion ? contested(period, fromAt, { zone, holidays }) : null;
  return {
    ...named,
    strict,
    reg1182,
    art3_5,
    working: [
      ...head,
      strictText(period, strict),
      ...clockChange(period, fromAt, strictAt, zone),
      ...(reg1182 === null ? [notUnionText] : [unionText(period, fromAt, reg1182, zone)]),
      ...(art3_5 === null ? [] : [contestedText(art3_5, reg1182)]),
    ],
  };
}

const startWords = {
  awareness: 'Aware',
  detection: 'Detected',
  submission: 'Submitted',
} as const;

const notUnionText =
  'Regulation 1182/71 is not used: this is no law of the Union. Weekends and holidays count.';

function dated({
  id,
  citation,
  period,
  runsFrom,
  effectiveFrom,
  effectiveTo,
  status,
}: Provision): string {
  const given = period === null ? 'no number of hours or days' : periodText(period);
  const until = effectiveTo === null ? '' : ` to ${effectiveTo}`;
  const force =
    status === 'proposed' ? 'proposed, not law' : `in force from ${effectiveFrom ?? ''}${until}`;
  return `${id} (${citation}; ${force}) gives ${given} from ${runsFrom}.`;
}

function utcOf(at: Instant): string {
  return `${at.slice(0, 19)}Z`;
}

function both({ utc, local }: Moment): string {
  return `${local} (${utc})`;
}

function strictText(period: Period, strict: Moment): string {
  const how = {
    hours: `${periodText(period)} elapse; weekends and holidays count.`,
    days: `${periodText(period)} of 24 elapsed hours, the earlier and safer reading.`,
    months: `${periodText(period)} later at the same time on the wall, or on the last day of a shorter month.`,
  }[period.unit];
  return `Strict, what is worked to: ${how} Due ${both(strict)}.`;
}

function clockChange(period: Period, fromAt: Instant, endAt: Instant, zone: string): string[] {
  const shift = offsetMinutesAt(endAt, zone) - offsetMinutesAt(fromAt, zone);
  if (shift === 0 || period.unit !== 'hours') return [];
  const wall = (toMs(endAt) - toMs(fromAt)) / hourMs - shift / 60;
  const way = shift > 0 ? 'forward' : 'back';
  return [
    `The clocks go ${way} by ${String(Math.abs(shift))} minutes in between: the same time on the wall would be ${String(wall)} hours, which is not the period.`,
  ];
}

function unionEndAt(period: Period, fromAt: Instant, calendar: WorkingCalendar): Instant {
  switch (period.unit) {
    case 'hours':
      return hoursEndAt(fromAt, period.count, calendar.zone);
    case 'days':
      return daysEndAt(fromAt, period.count, calendar);
    case 'months':
      return monthsEndAt(fromAt, period.count, calendar);
  }
}

function unionText(period: Period, fromAt: Instant, end: Moment, zone: string): string {
  const name = 'Regulation 1182/71, shown beside and never worked to:';
  switch (period.unit) {
    case 'hours':
      return `${name} Art. 3(1) leaves out the hour of the event, so the hours run from ${localAt(hoursBeginAt(fromAt, zone), zone)} to ${both(end)}. Art. 3(4) does not apply to hours.`;
    case 'days':
      return `${name} the day of the event is left out, and the last day is a working day; the end is the midnight after it, ${both(end)}.`;
    case 'months':
      return `${name} the same day of the last month, moved to a working day; the end is the midnight after it, ${both(end)}.`;
  }
}

function contested(
  period: Period,
  fromAt: Instant,
  calendar: WorkingCalendar,
): ContestedReading | null {
  if (period.unit !== 'hours' || period.count < 48) return null;
  const { partialDays, wholeDays } = twoWorkingDays(fromAt, period.count, calendar);
  const moment = (at: Instant): Moment => ({ utc: utcOf(at), local: localAt(at, calendar.zone) });
  return {
    contested: true,
    partialDays: moment(partialDays),
    wholeDays: moment(wholeDays),
    holidays: calendar.holidays,
  };
}

function contestedText(reading: ContestedReading, reg1182: Moment | null): string {
  const days =
    reading.holidays.length === 0
      ? 'no public holidays named'
      : `holidays ${reading.holidays.join(', ')}`;
  const say = (at: Moment): string => (at.utc === reg1182?.utc ? 'no change' : at.local);
  return `Art. 3(5), at least two working days (${days}), is contested: the Bavarian and North Rhine-Westphalian authorities do not apply it to hours, part of the literature does. Counting days begun: ${say(reading.partialDays)}; whole days only: ${say(reading.wholeDays)}. Never rely on it.`;
}
