/** Detection is recorded by API and by page, shown on the case, and moves earlier only. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseView } from '../../src/domain/views.ts';
import { fromMs } from '../../src/domain/instant.ts';
import { openTestCase } from '../support/house.ts';
import { api, page, problemIn, sendForm, signIn } from './ask.ts';
import { testEdge, type Edge } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await testEdge();
});
afterAll(() => edge.close());

const hoursAgo = (hours: number): string => fromMs(Date.now() - hours * 3_600_000);

it('by the API, and then earlier by the page, never later', async () => {
  const { reference } = await openTestCase(edge.home, { receivedAt: hoursAgo(1) });
  const post = (detectedAt: string) =>
    api(edge, 'POST', `/cases/${reference}/detection`, {
      as: 'leo',
      body: { detectedAt, zone: 'Europe/Berlin', evidence: 'Switch log' },
    });
  const first = hoursAgo(2);
  expect((await post(first)).json).toMatchObject({ detectedAt: first });
  const later = await post(hoursAgo(1.5));
  expect([later.status, problemIn(later).detail]).toEqual([
    409,
    expect.stringContaining('A later detection') as unknown,
  ]);
  const leo = await signIn(edge, 'leo');
  const path = `/cases/${reference}`;
  const earlier = hoursAgo(3);
  const answer = await sendForm(edge, leo, {
    on: path,
    action: `${path}/detection`,
    fields: { detectedAt: earlier, zone: 'Europe/Berlin', evidence: 'An older log' },
  });
  expect(answer.location).toBe(`${path}?done=detection`);
  expect((await page(edge, leo, path)).html).toContain('Detected as provider');
  const view = (await api(edge, 'GET', path, { as: 'leo' })).json as CaseView;
  expect(view.detection).toMatchObject({ detectedAt: earlier, basis: 'An older log' });
});
