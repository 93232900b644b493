/** When contracts ask for a notice: hours and business days, by trigger, calendar, cut-off and zone. */
import { describe, expect, it } from 'vitest';
import type { ContractTerm, TermCalendar } from '../../src/domain/contract-term.ts';
import { contractDue } from '../../src/law/contract-due.ts';

const clock = {
  suspectedAt: '2026-06-11T09:00:00.000Z',
  awareAt: '2026-06-12T15:45:00.000Z',
  confirmedAt: '2026-06-13T08:00:00.000Z',
  zone: 'Europe/Berlin',
};

const term = (more: Partial<ContractTerm>): ContractTerm => ({
  standsIn: 'agreement',
  period: { unit: 'hours', count: 24 },
  trigger: 'awareness',
  channel: 'email',
  contact: null,
  given: 'sent',
  ...more,
});
const days = (count: number, calendar: TermCalendar, cutOff: string | null = '17:00') => ({
  period: { unit: 'business-days', count, calendar, cutOff, zone: 'Europe/Berlin' } as const,
});
const due = (...terms: readonly ContractTerm[]) => contractDue(terms, clock).dueAt;

describe('hours run', () => {
  it.each([
    ['awareness', '2026-06-13T15:45:00.000Z'],
    ['suspicion', '2026-06-12T09:00:00.000Z'],
    ['confirmation', '2026-06-14T08:00:00.000Z'],
  ] as const)('from %s', (trigger, expected) => {
    expect(due(term({ trigger }))).toBe(expected);
  });
  it('from awareness where it was confirmed earlier: what was determined before we were aware gives no more time', () => {
    const early = { ...clock, confirmedAt: '2026-06-12T09:00:00.000Z' };
    expect(contractDue([term({ trigger: 'confirmation' })], early).dueAt).toBe(
      '2026-06-13T15:45:00.000Z',
    );
  });
  it('from awareness where a suspicion is recorded as later, and where nothing was confirmed', () => {
    const late = { awareAt: clock.awareAt, suspectedAt: clock.confirmedAt, zone: clock.zone };
    for (const trigger of ['suspicion', 'confirmation'] as const)
      expect(contractDue([term({ trigger })], late).dueAt).toBe('2026-06-13T15:45:00.000Z');
  });
});

describe('business days', () => {
  it('leave out the weekend and the day of the start: Friday evening and two days end on Tuesday at the cut-off', () => {
    expect(due(term(days(2, 'none')))).toBe('2026-06-16T15:00:00.000Z');
  });
  it('are not moved by a start after the cut-off: the earlier reading', () => {
    const start = { ...clock, awareAt: '2026-06-10T20:00:00.000Z' };
    expect(contractDue([term(days(1, 'none'))], start).dueAt).toBe('2026-06-11T15:00:00.000Z');
  });
  it('run to midnight of the zone without a cut-off, across a clock change too', () => {
    const start = { ...clock, awareAt: '2026-10-23T10:00:00.000Z' };
    expect(contractDue([term(days(1, 'none', null))], start).dueAt).toBe(
      '2026-10-26T23:00:00.000Z',
    );
  });
  it('leave out the holidays of the place named: Corpus Christi is one in Hesse, not in all of Germany', () => {
    const start = { ...clock, awareAt: '2026-06-03T10:00:00.000Z' };
    const end = (calendar: TermCalendar) => contractDue([term(days(1, calendar))], start).dueAt;
    expect(end('de')).toBe('2026-06-04T15:00:00.000Z');
    expect(end('de-he')).toBe('2026-06-05T15:00:00.000Z');
  });
  it('count the holidays of a new year although the term began in the old one', () => {
    const start = { ...clock, awareAt: '2026-12-31T10:00:00.000Z' };
    expect(contractDue([term(days(1, 'de'))], start).dueAt).toBe('2027-01-04T16:00:00.000Z');
  });
});

describe('several terms', () => {
  it('are due with the earliest', () => {
    expect(
      due(term({}), term(days(1, 'none')), term({ period: { unit: 'hours', count: 72 } })),
    ).toBe('2026-06-13T15:45:00.000Z');
  });
  it('are each said with calendar, start, end, channel and what counts as given', () => {
    const { working } = contractDue(
      [
        term({
          ...days(2, 'de'),
          standsIn: 'engagement',
          channel: 'telephone',
          contact: '+49 69 1',
          given: 'confirmed',
        }),
        term({ period: null, given: 'received' }),
      ],
      clock,
    );
    expect(working).toEqual([
      'The contract of the service gives 2 business days (Germany: the holidays of every Land; to-verify), the day of the start not counted, to the cut-off at 17:00 in Europe/Berlin, from awareness at 2026-06-12T17:45:00+02:00: 2026-06-16T17:00:00+02:00 (2026-06-16T15:00:00Z); by telephone (+49 69 1), given once the customer confirms it.',
      'The master agreement gives no number; the notice goes by e-mail, given once received.',
    ]);
  });
  it('say hours, one or more, in the zone of the affiliate', () => {
    const said = (count: number, more: Partial<ContractTerm> = {}) =>
      contractDue([term({ ...more, period: { unit: 'hours', count } })], clock).working;
    expect(said(1, { trigger: 'suspicion', channel: 'portal', contact: 'csirt.example' })).toEqual([
      'The master agreement gives 1 hour from suspicion at 2026-06-11T11:00:00+02:00: 2026-06-11T12:00:00+02:00 (2026-06-11T10:00:00Z); at a portal (csirt.example), given once sent.',
    ]);
    expect(said(24)).toEqual([
      'The master agreement gives 24 hours from awareness at 2026-06-12T17:45:00+02:00: 2026-06-13T17:45:00+02:00 (2026-06-13T15:45:00Z); by e-mail, given once sent.',
    ]);
  });
  it('say a business day that runs to midnight in the zone of the contract', () => {
    const athens = { ...days(1, 'none', null).period, zone: 'Europe/Athens' };
    expect(contractDue([term({ period: athens })], clock).working).toEqual([
      'The master agreement gives 1 business day (Saturdays and Sundays only, no public holidays; source-read), the day of the start not counted, to midnight in Europe/Athens, from awareness at 2026-06-12T17:45:00+02:00: 2026-06-16T00:00:00+03:00 (2026-06-15T21:00:00Z); by e-mail, given once sent.',
    ]);
  });
  it('that say the same are said once', () => {
    expect(contractDue([term({}), term({})], clock).working).toHaveLength(1);
  });
  it('without a number leave the due to those that have one, whatever their order', () => {
    const none = term({ period: null });
    expect(due(none, term({}))).toBe('2026-06-13T15:45:00.000Z');
    expect(due(term({}), none)).toBe('2026-06-13T15:45:00.000Z');
  });
  it('without a number set no due: the law says only "without undue delay"', () => {
    expect(due()).toBeNull();
    expect(due(term({ period: null }))).toBeNull();
  });
});
