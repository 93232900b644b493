/** The pages of what was settled in advance and of what holds notices back: every control has a name of its own, and a refused form keeps what was typed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { page, sendForm, signIn } from './ask.ts';
import { casePendingApproval, testEdge, type Edge } from './edge.ts';
import { expectReadable } from './readable.ts';

let edge: Edge;
let leo: string;
beforeAll(async () => {
  edge = await testEdge();
  leo = await signIn(edge, 'leo');
});
afterAll(() => edge.close());

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

/** Forms of a page that stand open because they were refused. */
const openForms = (html: string) => html.match(/<details[^>]* open[\s\S]*?<\/details>/g) ?? [];

describe('the page of authorisations', () => {
  const propose = (title: string, changes: Record<string, string> = {}) =>
    sendForm(edge, leo, {
      on: '/authorisations',
      action: '/authorisations',
      fields: {
        title,
        recipientKinds: ['authority', 'controller'],
        validFrom: inHours(-1),
        validUntil: inHours(2_000),
        reason: 'On time matters more than a fresh approval.',
        maxRecipients: '1',
        withinHoursOfDue: '24',
        unapprovedMinutesBeforeDue: '60',
        ...changes,
      },
    });

  it('can be read with several of them, and says in words from when until when they hold', async () => {
    for (const title of ['Nights', 'Holidays']) expect((await propose(title)).status).toBe(303);
    for (const login of ['leo', 'eva', 'dora', 'aud'] as const) {
      const { html } = await page(edge, await signIn(edge, login), '/authorisations');
      expectReadable(html);
      expect(html).toMatch(/Valid from\s+<time/);
    }
  });

  it('opens only the form that was refused, with what was typed', async () => {
    const noTime = await propose('Weekends', { validUntil: 'next year' });
    expect(noTime.status).toBe(422);
    expectReadable(noTime.html);
    expect(noTime.html).toContain('next year');
    const noNote = await sendForm(edge, leo, {
      on: '/authorisations',
      action: '/authorisations/wording',
      fields: { note: '' },
    });
    expect(noNote.status).toBe(422);
    expect(openForms(noNote.html)).toHaveLength(1);
    expect(openForms(noNote.html)[0]).toContain('Error: must not be empty');
  });
});

describe('the page of readiness', () => {
  it('opens the line whose record was refused, with what was typed', async () => {
    const refused = await sendForm(edge, leo, {
      on: '/readiness',
      action: '/readiness/record',
      fields: { account: 'exists', eid: 'held', testedOn: 'yesterday' },
    });
    expect(refused.status).toBe(422);
    expectReadable(refused.html);
    expect(openForms(refused.html)).toHaveLength(1);
    expect(openForms(refused.html)[0]).toContain('yesterday');
    const linked = /href="#(record-[^"]*)"/.exec(refused.html)?.[1] ?? 'no link';
    expect(openForms(refused.html)[0]).toContain(`id="${linked}"`);
  });
});

describe('a case with two holds and barred mail', () => {
  it('says who is not told, and asks for a reason to lift one of them', async () => {
    const { reference } = await casePendingApproval(edge);
    const on = `/cases/${reference}`;
    for (const requestedBy of ['The police', 'The prosecutor']) {
      const held = await sendForm(edge, leo, {
        on,
        action: `${on}/holds`,
        fields: {
          recipientKinds: ['data-subject', 'controller'],
          requestedBy,
          reference: 'AZ 12',
          expiresAt: inHours(48),
          reason: 'an arrest',
        },
      });
      expect(held.status).toBe(303);
    }
    await sendForm(edge, leo, { on, action: `${on}/bars`, fields: { reason: 'they read it' } });
    const { html } = await page(edge, leo, on);
    expectReadable(html);
    expect(html).toContain('Not told yet: data subjects');
    expect(html).toContain('Mail is barred');
    const lifting = /action="([^"]*\/lifting)"/.exec(html)?.[1] ?? 'no form';
    const refused = await sendForm(edge, leo, { on, action: lifting, fields: { reason: '' } });
    expect(refused.status).toBe(422);
    expectReadable(refused.html);
    expect(openForms(refused.html).filter((form) => form.includes(lifting))).toHaveLength(1);
    expect(refused.html.match(/Error: must not be empty/g)).toHaveLength(1);
  });
});

describe('a case whose recipients were told and whose next notices wait', () => {
  it('is not yet at its close', async () => {
    const { caseId, reference } = await casePendingApproval(edge);
    await inTransaction(edge.home.pool, { kind: 'machine', name: 'engine' }, (sql) =>
      sql.run(
        `UPDATE obligation SET state = 'discharged', discharged_at = now() WHERE case_id = $1 AND state = 'owed'`,
        [caseId],
      ),
    );
    const { html } = await page(edge, leo, `/cases/${reference}`);
    expect(html).toContain('Read and approve');
    expect(html).toMatch(/now: <\/span>Approve and dispatch/);
  });
});
