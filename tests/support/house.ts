/** A small demo house for tests: people, two affiliates, three customers, one own processing with three people. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import { houseOver } from '../../src/adapters/postgres/house.ts';
import { putPerson, setDeputy } from '../../src/adapters/postgres/people.ts';
import { openingKey } from '../../src/adapters/postgres/register-opening.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import type { Request } from '../../src/commands/command.ts';
import { openCase, type OpenCase, type OpenedCase } from '../../src/commands/open-case.ts';
import type { Person, Role } from '../../src/domain/actor.ts';
import type { CatalogueKind } from '../../src/domain/catalogue.ts';
import type { House } from '../../src/domain/ports.ts';
import { importCatalogue } from '../../src/intake/import/import-catalogue.ts';
import { testDatabase, type TestDatabase } from './database.ts';

export interface TestHouse extends TestDatabase {
  readonly house: House;
  readonly people: Readonly<
    Record<'rita' | 'ruben' | 'leo' | 'lena' | 'dora' | 'eva' | 'aud' | 'adam', Person>
  >;
}

const testOpeningKey = openingKey(Buffer.alloc(32, 9).toString('base64'));

const everybody = {
  rita: [['responder'], ['*']],
  ruben: [['responder'], ['security-de']],
  leo: [['legal'], ['*']],
  lena: [['legal'], ['*']],
  dora: [['dpo'], ['*']],
  eva: [['executive'], ['*']],
  aud: [['auditor'], ['*']],
  adam: [['administrator'], ['*']],
} as const satisfies Record<string, readonly [readonly Role[], readonly string[]]>;

/** A database of its own with people and the small catalogue; call `close` in `afterAll`. Only `own` can open real cases. */
export async function testHouse(organisation: 'demo' | 'own' = 'demo'): Promise<TestHouse> {
  const database = await testDatabase();
  const people = await inTransaction(
    database.pool,
    { kind: 'machine', name: 'import' },
    async (sql) => {
      const entered: Partial<Record<keyof typeof everybody, Person>> = {};
      for (const [login, [roles, units]] of Object.entries(everybody)) {
        const issuer = 'test';
        const entry = {
          issuer,
          subject: login,
          name: login,
          email: `${login}@people.example`,
          roles,
          units,
        };
        const personId = await putPerson(sql, entry);
        entered[login as keyof typeof everybody] = {
          kind: 'person',
          personId,
          issuer,
          subject: login,
          name: login,
          roles,
          units,
        };
      }
      const [leo, lena] = [entered.leo, entered.lena];
      if (leo !== undefined && lena !== undefined)
        await setDeputy(sql, leo.personId, lena.personId);
      return entered as TestHouse['people'];
    },
  );
  const catalogue = catalogueStore(database.pool);
  const machine = { kind: 'machine', name: 'import' } as const;
  for (const [kind, rows] of Object.entries(smallCatalogue)) {
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const outcome = await importCatalogue(
      catalogue,
      machine,
      kind as CatalogueKind,
      Readable.from([Buffer.from(lines)]),
      'ndjson',
    );
    if (!outcome.ok) throw new Error(`${kind}: ${JSON.stringify(outcome.faults)}`);
  }
  await catalogue.nameOrganisation(machine, organisation, 'Test house');
  return { ...database, house: houseOver(database.pool, testOpeningKey), people };
}

/** A request of a person under a new idempotency key. */
export function by(actor: Person, key: string = randomUUID()): Request {
  return { actor, key, bodySha256: '00'.repeat(32) };
}

/** What a caller of `openCase` gives when nothing about it matters. */
function caseInput(changes: Partial<OpenCase> = {}): OpenCase {
  return {
    caseId: uuidv7(),
    title: 'Intruder on a host',
    description: '',
    mode: 'drill',
    speed: 1,
    unit: null,
    receivedAt: null,
    detectedAt: null,
    zone: 'Europe/Tallinn',
    offsetMinutes: 120,
    source: 'test',
    externalId: null,
    hits: [],
    facts: [],
    ...changes,
  };
}

/** Opens a case or throws why not. */
export async function openTestCase(
  home: TestHouse,
  changes: Partial<OpenCase> = {},
): Promise<OpenedCase> {
  const opened = await openCase(home.house, by(home.people.rita), caseInput(changes));
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  return opened.value;
}

/** Facts under which the portal contacts are at high risk: credentials taken by a malicious outsider. */
export const highRiskFacts = Object.entries({
  personalDataInvolved: true,
  breachOfSecurity: true,
  actor: 'malicious_external',
  'confidentiality.state': 'confirmed',
  exfiltration: 'confirmed',
  'integrity.state': 'none',
  'integrity.effectOnSubjects': 'none',
  'availability.state': 'none',
  'availability.backup': 'not_applicable',
  'availability.restorationHours': null,
  'availability.effectOnSubjects': 'none',
  'data.categories': ['name', 'contact', 'credentials'],
  'data.specialCategories': 'none',
  'data.criminalConvictions': false,
  'data.alreadyPublic': false,
  'protection.encryption': 'none',
  'protection.keyCompromised': 'not_applicable',
  'protection.credentialStorage': 'weak_hash',
  'subjects.identifiability': 'direct',
  'subjects.vulnerable': false,
  'subjects.safetyCritical': false,
  'recipients.class': 'malicious',
  'recipients.trustDocumented': false,
  'recipients.containment': 'impossible',
  misuseObserved: false,
  'duration.ongoing': false,
  'mitigation.highRiskNeutralised': false,
  'mitigation.individualContactDisproportionate': false,
}).map(([name, value]) => ({
  about: 'case',
  name,
  value: value as string,
  certainty: 'confirmed' as const,
  source: 'test',
  observedAt: null,
}));

const affiliate = (key: string, country: string, zone: string, main: boolean) => ({
  key,
  name: `Nordlicht ${key.toUpperCase()}`,
  country,
  zone,
  languages: ['en'],
  main_establishment: main,
  unit: `security-${key}`,
  sender_address: `privacy@${key}.nordlicht.example`,
  dpo_name: 'Dora Lind',
  dpo_email: 'dpo@nordlicht.example',
  dpo_phone: '+3725550100',
});
const customer = (key: string, hours: number | null) => ({
  key,
  name: `Customer ${key}`,
  country: 'EE',
  language: 'en',
  contact_name: `Contact ${key}`,
  contact_email: `breach@${key}.example`,
  agreement_reference: `MA-${key}`,
  ...(hours === null ? {} : { agreement_breach_hours: hours }),
});
const product = (key: string, visibility: string) => ({
  key,
  name: key,
  kind: 'service',
  visibility,
});
const engagement = (
  key: string,
  customerKey: string,
  productKey: string,
  visibility: string,
  asset: string,
) => ({
  key,
  customer_key: customerKey,
  product_key: productKey,
  affiliate_key: 'ee',
  role: 'processor',
  visibility,
  visibility_evidence: 'product sheet',
  service_reference: `SR-${key}`,
  asset_keys: [asset],
  valid_from: '2020-01-01',
});

const smallCatalogue = {
  affiliate: [
    affiliate('ee', 'EE', 'Europe/Tallinn', true),
    affiliate('de', 'DE', 'Europe/Berlin', false),
  ],
  processing: [
    {
      key: 'portal-contacts',
      affiliate_key: 'ee',
      name: 'Contacts in the customer portal',
      purpose: 'portal sign-in',
      people_categories: ['portal contacts'],
      data_categories: ['name', 'contact', 'credentials'],
      cross_border: true,
      countries: ['EE', 'FI', 'DE'],
    },
  ],
  product: [product('transit', 'V1'), product('hosting', 'V3'), product('database', 'V4')],
  asset: [
    {
      key: 'collector',
      name: 'Collector',
      kind: 'collector',
      site: 'Tallinn',
      product_keys: ['transit'],
    },
    { key: 'host', name: 'Host', kind: 'hypervisor', site: 'Tallinn', product_keys: ['hosting'] },
    {
      key: 'cluster',
      name: 'Cluster',
      kind: 'database',
      site: 'Tallinn',
      product_keys: ['database'],
    },
    {
      key: 'portal-db',
      name: 'Portal database',
      kind: 'database',
      site: 'Tallinn',
      processing_keys: ['portal-contacts'],
    },
  ],
  customer: [customer('alpha', 24), customer('beta', 48), customer('gamma', null)],
  engagement: [
    engagement('e1', 'alpha', 'transit', 'V1', 'collector'),
    engagement('e2', 'beta', 'hosting', 'V3', 'host'),
    engagement('e3', 'gamma', 'database', 'V4', 'cluster'),
    engagement('e4', 'alpha', 'hosting', 'V3', 'host'),
  ],
  subject: ['ann', 'ben', 'cid'].map((key) => ({
    key,
    processing_key: 'portal-contacts',
    asset_key: 'portal-db',
    name: key,
    email: `${key}@people.example`,
    language: 'en',
    country: 'EE',
  })),
};
