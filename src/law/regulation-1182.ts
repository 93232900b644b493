/** Regulation (EEC, Euratom) No 1182/71: how periods of Union law are read beside the strict instant. */
import { fromMs, hourMs, plusHours, toMs } from '../domain/instant.ts';
import type { Instant } from '../domain/instant.ts';
import { dayAt, dayStartAt, offsetMinutesAt, plusDays, plusMonths, weekdayOf } from './zone.ts';
import type { Day } from './zone.ts';

/** Which days nobody works, besides Saturdays and Sundays, Art. 2(1): named by whoever asks. */
export interface WorkingCalendar {
  readonly zone: string;
  readonly holidays: readonly Day[];
}

/** When a period in hours begins: the hour of the event is left out, Art. 3(1); hours are those on the wall. */
export function hoursBeginAt(eventAt: Instant, zone: string): Instant {
  const offsetMs = offsetMinutesAt(eventAt, zone) * 60_000;
  const nextHour = Math.floor((toMs(eventAt) + offsetMs) / hourMs) + 1;
  return fromMs(nextHour * hourMs - offsetMs);
}

/** The end of a period in hours, Art. 3(2)(a) and 3(3). Art. 3(4) does not apply to hours. */
export function hoursEndAt(eventAt: Instant, hours: number, zone: string): Instant {
  return plusHours(hoursBeginAt(eventAt, zone), hours);
}

/**
 * The end of a period in days: the day of the event is left out, the last one runs to its last hour and, where nobody
 * works on it, to that of the next working day. Art. 3(1), 3(2)(b), 3(4); two working days at least, Art. 3(5).
 */
export function daysEndAt(eventAt: Instant, days: number, calendar: WorkingCalendar): Instant {
  const first = plusDays(dayAt(eventAt, calendar.zone), 1);
  const counted = plusDays(first, days - 1);
  const second = secondWorkingDay(first, calendar);
  const last = days >= 2 && counted < second ? second : counted;
  return dayEndAt(workingDayFrom(last, calendar), calendar.zone);
}

/** The end of a period in months, Art. 3(2)(c) and 3(4): the same day of the last month, to its last hour. */
export function monthsEndAt(eventAt: Instant, months: number, calendar: WorkingCalendar): Instant {
  const last = plusMonths(dayAt(eventAt, calendar.zone), months);
  return dayEndAt(workingDayFrom(last, calendar), calendar.zone);
}

/** The end of a period under each way of reading "at least two working days". */
export interface TwoWorkingDays {
  /** A working day counts although the period covers only part of it. */
  readonly partialDays: Instant;
  /** Only working days that the period covers whole count. */
  readonly wholeDays: Instant;
}

/**
 * The contested reading of Art. 3(5) for a period in hours: shown and explained, never worked to. The Bavarian and
 * North Rhine-Westphalian authorities reject it (guidance of 1 June 2019; e-mail of 2024); part of the literature
 * follows it.
 */
export function twoWorkingDays(
  eventAt: Instant,
  hours: number,
  calendar: WorkingCalendar,
): TwoWorkingDays {
  const beginsAt = hoursBeginAt(eventAt, calendar.zone);
  const endsAt = plusHours(beginsAt, hours);
  const firstTouched = dayAt(beginsAt, calendar.zone);
  const startsWhole = dayStartAt(firstTouched, calendar.zone) === beginsAt;
  const firstWhole = startsWhole ? firstTouched : plusDays(firstTouched, 1);
  const touched = secondWorkingDay(firstTouched, calendar);
  const wholeEndsAt = dayEndAt(secondWorkingDay(firstWhole, calendar), calendar.zone);
  return {
    partialDays:
      dayStartAt(touched, calendar.zone) < endsAt ? endsAt : dayEndAt(touched, calendar.zone),
    wholeDays: wholeEndsAt < endsAt ? endsAt : wholeEndsAt,
  };
}

function secondWorkingDay(from: Day, calendar: WorkingCalendar): Day {
  const first = workingDayFrom(from, calendar);
  return workingDayFrom(plusDays(first, 1), calendar);
}

function workingDayFrom(from: Day, calendar: WorkingCalendar): Day {
  let day = from;
  while (!isWorkingDay(day, calendar)) day = plusDays(day, 1);
  return day;
}

function dayEndAt(day: Day, zone: string): Instant {
  return dayStartAt(plusDays(day, 1), zone);
}

function isWorkingDay(day: Day, { holidays }: WorkingCalendar): boolean {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && !holidays.includes(day);
}
