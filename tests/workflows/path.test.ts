/** The whole path on real Temporal, PostgreSQL and SMTP: from a report to receipts, and through lost state. */
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire, type SmtpWire } from '../../src/adapters/mail/wire.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { closeCase, determineCase } from '../../src/commands/determine-case.ts';
import { recordFacts } from '../../src/commands/record-facts.ts';
import { reopenCase } from '../../src/commands/reopen-case.ts';
import type { NoticeSummary } from '../../src/domain/views.ts';
import { engineSteps } from '../../src/processes/engine.ts';
import { testEngine, type TestEngine } from '../support/engine.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';
import { testMailbox, type TestMailbox } from '../support/mailbox.ts';

let home: TestHouse;
let mailbox: TestMailbox;
let engine: TestEngine;
let wire: SmtpWire;

beforeAll(async () => {
  home = await testHouse();
  mailbox = await testMailbox();
  wire = smtpWire({
    sandbox: smtpTarget(mailbox.url),
    relay: null,
    name: 'test.example',
    timeouts: smtpTimeouts,
  });
  const steps = engineSteps(home.house, {
    wording: handlebarsWording(),
    noticeIdKey: Buffer.alloc(32, 3),
    wire,
  });
  engine = await testEngine(home, steps);
});
afterAll(async () => {
  await engine.close();
  wire.close();
  await mailbox.close();
  await home.close();
});

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = await look();
    if (found !== null) return found;
    await wait(100);
  }
  throw new Error(`never happened: ${what}`);
}

async function notices(caseId: string): Promise<readonly NoticeSummary[]> {
  const page = await home.house.as(home.people.leo, (store) =>
    store.views.notices({ caseId, limit: 100, cursor: null }),
  );
  return page.items;
}

const inState = (caseId: string, state: string, count: number) =>
  until(`${String(count)} notices ${state}`, async () => {
    const found = await notices(caseId);
    return found.filter((one) => one.state === state).length === count ? found : null;
  });

async function openBreach(): Promise<string> {
  const hits = ['collector', 'host', 'cluster', 'portal-db'].map((key) => ({
    kind: 'asset' as const,
    key,
  }));
  const { caseId } = await openTestCase(home, { hits, facts: highRiskFacts });
  const determined = await determineCase(home.house, by(home.people.leo), {
    caseId,
    determination: 'breach',
    reason: 'seen on a paste site',
  });
  if (!determined.ok) throw new Error(determined.problem.detail);
  return caseId;
}

async function approveAll(caseId: string): Promise<void> {
  const found = await notices(caseId);
  const set = found.map(({ noticeId, digest }) => ({ noticeId, digest: digest ?? '' }));
  const answer = await approveNotices(home.house, by(home.people.leo), {
    notices: set,
    recipientCount: null,
  });
  if (!answer.ok) throw new Error(answer.problem.detail);
}

/** Recorded once for tests/replay, when somebody asks for it; what is committed is never edited. */
async function record(name: string, workflowId: string): Promise<void> {
  const folder = process.env['RECORD_HISTORIES'];
  if (folder === undefined) return;
  const history = await engine.client.workflow.getHandle(workflowId).fetchHistory();
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${name}.json`, historyToJSON(history));
}

/** The closed case's workflow starts again, drafts what new facts bring, and ends with the second closing. */
async function reopenAndCloseAgain(caseId: string): Promise<void> {
  const { leo } = home.people;
  const handle = engine.client.workflow.getHandle(`breach-case/${caseId}`);
  const before = (await handle.describe()).runId;
  const reopened = await reopenCase(home.house, by(leo), { caseId, reason: 'a second dump' });
  expect(reopened).toMatchObject({ ok: true, value: { state: 'determined' } });
  await until('the case is followed again', async () => {
    const { status, runId } = await handle.describe();
    return status.name === 'RUNNING' && runId !== before ? runId : null;
  });
  const recorded = await recordFacts(home.house, by(leo), {
    caseId,
    facts: [
      {
        about: 'case',
        name: 'subjects.vulnerable',
        value: true,
        certainty: 'confirmed',
        source: 'second log review',
        observedAt: null,
      },
    ],
    hits: [],
  });
  expect(recorded).toMatchObject({ ok: true });
  await until('the facts are taken up', async () => {
    const file = await home.house.as(leo, ({ cases }) => cases.read(caseId));
    return file !== null && file.obligationsRevision === file.revision ? file : null;
  });
  // The authority was told otherwise: it is owed a supplement before the case can close.
  const [supplement] = (await inState(caseId, 'in-review', 1)).filter(
    ({ phase }) => phase === 'supplementary',
  );
  expect(supplement).toMatchObject({ recipientKind: 'authority', part: 1 });
  const early = await closeCase(home.house, by(leo), { caseId, reason: 'nothing more' });
  expect(early).toMatchObject({ ok: false });
  await approveAll(caseId);
  await inState(caseId, 'dispatched', 6);
  await record('notice-supplementary-sent', `notice/${supplement?.noticeId ?? ''}`);
  const closed = await closeCase(home.house, by(leo), { caseId, reason: 'nothing more' });
  expect(closed).toMatchObject({ ok: true });
  await until('the workflow ends again', async () => {
    const { status } = await handle.describe();
    return status.name === 'COMPLETED' ? status : null;
  });
}

describe('the path', () => {
  it('goes from the report to receipts for all, and closes', async () => {
    const caseId = await openBreach();
    const frozen = await inState(caseId, 'in-review', 5);
    await approveAll(caseId);
    await inState(caseId, 'dispatched', 5);
    const ids = new Set(frozen.map((one) => one.noticeId));
    const got = mailbox.received.filter((mail) => ids.has(mail.noticeId ?? ''));
    expect(
      got
        .map((mail) => mail.to)
        .flat()
        .sort(),
    ).toEqual([
      'ann@people.example',
      'ben@people.example',
      'breach@alpha.example',
      'breach@beta.example',
      'breach@gamma.example',
      'cid@people.example',
      'ee-aki@authorities.example',
    ]);
    const closed = await closeCase(home.house, by(home.people.leo), { caseId, reason: 'done' });
    expect(closed).toMatchObject({ ok: true });
    await until('the workflow ends', async () => {
      const { status } = await engine.client.workflow.getHandle(`breach-case/${caseId}`).describe();
      return status.name === 'COMPLETED' ? status : null;
    });
    await record('case-from-report-to-close', `breach-case/${caseId}`);
    await reopenAndCloseAgain(caseId);
    for (const { noticeId, recipientKind } of frozen.slice(0, 5)) {
      await record(`notice-to-${recipientKind}-sent`, `notice/${noticeId}`);
    }
  });

  it('takes facts that come while notices are in review into the obligations', async () => {
    const caseId = await openBreach();
    await inState(caseId, 'in-review', 5);
    const answer = await recordFacts(home.house, by(home.people.rita), {
      caseId,
      hits: [],
      facts: highRiskFacts
        .filter((fact) => fact.name === 'misuseObserved')
        .map((fact) => ({ ...fact, value: true })),
    });
    expect(answer.ok).toBe(true);
    await until('the revision is taken up', async () => {
      const file = await home.house.as(home.people.leo, (store) => store.cases.read(caseId));
      return file !== null && file.obligationsRevision === file.revision ? file : null;
    });
    await record('case-with-new-facts', `breach-case/${caseId}`);
  });

  it('is rebuilt when its workflows are gone, and sends nothing twice', async () => {
    const caseId = await openBreach();
    const frozen = await inState(caseId, 'in-review', 5);
    await engine.client.workflow.getHandle(`breach-case/${caseId}`).terminate('lost');
    for (const { noticeId } of frozen) {
      await engine.client.workflow.getHandle(`notice/${noticeId}`).terminate('lost');
    }
    await approveAll(caseId);
    await inState(caseId, 'dispatched', 5);
    const ids = new Set(frozen.map((one) => one.noticeId));
    const got = mailbox.received.filter((mail) => ids.has(mail.noticeId ?? ''));
    expect(new Set(got.map((mail) => mail.to).flat()).size).toBe(got.length);
    expect(got).toHaveLength(7);
  });
});
