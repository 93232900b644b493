/** The pages about events: those that wait, and those of a closed case, dealt with by forms alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeCase } from '../../src/commands/determine-case.ts';
import { signatureCheck } from '../../src/intake/events/signature.ts';
import { by, openTestCase } from '../support/house.ts';
import { lower } from '../support/lowering.ts';
import { page, sendForm, signIn } from './ask.ts';
import { testEdge, type Edge } from './edge.ts';
import { cloudEvent, newSecret, sendEvent, signed } from './event-sender.ts';
import { expectReadable } from './readable.ts';

const secret = newSecret();
const hostile = '</pre><script>alert(1)</script>';
let edge: Edge;
let leo: string;
beforeAll(async () => {
  const eventSigner = signatureCheck([{ name: 'siem', secrets: [secret], unit: '*' }]);
  edge = await testEdge({ eventSigner });
  leo = await signIn(edge, 'leo');
});
afterAll(() => edge.close());

const send = (body: string) => sendEvent(edge, body, signed(secret, body));
const rumour = (id: string): string =>
  cloudEvent({ id, type: 'eu.tocsin.rumour.heard.v1', data: { title: hostile } });

describe('events that wait', () => {
  it('are named on the home page, listed as they came, and lead to a case', async () => {
    expect((await page(edge, leo, '/')).html).not.toContain('href="/events"');
    await send(rumour('page-open'));
    expect((await page(edge, leo, '/')).html).toContain('1 event waits');
    const { html } = await page(edge, leo, '/events');
    expectReadable(html);
    expect(html).toContain('unknown type');
    expect(html).not.toContain(hostile);
    const refused = await sendForm(edge, leo, {
      on: '/events',
      action: '/events/case',
      fields: { title: '' },
    });
    expect([refused.status, refused.html.includes('error-summary')]).toEqual([422, true]);
    const opened = await sendForm(edge, leo, {
      on: '/events',
      action: '/events/case',
      fields: { title: 'As told by siem' },
    });
    expect(opened.location).toMatch(/^\/cases\/D-\d{4}-\d{4,}\?done=opened$/);
    expect((await page(edge, leo, opened.location)).html).toContain('page-open');
  });

  it('are settled with a note, and then wait no more', async () => {
    await send(rumour('page-settle'));
    const settled = await sendForm(edge, leo, {
      on: '/events',
      action: '/events/settlement',
      fields: { note: 'a test of theirs' },
    });
    expect(settled.location).toBe('/events?done=settled');
    expect((await page(edge, leo, '/events')).html).toContain('None waits.');
  });

  it('are not shown to a person of one unit', async () => {
    await send(rumour('page-hidden'));
    const ruben = await signIn(edge, 'ruben');
    expect((await page(edge, ruben, '/events')).html).not.toContain('page-hidden');
    expect((await page(edge, ruben, '/')).html).not.toContain('href="/events"');
  });
});

describe('a closed case an event came for', () => {
  it('asks whether it is opened again, is opened by its form, and takes up the facts', async () => {
    const { caseId, reference } = await openTestCase(edge.home);
    const { house, people } = edge.home;
    const reason = 'a test mail';
    await lower(edge.home, caseId, { kind: 'not-a-breach' });
    await closeCase(house, by(people.leo), { caseId, reason });
    await send(
      cloudEvent({
        type: 'eu.tocsin.facts.reported.v1',
        data: { case: { caseId }, facts: [{ name: 'exfiltration', value: 'confirmed' }] },
      }),
    );
    const path = `/cases/${reference}`;
    const closed = (await page(edge, leo, path)).html;
    expectReadable(closed);
    expect(closed).toContain('Say whether the case is opened again');
    expect(closed).toContain('Once the case is open again');
    const reopened = await sendForm(edge, leo, {
      on: path,
      action: `${path}/reopening`,
      fields: { reason: 'new facts' },
    });
    expect(reopened.location).toBe(`${path}?done=reopening`);
    const taken = await sendForm(edge, leo, {
      on: path,
      action: `${path}/events/facts`,
      fields: {},
    });
    expect(taken.location).toBe(`${path}?done=event`);
    const { html } = await page(edge, leo, path);
    expect(html).toContain('dealt with');
    expect(html).toContain('Determine whether personal data were breached');
  });
});
