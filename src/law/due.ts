/** When an obligation is due: elapsed hours on instants; every rendering in a zone is for eyes only. */
import { fromMs, hourMs, plusHours, toMs } from '../domain/instant.ts';
import type { Instant } from '../domain/instant.ts';
import type { Regime } from './regimes.ts';

/**
 * The operative due instant: awareness plus elapsed hours. Weekends and holidays count, clock changes do
 * not shift it (Art. 33(1) GDPR).
 */
export function strictDueAt(awareAt: Instant, periodHours: number): Instant {
  return plusHours(awareAt, periodHours);
}

/**
 * The reading of Regulation 1182/71 Art. 3(1) to (3): the hour of the event is left out, the period ends
 * with its last full hour. Shown beside the strict instant, never worked to. Art. 3(4) does not apply to
 * hours. Hours are those on the wall in `zone`, whose offset may not be whole hours.
 */
function reg1182DueAt(awareAt: Instant, periodHours: number, zone: string): Instant {
  const offsetMs = offsetMinutesAt(awareAt, zone) * 60_000;
  const nextHour = Math.floor((toMs(awareAt) + offsetMs) / hourMs) + 1;
  return plusHours(fromMs(nextHour * hourMs - offsetMs), periodHours);
}

/** Both readings of a period in hours. */
export interface DueReadings {
  readonly strict: Instant;
  /** Null where Regulation 1182/71 does not apply: outside EU law. */
  readonly reg1182: Instant | null;
}

export function dueReadings(
  awareAt: Instant,
  periodHours: number,
  zone: string,
  regime: Regime,
): DueReadings {
  return {
    strict: strictDueAt(awareAt, periodHours),
    reg1182: regime === 'eu-gdpr' ? reg1182DueAt(awareAt, periodHours, zone) : null,
  };
}

/** One customer's own term for hearing of a breach: hours from our awareness, or from our detection. */
export interface ContractTerm {
  readonly contractHours: number | null;
  readonly contractTrigger: 'awareness' | 'detection';
}

/**
 * The earliest of several contract terms; null if none fixes hours. Art. 33(2) GDPR gives no hours, so a
 * contract is the only due there, and it never loosens "without undue delay". A term that runs from
 * detection runs from awareness while no detection is recorded.
 */
export function contractDueAt(
  terms: readonly ContractTerm[],
  awareAt: Instant,
  detectedAt: Instant | null,
): Instant | null {
  const dues = terms.flatMap(({ contractHours, contractTrigger }) => {
    const from = contractTrigger === 'detection' ? (detectedAt ?? awareAt) : awareAt;
    return contractHours === null ? [] : [plusHours(from, contractHours)];
  });
  return earliest(dues);
}

/** The earliest instant of several; null of none. */
export function earliest(instants: readonly Instant[]): Instant | null {
  return instants.reduce<Instant | null>(
    (first, at) => (first === null || at < first ? at : first),
    null,
  );
}

/**
 * An instant as the wall shows it in an IANA zone, with its offset: `2026-06-15T17:45:00+02:00`. Independent
 * of the zone and locale of the host; whole seconds. Throws a RangeError for a zone nobody knows.
 */
export function localAt(at: Instant, zone: string): string {
  const minutes = offsetMinutesAt(at, zone);
  const wall = fromMs(toMs(at) + minutes * 60_000).slice(0, 19);
  const sign = minutes < 0 ? '-' : '+';
  const of = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${wall}${sign}${of(Math.floor(size / 60))}:${of(size % 60)}`;
}

/** The offset of a zone at an instant, in minutes east of UTC. */
function offsetMinutesAt(at: Instant, zone: string): number {
  const name = formatterOf(zone)
    .formatToParts(toMs(at))
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name ?? '');
  if (match?.[1] === undefined) return 0;
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
