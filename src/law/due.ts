/** When an obligation is due: elapsed hours on instants; every rendering in a zone is for eyes only. */
import { plusHours } from '../domain/instant.ts';
import type { Instant } from '../domain/instant.ts';
import { isUnionLaw } from './regimes.ts';
import type { Regime } from './regimes.ts';
import { hoursEndAt } from './regulation-1182.ts';

/**
 * The operative due instant: awareness plus elapsed hours. Weekends and holidays count, clock changes do
 * not shift it (Art. 33(1) GDPR).
 */
export function strictDueAt(awareAt: Instant, periodHours: number): Instant {
  return plusHours(awareAt, periodHours);
}

/** Both readings of a period in hours; the second is shown, never worked to. */
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
    reg1182: isUnionLaw(regime) ? hoursEndAt(awareAt, periodHours, zone) : null,
  };
}

/** The earliest instant of several; null of none. */
export function earliest(instants: readonly Instant[]): Instant | null {
  return instants.reduce<Instant | null>(
    (first, at) => (first === null || at < first ? at : first),
    null,
  );
}
