/** A fabricated catalogue for the benchmark: hosts with as many engagements as asked, one for each customer. */
import { Readable } from 'node:stream';
import type { CatalogueKind, CatalogueStore } from '../../src/domain/catalogue.ts';
import { importCatalogue } from '../../src/intake/import/import-catalogue.ts';

const machine = { kind: 'machine', name: 'import' } as const;
/** Terms of the contracts in turn; zero for one without a term. */
const termHours = [24, 0, 48, 72];

/** The host on which so many engagements run. */
export function hostOf(engagements: number): string {
  return `host-${String(engagements)}`;
}

/** Imports the organisation the way a person would: a file for each kind, checked and entered. */
export async function importOrganisation(
  catalogue: CatalogueStore,
  sizes: readonly number[],
): Promise<void> {
  const most = Math.max(...sizes);
  await importRows(catalogue, 'affiliate', [affiliate]);
  await importRows(catalogue, 'processing', [processing]);
  await importRows(catalogue, 'product', [product]);
  await importRows(catalogue, 'asset', sizes.map(host));
  await importRows(catalogue, 'customer', numbersTo(most).map(customer));
  for (const size of sizes) {
    await importRows(
      catalogue,
      'engagement',
      numbersTo(size).map((number) => engagement(size, number)),
    );
  }
  await catalogue.nameOrganisation(machine, 'demo', 'Bench house');
}

async function importRows(
  catalogue: CatalogueStore,
  kind: CatalogueKind,
  rows: readonly object[],
): Promise<void> {
  const file = Readable.from(rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`)));
  const outcome = await importCatalogue(catalogue, machine, kind, file, 'ndjson');
  if (!outcome.ok) throw new Error(`${kind}: ${JSON.stringify(outcome.faults.slice(0, 3))}`);
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

const affiliate = {
  key: 'be',
  name: 'Nordlicht Belgium',
  country: 'BE',
  zone: 'Europe/Brussels',
  languages: ['nl'],
  main_establishment: true,
  unit: 'security-be',
  sender_address: 'privacy@be.nordlicht.example',
  dpo_name: 'Dora Lind',
  dpo_email: 'dpo@nordlicht.example',
  dpo_phone: '+3225550100',
};

const processing = {
  key: 'portal-contacts',
  affiliate_key: 'be',
  name: 'Contacts in the customer portal',
  purpose: 'portal sign-in',
  people_categories: ['portal contacts'],
  data_categories: ['name', 'contact', 'credentials'],
  cross_border: true,
  countries: ['BE', 'FR'],
};

const product = { key: 'vault', name: 'Backup vault', kind: 'storage', visibility: 'V3' };

function host(engagements: number): object {
  const key = hostOf(engagements);
  return {
    ...{ key, name: key, kind: 'hypervisor', site: 'Brussels' },
    ...{ product_keys: [product.key], processing_keys: [processing.key] },
  };
}

function customer(number: number): object {
  return {
    key: `customer-${String(number)}`,
    name: `Bench Customer ${String(number)}`,
    country: 'BE',
    language: 'nl',
    contact_name: `Contact ${String(number)}`,
    contact_email: `breach@customer-${String(number)}.example`,
    agreement_reference: `MSA-${String(number)}`,
  };
}

function engagement(size: number, number: number): object {
  const hours = termHours[number % termHours.length] ?? 0;
  return {
    key: `engagement-${String(size)}-${String(number)}`,
    customer_key: `customer-${String(number)}`,
    product_key: product.key,
    affiliate_key: affiliate.key,
    role: 'processor',
    visibility: product.visibility,
    visibility_evidence: 'product sheet',
    service_reference: `SR-${String(size)}-${String(number)}`,
    asset_keys: [hostOf(size)],
    valid_from: '2020-01-01',
    ...(hours === 0 ? {} : { breach_hours: hours }),
  };
}
