/** Instants and remaining time for people: always absolute with the zone, and beside it how long is left. */
import { toMs, type Instant } from '../../domain/instant.ts';
import { html, type Html } from './markup.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `Mon 15 Jun 2026 17:45:10 CEST`; seconds only when asked for. */
export function absolute(at: Instant, zone: string, seconds = false): string {
  const parts: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    timeZoneName: 'short',
  };
  const words = new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: zone }).format(new Date(at));
  return words.replaceAll(',', '');
}

/** `2 d 4 h`, `5 h 12 min`, `41 min`, `20 s`; the two largest parts, never rounded up. */
export function span(ms: number): string {
  const left = Math.abs(ms);
  if (left >= dayMs) return `${whole(left / dayMs)} d ${whole((left % dayMs) / hourMs)} h`;
  if (left >= hourMs) return `${whole(left / hourMs)} h ${whole((left % hourMs) / minuteMs)} min`;
  if (left >= 10 * minuteMs) return `${whole(left / minuteMs)} min`;
  if (left >= minuteMs) {
    return `${whole(left / minuteMs)} min ${whole((left % minuteMs) / 1000)} s`;
  }
  return `${whole(left / 1000)} s`;
}

function whole(value: number): string {
  return String(Math.floor(value));
}

/** `in 5 h 12 min` or `OVERDUE by 3 h 0 min`. */
export function remaining(ms: number): string {
  return ms >= 0 ? `in ${span(ms)}` : `OVERDUE by ${span(ms)}`;
}

/** An instant in words, machine-readable too. */
export function timeTag(at: Instant, zone: string, seconds = false): Html {
  return html`<time datetime="${at}">${absolute(at, zone, seconds)}</time>`;
}

/** Case time now, as far as the page knew it, and how fast it runs. */
export interface CaseNow {
  readonly caseNowAt: Instant;
  readonly speed: number;
}

/** How much case time is left until an instant; the script of the page keeps it running. */
export function countdown(dueAt: Instant, now: CaseNow): Html {
  const leftMs = toMs(dueAt) - toMs(now.caseNowAt);
  return html`<span
    class="left ${urgency(leftMs)}"
    data-left-ms="${leftMs}"
    data-speed="${now.speed}"
    >${remaining(leftMs)}</span
  >`;
}

export type Urgency = 'overdue' | 'tight' | 'calm';

/** Overdue, within 24 hours, or later. */
export function urgency(leftMs: number): Urgency {
  if (leftMs < 0) return 'overdue';
  return leftMs < dayMs ? 'tight' : 'calm';
}
