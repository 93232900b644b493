/** Rules as pages, and what stands beside the obligations of a case: page and API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allProvisions } from '../../src/law/provisions.ts';
import { api, page, signIn } from './ask.ts';
import { testEdge, type Edge } from './edge.ts';

let edge: Edge;
let cookie: string;
beforeAll(async () => {
  edge = await testEdge();
  cookie = await signIn(edge, 'leo');
});
afterAll(() => edge.close());

describe('a rule', () => {
  it('has a page with its dated texts, source and verification, linked from the list', async () => {
    const { html: list } = await page(edge, cookie, '/rules');
    for (const { id } of allProvisions) expect(list).toContain(`href="/rules/${id}"`);
    const { status, html } = await page(edge, cookie, '/rules/uk-pecr/5a/2');
    expect(status).toBe(200);
    expect(html).toContain('2013-08-25 to 2025-08-19');
    expect(html).toContain('2025-08-20 to now');
    expect(html).toMatch(
      /rule (read in the official text|taken from a secondary|not yet verified)/,
    );
  });
  it('that nobody knows is not found', async () => {
    expect((await page(edge, cookie, '/rules/gdpr/99/9')).status).toBe(404);
  });
});

describe('beside the obligations of a case', () => {
  it('stand the clocks of NIS2, that they are not filed here, and what was not assessed', async () => {
    const opened = await api(edge, 'POST', '/incidents', {
      as: 'rita',
      body: { title: 'A case with clocks beside', mode: 'drill', source: 'test' },
    });
    const { caseId, reference } = opened.json as { caseId: string; reference: string };
    const { html } = await page(edge, cookie, `/cases/${reference}`);
    const said = html.replaceAll(/\s+/g, ' ');
    expect(said).toContain('href="/rules/nis2/23/4/a"');
    expect(said).toContain('Tocsin does not file this');
    expect(said).toMatch(/Not assessed here: DORA/);
    const answer = await api(edge, 'GET', `/cases/${caseId}/beside`, { as: 'leo' });
    expect(answer.json).toMatchObject({
      clocks: [{ provision: 'nis2/23/4/a' }, { provision: 'nis2/23/4/b' }, { dueAt: null }],
      assessed: ['GDPR'],
    });
  });
});
