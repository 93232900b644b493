/** Assessments of a case on real PostgreSQL: groups of people, demands of authorities, policy, and facts that come to be known. */
import { Readable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { draftStep, scopeStep } from '../../src/commands/advance-case.ts';
import { composeNotice } from '../../src/commands/compose-notice.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { freezeNotice } from '../../src/commands/freeze-notice.ts';
import { recordFacts, type FactInput } from '../../src/commands/record-facts.ts';
import { recordGroup } from '../../src/commands/record-group.ts';
import type { AssessmentView } from '../../src/domain/assessment-ports.ts';
import type { CatalogueKind } from '../../src/domain/catalogue.ts';
import { fromMs } from '../../src/domain/instant.ts';
import { importCatalogue } from '../../src/intake/import/import-catalogue.ts';
import type { Obligation } from '../../src/domain/obligation.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';

let home: TestHouse;
beforeAll(async () => {
  home = await testHouse();
});
afterAll(() => home.close());

const engine = { kind: 'machine', name: 'engine' } as const;
const fact = (name: string, value: FactInput['value'], about = 'case'): FactInput => ({
  ...{ about, name, value, certainty: 'confirmed', source: 'query log', observedAt: null },
});
/** Nothing of it makes a high risk: names only, read by somebody trusted. */
const mild: readonly FactInput[] = [
  ...highRiskFacts.filter(
    ({ name }) =>
      ![
        ...['data.categories', 'protection.credentialStorage', 'recipients.class', 'actor'],
        ...['recipients.containment', 'exfiltration', 'confidentiality.state'],
      ].includes(name),
  ),
  fact('actor', 'accidental'),
  fact('confidentiality.state', 'confirmed'),
  fact('exfiltration', 'not_applicable'),
  fact('data.categories', ['name', 'credentials']),
  fact('protection.credentialStorage', 'strong_salted_hash'),
  fact('recipients.class', 'known_limited'),
  fact('recipients.count', 2),
  fact('recipients.containment', 'confirmed'),
  fact('subjects.count', 3),
];

async function breach(facts: readonly FactInput[], receivedAt: string | null = null) {
  const hits = [{ kind: 'asset' as const, key: 'portal-db' }];
  const { caseId } = await openTestCase(home, { hits, facts, receivedAt });
  const reason = 'credentials seen';
  await determineCase(home.house, by(home.people.leo), { caseId, determination: 'breach', reason });
  await advance(caseId);
  return caseId;
}

async function advance(caseId: string): Promise<void> {
  for (const step of [scopeStep, determineStep, draftStep]) await step(home.house, caseId);
}

const record = (caseId: string, ...facts: readonly FactInput[]) =>
  recordFacts(home.house, by(home.people.rita), { caseId, facts, hits: [] });

async function line(caseId: string, provision: string): Promise<Obligation> {
  const lines = await home.house.as(engine, (store) => store.obligations.ofCase(caseId));
  const found = lines.find((one) => one.provision === provision);
  if (found === undefined) throw new Error(`no line ${provision}`);
  return found;
}

const assessments = (caseId: string): Promise<readonly AssessmentView[]> =>
  home.house.as(engine, (store) => store.assessments.ofCase(caseId));

/** Every row of every table, so that "nothing was recorded" means just that. */
async function allRows(): Promise<unknown> {
  return inTransaction(home.pool, engine, async (sql) => {
    const tables = await sql.rows<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'tocsin'::regnamespace AND relkind = 'r'
         AND has_table_privilege(oid, 'SELECT') ORDER BY 1`,
    );
    const digests: unknown[] = [];
    for (const { name } of tables) {
      digests.push(
        await sql.row(
          `SELECT '${name}' AS name, count(*), md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS digest FROM "${name}" t`,
        ),
      );
    }
    return digests;
  });
}

describe('people of a case who stand apart', () => {
  it('raise the whole case when their facts are worse, and are shown apart', async () => {
    const caseId = await breach(mild);
    expect((await assessments(caseId))[0]?.whole.riskLevel).not.toBe('high-risk');
    expect((await line(caseId, 'gdpr/34/1')).state).toBe('not-owed');
    const grouped = await recordGroup(home.house, by(home.people.rita), {
      ...{ caseId, name: 'weak hashes', about: 'case', people: 2 },
      facts: [
        fact('protection.credentialStorage', 'plaintext'),
        fact('recipients.class', 'malicious'),
        fact('recipients.containment', 'impossible'),
      ],
    });
    expect(grouped).toMatchObject({ ok: true });
    await advance(caseId);
    const [newest] = await assessments(caseId);
    expect(newest?.whole.riskLevel).toBe('high-risk');
    expect(newest?.groups).toMatchObject([
      { name: 'weak hashes', people: 2, result: { notifySubjects: 'yes' } },
    ]);
    expect((await line(caseId, 'gdpr/34/1')).state).toBe('owed');
    const [drafting] = await home.house.as(engine, (store) =>
      store.notices.idsOfCase(caseId, ['drafting']),
    );
    const draft = await home.house.as(engine, async (store) => {
      const notice = await store.notices.read(drafting ?? '');
      return notice === null ? null : composeNotice(store, notice, null);
    });
    expect(draft).toMatchObject({
      value: {
        composed: { content: { groups: [{ name: 'weak hashes', people: 2, risk: 'high-risk' }] } },
      },
    });
    const frozen = await freezeNotice(
      home.house,
      { wording: handlebarsWording(), noticeIdKey: Buffer.alloc(32, 7) },
      drafting ?? '',
    );
    expect(frozen).toMatchObject({ ok: true });
    const view = await home.house.as(home.people.leo, ({ views }) => views.notice(drafting ?? ''));
    expect(view?.variants[0]?.text).toContain(
      'weak hashes (2 people): a high risk to them is likely',
    );
  });

  it('never lower it: what is milder for them leaves the case as it stands', async () => {
    const caseId = await breach(highRiskFacts);
    await recordGroup(home.house, by(home.people.rita), {
      ...{ caseId, name: 'strong hashes', about: 'case', people: null },
      facts: [fact('protection.credentialStorage', 'strong_salted_hash')],
    });
    await advance(caseId);
    expect((await assessments(caseId))[0]?.whole.riskLevel).toBe('high-risk');
    expect((await line(caseId, 'gdpr/34/1')).state).toBe('owed');
  });
});

describe('bad input is refused with the field and the reason, and every table is as before', () => {
  const group = { name: 'few', about: 'case', people: null } as const;
  it.each<[string, (caseId: string) => Promise<unknown>, string]>([
    [
      'contradictory facts',
      (caseId) =>
        record(caseId, fact('exfiltration', 'confirmed'), fact('confidentiality.state', 'none')),
      '/facts/0/value',
    ],
    ['an unknown value', (caseId) => record(caseId, fact('actor', 'aliens')), '/facts/0/value'],
    ['an unknown fact', (caseId) => record(caseId, fact('mood', 'bad')), '/facts/0/name'],
    [
      'a fact about nothing',
      (caseId) => record(caseId, fact('actor', 'accidental', 'portal-contact')),
      '/facts/0/about',
    ],
    [
      'a fact about a group nobody named',
      (caseId) => record(caseId, fact('actor', 'accidental', 'set:few')),
      '/facts/0/about',
    ],
    [
      'a fact of the future',
      (caseId) =>
        record(caseId, { ...fact('actor', 'accidental'), observedAt: fromMs(Date.now() + 9e6) }),
      '/facts/0/observedAt',
    ],
    [
      'a group larger than all',
      (caseId) =>
        recordGroup(home.house, by(home.people.rita), {
          ...{ ...group, caseId, people: 4 },
          facts: [fact('subjects.vulnerable', true)],
        }),
      '/people',
    ],
    [
      'a group that differs in nothing',
      (caseId) => recordGroup(home.house, by(home.people.rita), { ...group, caseId, facts: [] }),
      '/facts',
    ],
    [
      'a group that contradicts the case',
      (caseId) =>
        recordGroup(home.house, by(home.people.rita), {
          ...{ ...group, caseId },
          facts: [fact('integrity.effectOnSubjects', 'severe')],
        }),
      '/facts/0/value',
    ],
  ])('%s', async (_name, ask, pointer) => {
    const caseId = await breach(mild);
    const before = await allRows();
    expect(await ask(caseId)).toMatchObject({
      ok: false,
      problem: { type: 'invalid', errors: [{ pointer }] },
    });
    expect(await allRows()).toEqual(before);
  });
});

describe('what an assessment is made with', () => {
  it('is kept: authorities, policy, severity with its working, and each earlier one', async () => {
    const caseId = await breach(mild);
    await record(caseId, fact('subjects.vulnerable', true));
    await advance(caseId);
    const kept = await assessments(caseId);
    expect(kept.map(({ factsVersion }) => factsVersion)).toEqual([2, 1]);
    expect(kept[0]).toMatchObject({
      authorityIds: ['ee-aki'],
      policy: defaultPolicy,
      severity: { dpc: expect.any(Number) as number, disagrees: expect.any(Boolean) as boolean },
    });
    const change = inTransaction(home.pool, engine, (sql) =>
      sql.run(`UPDATE assessment SET whole = '{}' WHERE case_id = $1`, [caseId]),
    );
    await expect(change).rejects.toThrow();
  });

  it("takes the house's own numbers, which are policy and no law", async () => {
    const caseId = await breach(mild);
    const owner = new pg.Client({ connectionString: home.ownerUrl });
    await owner.connect();
    await owner.query('UPDATE tocsin.assessment_policy SET authority_target_hours = 12');
    try {
      await record(caseId, fact('subjects.vulnerable', true));
      await advance(caseId);
      expect((await assessments(caseId))[0]?.policy.authorityTargetHours).toBe(12);
    } finally {
      await owner.query('UPDATE tocsin.assessment_policy SET authority_target_hours = 48');
      await owner.end();
    }
  });
});

describe('facts that come to be known at hour 40', () => {
  it('move the obligations of the case by themselves, and the movement is in the register', async () => {
    const unknowing = highRiskFacts.filter(({ name }) =>
      [
        'personalDataInvolved',
        'breachOfSecurity',
        'integrity.state',
        'availability.state',
      ].includes(name),
    );
    const caseId = await breach(unknowing, fromMs(Date.now() - 40 * 3_600_000));
    expect((await line(caseId, 'gdpr/34/1')).state).toBe('to-decide');
    expect((await assessments(caseId))[0]?.whole.restsOnUnknowns).toBe(true);
    const known = highRiskFacts.filter((one) => !unknowing.includes(one));
    expect((await record(caseId, ...known)).ok).toBe(true);
    await advance(caseId);
    expect((await line(caseId, 'gdpr/34/1')).state).toBe('owed');
    expect((await assessments(caseId)).map(({ whole }) => whole.restsOnUnknowns)).toEqual([
      ...[false, true],
    ]);
    const entry = await inTransaction(home.pool, engine, (sql) =>
      sql.row<{ moved: unknown }>(
        `SELECT convert_from(leaf, 'UTF8')::jsonb #> '{data,moved}' AS moved FROM register_entry
         WHERE stream = 'case/' || $1 AND type = 'obligations.determined' ORDER BY stream_seq DESC LIMIT 1`,
        [caseId],
      ),
    );
    expect(entry?.moved).toMatchObject([
      { provision: 'gdpr/34/1', from: { state: 'to-decide' }, to: { state: 'owed' } },
    ]);
    const notices = await home.house.as(engine, (store) =>
      store.notices.idsOfCase(caseId, ['drafting']),
    );
    expect(notices).toHaveLength(2);
  });
});

describe('what one authority demands beyond the rules', () => {
  it('raises the result of the affiliate that notifies it', async () => {
    await addPolishProcessing();
    const facts = mild
      .filter(({ name }) => !['data.categories', 'recipients.class'].includes(name))
      .filter(({ name }) => name !== 'recipients.trustDocumented')
      .concat(
        fact('data.categories', ['name', 'national_id'], 'staff-pl'),
        fact('recipients.class', 'trusted_external'),
        fact('recipients.trustDocumented', true),
      );
    const { caseId } = await openTestCase(home, {
      hits: [{ kind: 'processing', key: 'staff-pl' }],
      facts,
    });
    const reason = 'one wrong recipient';
    await determineCase(home.house, by(home.people.leo), {
      caseId,
      determination: 'breach',
      reason,
    });
    await advance(caseId);
    const kept = (await assessments(caseId)).find(
      ({ processingKey }) => processingKey === 'staff-pl',
    );
    expect(kept?.authorityIds).toEqual(['pl-uodo']);
    expect(kept?.whole.rules.map(({ id }) => id)).toContain('O-PL-ID');
    expect(kept?.whole.riskLevel).toBe('high-risk');
  });
});

/** An affiliate in Poland with a processing of its own staff. */
async function addPolishProcessing(): Promise<void> {
  const rows = {
    affiliate: {
      ...{
        key: 'pl',
        name: 'Nordlicht PL',
        country: 'PL',
        zone: 'Europe/Warsaw',
        languages: ['pl'],
      },
      ...{ main_establishment: false, unit: 'security-pl', sender_address: 'privacy@pl.example' },
      ...{ dpo_name: 'Dora', dpo_email: 'dpo@pl.example', dpo_phone: '+48555' },
    },
    processing: {
      ...{ key: 'staff-pl', affiliate_key: 'pl', name: 'Staff', purpose: 'employment' },
      ...{ people_categories: ['employees'], data_categories: ['name'], cross_border: false },
      countries: ['PL'],
    },
  };
  for (const [kind, row] of Object.entries(rows)) {
    const line = Readable.from([Buffer.from(`${JSON.stringify(row)}\n`)]);
    const actor = { kind: 'machine', name: 'import' } as const;
    const store = catalogueStore(home.pool);
    const outcome = await importCatalogue(store, actor, kind as CatalogueKind, line, 'ndjson');
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.faults));
  }
}
