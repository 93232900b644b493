/** The whole derivation of a due, line by line, as a lawyer would check it: each worked by hand from the text cited. */
import { describe, expect, it } from 'vitest';
import { dueWorking } from '../../src/law/due-working.ts';
import type { DueWorking } from '../../src/law/due-working.ts';
import { days, hours, months } from '../../src/law/period.ts';
import type { Provision, ProvisionId } from '../../src/law/provision.ts';
import { allProvisions, provisionInForce } from '../../src/law/provisions.ts';
import type { WorkingCalendar } from '../../src/law/regulation-1182.ts';

const fridayEvening = '2026-06-12T15:45:00.000Z';
const berlin: WorkingCalendar = { zone: 'Europe/Berlin', holidays: [] };

function inForce(id: ProvisionId, at: string): Provision {
  const text = provisionInForce(id, at);
  if (text === null) throw new Error(`${id} is not in force at ${at}`);
  return text;
}
const worked = (id: ProvisionId, at: string, calendar = berlin): DueWorking =>
  dueWorking(inForce(id, at), at, calendar);

describe('Art. 33(1) GDPR from a Friday evening in Berlin', () => {
  it('is Monday evening; Regulation 1182/71 and the contested Art. 3(5) stand beside it', () => {
    expect(worked('gdpr/33/1', fridayEvening)).toEqual({
      rule: 'gdpr/33/1',
      strict: { utc: '2026-06-15T15:45:00Z', local: '2026-06-15T17:45:00+02:00' },
      reg1182: { utc: '2026-06-15T16:00:00Z', local: '2026-06-15T18:00:00+02:00' },
      art3_5: {
        contested: true,
        partialDays: { utc: '2026-06-15T16:00:00Z', local: '2026-06-15T18:00:00+02:00' },
        wholeDays: { utc: '2026-06-16T22:00:00Z', local: '2026-06-17T00:00:00+02:00' },
        holidays: [],
      },
      working: [
        'gdpr/33/1 (Art. 33(1) GDPR; in force from 2018-05-25) gives 72 hours from awareness.',
        'Aware 2026-06-12T17:45:00+02:00 (2026-06-12T15:45:00Z).',
        'Strict, what is worked to: 72 hours elapse; weekends and holidays count. Due 2026-06-15T17:45:00+02:00 (2026-06-15T15:45:00Z).',
        'Regulation 1182/71, shown beside and never worked to: Art. 3(1) leaves out the hour of the event, so the hours run from 2026-06-12T18:00:00+02:00 to 2026-06-15T18:00:00+02:00 (2026-06-15T16:00:00Z). Art. 3(4) does not apply to hours.',
        'Art. 3(5), at least two working days (no public holidays named), is contested: the Bavarian and North Rhine-Westphalian authorities do not apply it to hours, part of the literature does. Counting days begun: no change; whole days only: 2026-06-17T00:00:00+02:00. Never rely on it.',
      ],
    });
  });
  it('at Easter names the holidays that were counted, and both readings where both move', () => {
    // Thursday 2 April 2026, 23:59:30: only Tuesday and Wednesday after Easter are working days.
    const easter = { zone: 'Europe/Berlin', holidays: ['2026-04-03', '2026-04-06'] };
    const due = worked('gdpr/33/1', '2026-04-02T21:59:30.000Z', easter);
    expect(due.art3_5).toEqual({
      contested: true,
      partialDays: { utc: '2026-04-08T22:00:00Z', local: '2026-04-09T00:00:00+02:00' },
      wholeDays: { utc: '2026-04-08T22:00:00Z', local: '2026-04-09T00:00:00+02:00' },
      holidays: ['2026-04-03', '2026-04-06'],
    });
    expect(due.working.at(-1)).toContain('(holidays 2026-04-03, 2026-04-06)');
    expect(due.working.at(-1)).toContain(
      'Counting days begun: 2026-04-09T00:00:00+02:00; whole days only: 2026-04-09T00:00:00+02:00.',
    );
  });
  it('shows whole seconds and never rounds them up to a later due', () => {
    const { strict } = worked('gdpr/33/1', '2026-06-12T15:45:00.999Z');
    expect(strict).toEqual({ utc: '2026-06-15T15:45:00Z', local: '2026-06-15T17:45:00+02:00' });
  });
});

describe('the clocks that change while hours run', () => {
  it.each([
    [
      'in October',
      '2026-10-23T08:20:00.000Z',
      'Europe/Berlin',
      'The clocks go back by 60 minutes in between: the same time on the wall would be 73 hours, which is not the period.',
    ],
    [
      'in March',
      '2026-03-27T09:20:00.000Z',
      'Europe/Berlin',
      'The clocks go forward by 60 minutes in between: the same time on the wall would be 71 hours, which is not the period.',
    ],
    [
      'by half an hour on Lord Howe Island',
      '2026-10-02T00:00:00.000Z',
      'Australia/Lord_Howe',
      'The clocks go forward by 30 minutes in between: the same time on the wall would be 71.5 hours, which is not the period.',
    ],
  ])('%s are told of, right after the strict due', (_, at, zone, said) => {
    const { working } = worked('gdpr/33/1', at, { zone, holidays: [] });
    expect(working).toHaveLength(6);
    expect(working[3]).toBe(said);
  });
  it('are no matter for a period in days or months', () => {
    const at = '2026-10-23T08:20:00.000Z';
    expect(worked('eprivacy-611/2/3', at).working).toHaveLength(4);
    expect(worked('nis2/23/4/d', at).working).toHaveLength(4);
  });
});

describe('other periods and other laws', () => {
  it('Art. 2(3) Regulation 611/2013: three days of 24 hours, and by Regulation 1182/71 whole days', () => {
    const lisbon = { zone: 'Europe/Lisbon', holidays: [] };
    expect(worked('eprivacy-611/2/3', '2026-09-05T19:00:00.000Z', lisbon)).toEqual({
      rule: 'eprivacy-611/2/3',
      strict: { utc: '2026-09-08T19:00:00Z', local: '2026-09-08T20:00:00+01:00' },
      reg1182: { utc: '2026-09-08T23:00:00Z', local: '2026-09-09T00:00:00+01:00' },
      art3_5: null,
      working: [
        'eprivacy-611/2/3 (Art. 2(3) Regulation (EU) No 611/2013; in force from 2013-08-25) gives 3 days from submission.',
        'Submitted 2026-09-05T20:00:00+01:00 (2026-09-05T19:00:00Z).',
        'Strict, what is worked to: 3 days of 24 elapsed hours, the earlier and safer reading. Due 2026-09-08T20:00:00+01:00 (2026-09-08T19:00:00Z).',
        'Regulation 1182/71, shown beside and never worked to: the day of the event is left out, and the last day is a working day; the end is the midnight after it, 2026-09-09T00:00:00+01:00 (2026-09-08T23:00:00Z).',
      ],
    });
  });
  it('Art. 23(4)(d) NIS2: a month on the wall, at the end of a shorter month', () => {
    expect(worked('nis2/23/4/d', '2027-01-31T09:00:00.000Z')).toEqual({
      rule: 'nis2/23/4/d',
      strict: { utc: '2027-02-28T09:00:00Z', local: '2027-02-28T10:00:00+01:00' },
      reg1182: { utc: '2027-03-01T23:00:00Z', local: '2027-03-02T00:00:00+01:00' },
      art3_5: null,
      working: [
        'nis2/23/4/d (Art. 23(4)(d) Directive (EU) 2022/2555; in force from 2024-10-18) gives 1 month from submission.',
        'Submitted 2027-01-31T10:00:00+01:00 (2027-01-31T09:00:00Z).',
        'Strict, what is worked to: 1 month later at the same time on the wall, or on the last day of a shorter month. Due 2027-02-28T10:00:00+01:00 (2027-02-28T09:00:00Z).',
        'Regulation 1182/71, shown beside and never worked to: the same day of the last month, moved to a working day; the end is the midnight after it, 2027-03-02T00:00:00+01:00 (2027-03-01T23:00:00Z).',
      ],
    });
  });
  it('Art. 33(1) UK GDPR: hours that run through the bank holiday, and no law of the Union beside them', () => {
    const london = { zone: 'Europe/London', holidays: ['2026-05-04'] };
    expect(worked('uk-gdpr/33/1', '2026-05-01T15:50:00.000Z', london)).toEqual({
      rule: 'uk-gdpr/33/1',
      strict: { utc: '2026-05-04T15:50:00Z', local: '2026-05-04T16:50:00+01:00' },
      reg1182: null,
      art3_5: null,
      working: [
        'uk-gdpr/33/1 (Art. 33(1) UK GDPR; in force from 2021-01-01) gives 72 hours from awareness.',
        'Aware 2026-05-01T16:50:00+01:00 (2026-05-01T15:50:00Z).',
        'Strict, what is worked to: 72 hours elapse; weekends and holidays count. Due 2026-05-04T16:50:00+01:00 (2026-05-04T15:50:00Z).',
        'Regulation 1182/71 is not used: this is no law of the Union. Weekends and holidays count.',
      ],
    });
  });
  it('a text that was superseded says until when it was in force, and that it counts from detection', () => {
    const { working } = worked('uk-pecr/5a/2', '2025-08-18T08:00:00.000Z');
    expect(working.slice(0, 2)).toEqual([
      'uk-pecr/5a/2 (Reg. 5A(2) PECR 2003 with retained Art. 2(2) Regulation 611/2013; in force from 2013-08-25 to 2025-08-19) gives 24 hours from detection.',
      'Detected 2025-08-18T10:00:00+02:00 (2025-08-18T08:00:00Z).',
    ]);
  });
  it('a proposed text says that it is no law', () => {
    const proposal = allProvisions.find(({ status }) => status === 'proposed');
    if (proposal === undefined) throw new Error('no proposal is carried');
    expect(dueWorking(proposal, fridayEvening, berlin).working[0]).toBe(
      'gdpr/33/1 (Art. 33(1) GDPR as proposed (Digital Omnibus, Commission, 19 November 2025); proposed, not law) gives 96 hours from awareness.',
    );
  });
  it('"without undue delay" sets no hour: nothing is made up', () => {
    expect(worked('gdpr/33/2', fridayEvening)).toEqual({
      rule: 'gdpr/33/2',
      strict: null,
      reg1182: null,
      art3_5: null,
      working: [
        'gdpr/33/2 (Art. 33(2) GDPR; in force from 2018-05-25) gives no number of hours or days from awareness.',
        'Aware 2026-06-12T17:45:00+02:00 (2026-06-12T15:45:00Z).',
        'The law gives no number; it says "without undue delay" or the like. Only a contract or our own aim sets an hour.',
      ],
    });
  });
});

describe('Art. 3(5) Regulation 1182/71 speaks of two days or more', () => {
  const text = inForce('gdpr/33/1', fridayEvening);
  it.each([
    [hours(47), false],
    [hours(48), true],
    [days(60), false],
    [months(60), false],
  ])('so that of %j a contested reading is shown: %s', (period, isShown) => {
    const due = dueWorking({ ...text, period }, fridayEvening, berlin);
    expect(due.art3_5 !== null).toBe(isShown);
    expect(due.working.some((line) => line.startsWith('Art. 3(5)'))).toBe(isShown);
  });
});
