/** When a provider detected a breach is a fact of its own: beside the first sign and awareness, and never later for free. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordDetection } from '../../src/commands/record-detection.ts';
import { fromMs } from '../../src/domain/instant.ts';
import { by, openTestCase, testHouse, type TestHouse } from '../support/house.ts';

let home: TestHouse;
beforeAll(async () => {
  home = await testHouse();
});
afterAll(() => home.close());

const hourMs = 3_600_000;
const hoursAgo = (hours: number): string => fromMs(Date.now() - hours * hourMs);
const detection = (caseId: string, detectedAt: string) => ({
  ...{
    caseId,
    detectedAt,
    zone: 'Europe/Berlin',
    offsetMinutes: 60,
    evidence: 'log of the switch',
  },
});

describe('detection', () => {
  it('stands beside awareness and the first sign, in the register and with an alarm at its 24 hours', async () => {
    const [firstSign, detectedAt, receivedAt] = [hoursAgo(9), hoursAgo(3), hoursAgo(1)];
    const { caseId } = await openTestCase(home, { receivedAt, detectedAt: firstSign });
    const answer = await recordDetection(
      home.house,
      by(home.people.leo),
      detection(caseId, detectedAt),
    );
    expect(answer).toMatchObject({ ok: true, value: { detectedAt } });
    const { view, alarms, entries } = await home.house.as(home.people.leo, async ({ views }) => ({
      view: await views.case(caseId),
      alarms: await views.alarms(caseId),
      entries: await views.timeline(caseId, 50, null),
    }));
    expect(view).toMatchObject({
      ...{ detectedAt: firstSign, awareAt: receivedAt, awareState: 'provisional' },
      detection: { detectedAt, basis: 'log of the switch' },
    });
    expect(alarms.find(({ step }) => step === 'statute-24h')?.dueAt).toBe(
      fromMs(Date.parse(detectedAt) + 24 * hourMs),
    );
    expect(entries.map(({ type }) => type)).toContain('detection.recorded');
  });

  it('may move earlier; later than it or awareness stands is refused, and so is a time to come', async () => {
    const { caseId } = await openTestCase(home, { receivedAt: hoursAgo(2) });
    const record = (detectedAt: string) =>
      recordDetection(home.house, by(home.people.leo), detection(caseId, detectedAt));
    expect(await record(hoursAgo(1))).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    expect(await record(hoursAgo(5))).toMatchObject({ ok: true });
    expect(await record(hoursAgo(4))).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    expect(await record(hoursAgo(6))).toMatchObject({ ok: true });
    expect(await record(hoursAgo(-1))).toMatchObject({ ok: false, problem: { type: 'invalid' } });
  });

  it('is for legal or the executive to say', async () => {
    const { caseId } = await openTestCase(home);
    const answer = await recordDetection(
      home.house,
      by(home.people.rita),
      detection(caseId, hoursAgo(1)),
    );
    expect(answer).toMatchObject({ ok: false, problem: { type: 'forbidden' } });
  });
});
