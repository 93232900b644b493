/** A small drill in a database of its own: one case, its obligations, and notices ready to be drafted. */
import { houseOver } from '../../src/adapters/postgres/house.ts';
import { putPerson } from '../../src/adapters/postgres/people.ts';
import { openingKey } from '../../src/adapters/postgres/register-opening.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { smtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire, type SmtpWire } from '../../src/adapters/mail/wire.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import type { Request } from '../../src/commands/command.ts';
import { freezeNotice, type FreezeDeps } from '../../src/commands/freeze-notice.ts';
import type { Actor, Person, Role } from '../../src/domain/actor.ts';
import type { Grade, Visibility } from '../../src/domain/case.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import type { DeliveryCounts, Notice } from '../../src/domain/notice.ts';
import type { AuthorityChoice, Obligation } from '../../src/domain/obligation.ts';
import type { House } from '../../src/domain/ports.ts';
import type { Sql } from '../../src/adapters/postgres/sql.ts';
import type { TestDatabase } from '../support/database.ts';

export const engine: Actor = { kind: 'machine', name: 'engine' };
const key = openingKey(Buffer.alloc(32, 1).toString('base64'));

export const freezeDeps: FreezeDeps = {
  wording: handlebarsWording(),
  noticeIdKey: Buffer.alloc(32, 9),
};

/** A wire to the sink that waits as long as the product does, but keeps no idle session for long. */
export function quickWire(url: string): SmtpWire {
  return wireOver(url, smtpTimeouts);
}

/** A wire for a server that hangs: it waits no longer than a test can. On a busy machine it may give up on a server that is well. */
export function impatientWire(url: string): SmtpWire {
  const soon = { connectMs: 2_000, greetingMs: 500, beforeDotMs: 2_000, dotMs: 2_000 };
  return wireOver(url, { ...smtpTimeouts, ...soon });
}

function wireOver(url: string, waits: typeof smtpTimeouts): SmtpWire {
  const timeouts = { ...waits, idleMs: 50 };
  return smtpWire({ sandbox: smtpTarget(url), relay: null, name: 'test.example', timeouts });
}

export interface Seed {
  readonly house: House;
  readonly people: Readonly<Record<'legal' | 'second' | 'executive' | 'dpo' | 'responder', Person>>;
  readonly caseId: string;
  sql<T>(fn: (sql: Sql) => Promise<T>): Promise<T>;
  /** A notice in `drafting` for an authority, a customer or the people of the billing processing. */
  notice(kind: Notice['recipientKind'], change?: Partial<Obligation>): Promise<string>;
  counts(noticeId: string): Promise<DeliveryCounts>;
  /** Drafts it and approves it with as many people as it needs. */
  release(noticeId: string): Promise<void>;
  request(person: Person): Request;
}

export interface SeedOptions {
  readonly subjects?: number;
  /** What we sell to customers C-1, C-2, …: one engagement each. */
  readonly customers?: readonly { visibility: Visibility; grade: Grade }[];
  readonly facts?: Readonly<Record<string, JsonValue>>;
  readonly mode?: 'drill' | 'real';
  /** How much faster than the wall the case's clock runs. */
  readonly speed?: number;
}

const authority: AuthorityChoice = {
  authorityId: 'be-apd-gba',
  name: 'Gegevensbeschermingsautoriteit',
  role: 'lead',
  channel: 'email',
  email: null,
  url: null,
  languages: ['nl', 'fr'],
  zone: 'Europe/Brussels',
  verification: 'source-read',
  why: 'main establishment',
};

export async function seed(
  db: Pick<TestDatabase, 'pool'>,
  options: SeedOptions = {},
): Promise<Seed> {
  const house = houseOver(db.pool, key);
  const sql = <T>(fn: (sql: Sql) => Promise<T>): Promise<T> => inTransaction(db.pool, engine, fn);
  await sql((run) => organisation(run, options));
  const people = {
    legal: await person(db, 'legal', ['legal']),
    second: await person(db, 'second', ['legal']),
    executive: await person(db, 'executive', ['executive']),
    dpo: await person(db, 'dpo', ['dpo']),
    responder: await person(db, 'responder', ['responder']),
  };
  const caseId = await openCase(house, options);
  const trackIds = await sql((run) => expose(run, caseId, options));
  const request = (actor: Person): Request => ({ actor, key: null, bodySha256: '' });
  return {
    house,
    people,
    caseId,
    sql,
    request,
    notice: (kind, change = {}) => draft(house, caseId, trackIds, kind, change),
    counts: (noticeId) => house.as(engine, (store) => store.notices.counts(noticeId)),
    async release(noticeId) {
      const frozen = await freezeNotice(house, freezeDeps, noticeId);
      if (!frozen.ok) throw new Error(frozen.problem.detail);
      const { digest } = frozen.value;
      for (const by of [people.legal, people.executive]) {
        const input = { notices: [{ noticeId, digest }], recipientCount: null };
        const answer = await approveNotices(house, request(by), input);
        if (!answer.ok) throw new Error(answer.problem.detail);
      }
    },
  };
}

async function organisation(
  sql: Sql,
  { subjects = 0, customers = [], mode = 'drill' }: SeedOptions,
): Promise<void> {
  await sql.run(`INSERT INTO organisation (kind, name) VALUES ($1, 'Nordlicht')`, [
    mode === 'drill' ? 'demo' : 'own',
  ]);
  await sql.run(`INSERT INTO affiliate VALUES ('nl-be', 'Nordlicht Belgïe', 'BE', NULL, 'Europe/Brussels', '{nl}', true, 'eu',
    'notices@nordlicht.example', 'Dina Officer', 'dpo@nordlicht.example', '+32 2 000', 1)`);
  await sql.run(
    `INSERT INTO processing VALUES ('billing', 'nl-be', 'Invoices', 'billing', '{customers}', '{name}', false, '{BE}', 1)`,
  );
  await sql.run(`INSERT INTO product VALUES ('vault', 'Backup vault', 'storage', 'V2', NULL, 1)`);
  await sql.run(
    `INSERT INTO subject SELECT 'S-' || lpad(n::text, 6, '0'), 'billing', 'srv-1', 'Ann O''Néill ' || n, 'ann' || n || '@people.example',
       CASE WHEN n % 3 = 0 THEN 'fr' ELSE 'en' END, 'BE', 1 FROM generate_series(1, $1) n`,
    [subjects],
  );
  for (const index of customers.keys()) {
    const number = String(index + 1);
    await sql.run(
      `INSERT INTO customer VALUES ($1, $2, 'BE', 'nl', $3, $4, NULL, NULL, 'MSA-' || $1, 24, 1)`,
      [
        `C-${number}`,
        `Customer Zeta ${number} BV`,
        `Contact ${number}`,
        `breach@c${number}.example`,
      ],
    );
  }
}

async function person(
  db: Pick<TestDatabase, 'pool'>,
  name: string,
  roles: Role[],
): Promise<Person> {
  const entry = {
    issuer: 'test',
    subject: name,
    name,
    email: `${name}@nordlicht.example`,
    roles,
    units: ['*'],
  };
  const personId = await inTransaction(db.pool, engine, (sql) => putPerson(sql, entry));
  return { kind: 'person', personId, issuer: 'test', subject: name, name, roles, units: ['*'] };
}

function openCase(
  house: House,
  { facts = {}, mode = 'drill', speed = 1 }: SeedOptions,
): Promise<string> {
  return house.as(engine, async (store) => {
    const nowAt = await store.house.now();
    const { caseId } = await store.cases.open({
      caseId: crypto.randomUUID(),
      title: 'Something at Customer Zeta 2 BV',
      description: '',
      unit: 'eu',
      mode,
      speed,
      caseStartAt: nowAt,
      detectedAt: null,
      receivedAt: nowAt,
      awareness: {
        awareAt: nowAt,
        zone: 'Europe/Brussels',
        offsetMinutes: 120,
        state: 'provisional',
        basis: 'report',
      },
      reportedLate: false,
      source: 'test',
      externalId: null,
      openedBy: 'machine/engine',
      factsVersion: 1,
    });
    const said = Object.entries(facts).map(([name, value]) => ({
      about: 'case',
      name,
      value,
      certainty: 'confirmed' as const,
      source: 'test',
      observedAt: nowAt,
      recordedAt: nowAt,
      recordedBy: 'machine/engine',
    }));
    await store.cases.addFacts(caseId, 1, said);
    return caseId;
  });
}

async function expose(
  sql: Sql,
  caseId: string,
  { customers = [] }: SeedOptions,
): Promise<{ own: string; processor: string }> {
  await sql.run('UPDATE case_file SET catalogue_version = 1 WHERE id = $1', [caseId]);
  await sql.run(`INSERT INTO case_subject SELECT $1, 'billing', key FROM subject`, [caseId]);
  for (const [index, { visibility, grade }] of customers.entries()) {
    const number = String(index + 1);
    await sql.run(
      `INSERT INTO case_exposure (case_id, kind, key, affiliate_key, role, customer_key, product_key, visibility,
         service_reference, asset_keys, contact, grade, evidence, decided_by, catalogue_version)
       VALUES ($1, 'engagement', $2, 'nl-be', 'processor', $3, 'vault', $4, $5, '{srv-1}', $6, $7, 'seen', 'test', 1)`,
      [
        caseId,
        `E-${number}`,
        `C-${number}`,
        visibility,
        `SVC-000${number}`,
        JSON.stringify({
          name: `Contact ${number}`,
          email: `breach@c${number}.example`,
          phone: null,
          language: 'nl',
        }),
        grade,
      ],
    );
  }
  const rows = await sql.rows<{ id: string; role: string }>(
    `INSERT INTO track (case_id, affiliate_key, role, processing_key, aware_at, aware_zone, aware_offset_minutes, aware_state, aware_basis)
     SELECT id, 'nl-be', r.role, r.key, aware_at, aware_zone, aware_offset_minutes, aware_state, aware_basis
     FROM case_file, (VALUES ('controller', 'billing'), ('processor', '')) AS r (role, key) WHERE id = $1 RETURNING id, role`,
    [caseId],
  );
  const idOf = (role: string): string => rows.find((row) => row.role === role)?.id ?? '';
  return { own: idOf('controller'), processor: idOf('processor') };
}

function draft(
  house: House,
  caseId: string,
  tracks: { own: string; processor: string },
  kind: Notice['recipientKind'],
  change: Partial<Obligation>,
): Promise<string> {
  return house.as(engine, async (store) => {
    const recipientKey = { authority: 'be-apd-gba', controller: 'C-1', 'data-subject': 'billing' }[
      kind
    ];
    const row = {
      provision: `gdpr/${kind}`,
      affiliateKey: 'nl-be',
      trackId: kind === 'controller' ? tracks.processor : tracks.own,
      recipientKind: kind,
      recipientKey,
      state: 'owed' as const,
      reason: 'owed',
      citation: 'Art.',
      label: `Tell the ${kind}`,
      verification: 'source-read' as const,
      factsUsed: [],
      ruleSetVersion: '1',
      engagementKeys: kind === 'controller' ? ['E-1'] : [],
      authority: kind === 'authority' ? authority : null,
      dueAt: null,
      dueBasis: 'none' as const,
      targetAt: null,
      dueWorking: [],
      dueRingAt: change.dueAt ?? null,
      ...change,
    };
    const [obligationId] = await store.obligations.insert(caseId, [row]);
    if (obligationId === undefined) throw new Error('no obligation');
    const channel = row.authority?.channel ?? 'email';
    const [made] = await store.notices.create([
      { caseId, obligationId, recipientKind: kind, phase: 'initial', channel },
    ]);
    if (made === undefined) throw new Error('no notice');
    return made.noticeId;
  });
}
