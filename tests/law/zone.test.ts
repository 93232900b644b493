/** What the wall of a zone shows, and the way back: clocks that change, half hours, midnights that are skipped. */
import { describe, expect, it } from 'vitest';
import { months, periodEndAt } from '../../src/law/period.ts';
import {
  dayStartAt,
  instantOfWall,
  isZone,
  localAt,
  offsetMinutesAt,
  plusDays,
  plusMonths,
  weekdayOf,
} from '../../src/law/zone.ts';

describe('an instant on the wall', () => {
  it.each([
    ['UTC', '2026-06-12T15:45:00+00:00', 0],
    ['Europe/London', '2026-06-12T16:45:00+01:00', 60],
    ['Asia/Kolkata', '2026-06-12T21:15:00+05:30', 330],
    ['America/St_Johns', '2026-06-12T13:15:00-02:30', -150],
    ['Pacific/Auckland', '2026-06-13T03:45:00+12:00', 720],
  ])('of %s is %s', (zone, shown, offset) => {
    expect(localAt('2026-06-12T15:45:00.000Z', zone)).toBe(shown);
    expect(offsetMinutesAt('2026-06-12T15:45:00.000Z', zone)).toBe(offset);
  });
});

describe('a time on the wall is the instant', () => {
  it.each([
    ['that shows it', '2026-06-15T17:45:00', 'Europe/Berlin', '2026-06-15T15:45:00.000Z'],
    ['to the second', '2026-06-15T17:45:30', 'Europe/Berlin', '2026-06-15T15:45:30.000Z'],
    ['west of Greenwich', '2026-06-15T00:00:00', 'America/St_Johns', '2026-06-15T02:30:00.000Z'],
    ['just before the jump', '2026-03-29T01:59:00', 'Europe/Berlin', '2026-03-29T00:59:00.000Z'],
    ['just after the jump', '2026-03-29T03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    [
      'on the morning before the clocks go back',
      '2026-10-25T01:00:00',
      'Europe/Berlin',
      '2026-10-24T23:00:00.000Z',
    ],
    [
      'on the evening after they went back',
      '2026-10-25T20:00:00',
      'Europe/Berlin',
      '2026-10-25T19:00:00.000Z',
    ],
    [
      'that shows it first, of two',
      '2026-10-25T02:30:00',
      'Europe/Berlin',
      '2026-10-25T00:30:00.000Z',
    ],
    [
      'of the jump, where it is skipped',
      '2026-03-29T02:30:00',
      'Europe/Berlin',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'of the jump to the second',
      '2026-03-29T02:00:01',
      'Europe/Berlin',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'of the jump, for its first second',
      '2026-03-29T02:00:00',
      'Europe/Berlin',
      '2026-03-29T01:00:00.000Z',
    ],
  ])('%s', (_, wall, zone, at) => {
    expect(instantOfWall(wall, zone)).toBe(at);
  });
  it('where a midnight is skipped, as in Chile, the day begins an hour later', () => {
    const startsAt = dayStartAt('2026-09-06', 'America/Santiago');
    expect(startsAt).toBe('2026-09-06T04:00:00.000Z');
    expect(localAt(startsAt, 'America/Santiago')).toBe('2026-09-06T01:00:00-03:00');
  });
  it('of the jump for the end of a month that the wall skips: no reading of a month ends later', () => {
    const submitted = '2027-02-28T01:30:00.000Z';
    expect(localAt(submitted, 'Europe/Berlin')).toBe('2027-02-28T02:30:00+01:00');
    expect(periodEndAt(months(1), submitted, 'Europe/Berlin')).toBe('2027-03-28T01:00:00.000Z');
  });
});

describe('days and months', () => {
  it('pass over the ends of months, leap days and years', () => {
    expect(plusDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(plusDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(plusMonths('2026-12-31', 2)).toBe('2027-02-28');
    expect(plusMonths('2026-10-31', 1)).toBe('2026-11-30');
    expect(plusMonths('2026-06-15', 1)).toBe('2026-07-15');
  });
  it('have the weekday of the calendar', () => {
    expect(weekdayOf('2026-06-14')).toBe(0);
    expect(weekdayOf('2026-06-15')).toBe(1);
  });
});

describe('a zone', () => {
  it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is one', (zone) => {
    expect(isZone(zone)).toBe(true);
  });
  it.each(['', 'Mars/Base', '+02:00', '-05:00', 'Europe/Berlin '])('"%s" is none', (zone) => {
    expect(isZone(zone)).toBe(false);
    if (zone === 'Mars/Base')
      expect(() => localAt('2026-06-12T15:45:00.000Z', zone)).toThrow(RangeError);
  });
});
