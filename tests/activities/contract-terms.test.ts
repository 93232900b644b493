/** A customer's contract in a case: business days and triggers set the due, which is shown with how it was counted. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { completeTask } from '../../src/commands/decide-obligation.ts';
import type { CatalogueKind } from '../../src/domain/catalogue.ts';
import { importCatalogue } from '../../src/intake/import/import-catalogue.ts';
import { by } from '../support/house.ts';
import { phasesHouse, type PhasesHouse } from '../support/phases.ts';

let home: PhasesHouse;
const byTelephone = {
  agreement_breach_business_days: 2,
  agreement_breach_calendar: 'de-he',
  agreement_breach_cut_off: '17:00',
  agreement_breach_zone: 'Europe/Berlin',
  agreement_breach_trigger: 'suspicion',
  agreement_breach_channel: 'telephone',
  agreement_breach_contact: '+49 69 100',
  agreement_breach_given: 'confirmed',
};
beforeAll(async () => {
  home = await phasesHouse();
  await importRow('customer', {
    key: 'delta',
    name: 'Customer delta',
    country: 'DE',
    language: 'de',
    contact_name: 'Contact delta',
    contact_email: 'breach@delta.example',
    agreement_reference: 'MA-delta',
    ...byTelephone,
  });
  await importRow('engagement', {
    key: 'e-delta',
    customer_key: 'delta',
    product_key: 'hosting',
    affiliate_key: 'de',
    role: 'processor',
    visibility: 'V3',
    visibility_evidence: 'product sheet',
    service_reference: 'SR-delta',
    asset_keys: ['host'],
    valid_from: '2020-01-01',
  });
});
afterAll(() => home.close());

async function importRow(
  kind: CatalogueKind,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  const machine = { kind: 'machine', name: 'import' } as const;
  const file = Readable.from([Buffer.from(JSON.stringify(row))]);
  const outcome = await importCatalogue(catalogueStore(home.pool), machine, kind, file, 'ndjson');
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.faults));
}

describe('a contract that counts business days from suspicion', () => {
  // A Thursday noon: the second business day after it is a Monday, at its cut-off; 15:00 UTC in summer.
  const receivedAt = '2026-06-11T10:00:00.000Z';

  it('sets the due of the notice, with the law and our own aim beside it', async () => {
    const caseId = await home.draftedBreach({ receivedAt, zone: 'Europe/Berlin' });
    const one = await home.obligation(caseId, 'delta');
    expect(one).toMatchObject({ dueAt: '2026-06-15T15:00:00.000Z', dueBasis: 'contract' });
    expect(one.dueWorking.join('\n')).toContain('"without undue delay"');
    expect(one.dueWorking.join('\n')).toContain('policy and not law: 24 hours');
    expect(one.dueWorking.at(-1)).toBe(
      'The master agreement gives 2 business days (Hesse; to-verify), the day of the start not counted, to the cut-off at 17:00 in Europe/Berlin, from suspicion at 2026-06-11T12:00:00+02:00: 2026-06-15T17:00:00+02:00 (2026-06-15T15:00:00Z); by telephone (+49 69 100), given once the customer confirms it.',
    );
  });

  it('asks a person for the call the contract wants, rings before the due, and no more once it is said to be done', async () => {
    const caseId = await home.draftedBreach({ receivedAt, zone: 'Europe/Berlin' });
    const { obligationId, dueAt } = await home.obligation(caseId, 'delta');
    const [task, ...others] = await home.tasks(caseId, 'contract-term');
    expect(others).toEqual([]);
    expect(task?.title).toBe(
      'The contract of delta asks for a call (+49 69 100), which counts once they confirm it: by 2026-06-15T15:00Z. Say here when and how it was done.',
    );
    const call = async () =>
      inTransaction(home.pool, { kind: 'machine', name: 'engine' }, (sql) =>
        sql.rows<{ dueAt: string; silenced: boolean }>(
          `SELECT due_at AS "dueAt", silenced_at IS NOT NULL AS silenced FROM alarm WHERE subject = $1`,
          [`contract/${obligationId}`],
        ),
      );
    expect(await call()).toEqual([{ dueAt, silenced: false }]);
    const outcome = 'Called, confirmed by Contact delta at noon';
    await completeTask(home.house, by(home.people.leo), { taskId: task?.taskId ?? '', outcome });
    expect(await call()).toEqual([{ dueAt, silenced: true }]);
  });

  it('leaves contracts in hours as they were', async () => {
    const caseId = await home.draftedBreach({ receivedAt, zone: 'Europe/Berlin' });
    const one = await home.obligation(caseId, 'alpha');
    expect(one).toMatchObject({ dueAt: '2026-06-12T10:00:00.000Z', dueBasis: 'contract' });
    expect(one.dueWorking.at(-1)).toContain('gives 24 hours from awareness');
  });
});
