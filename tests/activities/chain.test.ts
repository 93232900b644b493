/** Chains in a case: a processor above us is told as such, our own sub-processor is named, a joint processing follows its arrangement. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import type { CatalogueKind } from '../../src/domain/catalogue.ts';
import { importCatalogue } from '../../src/intake/import/import-catalogue.ts';
import { phasesHouse, type PhasesHouse } from '../support/phases.ts';

let home: PhasesHouse;
const customer = (key: string, language: string) => ({
  key,
  name: `Customer ${key}`,
  country: 'DE',
  language,
  contact_name: `Contact ${key}`,
  contact_email: `breach@${key}.example`,
  agreement_reference: `MA-${key}`,
});
const engagement = (key: string, customerKey: string) => ({
  key,
  customer_key: customerKey,
  product_key: 'hosting',
  affiliate_key: 'ee',
  role: 'processor',
  visibility: 'V3',
  visibility_evidence: 'product sheet',
  service_reference: `SR-${key}`,
  asset_keys: ['host'],
  valid_from: '2020-01-01',
});

beforeAll(async () => {
  home = await phasesHouse();
  await importRow('asset', {
    ...{ key: 'host', name: 'Host', kind: 'hypervisor', site: 'Tallinn' },
    ...{ product_keys: ['hosting'], operated_by: 'Rack Ltd' },
  });
  await importRow('customer', customer('above-en', 'en'));
  await importRow('customer', customer('above-de', 'de'));
  const isProcessor = { customer_is_processor: true };
  await importRow('engagement', { ...engagement('e-en', 'above-en'), ...isProcessor });
  await importRow('engagement', { ...engagement('e-de', 'above-de'), ...isProcessor });
  await importRow('processing', {
    key: 'portal-contacts',
    affiliate_key: 'ee',
    name: 'Contacts in the customer portal',
    purpose: 'portal sign-in',
    people_categories: ['portal contacts'],
    data_categories: ['name', 'contact', 'credentials'],
    cross_border: true,
    countries: ['EE', 'FI', 'DE'],
    joint_with: 'Partner Ltd',
    joint_files: 'them',
    joint_tells: 'us',
  });
});
afterAll(() => home.close());

async function importRow(
  kind: CatalogueKind,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  const outcome = await take(kind, row);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.faults));
}

function take(kind: CatalogueKind, row: Readonly<Record<string, unknown>>) {
  const machine = { kind: 'machine', name: 'import' } as const;
  const file = Readable.from([Buffer.from(JSON.stringify(row))]);
  return importCatalogue(catalogueStore(home.pool), machine, kind, file, 'ndjson');
}

describe('a chain of processors', () => {
  it('ends with us at the processor above, in its language; a controller reads nothing of a chain above us', async () => {
    const caseId = await home.draftedBreach();
    const english = await home.textOf(caseId, 'initial', 'above-en');
    expect(english).toMatch(/SR-e-en: here you are processor for others and we are your sub-/);
    expect(english.replaceAll(/\s+/g, ' ')).toContain('by our own sub-processor Rack Ltd');
    const german = (await home.textOf(caseId, 'initial', 'above-de')).replaceAll(/\s+/g, ' ');
    expect(german).toContain('Hier sind Sie Auftragsverarbeiter für andere');
    expect(german).toContain('Unterauftragsverarbeiter: Rack Ltd');
    const controller = await home.textOf(caseId, 'initial', 'beta');
    expect(controller).not.toContain('you are processor for others');
    expect(controller.replaceAll(/\s+/g, ' ')).toContain('by our own sub-processor Rack Ltd');
  });
});

describe('a joint processing', () => {
  it('leaves the filing to the other controller only when a person says so; people are told by us', async () => {
    const caseId = await home.draftedBreach();
    const filing = await home.obligation(caseId, 'ee-aki');
    expect(filing).toMatchObject({ provision: 'gdpr/33/1', state: 'to-decide' });
    expect(filing.reason).toContain('Partner Ltd file');
    expect(filing.dueAt).not.toBeNull();
    expect(await home.obligation(caseId, 'portal-contacts')).toMatchObject({ state: 'owed' });
  });
});

describe('an import', () => {
  it('refuses what is said of joint controllers or chains where there are none', async () => {
    const faults = async (kind: CatalogueKind, row: Readonly<Record<string, unknown>>) => {
      const outcome = await take(kind, row);
      if (outcome.ok) throw new Error('it was taken');
      return outcome.faults.map(({ field, detail }) => `${field} ${detail}`);
    };
    const joint = { ...engagement('e-x', 'above-en'), joint_files: 'us', joint_tells: 'both' };
    expect(await faults('engagement', joint)).toEqual([
      'joint_files goes with the role joint-controller only',
      expect.stringContaining('joint_tells'),
      expect.stringContaining('joint_tells'),
    ]);
    const controller = { ...engagement('e-y', 'above-en'), role: 'controller' };
    expect(await faults('engagement', { ...controller, customer_is_processor: true })).toEqual([
      'customer_is_processor goes with the role processor only',
    ]);
  });
});
