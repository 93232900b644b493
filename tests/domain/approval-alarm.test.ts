/** When a reviewer is called for a notice nobody has approved: a part of the time left, and one call for many notices. */
import { expect, it } from 'vitest';
import { approvalAlarms } from '../../src/domain/approval-alarm.ts';
import { plusHours, type CaseClock, type Instant } from '../../src/domain/instant.ts';

const at = (hours: number): Instant => plusHours('2026-06-12T08:00:00.000Z', hours);
const real: CaseClock = { wallStartAt: at(0), caseStartAt: at(0), speed: 1 };
const calls = (frozenAt: Instant, aimAt: Instant | null, clock = real) => {
  const [first, all] = approvalAlarms({
    ...{ caseId: '0197', reference: 'B-2026-0001', clock, frozenAt, aimAt },
  });
  return [first.dueAt, all.dueAt, first.ringAt, all.ringAt];
};

it.each<[string, Instant, Instant | null, number, number]>([
  ['a quarter, then half of the time left', at(0), at(8), 2, 4],
  ['four and eight hours at most, however far the due', at(0), at(72), 4, 8],
  ['the same without any due', at(0), null, 4, 8],
  ['at once when the due is over', at(3), at(2), 3, 3],
  ['within the hour when an hour is left', at(0), at(1), 0.25, 0.5],
])('is called after %s', (_name, frozenAt, aimAt, first, everyone) => {
  expect(calls(frozenAt, aimAt)).toEqual([at(first), at(everyone), at(first), at(everyone)]);
});

it('rings at wall instants where a drill runs faster', () => {
  const drill = { ...real, speed: 720 };
  const [, , first, all] = calls(at(0), at(8), drill);
  expect([first, all]).toEqual([at(2 / 720), at(4 / 720)]);
});

it('shares one call among notices that ask within the same quarter of an hour, and no more', () => {
  const subjectAt = (hours: number) =>
    approvalAlarms({
      ...{ caseId: '0197', reference: 'B', clock: real, frozenAt: at(hours), aimAt: null },
    })[0].subject;
  expect(subjectAt(0.01)).toBe(subjectAt(0.24));
  expect(subjectAt(0.01)).not.toBe(subjectAt(0.26));
});
