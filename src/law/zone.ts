/** Instants as the walls of a zone show them, for eyes and for rules that count wall hours and days. */
import { fromMs, hourMs, toMs } from '../domain/instant.ts';
import type { Instant } from '../domain/instant.ts';

/** A day on the wall, `2026-06-15`. */
export type Day = string;

const minuteMs = 60_000;
const dayMs = 24 * hourMs;

/**
 * An instant as the wall shows it in an IANA zone, with its offset: `2026-06-15T17:45:00+02:00`. Independent
 * of the zone and locale of the host; whole seconds. Throws a RangeError for a zone nobody knows.
 */
export function localAt(at: Instant, zone: string): string {
  const minutes = offsetMinutesAt(at, zone);
  const wall = fromMs(toMs(at) + minutes * minuteMs).slice(0, 19);
  const sign = minutes < 0 ? '-' : '+';
  const of = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${wall}${sign}${of(Math.floor(size / 60))}:${of(size % 60)}`;
}

/** The day on the wall of a zone at an instant. */
export function dayAt(at: Instant, zone: string): Day {
  return localAt(at, zone).slice(0, 10);
}

/**
 * The instant at which a wall of the zone shows this time, `2026-06-15T00:00:00`; of two, the first. A time that the
 * wall skips is the instant of the jump.
 */
export function instantOfWall(wall: string, zone: string): Instant {
  const asUtcMs = Date.parse(`${wall}Z`);
  const guesses = [asUtcMs - dayMs, asUtcMs + dayMs].map((ms) => {
    const offsetMs = offsetMinutesAt(fromMs(ms), zone) * minuteMs;
    return asUtcMs - offsetMs;
  });
  const shown = guesses.filter((ms) => localAt(fromMs(ms), zone).slice(0, 19) === wall);
  return shown.length > 0
    ? fromMs(Math.min(...shown))
    : firstAfter(wall, Math.min(...guesses), zone);
}

/** The first full minute from an instant on at which the wall shows a later time than this. */
function firstAfter(wall: string, fromAtMs: number, zone: string): Instant {
  let ms = fromAtMs;
  while (localAt(fromMs(ms), zone) < wall) ms += minuteMs;
  return fromMs(ms - (ms % minuteMs));
}

/** The first instant of a day on the wall of a zone. */
export function dayStartAt(day: Day, zone: string): Instant {
  return instantOfWall(`${day}T00:00:00`, zone);
}

/** The day so many days later. */
export function plusDays(day: Day, days: number): Day {
  return fromMs(Date.parse(`${day}T00:00:00Z`) + days * dayMs).slice(0, 10);
}

/** The same day so many months later, or the last of that month where it has no such day. */
export function plusMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return fromMs(
    Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date, last.getUTCDate())),
  ).slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

/** True for a zone of the IANA database that this Node knows; an offset such as `+02:00` is none. */
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return /[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

/** The offset of a zone at an instant, in minutes east of UTC. */
export function offsetMinutesAt(at: Instant, zone: string): number {
  const shown = formatterOf(zone).format(toMs(at));
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(shown);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Formatters are costly to make; there are as many as zones in use. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const made = formatters.get(zone);
  if (made !== undefined) return made;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    timeZoneName: 'longOffset',
    year: 'numeric',
  });
  formatters.set(zone, formatter);
  return formatter;
}
