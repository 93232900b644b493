/** Instants and the two clocks of a case: case time for law, wall time for timers. */

/** An instant as UTC with milliseconds, `2026-06-15T15:45:00.000Z`; compares as text. */
export type Instant = string;

export const hourMs = 3_600_000;

/** How case time runs against wall time: speed 1 outside drills. */
export interface CaseClock {
  readonly wallStartAt: Instant;
  readonly caseStartAt: Instant;
  readonly speed: number;
}

export function fromMs(ms: number): Instant {
  return new Date(ms).toISOString();
}

export function toMs(at: Instant): number {
  return Date.parse(at);
}

export function plusHours(at: Instant, hours: number): Instant {
  return fromMs(toMs(at) + hours * hourMs);
}

/** Case time at a wall instant. */
export function caseTimeAt(clock: CaseClock, wallAt: Instant): Instant {
  const elapsedMs = toMs(wallAt) - toMs(clock.wallStartAt);
  return fromMs(Math.round(toMs(clock.caseStartAt) + elapsedMs * clock.speed));
}

/** The wall instant at which a case instant is reached: what timers and the watch use. */
export function wallTimeAt(clock: CaseClock, caseAt: Instant): Instant {
  const elapsedMs = toMs(caseAt) - toMs(clock.caseStartAt);
  return fromMs(Math.round(toMs(clock.wallStartAt) + elapsedMs / clock.speed));
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;

export type InstantFault = 'not-a-time' | 'no-zone' | 'no-such-day' | 'no-such-time';

/** Reads RFC 3339 with a mandatory offset; a day that does not exist is refused, never rolled over. */
export function parseInstant(
  text: string,
): { ok: true; at: Instant; offsetMinutes: number } | { ok: false; fault: InstantFault } {
  const match = rfc3339.exec(text);
  if (match === null) {
    const zoneless = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text);
    return { ok: false, fault: zoneless ? 'no-zone' : 'not-a-time' };
  }
  const [, year, month, day, hour, minute, second] = match.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zone = match[8] ?? 'Z';
  const offset = offsetMinutes(zone);
  if (hour > 23 || minute > 59 || second > 59 || offset === null) {
    return { ok: false, fault: 'no-such-time' };
  }
  const dayMs = Date.UTC(year, month - 1, day);
  const back = new Date(dayMs);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || year < 1970) {
    return { ok: false, fault: 'no-such-day' };
  }
  const ms = Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3));
  const at = dayMs + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
  return { ok: true, at: fromMs(at), offsetMinutes: offset };
}

function offsetMinutes(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 18 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
