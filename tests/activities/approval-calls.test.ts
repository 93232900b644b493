/** A notice that waits for approval calls people on its own account, and so does a supplement past our own target. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { answerAlarm } from '../../src/commands/decide-obligation.ts';
import { recordFacts } from '../../src/commands/record-facts.ts';
import { returnNotice } from '../../src/commands/return-notice.ts';
import type { Call, WatchStore } from '../../src/domain/watch-ports.ts';
import { handOver } from '../../src/watch/hand-over.ts';
import { by } from '../support/house.ts';
import { phasesHouse, type PhasesHouse } from '../support/phases.ts';

let home: PhasesHouse;
let watch: WatchStore;
let watchPool: ReturnType<typeof openPool>;
beforeAll(async () => {
  home = await phasesHouse();
  watchPool = openPool(home.watchUrl, 2, 'test-watch');
  watch = watchStore(watchPool);
});
afterAll(async () => {
  await watchPool.end();
  await home.close();
});

function rows<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
  return inTransaction(home.pool, { kind: 'machine', name: 'watch' }, (sql) =>
    sql.rows<Row>(text, values),
  );
}

/** Lets an alarm's instant come, and gives who is called for it. */
async function ring(caseId: string, step: string): Promise<readonly string[]> {
  await rows(
    `UPDATE alarm SET ring_at = clock_timestamp() - interval '1 second' WHERE case_id = $1 AND step = $2`,
    [caseId, step],
  );
  await watch.ring();
  return handed(caseId);
}

async function handed(caseId: string): Promise<readonly string[]> {
  const called: string[] = [];
  const channel = {
    call: (ring: Call) => {
      // As often as the call stands for rings: those alike are one call.
      const name = ring.email.replace(/@.*/, '');
      if (ring.caseId === caseId && /^(approve|target)/.test(ring.step))
        called.push(...Array.from({ length: ring.alike }, () => name));
      return Promise.resolve();
    },
  };
  await handOver(watch, { mail: channel, outOfBand: null }, () => undefined);
  return called.sort();
}

async function quietFor(caseId: string): Promise<readonly string[]> {
  await rows(
    "UPDATE alarm_outbox SET handed_at = handed_at - interval '1 hour' WHERE case_id = $1",
    [caseId],
  );
  await watch.escalate(900);
  return handed(caseId);
}

async function subjectOf(caseId: string): Promise<string> {
  const found = await rows<{ subject: string }>(
    `SELECT DISTINCT subject FROM alarm WHERE case_id = $1 AND step = 'approve'`,
    [caseId],
  );
  expect(found).toHaveLength(1);
  return found[0]?.subject ?? '';
}

describe('notices in review', () => {
  it('call a lawyer once for all of them, then the deputy, then everybody who may release', async () => {
    const caseId = await home.draftedBreach();
    expect((await home.notices(caseId, 'initial')).length).toBeGreaterThan(3);
    expect(await ring(caseId, 'approve')).toEqual(['leo']);
    expect(await quietFor(caseId)).toEqual(['lena']);
    expect(await ring(caseId, 'approve-everyone')).toEqual(['eva', 'lena', 'leo']);
    expect(await quietFor(caseId)).toEqual([]);
  });

  it('call nobody further once somebody took the call, and other alarms go on', async () => {
    const caseId = await home.draftedBreach();
    expect(await ring(caseId, 'approve')).toEqual(['leo']);
    const subject = await subjectOf(caseId);
    const answer = await answerAlarm(home.house, by(home.people.leo), { subject, step: 'approve' });
    expect(answer.ok).toBe(true);
    expect(await quietFor(caseId)).toEqual([]);
    expect(await ring(caseId, 'approve-everyone')).toEqual([]);
    const left = await rows(
      `SELECT 1 FROM alarm WHERE case_id = $1 AND step LIKE 'due%' AND silenced_at IS NULL`,
      [caseId],
    );
    expect(left.length).toBeGreaterThan(0);
  });

  it('call nobody once the last of them is approved or sent back', async () => {
    const caseId = await home.draftedBreach();
    const [first, ...rest] = await home.notices(caseId, 'initial');
    if (first === undefined || rest.length === 0) throw new Error('too few notices');
    const back = await returnNotice(home.house, by(home.people.leo), {
      noticeId: first.noticeId,
      reason: 'a second look',
    });
    expect(back.ok).toBe(true);
    const open = () =>
      rows(
        `SELECT 1 FROM alarm WHERE case_id = $1 AND step LIKE 'approve%' AND silenced_at IS NULL`,
        [caseId],
      );
    expect(await open()).toHaveLength(2);
    await home.approveAll(caseId);
    expect(await open()).toEqual([]);
    expect(await ring(caseId, 'approve')).toEqual([]);
  });

  it('call nobody either where only the watch finds that nothing waits any more', async () => {
    const caseId = await home.draftedBreach();
    await rows(`UPDATE notice SET state = 'drafting' WHERE case_id = $1`, [caseId]);
    expect(await ring(caseId, 'approve')).toEqual([]);
    const [alarm] = await rows<{ silenced: boolean; rung: boolean }>(
      `SELECT silenced_at IS NOT NULL AS silenced, rung_due_at IS NOT NULL AS rung FROM alarm
       WHERE case_id = $1 AND step = 'approve'`,
      [caseId],
    );
    expect(alarm).toEqual({ silenced: true, rung: false });
  });
});

describe('a supplement', () => {
  const change = async (caseId: string): Promise<void> => {
    const fact = { about: 'case', name: 'actor', value: 'malicious_internal' };
    const answer = await recordFacts(home.house, by(home.people.rita), {
      caseId,
      hits: [],
      facts: [{ ...fact, certainty: 'confirmed', source: 'test', observedAt: null }],
    });
    expect(answer.ok).toBe(true);
    await home.settle(caseId);
  };

  it('past our own target calls a lawyer; one that has left or was pulled does not', async () => {
    const caseId = await home.sentBreach();
    await change(caseId);
    const supplements = await home.notices(caseId, 'supplementary');
    const [alarm] = await rows<{ due: string; target: string }>(
      `SELECT a.due_at AS due, n.target_at AS target FROM alarm a JOIN notice n ON a.subject = 'notice/' || n.id
       WHERE n.id = $1 AND a.step = 'target'`,
      [supplements[0]?.noticeId],
    );
    expect(alarm?.due).toBe(alarm?.target);
    expect(await ring(caseId, 'target')).toEqual(supplements.map(() => 'leo'));
    const sent = await home.sentBreach();
    await change(sent);
    await home.approveAll(sent);
    expect(await ring(sent, 'target')).toEqual([]);
  });
});
