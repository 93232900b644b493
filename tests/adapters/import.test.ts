/** A catalogue file is taken whole or not at all, and what is wrong with it is named by line and field. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import type { Sql } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import type { Actor } from '../../src/domain/actor.ts';
import {
  catalogueFields,
  catalogueKinds,
  type CatalogueKind,
  type ImportOutcome,
} from '../../src/domain/catalogue.ts';
import { loadDemo } from '../../src/intake/demo/load.ts';
import { importCatalogue, type ImportFormat } from '../../src/intake/import/import-catalogue.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

const administrator: Actor = {
  kind: 'person',
  personId: 'a',
  issuer: 'i',
  subject: 's',
  name: 'Adam',
  roles: ['administrator'],
  units: [],
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await loadDemo(catalogueStore(database.pool), 7);
});
afterAll(() => database.close());

function read<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const machine: Actor = { kind: 'machine', name: 'import' };
  return inTransaction(database.pool, machine, (sql: Sql) => sql.rows<Row>(text, values));
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

interface Options {
  readonly actor?: Actor;
  readonly replace?: boolean;
  /** How many bytes come at once. */
  readonly size?: number;
}
function take(
  kind: CatalogueKind,
  file: string | Uint8Array,
  format: ImportFormat,
  { actor = administrator, replace = false, size = 7 }: Options = {},
): Promise<ImportOutcome> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  return importCatalogue(
    catalogueStore(database.pool),
    actor,
    kind,
    inPieces(bytes, size),
    format,
    { replace },
  );
}

const header = (kind: CatalogueKind, delimiter = ','): string =>
  catalogueFields[kind].map(({ name }) => name).join(delimiter);
const product = (key: string, name = 'P'): string =>
  `${key},${name},network,V1,,${key === 'voice-access' ? 'true' : ''}`;
const products = (...lines: readonly string[]): string =>
  [header('product'), ...lines, ''].join('\r\n');

/** Everything an import may touch. */
async function state(): Promise<unknown> {
  const tables = await Promise.all(
    catalogueKinds.map((kind) =>
      read(`SELECT count(*), max(since) AS since, max(until) AS until FROM ${kind}`),
    ),
  );
  const versions = await read(`SELECT max(version) AS version FROM catalogue_version`);
  const entries = await read(`SELECT count(*) FROM register_entry`);
  return { tables, versions, entries };
}

function faultsOf(outcome: ImportOutcome): readonly string[] {
  if (outcome.ok) throw new Error('the file was taken');
  return outcome.faults.map(({ line, field, detail }) => `${String(line)} ${field}: ${detail}`);
}

/** The file is refused with these faults and nothing is changed or left behind. */
async function expectFaults(
  outcome: () => Promise<ImportOutcome>,
  ...expected: readonly (string | RegExp)[]
): Promise<void> {
  const before = await state();
  const faults = faultsOf(await outcome());
  expect(faults).toEqual(expected.map((fault) => expect.stringMatching(fault) as unknown));
  expect(await state()).toEqual(before);
  expect(await read(`SELECT FROM catalogue_staging`)).toEqual([]);
}

describe('a good file', () => {
  it('enters as one version with its digest and register entry', async () => {
    const outcome = await take('product', products(product('p-1'), product('p-2')), 'csv');
    expect(outcome).toMatchObject({
      ok: true,
      value: { rows: 2, added: 2, changed: 0, removed: 0 },
    });
    const version = outcome.ok ? outcome.value.version : 0;
    const [row] = await read(
      `SELECT kind, by, rows, encode(digest, 'hex') AS digest FROM catalogue_version WHERE version = $1`,
      [version],
    );
    expect(row).toMatchObject({ kind: 'product', by: 'person/a', rows: 2 });
    const [entry] = await read<{ leaf: Buffer }>(
      `SELECT leaf FROM register_entry WHERE stream = 'house' ORDER BY stream_seq DESC LIMIT 1`,
    );
    expect(JSON.parse(entry?.leaf.toString() ?? '')).toMatchObject({
      type: 'catalogue.imported',
      actor: 'person/a',
      data: { kind: 'product', version, rows: 2, added: 2 },
    });
  });

  it('keeps the version of rows that are as before and closes those that are not', async () => {
    await take('product', products(product('q-1'), product('q-2')), 'csv');
    const outcome = await take('product', products(product('q-1'), product('q-2', 'Other')), 'csv');
    expect(outcome).toMatchObject({ ok: true, value: { added: 0, changed: 1 } });
    const version = outcome.ok ? outcome.value.version : 0;
    expect(
      await read(`SELECT key, name, until FROM product WHERE key LIKE 'q-%' ORDER BY key, since`),
    ).toEqual([
      { key: 'q-1', name: 'P', until: null },
      { key: 'q-2', name: 'P', until: version },
      { key: 'q-2', name: 'Other', until: null },
    ]);
  });

  it('taken again has no further effect', async () => {
    const file = products(product('r-1'));
    await take('product', file, 'csv');
    const before = await state();
    expect(await take('product', file, 'csv')).toMatchObject({
      ok: true,
      value: { added: 0, changed: 0 },
    });
    expect(await state()).toEqual(before);
  });

  it('closes what it leaves out only when it is to replace', async () => {
    await take('product', products(product('s-1'), product('s-2')), 'csv');
    const all = await read<{ key: string }>(
      `SELECT key FROM product WHERE until IS NULL AND key <> 's-2'`,
    );
    expect(await take('product', products(product('s-1')), 'csv')).toMatchObject({
      value: { removed: 0 },
    });
    const whole = all.map(({ key }) => product(key));
    expect(await take('product', products(...whole), 'csv', { replace: true })).toMatchObject({
      value: { removed: 1 },
    });
    expect(await read(`SELECT FROM product WHERE until IS NULL AND key = 's-2'`)).toEqual([]);
  });

  it('may be CSV with a byte order mark, semicolons, quotes, other line ends and another order of columns', async () => {
    const file = `\ufeffvisibility;key;public_communications;name;description;kind\n\nV3;t-1;;"A ""b""; c";"two\nlines";network`;
    expect(await take('product', file, 'csv', { size: 1 })).toMatchObject({ ok: true });
    expect(
      await read(`SELECT name, description, visibility FROM product WHERE key = 't-1'`),
    ).toEqual([{ name: 'A "b"; c', description: 'two\nlines', visibility: 'V3' }]);
  });

  it('may be NDJSON, with lists, numbers and truth values as they are', async () => {
    const row = {
      key: 'e-nd',
      customer_key: 'C-0001',
      product_key: 'dns',
      affiliate_key: 'ee',
      role: 'joint-controller',
      visibility: 'V1',
      visibility_evidence: 'x',
      service_reference: 'X',
      asset_keys: ['resolver-01', 'resolver-02'],
      breach_hours: 36.5,
      valid_from: '2024-02-29',
    };
    expect(await take('engagement', `\n${JSON.stringify(row)}\n`, 'ndjson')).toMatchObject({
      ok: true,
    });
    expect(
      await read(`SELECT asset_keys, breach_hours, valid_to FROM engagement WHERE key = 'e-nd'`),
    ).toEqual([{ asset_keys: ['resolver-01', 'resolver-02'], breach_hours: 36.5, valid_to: null }]);
  });

  it('has formulas, markup and backslashes taken as the text they are', async () => {
    const name = String.raw`=HYPERLINK("x")\t\N<b>{{x}}`;
    await take(
      'product',
      JSON.stringify({ key: 'u-1', name, kind: 'k', visibility: 'V0' }),
      'ndjson',
    );
    expect(await read(`SELECT name FROM product WHERE key = 'u-1'`)).toEqual([{ name }]);
  });
});

describe('what is wrong in CSV', () => {
  const csv = (file: string | Uint8Array) => () => take('product', file, 'csv');

  it('is not a file written before contracts could say more than hours', async () => {
    const old =
      'key,name,country,language,contact_name,contact_email,contact_phone,contact_confirmed_by,agreement_reference,agreement_breach_hours';
    const file = `${old}\nC-OLD,Old,EE,et,Mari,m@old.example,,,MA-OLD,24\n`;
    expect(await take('customer', file, 'csv')).toMatchObject({ ok: true });
  });

  it('is a column unknown, missing or there twice', () =>
    expectFaults(
      csv('key,name,name,kind,colour\nx,x,x,x,x\n'),
      /^1 name: is a column twice/,
      /^1 colour: is not a column of product/,
      /^1 visibility: is a missing/,
      /^1 description: is a missing/,
      /^1 public_communications: is a missing/,
    ));

  it('is a row with too few or too many cells', () =>
    expectFaults(
      csv(products('a,b', product('v-1'), 'a,b,c,V1,e,f,g')),
      '2 : has 2 cells',
      '4 : has 7 cells',
    ));

  it('is text that is not UTF-8, at its line', () =>
    expectFaults(
      csv(Buffer.concat([Buffer.from(products(product('v-1'))), Buffer.from([0x4d, 0xfc, 0x6c])])),
      '3 : is not UTF-8',
    ));

  it('is UTF-16', () =>
    expectFaults(
      csv(Buffer.from(`\ufeff${products(product('v-1'))}`, 'utf16le')),
      '1 : is not UTF-8',
    ));

  it('is a character cut off at the end', () =>
    expectFaults(
      csv(Buffer.concat([Buffer.from(products()), Buffer.from([0xc3])])),
      '2 : is not UTF-8',
    ));

  it('is a quote never closed', () =>
    expectFaults(csv(products('v-1,"P,network,V1,')), /never closed/));

  it('is a quote in the middle of a cell', () =>
    expectFaults(csv(products(product('v-1'), 'v-2,P "x",network,V1,,')), /^3 : has a quote/));

  it('is lines that end in CR alone', () =>
    expectFaults(
      csv(products(product('v-1')).replaceAll('\r\n', '\r')),
      /^1 : has lines that end in CR/,
    ));

  it('is no row at all', () => expectFaults(csv(products()), /^0 : The file holds no rows/));
  it('is nothing at all', () => expectFaults(csv(''), /^0 : The file holds no rows/));

  it('is NUL, or a text too long, beside the faults of other rows', () =>
    expectFaults(
      csv(
        products(
          product('v-1', 'a\0b'),
          product('v-2', 'x'.repeat(5000)),
          product('v-3'),
          'v-4,P,network,V9,,',
        ),
      ),
      '2 name: holds a NUL',
      '3 name: is longer than 4000',
      '5 visibility: must be one of',
    ));

  it('is a line of a megabyte', () =>
    expectFaults(
      csv(products(product('v-1', 'x'.repeat(1_000_000)))),
      /^\d+ : belongs to a row that is too long/,
    ));

  it('counts lines as an editor does, rows of several lines included', () =>
    expectFaults(
      csv(
        products(
          'v-1,P,network,V1,"a\nb\nc",',
          'v-2,P,network,V7,"a\nb",',
          '',
          'v-3,P,network,V8,,',
        ),
      ),
      /^5 visibility/,
      /^8 visibility/,
    ));
});

describe('what is wrong in NDJSON', () => {
  const ndjson =
    (kind: CatalogueKind, ...lines: readonly string[]) =>
    () =>
      take(kind, lines.join('\n'), 'ndjson');

  it('is a line that is no object, or has a field of another kind', () =>
    expectFaults(
      ndjson(
        'product',
        '{"key":',
        '[]',
        'null',
        '{"key":"w-1","name":"P","kind":"k","visibility":"V1","colour":1,"__proto__":{}}',
      ),
      '1 : is not a JSON object',
      '2 : is not',
      '3 : is not',
      /^4 colour: is not a field/,
      /^4 __proto__: is not a field/,
    ));

  it('is a value of another shape, or half a character', () =>
    expectFaults(
      ndjson('product', '{"key":["a"],"name":{},"kind":"\\ud800","visibility":"V1"}'),
      '1 key: must be one value',
      '1 name: must be a text',
      '1 kind: holds half',
    ));

  it('is a list of something else than texts', () =>
    expectFaults(
      ndjson('asset', '{"key":"w","name":"w","kind":"k","site":"s","product_keys":["dns",null]}'),
      '1 product_keys: must have no empty item',
    ));
});

describe('what is wrong with values', () => {
  const customer = (over: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({
      key: 'C-X',
      name: 'X',
      country: 'EE',
      language: 'et',
      contact_name: 'X',
      contact_email: 'x@x.example',
      agreement_reference: 'MA',
      ...over,
    });
  const customers =
    (...rows: readonly Readonly<Record<string, unknown>>[]) =>
    () =>
      take('customer', rows.map(customer).join('\n'), 'ndjson');

  it.each([
    'a@x.example,b@x.example',
    'Ann <a@x.example>',
    'a@x.example\r\nBcc: b@x.example',
    'a@x',
    'a b@x.example',
    '@x.example',
    'a..b@x.example',
    '.a@x.example',
    '"a b"@x.example',
    'a@-x.example',
    'a@x.example;b@x.example',
    'ä@x.example',
    'a@b@x.example',
    `${'a'.repeat(65)}@x.example`,
  ])('is an address that is not one plain e-mail address: %j', (contact_email) =>
    expectFaults(
      customers({ contact_email }),
      /^1 contact_email: must be exactly one plain e-mail address/,
    ),
  );

  it.each(["o'hara+breach@x.example", 'a.b-c_d@sub.x.example', 'A@X.EXAMPLE'])(
    'is not a plain address such as %s',
    async (contact_email) => {
      expect(await customers({ contact_email })()).toMatchObject({ ok: true });
    },
  );

  it('is a code, number or text that does not exist', () =>
    expectFaults(
      customers(
        { country: 'UK' },
        { key: 'C-Y', language: 'English' },
        { key: 'C-Z', agreement_breach_hours: 0 },
        { key: 'a b' },
        { key: 'C-V', name: 'a\u202eb' },
        { key: 'C-W', agreement_breach_hours: '1e3', contact_name: '  ' },
      ),
      '1 country: must be a country code',
      '2 language: must be',
      '3 agreement_breach_hours: must be',
      '4 key: must be a key',
      '5 name: must be one line',
      '6 agreement_breach_hours: must be',
      '6 contact_name: is required',
    ));

  it('is a contract term that cannot be counted: which field, and why', () =>
    expectFaults(
      customers(
        { agreement_breach_hours: 24, agreement_breach_business_days: 2 },
        { key: 'C-Y', agreement_breach_business_days: 2, agreement_breach_zone: 'Europe/Berlin' },
        { key: 'C-Z', agreement_breach_hours: 24, agreement_breach_cut_off: '17:00' },
        { key: 'C-V', agreement_breach_trigger: 'confirmation' },
        { key: 'C-W', agreement_breach_hours: 24, agreement_breach_channel: 'portal' },
        { key: 'C-U', agreement_breach_hours: 24, agreement_breach_contact: '+49 69 1' },
        { key: 'C-S', agreement_breach_business_days: 0, agreement_breach_cut_off: '24:00' },
        { key: 'C-R', agreement_breach_calendar: 'bavaria', agreement_breach_given: 'read' },
      ),
      '1 agreement_breach_business_days: stands beside hours',
      '1 agreement_breach_calendar: is required with business days',
      '1 agreement_breach_zone: is required with business days',
      '2 agreement_breach_calendar: is required with business days',
      '3 agreement_breach_cut_off: goes with business days only',
      '4 agreement_breach_trigger: needs hours or business days',
      '5 agreement_breach_contact: is required: which portal',
      '6 agreement_breach_contact: goes with a portal or the telephone',
      '7 agreement_breach_business_days: must be a number of business days',
      '7 agreement_breach_calendar: is required with business days',
      '7 agreement_breach_cut_off: must be a time of day',
      '7 agreement_breach_zone: is required with business days',
      '8 agreement_breach_calendar: must be one of none, de',
      '8 agreement_breach_calendar: goes with business days only',
      '8 agreement_breach_given: must be one of sent',
    ));

  it('is a day that does not exist, an end before the beginning, and every reference to nothing', () => {
    const engagement = JSON.stringify({
      key: 'E-X',
      customer_key: 'C-none',
      product_key: 'none',
      affiliate_key: 'fr',
      role: 'owner',
      visibility: 'V1',
      visibility_evidence: 'x',
      service_reference: 'x',
      asset_keys: ['resolver-01', 'none-01', 'none-02'],
      valid_from: '2026-02-30',
      valid_to: '2026-01-01',
    });
    return expectFaults(
      () => take('engagement', engagement, 'ndjson'),
      /^1 affiliate_key: names the affiliate "fr"/,
      /^1 asset_keys: names the asset "none-0[12]"/,
      /^1 asset_keys: names the asset "none-0[12]"/,
      /^1 customer_key: names the customer/,
      /^1 product_key/,
      /^1 role: must be one of/,
      /^1 valid_from: must be a day/,
      /^1 valid_to: must not be before/,
    );
  });

  it('is a key the file has twice', () =>
    expectFaults(customers({}, { key: 'C-Y' }, {}), '3 key: repeats the key of line 1'));

  it('is a zone, region or data category nobody knows', () => {
    const affiliate = JSON.stringify({
      key: 'fr',
      name: 'F',
      country: 'FR',
      region: 'DE-BE',
      zone: 'Europe/Atlantis',
      languages: ['fr'],
      main_establishment: 'yes',
      unit: 'u',
      sender_address: 'a@x.example',
      dpo_name: 'd',
      dpo_email: 'd@x.example',
      dpo_phone: 'call me',
    });
    return expectFaults(
      () => take('affiliate', affiliate, 'ndjson'),
      '1 dpo_phone: must be',
      '1 main_establishment: must be one of',
      '1 region: must lie',
      '1 zone: must be an IANA',
    );
  });

  it('is a second national provider in one country, within the file or beside the catalogue', async () => {
    const affiliate = (key: string, ...countries: readonly string[]): string =>
      JSON.stringify({
        ...{ key, name: key, country: 'FR', zone: 'Europe/Paris', languages: ['fr'], unit: 'u' },
        ...{ main_establishment: 'false', sender_address: `a@${key}.example`, dpo_name: 'd' },
        ...{ dpo_email: 'd@x.example', dpo_phone: '+33 1 23 45 67 89', provider_in: countries },
      });
    await expectFaults(
      () =>
        take(
          'affiliate',
          [affiliate('fa', 'FR', 'DE'), affiliate('fb', 'FR')].join('\n'),
          'ndjson',
        ),
      /^1 provider_in: says DE, where "de" is the provider$/,
      /^2 provider_in: says FR, where "fa" is the provider$/,
    );
  });

  it('is wholesale supply of what is no public communications service, or a service with wholesale that is none any more', async () => {
    const engagement = JSON.stringify({
      ...{ key: 'E-W', customer_key: 'C-0001', product_key: 'colocation', affiliate_key: 'ee' },
      ...{ role: 'controller', visibility: 'V0', visibility_evidence: 'x', service_reference: 'x' },
      ...{ asset_keys: [], valid_from: '2026-01-01', wholesale: true },
    });
    await expectFaults(
      () => take('engagement', engagement, 'ndjson'),
      '1 wholesale: can only be true of a public communications service',
    );
    await expectFaults(
      () => take('product', products('voice-access,Voice,communication,V1,,'), 'csv'),
      /^2 public_communications: must stay true: the engagement "E-\d+" says/,
    );
  });

  it('is a category of data the breach facts have no word for', () =>
    expectFaults(
      () =>
        take(
          'processing',
          `${header('processing')}\np,ee,P,x,staff,name|shoe_size,false,EE,,,\n`,
          'csv',
        ),
      '2 data_categories: each must be one of',
    ));

  it('is a row left out by a replacement although others name it', async () => {
    const before = await state();
    const outcome = await take('customer', customer({ key: 'C-0001' }), 'ndjson', {
      replace: true,
    });
    expect(outcome).toMatchObject({ ok: false });
    expect(faultsOf(outcome)[0]).toMatch(
      /^0 key: the file leaves out "C-\d+", which engagement "E-\d+" still names/,
    );
    expect(await state()).toEqual(before);
  });

  it('is named for the first hundred places and counted for all', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) =>
      customer({ key: `C-N${String(index)}`, country: 'XX' }),
    );
    const outcome = await take('customer', lines.join('\n'), 'ndjson', { size: 65_536 });
    expect(outcome).toMatchObject({ ok: false, total: 5_000, problem: { type: 'invalid' } });
    expect(faultsOf(outcome)).toHaveLength(100);
    const errors = outcome.ok ? [] : outcome.problem.errors;
    expect(errors?.[1]).toEqual({
      pointer: '/line/2/country',
      detail: expect.any(String) as unknown,
    });
  });
});

// Without it, what is measured is also what nobody has collected yet.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('an import', () => {
  it('needs the right', async () => {
    const before = await state();
    const actor: Actor = {
      ...administrator,
      roles: ['responder', 'legal', 'dpo', 'executive', 'auditor'],
    };
    expect(await take('product', products(product('x-1')), 'csv', { actor })).toMatchObject({
      ok: false,
      problem: { type: 'forbidden' },
    });
    expect(await state()).toEqual(before);
  });

  it('whose stream breaks off changes nothing and leaves nothing behind', async () => {
    const before = await state();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from(products(product('y-1'))));
      throw new Error('connection reset');
    }
    const importing = importCatalogue(
      catalogueStore(database.pool),
      administrator,
      'product',
      broken(),
      'csv',
    );
    await expect(importing).rejects.toThrow('connection reset');
    expect(await state()).toEqual(before);
    expect(await read(`SELECT FROM catalogue_staging`)).toEqual([]);
  });

  it('runs beside another one: both enter, one after the other', async () => {
    const outcomes = await Promise.all(
      [1, 2, 3].map((number) =>
        take(
          'product',
          products(product('z-0', `N${String(number)}`), product(`z-${String(number)}`)),
          'csv',
        ),
      ),
    );
    const versions = outcomes.map((outcome) => (outcome.ok ? outcome.value.version : 0));
    expect(new Set(versions).size).toBe(3);
    expect(
      await read(`SELECT key FROM product WHERE key LIKE 'z-%' AND until IS NULL ORDER BY key`),
    ).toHaveLength(4);
  });

  it('of 200,000 lines streams through with flat memory', async () => {
    const lines = 200_000;
    let peakBytes = 0;
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${header('subject')}\n`);
      for (let from = 0; from < lines; from += 1_000) {
        const rows = Array.from({ length: 1_000 }, (_, index) => {
          const number = String(from + index);
          return `B-${number},portal-contacts,portal-db-02,Ann Näide ${number},a.${number}@mail.example.net,et,EE\n`;
        });
        yield await Promise.resolve(Buffer.from(rows.join('')));
        if (from % 20_000 === 0) {
          collectGarbage();
          const { heapUsed, external } = process.memoryUsage();
          peakBytes = Math.max(peakBytes, heapUsed + external);
        }
      }
    }
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    const outcome = await importCatalogue(
      catalogueStore(database.pool),
      administrator,
      'subject',
      file(),
      'csv',
    );
    expect(outcome).toMatchObject({ ok: true, value: { rows: lines, added: lines } });
    // The file is 17 MB and its rows as objects several times that.
    expect(peakBytes - heapUsed - external).toBeLessThan(20 * 2 ** 20);
  });
});

describe('the demo organisation', () => {
  it('loaded again changes nothing', async () => {
    const other = await testDatabase();
    try {
      await loadDemo(catalogueStore(other.pool), 3);
      const count = () =>
        other.pool.query(
          `SELECT (SELECT max(version) FROM tocsin.catalogue_version) AS v, (SELECT count(*) FROM tocsin.register_entry) AS n`,
        );
      const before = (await count()).rows;
      await loadDemo(catalogueStore(other.pool), 3);
      expect((await count()).rows).toEqual(before);
    } finally {
      await other.close();
    }
  });

  it('is not loaded into the house of a real organisation', async () => {
    const other = await testDatabase();
    try {
      const store = catalogueStore(other.pool);
      await store.nameOrganisation({ kind: 'machine', name: 'import' }, 'own', 'Real');
      await expect(loadDemo(catalogueStore(other.pool), 3)).rejects.toThrow('real organisation');
      expect((await other.pool.query(`SELECT FROM tocsin.affiliate`)).rowCount).toBe(0);
    } finally {
      await other.close();
    }
  });
});

describe('the auditor', () => {
  it('reads the catalogue but not the people in it', async () => {
    const client = new pg.Client({ connectionString: database.auditorUrl });
    await client.connect();
    try {
      expect((await client.query(`SELECT FROM tocsin.customer`)).rowCount).toBeGreaterThan(0);
      await expect(client.query(`SELECT FROM tocsin.subject`)).rejects.toThrow('permission denied');
      await expect(client.query(`SELECT FROM tocsin.catalogue_staging`)).rejects.toThrow(
        'permission denied',
      );
    } finally {
      await client.end();
    }
  });
});
