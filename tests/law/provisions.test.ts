/** Provisions by date: the day of awareness selects, repealed texts stay, proposals never apply. */
import { describe, expect, it } from 'vitest';
import { hours } from '../../src/law/period.ts';
import { allProvisions, isInForceOn, provisionInForce } from '../../src/law/provisions.ts';

const ids = [...new Set(allProvisions.map((provision) => provision.id))];

describe('a provision', () => {
  it.each(ids)('%s has one text in force today, with source, label and citation', (id) => {
    const provision = provisionInForce(id, '2026-11-22T12:00:00.000Z');
    expect(provision).toMatchObject({ id, status: 'in-force' });
    for (const text of [provision?.citation, provision?.label, provision?.source]) {
      expect(text).toMatch(/\w/);
    }
  });
  it.each<[(typeof ids)[number], string, string]>([
    ['gdpr/33/1', '2018-05-24T12:00:00.000Z', '2018-05-25T12:00:00.000Z'],
    ['uk-gdpr/33/1', '2020-12-31T12:00:00.000Z', '2021-01-01T12:00:00.000Z'],
    ['ch-fadp/24/1', '2023-08-31T12:00:00.000Z', '2023-09-01T12:00:00.000Z'],
  ])('%s applies from its first day on', (id, before, after) => {
    expect(provisionInForce(id, before)).toBeNull();
    expect(provisionInForce(id, after)).not.toBeNull();
  });
  it('begins at midnight where the affiliate is, not at midnight UTC', () => {
    const awareAt = '2018-05-24T22:30:00.000Z';
    expect(provisionInForce('gdpr/33/1', awareAt)).toBeNull();
    expect(provisionInForce('gdpr/33/1', awareAt, 'Europe/Berlin')).not.toBeNull();
  });
  it('that is only proposed is carried and never applied: 72 hours, not 96', () => {
    const proposed = allProvisions.filter((provision) => provision.status === 'proposed');
    expect(proposed.map((provision) => provision.period)).toEqual([hours(96)]);
    expect(provisionInForce('gdpr/33/1', '2035-01-01T00:00:00.000Z')?.period).toEqual(hours(72));
  });
  it('that is only proposed stays so although somebody has written dates to it', () => {
    const [text] = allProvisions;
    if (text === undefined) throw new Error('no provision is carried');
    const dated = { ...text, effectiveFrom: '2020-01-01', effectiveTo: '2029-12-31' };
    const on = (day: string) => isInForceOn({ ...dated, status: 'superseded' }, day);
    expect(['2019-12-31', '2020-01-01', '2029-12-31', '2030-01-01'].map(on)).toEqual([
      ...[false, true, true, false],
    ]);
    expect(isInForceOn({ ...dated, status: 'proposed' }, '2026-11-22')).toBe(false);
    expect(isInForceOn({ ...dated, effectiveFrom: null }, '2026-11-22')).toBe(false);
  });
  it.each<[(typeof ids)[number], number | null]>([
    ['gdpr/33/1', 72],
    ['gdpr/33/2', null],
    ['gdpr/34/1', null],
    ['gdpr/33/5', null],
    ['uk-gdpr/33/1', 72],
    ['ch-fadp/24/1', null],
  ])('%s gives %s hours: null is "without undue delay"', (id, count) => {
    expect(provisionInForce(id, '2026-11-22T12:00:00.000Z')?.period?.count ?? null).toBe(count);
  });
});
