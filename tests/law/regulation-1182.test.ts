/** Regulation 1182/71 counted by hand: whole days and months, Art. 3(1) to 3(4), and "two working days at least", Art. 3(5). */
import { describe, expect, it } from 'vitest';
import { daysEndAt, monthsEndAt, twoWorkingDays } from '../../src/law/regulation-1182.ts';
import { localAt } from '../../src/law/zone.ts';

// In June 2026 the 1st is a Monday; the zone is two hours ahead of UTC, so noon there is 10:00Z.
const berlin = (...holidays: string[]) => ({ zone: 'Europe/Berlin', holidays });
const noon = (day: number) => `2026-06-${String(day).padStart(2, '0')}T10:00:00.000Z`;
const shown = (at: string) => localAt(at, 'Europe/Berlin').slice(0, 16);

describe('a period in days', () => {
  it.each([
    ['of one day from Thursday ends with Friday', 11, 1, [], '2026-06-13T00:00'],
    ['of one day from Friday ends with Monday, Art. 3(4)', 12, 1, [], '2026-06-16T00:00'],
    ['of two days from Thursday ends with Monday, Art. 3(4)', 11, 2, [], '2026-06-16T00:00'],
    ['of two days from Friday ends with Tuesday, Art. 3(5)', 12, 2, [], '2026-06-17T00:00'],
    ['of two days from Monday ends with Wednesday', 8, 2, [], '2026-06-11T00:00'],
    ['of three days from Friday ends with Tuesday, Art. 3(5)', 12, 3, [], '2026-06-17T00:00'],
    ['of five days from Monday ends with Monday, Art. 3(4)', 8, 5, [], '2026-06-16T00:00'],
    ['of five days from Friday ends with Wednesday', 12, 5, [], '2026-06-18T00:00'],
    ['leaves out a holiday as last day', 9, 1, ['2026-06-10'], '2026-06-12T00:00'],
    [
      'does not count a holiday among the two working days',
      12,
      3,
      ['2026-06-15'],
      '2026-06-18T00:00',
    ],
  ])('%s', (_, from, count, holidays, ends) => {
    expect(shown(daysEndAt(noon(from), count, berlin(...holidays)))).toBe(ends);
  });
});

describe('a period in months', () => {
  it.each([
    ['ends with the same day of the last month', noon(15), 1, [], '2026-07-16T00:00'],
    ['that ends on a Saturday runs to the end of Monday', noon(11), 1, [], '2026-07-14T00:00'],
    [
      'that ends on a holiday runs to the day after',
      noon(15),
      1,
      ['2026-07-15'],
      '2026-07-17T00:00',
    ],
    ['counts months across the year', '2026-11-30T11:00:00.000Z', 3, [], '2027-03-02T00:00'],
  ])('%s', (_, at, count, holidays, ends) => {
    expect(shown(monthsEndAt(at, count, berlin(...holidays)))).toBe(ends);
  });
});

describe('two working days at least in a period of hours, the contested reading', () => {
  const read = (at: string, hours: number, ...holidays: string[]) => {
    const { partialDays, wholeDays } = twoWorkingDays(at, hours, berlin(...holidays));
    return [shown(partialDays), shown(wholeDays)];
  };
  it('changes nothing where two whole working days are in it: Tuesday 23:30 and 48 hours', () => {
    // The hours run from Wednesday 00:00 to Friday 00:00: Wednesday and Thursday, from their first hour to their last.
    expect(read('2026-06-09T21:30:00.000Z', 48)).toEqual(['2026-06-12T00:00', '2026-06-12T00:00']);
  });
  it('runs to the last hour of the second whole day where that began before the period', () => {
    // Tuesday 22:30 and 48 hours: from Tuesday 23:00 to Thursday 23:00.
    expect(read('2026-06-09T20:30:00.000Z', 48)).toEqual(['2026-06-11T23:00', '2026-06-12T00:00']);
  });
  it('does not count a day that the period ends before: Friday 23:30 and 48 hours', () => {
    // From Saturday 00:00 to Monday 00:00, so neither has a working day; Monday and Tuesday are the next two.
    expect(read('2026-06-12T21:30:00.000Z', 48)).toEqual(['2026-06-17T00:00', '2026-06-17T00:00']);
  });
  it('counts a working day of which the period has its first hour only', () => {
    // Friday 00:30 and 72 hours: from 01:00 to Monday 01:00.
    expect(read('2026-06-11T22:30:00.000Z', 72)).toEqual(['2026-06-15T01:00', '2026-06-17T00:00']);
  });
  it('passes over the holidays named', () => {
    expect(read('2026-06-11T22:30:00.000Z', 72, '2026-06-15')).toEqual([
      '2026-06-17T00:00',
      '2026-06-18T00:00',
    ]);
  });
});
