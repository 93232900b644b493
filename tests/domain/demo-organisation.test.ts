/** The demo organisation is whole, fictitious, and the main drill's set-up is in it whatever the seed. */
import { describe, expect, it } from 'vitest';
import {
  catalogueFields,
  catalogueKinds,
  type CatalogueKind,
  type CatalogueRow,
} from '../../src/domain/catalogue.ts';
import { scenarios } from '../../src/cli/drill/scenarios.ts';
import { drillAssets, drillProcessing } from '../../src/intake/demo/drill.ts';
import { demoOrganisation } from '../../src/intake/demo/organisation.ts';

type Rows = Readonly<Record<CatalogueKind, readonly CatalogueRow[]>>;

function rowsOf(seed: number): Rows {
  const organisation = demoOrganisation(seed);
  return Object.fromEntries(
    catalogueKinds.map((kind) => [kind, [...organisation[kind]]]),
  ) as unknown as Rows;
}

const texts = (rows: readonly CatalogueRow[], field: string): string[] =>
  rows.map((row) => String(row[field]));
const distinct = (values: readonly string[]): number => new Set(values).size;
const listOf = (row: CatalogueRow, field: string): readonly string[] => {
  const value = row[field] ?? [];
  return typeof value === 'string' ? [] : value;
};

describe.each([1, 7, 2026, 4_294_967_295])('the demo organisation of seed %i', (seed) => {
  const rows = rowsOf(seed);

  it('has the size it promises', () => {
    const sizes = Object.fromEntries(catalogueKinds.map((kind) => [kind, rows[kind].length]));
    expect(sizes).toMatchObject({
      affiliate: 4,
      product: 15,
      customer: 400,
      engagement: 906,
      subject: 20_000,
    });
    expect(distinct(texts(rows.customer, 'country'))).toBeGreaterThanOrEqual(20);
    expect(distinct(texts(rows.product, 'visibility'))).toBe(5);
    expect(rows.affiliate.filter((row) => row['main_establishment'] === 'true')).toHaveLength(1);
  });

  it('has every key once and says nothing the catalogue has no field for', () => {
    for (const kind of catalogueKinds) {
      expect(distinct(texts(rows[kind], 'key'))).toBe(rows[kind].length);
      const known = new Set(catalogueFields[kind].map(({ name }) => name));
      expect(
        rows[kind].flatMap((row) => Object.keys(row).filter((name) => !known.has(name))),
      ).toEqual([]);
    }
  });

  it('writes to reserved domains only', () => {
    const addresses = [
      ...texts(rows.subject, 'email'),
      ...texts(rows.customer, 'contact_email'),
      ...texts(rows.affiliate, 'sender_address'),
      ...texts(rows.affiliate, 'dpo_email'),
    ];
    expect(
      addresses.filter((address) => !/@([a-z0-9-]+\.)+(example|example\.net)$/.test(address)),
    ).toEqual([]);
    expect(distinct(texts(rows.subject, 'email'))).toBe(20_000);
  });

  it('has 30 customers of three visibilities on the assets of the main drill, as processor, of ee and de', () => {
    const hit: readonly string[] = Object.values(drillAssets);
    const touched = rows.engagement.filter((row) =>
      listOf(row, 'asset_keys').some((key) => hit.includes(key)),
    );
    expect(distinct(texts(touched, 'customer_key'))).toBe(30);
    expect(touched.length).toBeGreaterThan(30);
    expect(new Set(texts(touched, 'visibility'))).toEqual(new Set(['V1', 'V3', 'V4']));
    expect(new Set(texts(touched, 'role'))).toEqual(new Set(['processor']));
    expect(new Set(texts(touched, 'affiliate_key'))).toEqual(new Set(['ee', 'de']));
    expect(touched.filter((row) => row['valid_to'] !== null)).toEqual([]);
    const agreements = new Map(
      rows.customer.map((row) => [row['key'], row['agreement_breach_hours']]),
    );
    const terms = touched.flatMap((row) => [
      row['breach_hours'],
      agreements.get(row['customer_key'] ?? ''),
    ]);
    expect(
      terms.filter(
        (hours) => typeof hours === 'string' && (Number(hours) < 24 || Number(hours) > 72),
      ),
    ).toEqual([]);
  });

  it('sells one public communications service, to subscribers and a carrier, by the provider of their country', () => {
    const service = rows.product.filter((row) => row['public_communications'] === 'true');
    expect(texts(service, 'key')).toEqual(['voice-access']);
    const lines = rows.engagement.filter((row) => row['product_key'] === 'voice-access');
    expect(texts(lines, 'affiliate_key')).toEqual(lines.map(() => 'de'));
    expect(lines.filter((row) => row['wholesale'] === 'true')).toHaveLength(1);
    expect(rows.affiliate.map((row) => row['provider_in'])).toEqual(
      rows.affiliate.map((row) => [row['country']]),
    );
  });

  it('knows everything the scenarios of the drill name as hit', () => {
    const assets = new Set(texts(rows.asset, 'key'));
    const named = scenarios.flatMap(({ hits }) => hits.map(({ key }) => key));
    expect(named.filter((key) => !assets.has(key))).toEqual([]);
    const people = texts(rows.subject, 'asset_key').filter((key) => key === 'portal-db-03');
    expect(people).toHaveLength(120);
  });

  it('has 500 people of several languages on the own database of the main drill', () => {
    const people = rows.subject.filter((row) => row['asset_key'] === drillProcessing.asset);
    expect(people).toHaveLength(500);
    expect(new Set(texts(people, 'processing_key'))).toEqual(new Set([drillProcessing.key]));
    expect(distinct(texts(people, 'language'))).toBeGreaterThan(5);
    const processing = rows.processing.find((row) => row['key'] === drillProcessing.key);
    expect(processing).toMatchObject({ affiliate_key: 'ee', cross_border: 'true' });
  });
});

describe('the size of the main drill', () => {
  it.each([
    [1, 1],
    [10, 200],
    [400, 5_000],
    [1_300, 10],
  ])('can be %i customers and %i people', (customers, people) => {
    const rows = demoOrganisation(1, { customers, people });
    const reserved = new Set<string>(Object.values(drillAssets));
    const touched = [...rows.engagement].filter((row) =>
      listOf(row, 'asset_keys').some((key) => reserved.has(key)),
    );
    expect(distinct(texts(touched, 'customer_key'))).toBe(customers);
    const concerned = [...rows.subject].filter((row) => row['asset_key'] === drillProcessing.asset);
    expect(concerned).toHaveLength(people);
    expect(distinct(texts(concerned, 'email'))).toBe(people);
  });

  it('brings further customers where it is larger than the usual organisation, each of them another', () => {
    const rows = demoOrganisation(1, { customers: 1_300, people: 1 });
    const customers = [...rows.customer];
    expect(customers).toHaveLength(1_300);
    for (const of of ['key', 'name', 'contact_email'])
      expect(distinct(texts(customers, of))).toBe(1_300);
    expect(customers.slice(0, 400)).toStrictEqual([...demoOrganisation(1).customer]);
  });
});

describe('a seed', () => {
  it('gives the same organisation every time', () => {
    expect(JSON.stringify(rowsOf(5))).toBe(JSON.stringify(rowsOf(5)));
  });
  it('gives another organisation than another seed', () => {
    expect(JSON.stringify(rowsOf(5).customer)).not.toBe(JSON.stringify(rowsOf(6).customer));
  });
});
