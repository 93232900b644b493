/** Alarms as people read them: one line for what rings alike, and never one for what does not. */
import { describe, expect, it } from 'vitest';
import { alarmSubject, alikeAlarms, ringsOf, timesWords } from '../../src/domain/alike-alarms.ts';
import type { AlarmView } from '../../src/domain/views.ts';

const due: AlarmView = {
  subject: 'obligation/1',
  step: 'due-in-24h',
  dueAt: '2026-03-03T10:00:00.000Z',
  ringAt: '2026-03-02T10:00:00.000Z',
  role: 'legal',
  line: 'B-2026-0042: due in 24 h and not yet dispatched: Tell the customer whose data we process.',
  rungAt: '2026-03-02T10:00:00.100Z',
  handedAt: null,
  handedWay: null,
  handedTo: null,
  answeredAt: null,
};

describe('alarms alike', () => {
  it('are one line that says how many, and stand for the one due first', () => {
    const later = { ...due, subject: 'obligation/2', dueAt: '2026-03-03T11:00:00.000Z' };
    const alike = alikeAlarms([later, { ...due, rungAt: '2026-03-02T10:00:01.000Z' }]);
    expect(alike).toMatchObject([{ first: { subject: 'obligation/1' }, count: 2 }]);
    expect(timesWords(2)).toBe('2 times: ');
    expect(timesWords(1)).toBe('');
  });

  it('are one mail, whose subject begins as that about one does and says of how many', () => {
    expect(alarmSubject(due.line, 1)).toBe(`[Tocsin] ${due.line}`);
    expect(alarmSubject(due.line, 433).startsWith(`[Tocsin] ${due.line}`)).toBe(true);
    for (const count of [1, 2, 433, 3_000])
      expect(ringsOf(alarmSubject(due.line, count))).toBe(count);
  });

  it.each([
    ['another step', { step: 'due-in-6h' }],
    ['another line', { line: 'B-2026-0042: due now.' }],
    ['another role', { role: 'executive' }],
    ['another instant', { ringAt: '2026-03-02T11:00:00.000Z' }],
    ['not rung yet', { rungAt: null }],
    ['answered', { answeredAt: '2026-03-02T10:05:00.000Z' }],
    ['handed to somebody else', { handedTo: 'Lena Vogt' }],
  ] as const)('are not those of %s', (_what, other) => {
    expect(alikeAlarms([due, { ...due, ...other }])).toHaveLength(2);
  });
});
