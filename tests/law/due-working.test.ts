/** Due instants with their working: periods in hours, days and months, from awareness, detection or an actual submission. */
import { fc, test } from '@fast-check/vitest';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../src/domain/instant.ts';
import { dueWorking } from '../../src/law/due-working.ts';
import { allProvisions, provisionInForce } from '../../src/law/provisions.ts';
import { daysEndAt, monthsEndAt } from '../../src/law/regulation-1182.ts';
import { dayStartAt, localAt, plusMonths } from '../../src/law/zone.ts';
import { dueVectors } from './published-cases.ts';

interface ClockVector {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly fromAt: string;
  readonly zone: string;
  readonly holidays: readonly string[];
  readonly strict: string;
  readonly reg1182: string | null;
}

const { vectors } = JSON.parse(
  readFileSync(new URL('./data/clock-vectors.json', import.meta.url), 'utf8'),
) as { vectors: ClockVector[] };

function instant(text: string): string {
  const parsed = parseInstant(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault}`);
  return parsed.at;
}

function textInForce(rule: string, at: string, zone: string) {
  const id = allProvisions.find((provision) => provision.id === rule)?.id;
  const text = id === undefined ? null : provisionInForce(id, at, zone);
  if (text === null) throw new Error(`${rule} is not in force at ${at}`);
  return text;
}

describe.each(vectors)('$id $title, $rule from $fromAt', (vector) => {
  const fromAt = instant(vector.fromAt);
  const { zone, holidays } = vector;
  it(`is due ${vector.strict}`, () => {
    const due = dueWorking(textInForce(vector.rule, fromAt, zone), fromAt, { zone, holidays });
    expect(due.strict?.local).toBe(vector.strict);
    expect(due.strict?.utc).toBe(instant(vector.strict).replace('.000Z', 'Z'));
  });
});

const read1182 = vectors.filter(({ reg1182 }) => reg1182 !== null);
describe.each(read1182)('$id $title under Regulation 1182/71', (vector) => {
  it(`reads ${vector.reg1182 ?? ''}, never earlier than what is worked to`, () => {
    const fromAt = instant(vector.fromAt);
    const { zone, holidays } = vector;
    const due = dueWorking(textInForce(vector.rule, fromAt, zone), fromAt, { zone, holidays });
    expect(due.reg1182?.local).toBe(vector.reg1182);
  });
});

describe.each(dueVectors.filter((vector) => vector.contested !== null && vector.law))(
  '$id $title: the contested reading of Art. 3(5)',
  ({ awareAt, zone, holidays, contested }) => {
    const text = textInForce('gdpr/33/1', awareAt, zone);
    // Worked out in each test, so that a change of the law is seen by the test that claims it.
    const due = () => dueWorking(text, instant(awareAt), { zone, holidays });

    it(`with days begun is ${contested?.partialDays.local ?? ''}`, () => {
      expect(due().art3_5?.partialDays.local).toBe(contested?.partialDays.local);
    });
    it(`with whole days only is ${contested?.wholeDays.local ?? ''}`, () => {
      expect(due().art3_5?.wholeDays).toEqual(contested?.wholeDays);
    });
    it('says that it is contested and never moves what is worked to', () => {
      expect(due().working.join(' ')).toContain('contested');
      expect(due().strict?.local).not.toBe(undefined);
    });
  },
);

describe('a due', () => {
  const zone = 'Europe/Berlin';
  it('has no reading of Regulation 1182/71 outside Union law', () => {
    const at = '2026-05-01T15:50:00.000Z';
    const due = dueWorking(textInForce('uk-gdpr/33/1', at, 'Europe/London'), at, {
      zone: 'Europe/London',
      holidays: ['2026-05-04'],
    });
    expect([due.reg1182, due.art3_5]).toEqual([null, null]);
    expect(due.strict?.local).toBe('2026-05-04T16:50:00+01:00');
  });
  it('is none where the law says only "without undue delay"', () => {
    const at = '2026-06-12T15:45:00.000Z';
    const due = dueWorking(textInForce('gdpr/33/2', at, zone), at, { zone, holidays: [] });
    expect([due.strict, due.reg1182, due.art3_5]).toEqual([null, null, null]);
    expect(due.working.at(-1)).toContain('without undue delay');
  });
  it('tells that the same time on the wall would be another number of hours when the clocks change', () => {
    const at = '2026-10-23T08:20:00.000Z';
    const due = dueWorking(textInForce('gdpr/33/1', at, zone), at, { zone, holidays: [] });
    expect(due.strict?.local).toBe('2026-10-26T09:20:00+01:00');
    expect(due.working.join(' ')).toContain('would be 73 hours');
  });
  it('in months ends on the last day of a shorter month', () => {
    const at = instant('2027-01-31T10:00:00+01:00');
    const due = dueWorking(textInForce('nis2/23/4/d', at, zone), at, { zone, holidays: [] });
    expect(due.strict?.local).toBe('2027-02-28T10:00:00+01:00');
    // 28 February 2027 is a Sunday, so the outer reading ends with Monday.
    expect(due.reg1182?.local).toBe('2027-03-02T00:00:00+01:00');
  });
});

describe('the working of a due', () => {
  const said = (rule: string, at: string, zone = 'Europe/Berlin', holidays: string[] = []) =>
    dueWorking(textInForce(rule, at, zone), at, { zone, holidays }).working;
  const aware = '2026-06-12T15:45:00.000Z';

  it('cites the text in force, says from when it counts and what is worked to', () => {
    const [text, from, strict] = said('gdpr/33/1', aware);
    expect(text).toBe(
      'gdpr/33/1 (Art. 33(1) GDPR; in force from 2018-05-25) gives 72 hours from awareness.',
    );
    expect(from).toBe('Aware 2026-06-12T17:45:00+02:00 (2026-06-12T15:45:00Z).');
    expect(strict).toBe(
      'Strict, what is worked to: 72 hours elapse; weekends and holidays count. Due 2026-06-15T17:45:00+02:00 (2026-06-15T15:45:00Z).',
    );
  });
  it('says nothing of the clocks where they do not change, and which way they go where they do', () => {
    expect(said('gdpr/33/1', aware).join(' ')).not.toContain('clocks');
    expect(said('gdpr/33/1', '2026-10-23T08:20:00.000Z').join(' ')).toContain(
      'The clocks go back by 60 minutes',
    );
    const spring = said('gdpr/33/1', '2026-03-27T08:20:00.000Z').join(' ');
    expect(spring).toContain('The clocks go forward by 60 minutes');
    expect(spring).toContain('would be 71 hours');
  });
  it('tells of Regulation 1182/71 by what the period is counted in', () => {
    expect(said('gdpr/33/1', aware).join(' ')).toContain(
      'the hours run from 2026-06-12T18:00:00+02:00 to 2026-06-15T18:00:00+02:00 (2026-06-15T16:00:00Z). Art. 3(4) does not apply to hours.',
    );
    expect(said('eprivacy-611/2/3', aware).join(' ')).toContain(
      'the day of the event is left out, and the last day is a working day',
    );
    const months = said('nis2/23/4/d', '2027-01-31T09:00:00.000Z').join(' ');
    expect(months).toContain('1 month later at the same time on the wall');
    expect(months).toContain('the same day of the last month, moved to a working day');
  });
  it('says that outside Union law Regulation 1182/71 is not used', () => {
    expect(said('uk-gdpr/33/1', aware, 'Europe/London').at(-1)).toBe(
      'Regulation 1182/71 is not used: this is no law of the Union. Weekends and holidays count.',
    );
  });
  it('names the holidays that were counted, and where days begun change nothing', () => {
    expect(said('gdpr/33/1', aware).at(-1)).toContain('(no public holidays named)');
    const named = said('gdpr/33/1', aware, 'Europe/Berlin', ['2026-06-15']).at(-1);
    expect(named).toContain('(holidays 2026-06-15)');
    expect(named).toContain('Never rely on it.');
  });
});

const anyInstant = fc
  .date({ min: new Date('2018-06-01'), max: new Date('2060-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const anyZone = fc.constantFrom(
  ...['Europe/Berlin', 'Europe/Lisbon', 'Asia/Kolkata', 'Asia/Beirut', 'America/Santiago', 'UTC'],
);

describe('the readings of a period', () => {
  test.prop([anyInstant, anyZone])('never let what is worked to come after them', (at, zone) => {
    const due = dueWorking(textInForce('gdpr/33/1', at, zone), at, { zone, holidays: [] });
    const strict = due.strict?.utc ?? '';
    for (const other of [due.reg1182, due.art3_5?.partialDays, due.art3_5?.wholeDays]) {
      expect((other?.utc ?? '') >= strict).toBe(true);
    }
  });
  test.prop([anyInstant, anyZone, fc.integer({ min: 1, max: 10 })])(
    'in days end at a midnight after a working day, at least that many days on',
    (at, zone, count) => {
      const endsAt = daysEndAt(at, count, { zone, holidays: [] });
      const lastDay = localAt(new Date(Date.parse(endsAt) - 1).toISOString(), zone).slice(0, 10);
      expect([0, 6]).not.toContain(new Date(`${lastDay}T00:00:00Z`).getUTCDay());
      expect(Date.parse(endsAt) - Date.parse(at)).toBeGreaterThanOrEqual(
        (count * 24 - 2) * 3_600_000,
      );
    },
  );
  test.prop([anyInstant, anyZone])('begin each day once, whatever the clocks do', (at, zone) => {
    const day = localAt(at, zone).slice(0, 10);
    const startsAt = dayStartAt(day, zone);
    expect(localAt(startsAt, zone).slice(0, 10)).toBe(day);
    const before = new Date(Date.parse(startsAt) - 1).toISOString();
    expect(localAt(before, zone).slice(0, 10) < day).toBe(true);
  });
  it('in months keep the day or take the last', () => {
    expect(plusMonths('2028-01-31', 1)).toBe('2028-02-29');
    expect(plusMonths('2026-11-30', 3)).toBe('2027-02-28');
    expect(monthsEndAt('2026-01-15T12:00:00.000Z', 1, { zone: 'UTC', holidays: [] })).toBe(
      '2026-02-17T00:00:00.000Z',
    );
  });
});
