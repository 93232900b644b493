/** Notices in phases on real PostgreSQL and SMTP: what follows one that has left, to whom, and who decides it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { decideObligation } from '../../src/commands/decide-obligation.ts';
import { decideSupplement } from '../../src/commands/decide-supplement.ts';
import { cancelNotice } from '../../src/commands/cancel-notice.ts';
import { closeCase, determineCase } from '../../src/commands/determine-case.ts';
import { endInvestigation, explainDelay } from '../../src/commands/end-investigation.ts';
import { giveOpinion } from '../../src/commands/give-opinion.ts';
import { recordReceipt } from '../../src/commands/record-receipt.ts';
import { recordFacts } from '../../src/commands/record-facts.ts';
import { setExposure } from '../../src/commands/set-exposure.ts';
import { withdrawNotice } from '../../src/commands/withdraw-notice.ts';
import { fromMs } from '../../src/domain/instant.ts';
import { by } from '../support/house.ts';
import { phasesHouse, type PhasesHouse } from '../support/phases.ts';
import { lower } from '../support/lowering.ts';

let home: PhasesHouse;
beforeAll(async () => {
  home = await phasesHouse();
});
afterAll(() => home.close());

const done = (answer: { readonly ok: boolean }) => {
  expect(answer).toMatchObject({ ok: true });
};
const fact = (name: string, value: string | number | readonly string[], about = 'case') => ({
  about,
  name,
  value,
  certainty: 'confirmed' as const,
  source: 'test',
  observedAt: null,
});
const tell = async (caseId: string, ...facts: ReturnType<typeof fact>[]) => {
  done(
    await recordFacts(home.house, by(home.people.rita), { caseId, hits: [], facts: [...facts] }),
  );
  await home.settle(caseId);
};

describe('a supplement', () => {
  it('follows from a fact that a recipient was told otherwise, to each whom it concerns, and says what changed first', async () => {
    const caseId = await home.sentBreach();
    await tell(caseId, fact('actor', 'malicious_internal'));
    const drafted = await home.notices(caseId, 'supplementary');
    // Beta is told at V3 and gamma at V4; alpha hears of the cause at V1 and V3.
    expect(drafted.map((one) => one.recipientKey).sort()).toEqual([
      'alpha',
      'beta',
      'ee-aki',
      'gamma',
    ]);
    expect(drafted.every((one) => one.state === 'in-review' && one.part === 1)).toBe(true);
    const text = await home.textOf(caseId, 'supplementary', 'ee-aki');
    expect(text).toContain('What has changed since our last notice');
    expect(text).toContain(
      'Who or what caused it: so far an attacker from outside; now a person with inside access, acting on purpose',
    );
    const first = (await home.notices(caseId, 'initial')).find(
      (one) => one.recipientKey === 'ee-aki',
    );
    expect(text).toContain(`our reference ${home.referenceOf(first)}`);
    await home.approveAll(caseId);
    expect(await home.mailTo('breach@beta.example', caseId)).toHaveLength(2);
    expect(await home.mailTo('ann@people.example', caseId)).toHaveLength(1);
    done(await closeCase(home.house, by(home.people.leo), { caseId, reason: 'done' }));
  });

  it('takes in what comes while it is unsent, as one draft whose approvals are void by that', async () => {
    const caseId = await home.sentBreach();
    await tell(caseId, fact('actor', 'malicious_internal'));
    const [before] = await home.notices(caseId, 'supplementary');
    await tell(caseId, fact('integrity.state', 'altered_restored'));
    const after = await home.notices(caseId, 'supplementary');
    expect(after).toHaveLength(4);
    const again = after.find((one) => one.noticeId === before?.noticeId);
    expect(again?.version).toBe((before?.version ?? 0) + 1);
    expect(again?.digest).not.toBe(before?.digest);
    const text = await home.textOf(caseId, 'supplementary', 'gamma');
    expect(text).toContain('Who or what caused it');
    expect(text).toContain('Integrity: (database - SR-e3) so far not affected; now data were');
  });

  it('is pulled again when what was told turns out to be right after all', async () => {
    const caseId = await home.sentBreach();
    await tell(caseId, fact('actor', 'accidental'));
    await tell(caseId, fact('actor', 'malicious_external'));
    const states = (await home.notices(caseId, 'supplementary')).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['cancelled']));
  });

  it('can follow another, each with what changed since the last', async () => {
    const caseId = await home.sentBreach();
    await tell(caseId, fact('actor', 'malicious_internal'));
    await home.approveAll(caseId);
    await tell(caseId, fact('availability.state', 'temporary'));
    const second = (await home.notices(caseId, 'supplementary')).filter(({ part }) => part === 2);
    expect(second).toHaveLength(4);
    const text = await home.textOf(caseId, 'supplementary', 'beta');
    expect(text).toContain('Availability');
    expect(text).not.toContain('so far an attacker from outside');
  });

  it('is not drafted for what nobody was told of', async () => {
    const caseId = await home.sentBreach();
    await tell(caseId, fact('subjects.identifiability', 'indirect'));
    expect(await home.notices(caseId, 'supplementary')).toEqual([]);
  });

  it('keeps the case open until it is sent or declared unnecessary, which needs the DPO and is kept', async () => {
    const caseId = await home.sentBreach();
    await tell(caseId, fact('actor', 'malicious_internal'));
    const closed = await closeCase(home.house, by(home.people.leo), { caseId, reason: 'done' });
    expect(closed).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    const drafted = await home.notices(caseId, 'supplementary');
    const [one] = drafted;
    if (one === undefined) throw new Error('no supplement');
    const cancelled = await cancelNotice(home.house, by(home.people.leo), {
      noticeId: one.noticeId,
      reason: 'no need',
    });
    expect(cancelled).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    const input = { obligationId: one.obligationId, tell: false, reason: 'no need' };
    const early = await decideSupplement(home.house, by(home.people.leo), input);
    expect(early).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    for (const { noticeId, obligationId } of drafted) {
      done(await giveOpinion(home.house, by(home.people.dora), { noticeId, text: 'Agreed.' }));
      done(
        await decideSupplement(home.house, by(home.people.leo), {
          obligationId,
          tell: false,
          reason: 'no need',
        }),
      );
    }
    await home.settle(caseId);
    expect(await home.entries(caseId, 'supplement.declined')).toHaveLength(4);
    // Asked again for something else only: what was declined stays declined.
    await tell(caseId, fact('subjects.identifiability', 'indirect'));
    const live = (await home.notices(caseId, 'supplementary')).filter(
      ({ state }) => state !== 'cancelled',
    );
    expect(live).toEqual([]);
    done(await closeCase(home.house, by(home.people.leo), { caseId, reason: 'done' }));
  });

  it('to people is for a person to decide, and only when what they can do has changed', async () => {
    const caseId = await home.sentBreach();
    await tell(caseId, fact('data.categories', ['name', 'contact', 'credentials', 'bank_account']));
    const task = await home.task(caseId, 'supplement-people');
    expect(task?.title).toContain('What people can do has changed');
    expect(
      (await home.notices(caseId, 'supplementary')).filter(
        ({ recipientKind }) => recipientKind === 'data-subject',
      ),
    ).toEqual([]);
    done(
      await decideSupplement(home.house, by(home.people.leo), {
        obligationId: task?.subject ?? '',
        tell: true,
        reason: 'they should watch their accounts',
      }),
    );
    await home.settle(caseId);
    await home.approveAll(caseId);
    const mail = await home.mailTo('ann@people.example', caseId);
    expect(mail).toHaveLength(2);
    expect(await home.textOf(caseId, 'supplementary', 'portal-contacts')).toContain(
      'Check your bank and card statements',
    );
  });

  it('carries the reasons for a delay once they are recorded', async () => {
    const receivedAt = fromMs(Date.now() - 80 * 3_600_000);
    const caseId = await home.sentBreach({ receivedAt });
    expect(await home.textOf(caseId, 'initial', 'ee-aki')).toContain(
      'the reasons for the delay (Art. 33(1), second sentence) follow',
    );
    done(
      await explainDelay(home.house, by(home.people.leo), {
        caseId,
        reasons: 'The report lay in a mailbox nobody read.',
      }),
    );
    await home.settle(caseId);
    const drafted = await home.notices(caseId, 'supplementary');
    expect(drafted.map((one) => one.recipientKey)).toEqual(['ee-aki']);
    expect(await home.textOf(caseId, 'supplementary', 'ee-aki')).toContain(
      'The report lay in a mailbox nobody read.',
    );
  });
});

describe('a recipient that takes filings by a person only', () => {
  it('gets supplement and withdrawal as filings too, with its own file number, and nothing is discharged twice', async () => {
    const caseId = await home.sentBreach();
    const [first] = (await home.notices(caseId, 'initial')).filter(
      ({ recipientKind }) => recipientKind === 'authority',
    );
    await inTransaction(home.pool, { kind: 'machine', name: 'engine' }, (sql) =>
      sql.run(`UPDATE notice SET channel = 'portal' WHERE id = $1`, [first?.noticeId]),
    );
    const before = await home.obligation(caseId, 'ee-aki');
    await tell(caseId, fact('integrity.state', 'altered_restored'));
    await home.approveAll(caseId);
    const [supplement] = (await home.notices(caseId, 'supplementary')).filter(
      ({ recipientKind }) => recipientKind === 'authority',
    );
    expect(supplement).toMatchObject({ channel: 'portal', state: 'released' });
    done(
      await recordReceipt(home.house, by(home.people.leo), {
        noticeId: supplement?.noticeId ?? '',
        kind: 'reference',
        evidence: 'AKI 77/26',
        receivedAt: null,
      }),
    );
    const after = await home.obligation(caseId, 'ee-aki');
    expect(after).toEqual(before);
    done(
      await withdrawNotice(home.house, by(home.people.leo), {
        obligationId: after.obligationId,
        withdraw: true,
        cause: 'wrong-recipient',
        reason: 'another authority is competent',
      }),
    );
    await home.settle(caseId);
    const text = await home.textOf(caseId, 'withdrawal', 'ee-aki');
    expect(text).toContain('Your file number: AKI 77/26');
    expect(text).toContain('was not meant for you');
  });
});

describe('exposure that changes after sending', () => {
  const confirm = async (caseId: string, key: string) => {
    done(
      await setExposure(home.house, by(home.people.leo), {
        caseId,
        entries: [{ select: 'customer', key, grade: 'confirmed', evidence: 'forensics' }],
      }),
    );
    await home.settle(caseId);
  };
  const exclude = async (caseId: string, key: string) => {
    await lower(home, caseId, { kind: 'excluded', entries: [{ select: 'customer', key }] });
    await home.settle(caseId);
  };

  it('from likely to confirmed is told to that customer alone', async () => {
    const caseId = await home.sentBreach();
    expect(await home.textOf(caseId, 'initial', 'gamma')).toContain('that probably concerns');
    await confirm(caseId, 'gamma');
    const drafted = await home.notices(caseId, 'supplementary');
    expect(drafted.map((one) => one.recipientKey)).toEqual(['gamma']);
    expect(await home.textOf(caseId, 'supplementary', 'gamma')).toContain(
      'database - SR-e3: so far likely to be affected; now confirmed to be affected',
    );
  });

  it('from not excluded to excluded says plainly that their data were not affected', async () => {
    const caseId = await home.sentBreach({
      hits: [
        { kind: 'product', key: 'database' },
        { kind: 'asset', key: 'host' },
      ],
    });
    expect(await home.textOf(caseId, 'initial', 'gamma')).toContain('cannot yet exclude');
    await exclude(caseId, 'gamma');
    const text = await home.textOf(caseId, 'supplementary', 'gamma');
    expect(text).toContain('your data were not affected');
    expect(text).not.toMatch(/attacker|names, contact/);
    expect(await home.task(caseId, 'withdraw-notice')).toBeNull();
  });

  it('from likely to excluded is a proposal to withdraw: a person accepts it, and the same address is told', async () => {
    const caseId = await home.sentBreach();
    await exclude(caseId, 'gamma');
    const task = await home.task(caseId, 'withdraw-notice');
    expect(await home.notices(caseId, 'withdrawal')).toEqual([]);
    done(
      await withdrawNotice(home.house, by(home.people.leo), {
        obligationId: task?.subject ?? '',
        withdraw: true,
        cause: 'not-affected',
        reason: 'forensics',
      }),
    );
    await home.settle(caseId);
    await home.approveAll(caseId);
    expect(await home.mailTo('breach@gamma.example', caseId)).toHaveLength(2);
    expect(await home.textOf(caseId, 'withdrawal', 'gamma')).toContain('It no longer stands');
    expect((await home.obligation(caseId, 'gamma')).state).toBe('withdrawn');
  });
});

describe('a case found not to be a breach', () => {
  const refute = async (caseId: string) => {
    await lower(home, caseId, { kind: 'not-a-breach' });
    await home.settle(caseId);
  };

  it('before anything left pulls what is unsent, and nothing is owed', async () => {
    const caseId = await home.draftedBreach();
    await refute(caseId);
    const states = (await home.notices(caseId, 'initial')).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['cancelled']));
    done(await closeCase(home.house, by(home.people.leo), { caseId, reason: 'no breach' }));
  });

  it('after sending proposes a withdrawal for each recipient; accepted, each is told once, and the case can close', async () => {
    const caseId = await home.sentBreach();
    await refute(caseId);
    const closed = await closeCase(home.house, by(home.people.leo), {
      caseId,
      reason: 'no breach',
    });
    expect(closed).toMatchObject({ ok: false, problem: { type: 'conflict' } });
    const tasks = await home.tasks(caseId, 'withdraw-notice');
    expect(tasks).toHaveLength(5);
    for (const { subject } of tasks) {
      done(
        await withdrawNotice(home.house, by(home.people.leo), {
          obligationId: subject,
          withdraw: true,
          cause: 'not-a-breach',
          reason: 'a test',
        }),
      );
    }
    await home.settle(caseId);
    await home.approveAll(caseId);
    for (const address of [
      'ann@people.example',
      'breach@alpha.example',
      'ee-aki@authorities.example',
    ])
      expect(await home.mailTo(address, caseId)).toHaveLength(2);
    expect(await home.textOf(caseId, 'withdrawal', 'ee-aki')).toContain(
      'it was no breach of the protection of personal data',
    );
    done(await closeCase(home.house, by(home.people.leo), { caseId, reason: 'no breach' }));
  });

  it('and a breach again asks a person before anybody is told once more', async () => {
    const caseId = await home.sentBreach();
    await refute(caseId);
    const { obligationId } = await home.obligation(caseId, 'beta');
    done(
      await withdrawNotice(home.house, by(home.people.leo), {
        obligationId,
        withdraw: true,
        cause: 'not-a-breach',
        reason: 'a test',
      }),
    );
    await home.settle(caseId);
    await home.approveAll(caseId);
    done(
      await determineCase(home.house, by(home.people.leo), {
        caseId,
        determination: 'breach',
        reason: 'it was no test after all',
      }),
    );
    await home.settle(caseId);
    expect((await home.obligation(caseId, 'beta')).state).toBe('withdrawn');
    done(
      await decideObligation(home.house, by(home.people.leo), {
        obligationId,
        owed: true,
        reason: 'they must know',
      }),
    );
    await home.settle(caseId);
    await home.approveAll(caseId);
    expect(await home.mailTo('breach@beta.example', caseId)).toHaveLength(3);
    expect((await home.obligation(caseId, 'beta')).state).toBe('discharged');
  });
});

describe('a scope that grows after sending', () => {
  it('tells people found later with the first notice, and nobody twice', async () => {
    const caseId = await home.sentBreach();
    await home.addPeople(caseId, ['dan', 'eve']);
    await home.settle(caseId);
    const parts = (await home.notices(caseId, 'initial')).filter(({ part }) => part === 2);
    expect(parts).toMatchObject([{ recipientKey: 'portal-contacts', recipientCount: 2 }]);
    await home.approveAll(caseId);
    for (const name of ['ann', 'ben', 'cid', 'dan', 'eve'])
      expect(await home.mailTo(`${name}@people.example`, caseId)).toHaveLength(1);
    // The authority hears of the greater number.
    expect(await home.textOf(caseId, 'supplementary', 'ee-aki')).toContain(
      'People in our records of this processing: so far 3; now 5',
    );
  });

  it('tells a customer found later its own first notice, and one whose second service was hit a supplement', async () => {
    const caseId = await home.sentBreach({
      hits: [
        { kind: 'asset', key: 'collector' },
        { kind: 'asset', key: 'portal-db' },
      ],
    });
    expect(await home.mailTo('breach@beta.example', caseId)).toHaveLength(0);
    done(
      await recordFacts(home.house, by(home.people.rita), {
        caseId,
        facts: [],
        hits: [{ kind: 'asset', key: 'host' }],
      }),
    );
    await home.settle(caseId);
    const supplements = await home.notices(caseId, 'supplementary');
    expect(supplements.map((one) => one.recipientKey)).toEqual(['alpha']);
    const text = await home.textOf(caseId, 'supplementary', 'alpha');
    expect(text).toContain('hosting - SR-e4: so far not named; now likely to be affected');
    await home.approveAll(caseId);
    expect(await home.mailTo('breach@beta.example', caseId)).toHaveLength(1);
    expect(await home.mailTo('breach@alpha.example', caseId)).toHaveLength(2);
  });
});

describe('the end of an investigation', () => {
  it('is refused while something is unknown and not declared as not obtainable', async () => {
    const caseId = await home.sentBreach();
    const answer = await endInvestigation(home.house, by(home.people.leo), {
      caseId,
      notObtainable: [],
      reason: 'over',
    });
    expect(answer).toMatchObject({ ok: false, problem: { type: 'conflict' } });
  });

  it('is told to authorities and controllers, once, with what could not be established', async () => {
    const caseId = await home.sentBreach();
    done(
      await endInvestigation(home.house, by(home.people.leo), {
        caseId,
        notObtainable: ['subjects.types'],
        reason: 'over',
      }),
    );
    await home.settle(caseId);
    const finals = await home.notices(caseId, 'final');
    expect(finals.map((one) => one.recipientKey).sort()).toEqual([
      'alpha',
      'beta',
      'ee-aki',
      'gamma',
    ]);
    const text = await home.textOf(caseId, 'final', 'ee-aki');
    expect(text).toContain('Nothing of what we told you has changed.');
    expect(text).toContain('- Categories of people\n');
    await home.approveAll(caseId);
    await home.settle(caseId);
    expect(await home.notices(caseId, 'final')).toHaveLength(4);
    done(await closeCase(home.house, by(home.people.leo), { caseId, reason: 'done' }));
  });
});
