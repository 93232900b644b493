/** Public holidays of the places whose working days a contract may count: by date, by Easter, by Monday, between two years. */
import { describe, expect, it } from 'vitest';
import type { TermCalendar } from '../../src/domain/contract-term.ts';
import { calendarNamed, holidaysIn, isBusinessDay } from '../../src/law/calendar.ts';
import type { Holiday } from '../../src/law/holiday.ts';

describe('public holidays', () => {
  const listed: readonly (readonly [TermCalendar, number, string])[] = [
    ['de', 2026, '01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26'],
    ['de-he', 2027, '01-01 03-26 03-29 05-01 05-06 05-17 05-27 10-03 12-25 12-26'],
    ['ie', 2022, '01-01 03-17 04-18 05-02 06-06 08-01 10-31 12-25 12-26'],
    ['ie', 2026, '01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26'],
    ['ie', 2030, '01-01 02-01 03-17 04-22 05-06 06-03 08-05 10-28 12-25 12-26'],
    ['fr', 2026, '01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25'],
    ['ee', 2026, '01-01 02-24 04-03 04-05 05-01 05-24 06-23 06-24 08-20 12-24 12-25 12-26'],
    ['none', 2026, ''],
  ];
  it.each(listed)('of %s in %i', (name, year, expected) => {
    const found = holidaysIn(calendarNamed(name), year).map((day) => day.slice(5));
    expect(found.join(' ')).toBe(expected);
  });
});

const only = (holiday: Holiday, year: number) =>
  holidaysIn({ name: '', holidays: [holiday], source: '', verification: 'to-verify' }, year);

describe('Easter Sunday', () => {
  // As tables of Easter print them: the earliest and latest of a span, those of the two exceptions, and other centuries.
  it.each([
    ...['1954-04-18', '1961-04-02', '1981-04-19', '2000-04-23', '2008-03-23', '2011-04-24'],
    ...['2019-04-21', '2024-03-31', '2025-04-20', '2026-04-05', '2035-03-25', '2038-04-25'],
    ...['2049-04-18', '2076-04-19', '2100-03-28', '2200-04-06', '2300-04-08', '2400-04-16'],
  ])('is %s', (day) => {
    const easter = { name: 'Easter Sunday', on: { afterEaster: 0 } };
    expect(only(easter, Number(day.slice(0, 4)))).toEqual([day]);
  });
});

describe('a holiday', () => {
  it('between two years is one in these and no other: a German Reformation Day of 2017 alone', () => {
    const once = { name: 'Reformation Day', on: { date: '10-31' }, fromYear: 2017, toYear: 2017 };
    expect([2016, 2017, 2018].map((year) => only(once, year).length)).toEqual([0, 1, 0]);
  });
  it('on the last Monday of a month is the fifth where there is one', () => {
    const last = { name: 'October holiday', on: { monday: 'last', month: 10 } } as const;
    expect([only(last, 2026), only(last, 2028)]).toEqual([['2026-10-26'], ['2028-10-30']]);
  });
});

describe('a business day', () => {
  it.each<[string, boolean, string]>([
    ['2026-06-12', true, 'Friday'],
    ['2026-06-13', false, 'Saturday'],
    ['2026-06-14', false, 'Sunday'],
    ['2026-06-15', true, 'Monday'],
    ['2026-05-25', false, 'Whit Monday'],
  ])('%s: %s, a %s in Germany', (day, isOne) => {
    expect(isBusinessDay(day, calendarNamed('de'))).toBe(isOne);
  });
});
