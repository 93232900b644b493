/** The engine's steps on a case, on real PostgreSQL: scope, obligations, notices, and what moves them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import {
  draftStep,
  pressStep,
  readCaseStatus,
  scopeStep,
} from '../../src/commands/advance-case.ts';
import { decideObligation } from '../../src/commands/decide-obligation.ts';
import { closeCase, determineCase, fixAwareness } from '../../src/commands/determine-case.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { recordFacts } from '../../src/commands/record-facts.ts';
import { fromMs, plusHours } from '../../src/domain/instant.ts';
import type { Obligation } from '../../src/domain/obligation.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';
import { lower } from '../support/lowering.ts';

let home: TestHouse;
beforeAll(async () => {
  home = await testHouse();
});
afterAll(() => home.close());

const everything = (['collector', 'host', 'cluster', 'portal-db'] as const).map((key) => ({
  kind: 'asset' as const,
  key,
}));

async function determined(changes: Parameters<typeof openTestCase>[1] = {}): Promise<string> {
  const { caseId } = await openTestCase(home, {
    hits: everything,
    facts: highRiskFacts,
    ...changes,
  });
  const answer = await determineCase(home.house, by(home.people.leo), {
    caseId,
    determination: 'breach',
    reason: 'credentials seen on a paste site',
  });
  if (!answer.ok) throw new Error(answer.problem.detail);
  return caseId;
}

async function advance(caseId: string): Promise<readonly Obligation[]> {
  await scopeStep(home.house, caseId);
  await determineStep(home.house, caseId);
  return home.house.as(home.people.leo, (store) => store.obligations.ofCase(caseId));
}

async function fixEarlier(caseId: string, awareAt: string): Promise<void> {
  const fixed = await fixAwareness(home.house, by(home.people.leo), {
    caseId,
    awareAt,
    zone: 'Europe/Tallinn',
    offsetMinutes: 120,
    evidence: 'first confirming log line',
  });
  expect(fixed.ok).toBe(true);
}

describe('a case with both roles', () => {
  it('owes the lead authority, each customer once, the people, and the register', async () => {
    const caseId = await determined();
    const owed = await advance(caseId);
    const told = owed
      .filter((one) => one.state === 'owed')
      .map((one) => `${one.provision} ${one.recipientKey}`);
    expect(told.sort()).toEqual([
      'gdpr/33/1 ee-aki',
      'gdpr/33/2 alpha',
      'gdpr/33/2 beta',
      'gdpr/33/2 gamma',
      'gdpr/33/5 ee',
      'gdpr/34/1 portal-contacts',
    ]);
  });

  it('takes the 72 hours from awareness for the authority and the contract hours for a customer', async () => {
    const awareAt = fromMs(Date.now() - 3_600_000);
    const owed = await advance(await determined({ receivedAt: awareAt }));
    const due = (key: string) =>
      owed.find((one) => one.recipientKey === key && one.state === 'owed');
    expect(due('ee-aki')).toMatchObject({ dueAt: plusHours(awareAt, 72), dueBasis: 'statute' });
    expect(due('alpha')).toMatchObject({ dueAt: plusHours(awareAt, 24), dueBasis: 'contract' });
    expect(due('gamma')).toMatchObject({ dueAt: null });
  });

  it('names for every line its citation, the facts used and the state of verification', async () => {
    for (const one of await advance(await determined())) {
      expect(one.citation).not.toBe('');
      expect(one.reason).not.toBe('');
      expect(['source-read', 'secondary-source', 'to-verify']).toContain(one.verification);
    }
  });

  it('is the same after every step has run twice', async () => {
    const caseId = await determined();
    const first = await advance(caseId);
    await draftStep(home.house, caseId);
    const second = await advance(caseId);
    await draftStep(home.house, caseId);
    expect(second).toEqual(first);
    const notices = await home.house.as(home.people.leo, (store) =>
      store.notices.idsOfCase(caseId, ['drafting']),
    );
    expect(notices).toHaveLength(5);
  });
});

describe('what moves obligations', () => {
  it('an earlier awareness makes dues earlier at once', async () => {
    const caseId = await determined();
    await advance(caseId);
    const awareAt = fromMs(Date.now() - 5 * 3_600_000);
    await fixEarlier(caseId, awareAt);
    const owed = await advance(caseId);
    expect(owed.find((one) => one.recipientKey === 'ee-aki')?.dueAt).toBe(plusHours(awareAt, 72));
  });

  it('an earlier awareness rings nobody about what has left already', async () => {
    const caseId = await determined();
    const before = (await advance(caseId)).find((one) => one.recipientKey === 'ee-aki');
    const subject = `obligation/${before?.obligationId ?? ''}`;
    await home.house.as(home.people.leo, async (store) => {
      const now = await store.house.now();
      await store.obligations.markDispatched(before?.obligationId ?? '', now, false);
      await store.alarms.silence(subject);
    });
    await fixEarlier(caseId, fromMs(Date.now() - 5 * 3_600_000));
    const after = (await advance(caseId)).find((one) => one.recipientKey === 'ee-aki');
    expect(after?.dueAt).toBe(before?.dueAt);
    const ringing = await inTransaction(home.pool, home.people.leo, (sql) =>
      sql.rows('SELECT step FROM alarm WHERE subject = $1 AND silenced_at IS NULL', [subject]),
    );
    expect(ringing).toEqual([]);
  });

  it('a fact that asks for less opens a task and leaves the obligation as it stands', async () => {
    const caseId = await determined();
    await advance(caseId);
    const answer = await recordFacts(home.house, by(home.people.rita), {
      caseId,
      hits: [],
      facts: [
        {
          about: 'case',
          name: 'protection.credentialStorage',
          value: 'strong_salted_hash',
          certainty: 'confirmed',
          source: 'code review',
          observedAt: null,
        },
        {
          about: 'case',
          name: 'data.categories',
          value: ['name'],
          certainty: 'confirmed',
          source: 'code review',
          observedAt: null,
        },
      ],
    });
    expect(answer.ok).toBe(true);
    const owed = await advance(caseId);
    expect(owed.find((one) => one.provision === 'gdpr/34/1')?.state).toBe('owed');
    const tasks = await home.house.as(home.people.leo, (store) => store.tasks.blocking(caseId));
    expect(tasks.length).toBeGreaterThan(0);
  });

  it('a customer excluded with evidence before the fan-out is not told, and the reason stays', async () => {
    const caseId = await determined();
    await scopeStep(home.house, caseId);
    await lower(home, caseId, {
      kind: 'excluded',
      entries: [{ select: 'customer', key: 'gamma' }],
    });
    const gamma = (await advance(caseId)).find((one) => one.recipientKey === 'gamma');
    expect(gamma?.state).toBe('not-owed');
    expect(gamma?.reason).toContain('excluded');
  });

  it('Art. 34 that rests on unknown facts stands at "to decide", with a task', async () => {
    const caseId = await determined({ facts: [] });
    const line = (await advance(caseId)).find((one) => one.provision === 'gdpr/34/1');
    expect(line?.state).toBe('to-decide');
  });
});

describe('a decision on a line', () => {
  const line = async (caseId: string, key: string) => {
    const lines = await home.house.as(home.people.leo, (store) => store.obligations.ofCase(caseId));
    const found = lines.find((one) => one.recipientKey === key);
    if (found === undefined) throw new Error(`no line for ${key}`);
    return found;
  };

  it('raises what is not owed, and then its clock runs from awareness', async () => {
    const caseId = await determined();
    await scopeStep(home.house, caseId);
    await lower(home, caseId, {
      kind: 'excluded',
      entries: [{ select: 'customer', key: 'alpha' }],
    });
    await determineStep(home.house, caseId);
    const before = await line(caseId, 'alpha');
    const decided = await decideObligation(home.house, by(home.people.leo), {
      obligationId: before.obligationId,
      owed: true,
      reason: 'they asked to be told',
    });
    expect(decided).toMatchObject({ ok: true, value: { state: 'owed' } });
    const file = await home.house.as(home.people.leo, (store) => store.cases.read(caseId));
    const after = await line(caseId, 'alpha');
    expect(after.dueAt).toBe(plusHours(file?.awareness.awareAt ?? '', 24));
    expect(after.dueBasis).toBe('contract');
  });
});

describe('the same event', () => {
  it('arriving twice at once opens one case', async () => {
    const open = () => openTestCase(home, { source: 'siem', externalId: 'evt-1' });
    const [one, other] = await Promise.all([open(), open()]);
    expect(one.caseId).toBe(other.caseId);
    expect([one.created, other.created].sort()).toEqual([false, true]);
  });
});

describe('pressing and closing', () => {
  it('presses legal once, and the executive after the policy time', async () => {
    const { caseId } = await openTestCase(home, {
      receivedAt: fromMs(Date.now() - 13 * 3_600_000),
    });
    await pressStep(home.house, caseId);
    await pressStep(home.house, caseId);
    const tasks = await inTransaction(home.pool, home.people.leo, (sql) =>
      sql.rows<{ role: string }>('SELECT role FROM task WHERE case_id = $1', [caseId]),
    );
    expect(tasks).toEqual([{ role: 'legal' }]);
    const status = await readCaseStatus(home.house, caseId);
    expect(status.step).toBe('investigate');
    expect(status.pressAtMs).toBeGreaterThan(Date.now());
  });

  it('presses both at once where the report came in after the policy time', async () => {
    const { caseId } = await openTestCase(home, {
      receivedAt: fromMs(Date.now() - 30 * 3_600_000),
    });
    expect((await readCaseStatus(home.house, caseId)).pressAtMs).toBeLessThan(Date.now());
    expect((await pressStep(home.house, caseId)).pressAtMs).toBeNull();
  });

  it('refuses to close while something is owed, naming it', async () => {
    const caseId = await determined();
    await advance(caseId);
    const answer = await closeCase(home.house, by(home.people.leo), { caseId, reason: 'done' });
    expect(answer).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    if (!answer.ok) expect(answer.problem.detail).toContain('owed and not discharged');
  });

  it('closes what is not a breach, with its reason in the register', async () => {
    const { caseId } = await openTestCase(home);
    const leo = home.people.leo;
    await lower(home, caseId, { kind: 'not-a-breach' });
    const answer = await closeCase(home.house, by(leo), { caseId, reason: 'nothing happened' });
    expect(answer).toMatchObject({ ok: true, value: { state: 'closed' } });
    expect((await readCaseStatus(home.house, caseId)).step).toBe('end');
  });
});

describe('a command', () => {
  it('gives the same answer under the same key and has one effect', async () => {
    const { caseId } = await openTestCase(home);
    const input = { caseId, hits: [], facts: highRiskFacts.slice(0, 1) };
    const first = await recordFacts(home.house, by(home.people.rita, 'key-1'), input);
    const second = await recordFacts(home.house, by(home.people.rita, 'key-1'), input);
    expect(second).toEqual({ ...first, replayed: true });
    const file = await home.house.as(home.people.rita, (store) => store.cases.read(caseId));
    expect(file?.factsVersion).toBe(1);
  });

  it('refuses another body under a key that was used', async () => {
    const { caseId } = await openTestCase(home);
    const input = { caseId, hits: [], facts: highRiskFacts.slice(0, 1) };
    await recordFacts(home.house, by(home.people.rita, 'key-2'), input);
    const other = await recordFacts(
      home.house,
      { ...by(home.people.rita, 'key-2'), bodySha256: '11'.repeat(32) },
      input,
    );
    expect(other).toMatchObject({ ok: false, problem: { type: 'key-reused' } });
  });

  it('refuses contradictory facts with the field and the reason, and records nothing', async () => {
    const { caseId } = await openTestCase(home);
    const fact = {
      about: 'case',
      certainty: 'confirmed' as const,
      source: 'test',
      observedAt: null,
    };
    const answer = await recordFacts(home.house, by(home.people.rita), {
      caseId,
      hits: [],
      facts: [
        { ...fact, name: 'exfiltration', value: 'confirmed' },
        { ...fact, name: 'confidentiality.state', value: 'none' },
      ],
    });
    expect(answer).toMatchObject({ ok: false, problem: { type: 'invalid' } });
    const facts = await home.house.as(home.people.rita, (store) =>
      store.cases.currentFacts(caseId),
    );
    expect(facts).toEqual([]);
  });

  it('on a case of another unit is the same as on one that does not exist', async () => {
    const { caseId } = await openTestCase(home, { unit: 'security-ee' });
    const input = { hits: [], facts: highRiskFacts.slice(0, 1) };
    const foreign = await recordFacts(home.house, by(home.people.ruben), { ...input, caseId });
    const unknown = await recordFacts(home.house, by(home.people.ruben), {
      ...input,
      caseId: '018f0000-0000-7000-8000-000000000000',
    });
    expect(foreign).toEqual(unknown);
  });
});
