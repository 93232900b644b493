/** Working days of a place: weekends and public holidays by dated rules, each place with its source. */
import { calendars } from './data/calendars.ts';
import type { HolidayCalendar, HolidayOn } from './holiday.ts';
import type { TermCalendar } from '../domain/contract-term.ts';
import { plusDays, weekdayOf } from './zone.ts';
import type { Day } from './zone.ts';

/** The calendar a contract names. */
export function calendarNamed(name: TermCalendar): HolidayCalendar {
  return calendars[name];
}

/** The public holidays of a calendar in a year, in their order; days that fall on a weekend are among them. */
export function holidaysIn(calendar: HolidayCalendar, year: number): Day[] {
  const days = calendar.holidays
    .filter(({ fromYear, toYear }) => year >= (fromYear ?? year) && year <= (toYear ?? year))
    .map(({ on }) => dayOf(on, year));
  return [...new Set(days)].toSorted();
}

/** True on a day that is neither a weekend nor a public holiday of the calendar. */
export function isBusinessDay(day: Day, calendar: HolidayCalendar): boolean {
  const weekday = weekdayOf(day);
  return (
    weekday !== 0 && weekday !== 6 && !holidaysIn(calendar, Number(day.slice(0, 4))).includes(day)
  );
}

function dayOf(on: HolidayOn, year: number): Day {
  const first = (month: number): Day => `${String(year)}-${String(month).padStart(2, '0')}-01`;
  if ('date' in on) return `${String(year)}-${on.date}`;
  if ('afterEaster' in on) return plusDays(easterSunday(year), on.afterEaster);
  if ('saintBrigid' in on) return weekdayOf(first(2)) === 5 ? first(2) : mondayFrom(first(2));
  return on.monday === 'first'
    ? mondayFrom(first(on.month))
    : plusDays(mondayFrom(first(on.month + 1)), -7);
}

function mondayFrom(day: Day): Day {
  return plusDays(day, (8 - weekdayOf(day)) % 7);
}

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus, Jones and Butcher). */
function easterSunday(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const l = (32 + 2 * (b % 4) + 2 * i - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const place = h + l - 7 * m + 114;
  const month = String(Math.floor(place / 31)).padStart(2, '0');
  return `${String(year)}-${month}-${String((place % 31) + 1).padStart(2, '0')}`;
}
