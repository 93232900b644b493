/** How long a provision gives: hours that elapse, or days and months on the wall; null where it says no number. */
import { plusHours } from '../domain/instant.ts';
import type { Instant } from '../domain/instant.ts';
import { dayAt, instantOfWall, localAt, plusMonths } from './zone.ts';

export interface Period {
  readonly unit: 'hours' | 'days' | 'months';
  readonly count: number;
}

export const hours = (count: number): Period => ({ unit: 'hours', count });
export const days = (count: number): Period => ({ unit: 'days', count });
export const months = (count: number): Period => ({ unit: 'months', count });

/** `72 hours`, `3 days`, `1 month`. */
export function periodText({ unit, count }: Period): string {
  return `${String(count)} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

/**
 * The operative end of a period, never later than any reading of it: elapsed hours from the instant it runs from; days
 * are 24 elapsed hours each (as the Danish and Hungarian authorities publish for the second notice of 611/2013);
 * months end at the same time on the wall, or on the last day of a shorter month.
 */
export function periodEndAt(period: Period, fromAt: Instant, zone: string): Instant {
  switch (period.unit) {
    case 'hours':
      return plusHours(fromAt, period.count);
    case 'days':
      return plusHours(fromAt, 24 * period.count);
    case 'months': {
      const time = localAt(fromAt, zone).slice(10, 19);
      return instantOfWall(`${plusMonths(dayAt(fromAt, zone), period.count)}${time}`, zone);
    }
  }
}
