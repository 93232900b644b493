/** What the article demands of a notice, as the API and its page show it before anything is sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NoticeCompleteness } from '../../src/domain/completeness.ts';
import type { NoticeSummary } from '../../src/domain/views.ts';
import { highRiskFacts } from '../support/house.ts';
import { api, page, signIn } from './ask.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';
import { expectReadable } from './readable.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await testEdge();
});
afterAll(() => edge.close());

/** The notice of a case to one kind of recipient, or to one recipient by name. */
async function noticeOf(caseId: string, to: string): Promise<string> {
  const answer = await api(edge, 'GET', `/cases/${caseId}/notices`, { as: 'leo' });
  const { items } = answer.json as { items: NoticeSummary[] };
  const found = items.find((one) => one.recipientKind === to || one.recipientName === to);
  return found?.noticeId ?? '';
}

async function demanded(noticeId: string): Promise<NoticeCompleteness> {
  const answer = await api(edge, 'GET', `/notices/${noticeId}/completeness`, { as: 'leo' });
  expect(answer.status).toBe(200);
  return answer.json as NoticeCompleteness;
}

const stateOf = ({ lines }: NoticeCompleteness, id: string) =>
  lines.find((line) => line.id === id)?.state;

describe('what an article demands of a notice', () => {
  it('is answered item by item for the authority, with the facts that would complete each', async () => {
    const { caseId } = await casePendingApproval(edge);
    const shown = await demanded(await noticeOf(caseId, 'authority'));
    expect(stateOf(shown, 'gdpr-33-3-a-nature')).toBe('known');
    expect(stateOf(shown, 'gdpr-33-3-a-record-count')).toBe('being-investigated');
    expect(stateOf(shown, 'gdpr-33-1-delay-reasons')).toBe('not-applicable');
    expect(shown.missingBeforeSending).toEqual([]);
    expect(shown.emergencyMinimum.every(({ isThere }) => isThere)).toBe(true);
  });

  it('stays under investigation while nobody knows, and may follow', async () => {
    const facts = highRiskFacts.filter(({ name }) => !name.startsWith('integrity'));
    const { caseId } = await casePendingApproval(edge, { facts });
    const shown = await demanded(await noticeOf(caseId, 'authority'));
    const nature = shown.lines.find(({ id }) => id === 'gdpr-33-3-a-nature');
    expect(nature).toMatchObject({
      state: 'being-investigated',
      missingFacts: ['integrity.state'],
    });
    expect(shown.toFollow).toContain('gdpr-33-3-a-nature');
  });

  it('names reasons for the delay as missing once it is late', async () => {
    const receivedAt = new Date(Date.now() - 80 * 3_600_000).toISOString();
    const { caseId } = await casePendingApproval(edge, { receivedAt });
    const noticeId = await noticeOf(caseId, 'authority');
    expect((await demanded(noticeId)).missingBeforeSending).toEqual(['gdpr-33-1-delay-reasons']);
    const body = { reasons: 'The report lay in a shared mailbox' };
    await api(edge, 'POST', `/cases/${caseId}/delay`, { as: 'leo', body });
    expect((await demanded(noticeId)).missingBeforeSending).toEqual([]);
  });

  it('is not visible to us where the service shows us no content', async () => {
    const { caseId } = await casePendingApproval(edge);
    const [thin, full] = [
      await demanded(await noticeOf(caseId, 'Customer alpha')),
      await demanded(await noticeOf(caseId, 'Customer gamma')),
    ];
    const hidden = ({ lines }: NoticeCompleteness) =>
      lines.filter(({ state }) => state === 'not-visible').length;
    expect(hidden(thin)).toBeGreaterThan(hidden(full));
  });

  it('stands on the page of the notice in words', async () => {
    const { caseId } = await casePendingApproval(edge);
    const noticeId = await noticeOf(caseId, 'authority');
    const { html } = await page(edge, await signIn(edge, 'leo'), `/notices/${noticeId}`);
    expectReadable(html);
    expect(html).toContain('What the law demands it says');
    expect(html).toContain('The least it must say in an emergency');
  });
});
