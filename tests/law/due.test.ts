/** Due instants: elapsed hours, the reading of Regulation 1182/71 beside it, contracts, and zones for eyes only. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import { toMs } from '../../src/domain/instant.ts';
import { dueReadings, strictDueAt } from '../../src/law/due.ts';
import { localAt } from '../../src/law/zone.ts';
import { dueVectors } from './published-cases.ts';

const seconds = (at: string): string => at.replace('.000Z', 'Z');

describe.each(dueVectors)('$id $title: aware $awareLocal', (vector) => {
  const { awareAt, hours, zone, regime } = vector;
  // Worked out in each test, so that a change of the law is seen by the test that claims it.
  const readings = () => dueReadings(awareAt, hours, zone, regime);

  it(`is due ${vector.strict.local}, the strict instant`, () => {
    expect(seconds(readings().strict)).toBe(vector.strict.utc);
    expect(localAt(readings().strict, zone)).toBe(vector.strict.local);
  });
  it(`reads ${vector.reg1182?.local ?? 'nothing'} under Regulation 1182/71`, () => {
    const { reg1182 } = readings();
    expect(reg1182 === null ? null : seconds(reg1182)).toBe(vector.reg1182?.utc ?? null);
    expect(reg1182 === null ? null : localAt(reg1182, zone)).toBe(vector.reg1182?.local ?? null);
  });
  it('shows awareness with the offset of its zone', () => {
    expect(localAt(awareAt, zone)).toBe(vector.awareLocal);
  });
});

describe('a zone whose offset is not whole hours', () => {
  it('leaves out the hour on its own wall, not on the UTC line', () => {
    const { reg1182 } = dueReadings('2026-06-09T08:20:00.000Z', 72, 'Asia/Kolkata', 'eu-gdpr');
    expect(reg1182).toBe('2026-06-12T08:30:00.000Z');
    expect(localAt(reg1182 ?? '', 'Asia/Kolkata')).toBe('2026-06-12T14:00:00+05:30');
  });
});

const anyInstant = fc
  .date({ min: new Date('2018-05-25'), max: new Date('2060-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('every due instant', () => {
  const hostZone = process.env['TZ'];
  afterAll(() => {
    if (hostZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = hostZone;
  });

  test.prop([anyInstant, fc.integer({ min: 1, max: 240 })])(
    'is exactly its hours after awareness, whatever the clocks do',
    (awareAt, hours) => {
      expect(toMs(strictDueAt(awareAt, hours)) - toMs(awareAt)).toBe(hours * 3_600_000);
    },
  );
  test.prop([anyInstant, fc.constantFrom('Europe/Berlin', 'Europe/Lisbon', 'Asia/Kolkata')])(
    'does not depend on the zone of the host',
    (awareAt, zone) => {
      const underEach = ['UTC', 'America/New_York', 'Pacific/Auckland'].map((host) => {
        process.env['TZ'] = host;
        const readings = dueReadings(awareAt, 72, zone, 'eu-gdpr');
        return { ...readings, local: localAt(readings.strict, zone) };
      });
      expect(new Set(underEach.map((readings) => JSON.stringify(readings))).size).toBe(1);
    },
  );
  test.prop([anyInstant, fc.constantFrom('Europe/Berlin', 'Asia/Kolkata')])(
    'comes before the reading of Regulation 1182/71, by an hour at most',
    (awareAt, zone) => {
      const { strict, reg1182 } = dueReadings(awareAt, 72, zone, 'eu-gdpr');
      const afterMs = toMs(reg1182 ?? '') - toMs(strict);
      expect(afterMs).toBeGreaterThan(0);
      expect(afterMs).toBeLessThanOrEqual(3_600_000);
    },
  );
});
