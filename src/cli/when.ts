/** Instants and spans in words: absolute and remaining time always stand together. */
import type { Instant } from '../domain/instant.ts';
import { cell } from './table.ts';
import type { Cell } from './table.ts';

const minuteMs = 60_000;

/** `2026-06-15 15:45 UTC`. */
export function utc(at: Instant): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** `2026-06-15 17:45 +02:00`, the same instant as its place wrote it. */
export function atOffset(at: Instant, offsetMinutes: number): string {
  const local = new Date(Date.parse(at) + offsetMinutes * minuteMs).toISOString();
  const size = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? '-' : '+';
  return `${local.slice(0, 10)} ${local.slice(11, 16)} ${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `2 d 5 h`, `5 h 12 min`, `12 min`, `under 1 min`: two units at most, rounded down. */
function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / minuteMs);
  const [days, hours, rest] = [
    Math.floor(minutes / 1440),
    Math.floor(minutes / 60) % 24,
    minutes % 60,
  ];
  if (days > 2) return hours === 0 ? `${String(days)} d` : `${String(days)} d ${String(hours)} h`;
  const allHours = days * 24 + hours;
  if (allHours > 0)
    return rest === 0 ? `${String(allHours)} h` : `${String(allHours)} h ${String(rest)} min`;
  return minutes === 0 ? 'under 1 min' : `${String(minutes)} min`;
}

/** `T+01:12`, hours and minutes of case time since `zeroAt`. */
export function sinceZero(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / minuteMs);
  return `T+${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The time that remains until a due, or that it is over; `nowAt` is case time. */
export function remaining(dueAt: Instant, nowAt: Instant): Cell {
  const leftMs = Date.parse(dueAt) - Date.parse(nowAt);
  if (leftMs < 0) return cell(`OVERDUE by ${span(leftMs)}`, 'bad');
  return cell(`in ${span(leftMs)}`, leftMs < 24 * 60 * minuteMs ? 'tight' : 'plain');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
