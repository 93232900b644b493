/** Scope finds exactly who is exposed, from the catalogue version the case is pinned to, however often it is run. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import {
  customersByKey,
  hitsKnown,
  readAffiliates,
  readProcessings,
  searchCatalogue,
  subjectsPage,
  type Hit,
} from '../../src/adapters/postgres/catalogue.ts';
import { scopeCase } from '../../src/adapters/postgres/scope.ts';
import type { Sql } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import type { Actor } from '../../src/domain/actor.ts';
import type { CatalogueKind } from '../../src/domain/catalogue.ts';
import { loadDemo } from '../../src/intake/demo/load.ts';
import { importCatalogue } from '../../src/intake/import/import-catalogue.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

const engine: Actor = { kind: 'machine', name: 'engine' };
const importer: Actor = { kind: 'machine', name: 'import' };
const drillHits: readonly Hit[] = [
  { kind: 'asset', key: 'hypervisor-07' },
  { kind: 'asset', key: 'flow-collector-02' },
  { kind: 'asset', key: 'database-cluster-03' },
  { kind: 'asset', key: 'portal-db-01' },
];

let database: TestDatabase;
let cases = 0;

beforeAll(async () => {
  database = await testDatabase();
  await loadDemo(catalogueStore(database.pool), 7);
});
afterAll(() => database.close());

function asEngine<T>(fn: (sql: Sql) => Promise<T>): Promise<T> {
  return inTransaction(database.pool, engine, fn);
}

async function openCase(hits: readonly Hit[]): Promise<string> {
  cases += 1;
  const reference = `D-2026-${String(cases).padStart(4, '0')}`;
  return asEngine(async (sql) => {
    const row = await sql.row<{ id: string }>(
      `INSERT INTO case_file (id, reference, title, unit, mode, organisation_kind, state, wall_start_at, case_start_at,
         speed, received_at, aware_at, aware_zone, aware_offset_minutes, aware_basis, source, opened_by)
       SELECT uuidv7(), $1, 'Test', 'security-ee', 'drill', 'demo', 'investigating', t.at, t.at, 1, t.at, t.at,
         'Europe/Tallinn', 180, 'Report', 'test', 'person/test'
       FROM (VALUES ('2026-06-15T10:00:00Z'::timestamptz)) AS t (at) RETURNING id`,
      [reference],
    );
    const id = row?.id ?? '';
    for (const { kind, key } of hits) await addHit(sql, id, { kind, key });
    return id;
  });
}

function addHit(sql: Sql, caseId: string, { kind, key }: Hit): Promise<number> {
  return sql.run(`INSERT INTO case_hit (case_id, kind, key) VALUES ($1, $2, $3)`, [
    caseId,
    kind,
    key,
  ]);
}

async function importRow(
  kind: CatalogueKind,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  async function* file(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(JSON.stringify(row)));
  }
  const outcome = await importCatalogue(
    catalogueStore(database.pool),
    importer,
    kind,
    file(),
    'ndjson',
  );
  expect(outcome).toMatchObject({ ok: true });
}

interface ExposureRow {
  readonly key: string;
  readonly grade: string;
  readonly evidence: string;
  readonly decided_by: string;
  readonly visibility: string | null;
  readonly contract_hours: number | null;
  readonly asset_keys: readonly string[];
  readonly contact: Readonly<Record<string, string | null>> | null;
}
function exposuresOf(sql: Sql, caseId: string): Promise<ExposureRow[]> {
  return sql.rows<ExposureRow>(
    `SELECT * FROM case_exposure WHERE case_id = $1 ORDER BY kind, key`,
    [caseId],
  );
}
async function everything(caseId: string): Promise<unknown> {
  return asEngine(async (sql) => ({
    file: await sql.rows(`SELECT * FROM case_file WHERE id = $1`, [caseId]),
    exposures: await exposuresOf(sql, caseId),
    tracks: await sql.rows(`SELECT * FROM track WHERE case_id = $1 ORDER BY id`, [caseId]),
    subjects: await sql.rows(`SELECT * FROM case_subject WHERE case_id = $1 ORDER BY subject_key`, [
      caseId,
    ]),
  }));
}

describe('the main drill', () => {
  let caseId: string;
  beforeAll(async () => {
    caseId = await openCase(drillHits);
  });

  it('touches 30 customers as processor and 500 people of one own processing', async () => {
    const scope = await asEngine((sql) => scopeCase(sql, caseId));
    expect(scope).toMatchObject({ engagements: 38, customers: 30, processings: 1, subjects: 500 });
    expect(scope.catalogueVersion).toBe(7);
  });

  it('opens one processor track for each contracting affiliate and one controller track', async () => {
    const tracks = await asEngine((sql) =>
      sql.rows(
        `SELECT affiliate_key, role, processing_key FROM track WHERE case_id = $1 ORDER BY 1, 2`,
        [caseId],
      ),
    );
    expect(tracks).toEqual([
      { affiliate_key: 'de', role: 'processor', processing_key: '' },
      { affiliate_key: 'ee', role: 'controller', processing_key: 'portal-contacts' },
      { affiliate_key: 'ee', role: 'processor', processing_key: '' },
    ]);
  });

  it('keeps contact, terms and the hit assets of each exposure', async () => {
    const exposures = await asEngine((sql) => exposuresOf(sql, caseId));
    const engagements = exposures.filter(({ contact }) => contact !== null);
    expect(engagements).toHaveLength(38);
    expect(new Set(engagements.map(({ visibility }) => visibility))).toEqual(
      new Set(['V1', 'V3', 'V4']),
    );
    for (const one of engagements) {
      expect(one.grade).toBe('likely');
      expect(one.evidence).toContain(one.asset_keys[0]);
      expect(one.contact?.['email']).toMatch(/@.+\.example$/);
      expect(one.contract_hours ?? 24).toBeGreaterThanOrEqual(24);
    }
  });

  it('changes nothing when it is scoped again', async () => {
    const before = await everything(caseId);
    await asEngine((sql) => scopeCase(sql, caseId));
    expect(await everything(caseId)).toEqual(before);
  });

  it('pages through its people once each, in order of their keys', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await asEngine((sql) =>
        subjectsPage(sql, caseId, 'portal-contacts', after, 120),
      );
      seen.push(...page.map(({ email }) => email));
      after = page.at(-1)?.key ?? null;
      if (page.length < 120) break;
    }
    expect(new Set(seen).size).toBe(500);
  });

  it('is not changed by a later import, unless it is asked to look at the newest catalogue', async () => {
    const [exposed] = await asEngine((sql) =>
      sql.rows<{ customer_key: string }>(
        `SELECT customer_key FROM case_exposure WHERE case_id = $1 AND customer_key IS NOT NULL ORDER BY 1`,
        [caseId],
      ),
    );
    const key = exposed?.customer_key ?? '';
    const [customer] = await asEngine((sql) => customersByKey(sql, [key], 7));
    await importRow('customer', {
      key,
      name: 'Renamed',
      country: 'EE',
      language: 'et',
      contact_name: 'New',
      contact_email: 'new@renamed.example',
      agreement_reference: 'MA-NEW',
      agreement_breach_hours: 12,
    });
    await importRow('engagement', {
      key: 'E-LATER',
      customer_key: 'C-0001',
      product_key: 'managed-hosting',
      affiliate_key: 'ee',
      role: 'processor',
      visibility: 'V3',
      visibility_evidence: 'x',
      service_reference: 'LATER',
      asset_keys: ['hypervisor-07'],
      valid_from: '2026-01-01',
    });
    const before = await everything(caseId);
    expect(await asEngine((sql) => scopeCase(sql, caseId))).toMatchObject({
      engagements: 38,
      catalogueVersion: 7,
    });
    expect(await everything(caseId)).toEqual(before);
    expect(await asEngine((sql) => customersByKey(sql, [key], 7))).toEqual([customer]);
    expect(await asEngine((sql) => customersByKey(sql, [key], 8))).toMatchObject([
      { name: 'Renamed' },
    ]);
    expect(await asEngine((sql) => scopeCase(sql, caseId, { pinNewest: true }))).toMatchObject({
      engagements: 39,
      catalogueVersion: 9,
    });
  });
});

describe('a grade', () => {
  it('given by a person stays, whatever is named later', async () => {
    const caseId = await openCase([{ kind: 'product', key: 'managed-hosting' }]);
    await asEngine((sql) => scopeCase(sql, caseId));
    const key = await asEngine(async (sql) => {
      const row = await sql.row<{ key: string }>(
        `SELECT e.key FROM engagement e JOIN case_exposure x USING (key) WHERE x.case_id = $1 AND 'hypervisor-07' = ANY (e.asset_keys)`,
        [caseId],
      );
      await sql.run(
        `UPDATE case_exposure SET grade = 'not-excluded', evidence = 'Disk image compared', decided_by = 'person/1' WHERE case_id = $1 AND key = $2`,
        [caseId, row?.key],
      );
      await addHit(sql, caseId, { kind: 'asset', key: 'hypervisor-07' });
      await scopeCase(sql, caseId);
      return row?.key;
    });
    const exposures = await asEngine((sql) => exposuresOf(sql, caseId));
    expect(exposures.find((one) => one.key === key)).toMatchObject({
      grade: 'not-excluded',
      evidence: 'Disk image compared',
      decided_by: 'person/1',
      asset_keys: ['hypervisor-07'],
    });
  });

  it('of the engine is not-excluded while only the product is named, and likely once an asset is', async () => {
    const caseId = await openCase([{ kind: 'product', key: 'managed-hosting' }]);
    await asEngine((sql) => scopeCase(sql, caseId));
    const first = await asEngine((sql) => exposuresOf(sql, caseId));
    expect(new Set(first.map(({ grade }) => grade))).toEqual(new Set(['not-excluded']));
    await asEngine((sql) => addHit(sql, caseId, { kind: 'asset', key: 'hypervisor-07' }));
    await asEngine((sql) => scopeCase(sql, caseId));
    const then = await asEngine((sql) => exposuresOf(sql, caseId));
    expect(then).toHaveLength(first.length);
    for (const { grade, asset_keys } of then) {
      expect(grade).toBe(asset_keys.length > 0 ? 'likely' : 'not-excluded');
    }
    expect(then.filter(({ grade }) => grade === 'likely').length).toBeGreaterThan(0);
  });
});

describe('what is exposed', () => {
  let at = 0;
  beforeEach(() => {
    at += 1;
  });
  const engagement = (over: Readonly<Record<string, unknown>>) => ({
    key: `E-T-${String(at)}`,
    customer_key: 'C-0100',
    product_key: 'payroll',
    affiliate_key: 'gb',
    role: 'processor',
    visibility: 'V4',
    visibility_evidence: 'x',
    service_reference: 'T',
    asset_keys: ['payroll-app-01'],
    valid_from: '2024-01-01',
    ...over,
  });
  const scopeOf = async (hit: Hit): Promise<ExposureRow | undefined> => {
    const caseId = await openCase([hit]);
    return asEngine(async (sql) => {
      await scopeCase(sql, caseId);
      return (await exposuresOf(sql, caseId)).find(({ key }) => key === `E-T-${String(at)}`);
    });
  };

  it('leaves out an engagement that ended before the breach', async () => {
    await importRow('engagement', engagement({ valid_to: '2026-06-14' }));
    expect(await scopeOf({ kind: 'asset', key: 'payroll-app-01' })).toBeUndefined();
  });

  it('keeps an engagement on its last day', async () => {
    await importRow('engagement', engagement({ valid_to: '2026-06-15' }));
    expect(await scopeOf({ kind: 'asset', key: 'payroll-app-01' })).toMatchObject({
      grade: 'likely',
    });
  });

  it('takes the earlier of the master agreement and the service term', async () => {
    await importRow('customer', {
      key: 'C-T',
      name: 'T',
      country: 'EE',
      language: 'et',
      contact_name: 'T',
      contact_email: 't@t.example',
      agreement_reference: 'MA-T',
      agreement_breach_hours: 36,
    });
    await importRow('engagement', engagement({ customer_key: 'C-T', breach_hours: 48 }));
    expect(await scopeOf({ kind: 'asset', key: 'payroll-app-01' })).toMatchObject({
      contract_hours: 36,
    });
    await importRow('engagement', engagement({ customer_key: 'C-T', breach_hours: 12.5 }));
    expect(await scopeOf({ kind: 'asset', key: 'payroll-app-01' })).toMatchObject({
      contract_hours: 12.5,
    });
  });

  it('keeps both terms whole, business days too, beside the fewest hours', async () => {
    await importRow('customer', {
      key: 'C-T',
      name: 'T',
      country: 'EE',
      language: 'et',
      contact_name: 'T',
      contact_email: 't@t.example',
      agreement_reference: 'MA-T',
      agreement_breach_business_days: 2,
      agreement_breach_calendar: 'ee',
      agreement_breach_cut_off: '17:00',
      agreement_breach_zone: 'Europe/Tallinn',
      agreement_breach_trigger: 'suspicion',
    });
    const telephone = { breach_channel: 'telephone', breach_contact: '+3726100000' };
    await importRow(
      'engagement',
      engagement({
        customer_key: 'C-T',
        breach_hours: 12.5,
        breach_given: 'confirmed',
        ...telephone,
      }),
    );
    expect(await scopeOf({ kind: 'asset', key: 'payroll-app-01' })).toMatchObject({
      contract_hours: 12.5,
      contract_terms: [
        {
          standsIn: 'agreement',
          period: {
            unit: 'business-days',
            count: 2,
            calendar: 'ee',
            cutOff: '17:00',
            zone: 'Europe/Tallinn',
          },
          trigger: 'suspicion',
          channel: 'email',
          contact: null,
          given: 'sent',
        },
        {
          standsIn: 'engagement',
          period: { unit: 'hours', count: 12.5 },
          trigger: 'awareness',
          channel: 'telephone',
          contact: '+3726100000',
          given: 'confirmed',
        },
      ],
    });
  });

  it('does not rule out an engagement without assets on record whose product runs on what was hit', async () => {
    await importRow('engagement', engagement({ asset_keys: [] }));
    expect(await scopeOf({ kind: 'asset', key: 'payroll-app-01' })).toMatchObject({
      grade: 'not-excluded',
      asset_keys: [],
    });
  });

  it('opens a controller track of its own for an engagement in which we are controller', async () => {
    await importRow('engagement', engagement({ role: 'controller' }));
    const caseId = await openCase([{ kind: 'asset', key: 'payroll-app-01' }]);
    const tracks = await asEngine(async (sql) => {
      await scopeCase(sql, caseId);
      return sql.rows(
        `SELECT processing_key FROM track WHERE case_id = $1 AND role = 'controller'`,
        [caseId],
      );
    });
    expect(tracks).toEqual([{ processing_key: 'product:payroll' }]);
  });

  it('takes all people of a processing that is named itself', async () => {
    const caseId = await openCase([{ kind: 'processing', key: 'portal-contacts' }]);
    expect(await asEngine((sql) => scopeCase(sql, caseId))).toMatchObject({
      customers: 0,
      processings: 1,
      subjects: 8_000,
    });
  });
});

describe('people of a case', () => {
  it('cannot be written for a case that is not there', async () => {
    const write = inTransaction(database.pool, { kind: 'machine', name: 'engine' }, (sql) =>
      sql.run(
        `INSERT INTO case_subject (case_id, processing_key, subject_key)
         VALUES ('01890000-0000-7000-8000-000000000000', 'portal-contacts', 'S-000001')`,
      ),
    );
    await expect(write).rejects.toMatchObject({ code: '23503' });
  });
});

describe('the catalogue', () => {
  it('names the hits it does not know', async () => {
    const unknown: Hit[] = [
      { kind: 'asset', key: 'hypervisor-99' },
      { kind: 'product', key: 'portal-contacts' },
    ];
    const known: Hit[] = [...drillHits, { kind: 'processing', key: 'portal-contacts' }];
    expect(await asEngine((sql) => hitsKnown(sql, [...known, ...unknown]))).toEqual(unknown);
  });

  it('tells affiliates and processings as the law needs them', async () => {
    const [affiliates, processings] = await asEngine(async (sql) => [
      await readAffiliates(sql, 7),
      await readProcessings(sql, 7),
    ]);
    expect(affiliates.filter(({ mainEstablishment }) => mainEstablishment)).toMatchObject([
      { key: 'ee', zone: 'Europe/Tallinn', region: null },
    ]);
    expect(affiliates.find(({ key }) => key === 'de')).toMatchObject({
      country: 'DE',
      region: 'DE-BE',
    });
    const portal = processings.find(({ key }) => key === 'portal-contacts');
    expect(portal).toMatchObject({
      affiliateKey: 'ee',
      crossBorder: true,
      dataCategories: ['name', 'contact', 'username', 'credentials'],
    });
    expect(portal?.countries.length).toBeGreaterThanOrEqual(10);
  });

  it('keeps who is the provider of a public communications service, and which customer resells it', async () => {
    const caseId = await openCase([{ kind: 'asset', key: 'call-switch-01' }]);
    const rows = await asEngine(async (sql) => {
      await scopeCase(sql, caseId);
      return sql.rows<{ provider_key: string | null; wholesale: boolean }>(
        `SELECT provider_key, wholesale FROM case_exposure WHERE case_id = $1 ORDER BY key`,
        [caseId],
      );
    });
    expect(rows.map(({ provider_key }) => provider_key)).toEqual(rows.map(() => 'de'));
    expect(rows.map(({ wholesale }) => wholesale)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('finds entries by key or name, taking the text as it is', async () => {
    expect(
      await asEngine((sql) => searchCatalogue(sql, 'asset', 'HYPERVISOR-07', 5)),
    ).toMatchObject([{ key: 'hypervisor-07' }]);
    expect(await asEngine((sql) => searchCatalogue(sql, 'product', '%', 5))).toEqual([]);
  });
});
