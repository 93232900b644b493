/** The edge where a delivery did not simply succeed: its forms, its requests, and what it refuses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { finishNotice } from '../../src/commands/finish-notice.ts';
import { by } from '../support/house.ts';
import { api, page, problemIn, sendForm, signIn } from './ask.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';
import { expectReadable } from './readable.ts';

let edge: Edge;
let leo: string;
let noticeId: string;
let deliveryId: string;
beforeAll(async () => {
  edge = await testEdge();
  leo = await signIn(edge, 'leo');
  ({ noticeId, deliveryId } = await inDoubt());
});
afterAll(() => edge.close());

/** A notice to a customer whose copy broke off at the dot 16 minutes ago. */
async function inDoubt(): Promise<{ noticeId: string; deliveryId: string }> {
  const { home } = edge;
  const { caseId } = await casePendingApproval(edge);
  const engine = { kind: 'machine', name: 'engine' } as const;
  const ids = await home.house.as(engine, ({ notices }) =>
    notices.idsOfCase(caseId, ['in-review']),
  );
  const seen = await Promise.all(
    ids.map((id) => home.house.as(engine, ({ views }) => views.notice(id))),
  );
  const chosen = seen.find((one) => one?.recipientKind === 'controller' && one.channel === 'email');
  if (chosen?.digest == null) throw new Error('no notice to a customer');
  for (const who of [home.people.leo, home.people.eva]) {
    await approveNotices(home.house, by(who), {
      notices: [{ noticeId: chosen.noticeId, digest: chosen.digest }],
      recipientCount: null,
    });
  }
  const claimed = await home.house.as(engine, async ({ notices }) => {
    const [row] = await notices.claim(chosen.noticeId, 1, 60);
    if (row === undefined) throw new Error('nothing to claim');
    await notices.markAtDot(row.deliveryId, row.attemptId, -1);
    return row.deliveryId;
  });
  await home.house.as(engine, ({ notices }) => notices.recover(chosen.noticeId));
  await finishNotice(home.house, chosen.noticeId);
  await home.pool.query(
    `BEGIN; SELECT set_config('tocsin.units', '*', true);
     UPDATE tocsin.delivery SET at_dot_at = clock_timestamp() - interval '16 minutes' WHERE id = '${claimed}'; COMMIT`,
  );
  return { noticeId: chosen.noticeId, deliveryId: claimed };
}

describe('the page of a doubtful notice', () => {
  it('warns of both harms before a second copy, and refuses who has not weighed them', async () => {
    const on = `/notices/${noticeId}`;
    const { html } = await page(edge, leo, on);
    expectReadable(html);
    expect(html).toContain('may then have two copies');
    expect(html).toContain('Without any, the customer does not know');
    const action = `${on}/deliveries/${deliveryId}/resend`;
    const unweighed = await sendForm(edge, leo, { on, action, fields: { reason: 'needed' } });
    expect(unweighed.status).toBe(422);
    expect(unweighed.html).toContain('weigh both harms first');
    const fields = { reason: 'needed', weighed: 'yes' };
    const sent = await sendForm(edge, leo, { on, action, fields });
    expect([sent.status, sent.location]).toEqual([303, `${on}?done=resend`]);
    expect((await page(edge, leo, sent.location)).html).toContain(
      'sent again, marked as a possible duplicate',
    );
  });
});

describe('requests', () => {
  it.each<[string, string, unknown, string]>([
    ['resend without weighing', 'resend', { reason: 'r' }, '/weighed'],
    ['resend that was not weighed', 'resend', { reason: 'r', weighed: false }, '/weighed'],
    ['resend without a reason', 'resend', { weighed: true }, '/reason'],
    ['a bounce without evidence', 'bounce', {}, '/evidence'],
    ['a bounce at no time', 'bounce', { evidence: 'e', bouncedAt: 'noon' }, '/bouncedAt'],
    ['a resolution that is none', 'resolution', { how: 'maybe', reason: 'r' }, '/how'],
  ])('%s is refused by its place', async (_name, act, body, pointer) => {
    const answer = await api(edge, 'POST', `/deliveries/${deliveryId}/${act}`, { as: 'leo', body });
    expect(answer.status).toBe(422);
    expect(problemIn(answer).errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('for all doubts of a notice name them by the digest it shows, or one by one', async () => {
    const path = `/notices/${noticeId}/doubts/resolution`;
    const common = { how: 'abandoned', reason: 'not in the log of the relay' };
    const post = (body: object, as: 'leo' | 'rita' = 'leo') =>
      api(edge, 'POST', path, { as, body });
    expect((await post(common)).status).toBe(422);
    expect((await post({ ...common, deliveryIds: [] })).status).toBe(422);
    expect((await post({ ...common, digest: 'a'.repeat(64) })).status).toBe(409);
    expect((await post({ ...common, digest: 'a'.repeat(64) }, 'rita')).status).toBe(403);
    const seen = await api(edge, 'GET', `/notices/${noticeId}`, { as: 'leo' });
    expect((seen.json as { doubts: { digest: string } }).doubts.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('to unknown deliveries and clauses find nothing, and rights are needed', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    const body = { reason: 'r', weighed: true };
    const path = `/deliveries/${nobody}/resend`;
    expect((await api(edge, 'POST', path, { as: 'leo', body })).status).toBe(404);
    expect((await api(edge, 'POST', path, { as: 'rita', body })).status).toBe(403);
    const sign = `/resend-clauses/${nobody}/signature`;
    expect((await api(edge, 'POST', sign, { as: 'leo', body: {} })).status).toBe(404);
  });

  it('for another address are refused unless it is one', async () => {
    const path = `/notices/${noticeId}/addresses`;
    const body = { recipientKey: 'x', address: 'a\r\nBcc: b@x', reason: 'r' };
    const answer = await api(edge, 'POST', path, { as: 'leo', body });
    expect(answer.status).toBe(422);
    expect(problemIn(answer).errors?.map((error) => error.pointer)).toContain('/address');
  });
});

describe('the standing clause', () => {
  it('is proposed on the page by one and signed by another, and listed with both', async () => {
    const eva = await signIn(edge, 'eva');
    const reason = 'a missing notice is worse';
    const on = '/clauses';
    const proposed = await sendForm(edge, leo, { on, action: on, fields: { reason } });
    expect(proposed.status).toBe(303);
    const { html } = await page(edge, leo, on);
    expectReadable(html);
    const action = /action="(\/clauses\/[^"]+\/signature)"/.exec(html)?.[1] ?? '';
    const own = await sendForm(edge, leo, { on, action, fields: {} });
    expect(own.status).toBe(409);
    expect((await sendForm(edge, eva, { on, action, fields: {} })).status).toBe(303);
    const listed = await api(edge, 'GET', '/resend-clauses', { as: 'aud' });
    expect(listed.json).toMatchObject({ items: [{ reason, stands: true }] });
    const revoke = action.replace('signature', 'revocation');
    const ended = await sendForm(edge, leo, { on, action: revoke, fields: { reason: 'over' } });
    expect(ended.status).toBe(303);
    expect((await page(edge, leo, on)).html).toContain('revoked');
  });
});
