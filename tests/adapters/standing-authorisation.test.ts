/** Standing authorisations in PostgreSQL: what two people signed in advance lets out, and all that the database refuses. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putPerson } from '../../src/adapters/postgres/people.ts';
import type { Answer } from '../../src/commands/command.ts';
import { freezeNotice } from '../../src/commands/freeze-notice.ts';
import { returnNotice } from '../../src/commands/return-notice.ts';
import { actUnderStanding, planStanding } from '../../src/commands/release-standing.ts';
import { reviewWording } from '../../src/commands/review-wording.ts';
import {
  adviseOnAuthorisation,
  proposeAuthorisation,
  revokeAuthorisation,
  signAuthorisation,
} from '../../src/commands/standing-authorisation.ts';
import type { Actor, Person } from '../../src/domain/actor.ts';
import type { AuthorityChoice, Obligation } from '../../src/domain/obligation.ts';
import type { Outcome } from '../../src/domain/problem.ts';
import type { StandingTerms } from '../../src/domain/release-ports.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { engine, freezeDeps, seed, type Seed } from '../faults/dispatch-seed.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

/** An hour of the case is a second of the wall. */
const speed = 3_600;
const hourMs = 1_000;

let db: TestDatabase;
let s: Seed;
beforeAll(async () => {
  db = await testDatabase();
  s = await seed(db, {
    speed,
    subjects: 3,
    customers: [{ visibility: 'V3', grade: 'confirmed' }],
    facts: { 'confidentiality.state': 'confirmed' },
  });
});
afterAll(() => db.close());

function value<T>(outcome: Outcome<T> | Answer<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.problem.type}: ${outcome.problem.detail}`);
  return outcome.value;
}
const problem = (outcome: Outcome<unknown>): string => (outcome.ok ? 'done' : outcome.problem.type);

const terms: StandingTerms = {
  title: 'Nights and weekends',
  recipientKinds: ['authority', 'controller'],
  affiliateKeys: [],
  maxRecipients: 1,
  withinHoursOfDue: 6,
  unapprovedMinutesBeforeDue: 60,
  validFrom: '2020-01-01T00:00:00.000Z',
  validUntil: '2090-01-01T00:00:00.000Z',
  reason: 'A notice on time matters more than a fresh approval.',
};

async function signedBy(people: readonly Person[], change: Partial<StandingTerms> = {}) {
  const authorisationId = randomUUID();
  const [first, ...others] = people;
  if (first === undefined) throw new Error('nobody signs');
  const input = { authorisationId, ...terms, ...change };
  value(await proposeAuthorisation(s.house, s.request(first), input));
  for (const other of others)
    value(await signAuthorisation(s.house, s.request(other), { authorisationId }));
  return authorisationId;
}

const revoke = async (authorisationId: string): Promise<void> => {
  const input = { authorisationId, reason: 'not wanted any more' };
  value(await revokeAuthorisation(s.house, s.request(s.people.executive), input));
};

async function review(template: string, verdict: 'reviewed' | 'withdrawn' = 'reviewed') {
  for (const words of freezeDeps.wording.templates().filter((one) => one.template === template)) {
    const input = { ...words, verdict, note: 'read and found right' };
    value(await reviewWording(s.house, freezeDeps.wording, s.request(s.people.legal), input));
  }
}

let count = 0;
/** A notice in review whose due is some hours of the case away. */
async function inReview(
  kind: 'authority' | 'controller' | 'data-subject',
  dueInHours = 2,
  change: Partial<Obligation> = {},
): Promise<{ noticeId: string; digest: string; versionId: string }> {
  const dueAt = new Date(Date.now() + dueInHours * hourMs).toISOString();
  count += 1;
  const provision = `gdpr/${kind}/${String(count)}`;
  const noticeId = await s.notice(kind, { dueAt, dueBasis: 'statute', provision, ...change });
  const { digest } = value(await freezeNotice(s.house, freezeDeps, noticeId));
  const version = await s.house.as(engine, (store) => store.notices.liveVersion(noticeId));
  return { noticeId, digest, versionId: version?.versionId ?? '' };
}

const stateOf = async (noticeId: string) =>
  (await s.house.as(engine, (store) => store.notices.read(noticeId)))?.state;

/** Lets the engine act again and again until the notice has that state. */
async function actUntil(noticeId: string, state: string): Promise<void> {
  while ((await stateOf(noticeId)) !== state) {
    await wait(20);
    await actUnderStanding(s.house, noticeId);
  }
}

/** Lets the engine act until it has called people for the notice. */
async function actUntilCalled(noticeId: string): Promise<string> {
  for (;;) {
    await wait(20);
    await actUnderStanding(s.house, noticeId);
    const task = await s.sql((sql) =>
      sql.row<{ kind: string; title: string }>(
        `SELECT kind, title FROM task WHERE subject = $1 AND kind IN ('call-out', 'standing-short')`,
        [`notice/${noticeId}`],
      ),
    );
    if (task !== undefined) return `${task.kind}: ${task.title}`;
  }
}

const releaseAs = (
  actor: Actor,
  notice: { versionId: string; digest: string },
  authorisationId: string,
) =>
  s.house.as(actor, (store) =>
    store.releases.releaseOn({ ...notice, caseId: s.caseId, basis: { authorisationId } }),
  );

/** Waits, by the database's clock, until the authorisation would act on the notice. */
async function untilActs(noticeId: string): Promise<void> {
  for (;;) {
    const acts = await s.sql((sql) =>
      sql.row(
        `SELECT 1 FROM notice_version v WHERE v.notice_id = $1 AND before_due(v.id, 60) < clock_timestamp()`,
        [noticeId],
      ),
    );
    if (acts !== undefined) return;
    await wait(20);
  }
}

describe('under a standing authorisation', () => {
  it('a notice with reviewed wording leaves before its due, and the register says on what basis', async () => {
    await review('authority/initial');
    const authorisationId = await signedBy([s.people.legal, s.people.executive]);
    const { noticeId } = await inReview('authority');
    await actUnderStanding(s.house, noticeId);
    expect(await stateOf(noticeId)).toBe('in-review');
    await actUntil(noticeId, 'released');
    const row = await s.sql((sql) =>
      sql.row<{ basis: string; before: boolean; pending: number }>(
        `SELECT r.basis, r.at < o.due_ring_at AS before,
           (SELECT count(*)::int FROM delivery d WHERE d.release_id = r.id AND d.state = 'pending') AS pending
         FROM release r JOIN notice_version v ON v.id = r.version_id JOIN notice n ON n.id = v.notice_id
         JOIN obligation o ON o.id = n.obligation_id WHERE n.id = $1`,
        [noticeId],
      ),
    );
    expect(row).toEqual({ basis: 'standing-authorisation', before: true, pending: 1 });
    expect(await claims(noticeId)).toBe(1);
    await revoke(authorisationId);
  });

  it('nothing more leaves once it is revoked', async () => {
    const authorisationId = await signedBy([s.people.legal, s.people.second]);
    const { noticeId } = await inReview('authority');
    await actUntil(noticeId, 'released');
    await revoke(authorisationId);
    expect(await claims(noticeId)).toBe(0);
  });

  it('nothing more leaves once a signer may not sign any more, or the review of its wording is withdrawn', async () => {
    const authorisationId = await signedBy([s.people.legal, s.people.second]);
    const { noticeId } = await inReview('authority');
    await actUntil(noticeId, 'released');
    const setActive = (active: boolean) =>
      s.sql((sql) =>
        sql.run('UPDATE person SET active = $2 WHERE id = $1', [s.people.second.personId, active]),
      );
    await setActive(false);
    expect(await claims(noticeId)).toBe(0);
    await setActive(true);
    await review('authority/initial', 'withdrawn');
    expect(await claims(noticeId)).toBe(0);
    await review('authority/initial');
    expect(await claims(noticeId)).toBe(1);
    await revoke(authorisationId);
  });

  it('unreviewed wording never leaves, in drills neither: the executive is called in time', async () => {
    const authorisationId = await signedBy([s.people.legal, s.people.executive]);
    const notice = await inReview('controller', 4);
    expect(await actUntilCalled(notice.noticeId)).toMatch(
      /^standing-short: .*no reviewer is recorded for its wording/,
    );
    const rings = await s.sql((sql) =>
      sql.rows(`SELECT role, ring_at < due_at AS early FROM alarm WHERE subject = $1`, [
        `notice/${notice.noticeId}`,
      ]),
    );
    expect(rings).toEqual([{ role: 'executive', early: true }]);
    await untilActs(notice.noticeId);
    await actUnderStanding(s.house, notice.noticeId);
    expect(await stateOf(notice.noticeId)).toBe('in-review');
    await expect(releaseAs(engine, notice, authorisationId)).rejects.toThrow(/no reviewer/);
    await revoke(authorisationId);
  });

  it('a portal is a call-out to filers and their deputies, never a release', async () => {
    const authorisationId = await signedBy([s.people.legal, s.people.executive]);
    const portal: AuthorityChoice = {
      authorityId: 'de-bfdi',
      name: 'BfDI',
      role: 'lead',
      channel: 'portal',
      email: null,
      url: null,
      languages: ['de'],
      zone: 'Europe/Berlin',
      verification: 'source-read',
      why: 'seat',
    };
    const notice = await inReview('authority', 2, { authority: portal });
    expect(await actUntilCalled(notice.noticeId)).toMatch(/^call-out: Latest start/);
    const steps = await s.sql((sql) =>
      sql.rows<{ step: string }>('SELECT step FROM alarm WHERE subject = $1 ORDER BY step', [
        `notice/${notice.noticeId}`,
      ]),
    );
    expect(steps.map(({ step }) => step)).toEqual(['call-out', 'call-out/deputy']);
    await untilActs(notice.noticeId);
    await expect(releaseAs(engine, notice, authorisationId)).rejects.toThrow(/has to file/);
    await revoke(authorisationId);
  });

  it('a notice the DPO sent back does not leave', async () => {
    const authorisationId = await signedBy([s.people.legal, s.people.executive]);
    const notice = await inReview('authority');
    const { noticeId } = notice;
    const veto = { noticeId, reason: 'the number of people is wrong' };
    value(await returnNotice(s.house, s.request(s.people.dpo), veto));
    expect(await actUntilCalled(noticeId)).toMatch(/^standing-short: .*not in review/);
    await untilActs(noticeId);
    await actUnderStanding(s.house, noticeId);
    expect(await stateOf(noticeId)).toBe('returned');
    await expect(releaseAs(engine, notice, authorisationId)).rejects.toThrow(/not in review/);
    await revoke(authorisationId);
  });

  it('people always come first: nothing leaves before its instant, whoever asks', async () => {
    const authorisationId = await signedBy([s.people.legal, s.people.executive]);
    const notice = await inReview('authority', 72);
    await expect(releaseAs(engine, notice, authorisationId)).rejects.toThrow(/not near enough/);
    const late = await inReview('authority', -10);
    const actAt = await s.house.as(engine, (store) => planStanding(store, late.noticeId));
    const frozen = await s.house.as(engine, (store) => store.notices.liveVersion(late.noticeId));
    expect(Date.parse(actAt ?? '') - Date.parse(frozen?.frozenAt ?? '')).toBe(hourMs);
    await revoke(authorisationId);
  });
});

describe('the database refuses', () => {
  it.each([
    ['another kind of recipient', { recipientKinds: ['controller' as const] }, /kind of recipient/],
    ['another affiliate', { affiliateKeys: ['elsewhere'] }, /affiliate/],
    ['one that is over', { validUntil: '2021-01-01T00:00:00.000Z' }, /no longer valid/],
    ['one not begun', { validFrom: '2080-01-01T00:00:00.000Z' }, /not valid yet/],
  ])('a release outside the bounds: %s', async (_what, change, fault) => {
    const authorisationId = await signedBy([s.people.legal, s.people.executive], change);
    const notice = await inReview('authority', 1);
    await untilActs(notice.noticeId);
    await expect(releaseAs(engine, notice, authorisationId)).rejects.toThrow(fault);
    await revoke(authorisationId);
  });

  it('one signer twice, and one signer alone', async () => {
    const authorisationId = await signedBy([s.people.legal]);
    const again = await signAuthorisation(s.house, s.request(s.people.legal), { authorisationId });
    expect(problem(again)).toBe('four-eyes');
    const notice = await inReview('authority', 1);
    await untilActs(notice.noticeId);
    await expect(releaseAs(engine, notice, authorisationId)).rejects.toThrow(/two people/);
  });

  it('a signature in another name, and one of the DPO', async () => {
    const authorisationId = await signedBy([s.people.legal]);
    const plant = (actor: Actor, personId: string) =>
      inTransaction(db.pool, actor, (sql) =>
        sql.run('INSERT INTO standing_signature VALUES ($1, $2)', [authorisationId, personId]),
      );
    const { legal, executive, dpo } = s.people;
    await expect(plant(legal, executive.personId)).rejects.toThrow(/own name/);
    await expect(plant(engine, executive.personId)).rejects.toThrow(/own name/);
    await expect(plant(dpo, dpo.personId)).rejects.toThrow(/own name/);
    expect(problem(await signAuthorisation(s.house, s.request(dpo), { authorisationId }))).toBe(
      'forbidden',
    );
    const both = { issuer: 'test', subject: 'both', name: 'both', units: ['*'] } as const;
    const roles = ['legal', 'dpo'] as const;
    const personId = await s.sql((sql) => putPerson(sql, { ...both, roles, email: 'b@x.example' }));
    const person: Person = { kind: 'person', personId, ...both, roles };
    await expect(plant(person, personId)).rejects.toThrow(/own name/);
    expect(problem(await signAuthorisation(s.house, s.request(person), { authorisationId }))).toBe(
      'forbidden',
    );
  });

  it('the DPO as a signer, who advises all the same', async () => {
    const authorisationId = await signedBy([s.people.legal]);
    const input = { authorisationId, text: 'Too wide for my taste.' };
    value(await adviseOnAuthorisation(s.house, s.request(s.people.dpo), input));
    const found = await s.house.as(engine, (store) =>
      store.releases.authorisation(authorisationId),
    );
    expect(found).toMatchObject({ opinions: [{ text: input.text }], signers: [{ name: 'legal' }] });
    expect(found?.fault).toContain('two people');
  });

  it('people: no authorisation names them, and none releases a notice to them', async () => {
    const kinds = ['data-subject'] as unknown as StandingTerms['recipientKinds'];
    await expect(signedBy([s.people.legal], { recipientKinds: kinds })).rejects.toThrow();
    await review('data-subject/initial');
    const authorisationId = await signedBy([s.people.legal, s.people.executive], {
      maxRecipients: 1_000,
    });
    const notice = await inReview('data-subject', 1);
    await untilActs(notice.noticeId);
    await expect(releaseAs(engine, notice, authorisationId)).rejects.toThrow(/kind of recipient/);
    const plan = await s.house.as(engine, (store) => planStanding(store, notice.noticeId));
    expect(plan).toBeNull();
    await revoke(authorisationId);
  });

  it('a change to what was signed, to a signature, or to a revocation', async () => {
    await signedBy([s.people.legal]);
    for (const table of ['standing_authorisation', 'standing_signature', 'standing_revocation']) {
      await expect(s.sql((sql) => sql.run(`DELETE FROM ${table}`))).rejects.toThrow();
    }
    await expect(
      s.sql((sql) => sql.run('UPDATE standing_authorisation SET max_recipients = 9')),
    ).rejects.toThrow();
  });

  it('a review by somebody who is no lawyer, or of other words than are sent', async () => {
    const words = freezeDeps.wording.templates()[0];
    if (words === undefined) throw new Error('no templates');
    const input = { ...words, verdict: 'reviewed', note: 'fine' } as const;
    const ask = (person: Person, change = {}) =>
      reviewWording(s.house, freezeDeps.wording, s.request(person), { ...input, ...change });
    expect(problem(await ask(s.people.responder))).toBe('forbidden');
    expect(problem(await ask(s.people.legal, { sha256: '00'.repeat(32) }))).toBe('stale');
    await expect(
      s.house.as(s.people.executive, (store) =>
        store.releases.reviewWording({ ...input, personId: s.people.executive.personId }),
      ),
    ).rejects.toThrow(/lawyer/);
  });
});

async function claims(noticeId: string): Promise<number> {
  // Rolled back, so that the next question finds the row as it was.
  const claimed: number[] = [];
  await s.house
    .as(engine, async (store) => {
      claimed.push((await store.notices.claim(noticeId, 10, 60)).length);
      throw new Error('look only');
    })
    .catch(() => undefined);
  return claimed[0] ?? 0;
}
