/** People under another law in a case: the authority there is put to a person, rings meanwhile, and is filed once decided. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import { decideObligation } from '../../src/commands/decide-obligation.ts';
import { importCatalogue } from '../../src/intake/import/import-catalogue.ts';
import { by } from '../support/house.ts';
import { phasesHouse, type PhasesHouse } from '../support/phases.ts';

let home: PhasesHouse;
beforeAll(async () => {
  home = await phasesHouse();
  const row = {
    ...{ key: 'portal-contacts', affiliate_key: 'ee', name: 'Contacts in the customer portal' },
    ...{ purpose: 'portal sign-in', people_categories: ['portal contacts'], cross_border: true },
    ...{ data_categories: ['name', 'contact', 'credentials'], countries: ['EE', 'GB', 'CH'] },
  };
  const machine = { kind: 'machine', name: 'import' } as const;
  const file = Readable.from([Buffer.from(JSON.stringify(row))]);
  const store = catalogueStore(home.pool);
  const outcome = await importCatalogue(store, machine, 'processing', file, 'ndjson');
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.faults));
});
afterAll(() => home.close());

describe('people of the UK in a case of an Estonian affiliate', () => {
  it('put the ICO to a person; its due rings while nobody has decided, and once decided it is drafted', async () => {
    const caseId = await home.draftedBreach();
    const before = await home.obligation(caseId, 'gb-ico');
    expect(before).toMatchObject({ state: 'to-decide', provision: 'uk-gdpr/33/1' });
    const alarms = async () =>
      (await home.house.as(home.people.leo, ({ views }) => views.alarms(caseId))).filter(
        ({ subject }) => subject === `obligation/${before.obligationId}`,
      );
    expect((await alarms()).map(({ step }) => step)).toContain('due');
    const decided = await decideObligation(home.house, by(home.people.leo), {
      obligationId: before.obligationId,
      owed: true,
      reason: 'We sell to customers in the UK from Tallinn',
    });
    expect(decided.ok).toBe(true);
    await home.settle(caseId);
    expect(await home.obligation(caseId, 'gb-ico')).toMatchObject({
      state: 'owed',
      dueAt: before.dueAt,
      dueBasis: 'statute',
    });
    const notices = await home.notices(caseId, 'initial');
    expect(notices.find(({ recipientKey }) => recipientKey === 'gb-ico')).toMatchObject({
      state: 'in-review',
      channel: 'portal',
    });
    expect((await alarms()).map(({ step }) => step)).toContain('due');
  });

  it('are told once, by the one notice under the GDPR', async () => {
    const caseId = await home.draftedBreach();
    const people = await home.house.as(home.people.leo, async (store) =>
      (await store.obligations.ofCase(caseId)).filter(
        ({ recipientKind }) => recipientKind === 'data-subject',
      ),
    );
    expect(people.map(({ provision, state }) => `${provision} ${state}`).sort()).toEqual([
      'ch-fadp/24/4 not-owed',
      'gdpr/34/1 owed',
      'uk-gdpr/34/1 not-owed',
    ]);
  });
});
