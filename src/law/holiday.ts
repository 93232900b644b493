/** Public holidays of a place, as dated rules with their source. */
import type { Verification } from '../domain/obligation.ts';

/** The day of a holiday in each year: a fixed date, days after Easter Sunday, or a Monday of a month. */
export type HolidayOn =
  | { readonly date: string }
  | { readonly afterEaster: number }
  | { readonly monday: 'first' | 'last'; readonly month: number }
  /** The first Monday of February, or 1 February where that is a Friday. */
  | { readonly saintBrigid: true };

/** One public holiday, between two years where it was not always one. */
export interface Holiday {
  readonly name: string;
  readonly on: HolidayOn;
  readonly fromYear?: number;
  readonly toYear?: number;
}

export interface HolidayCalendar {
  readonly name: string;
  readonly holidays: readonly Holiday[];
  readonly source: string;
  readonly verification: Verification;
}
