/** A breach of the demo's voice service on real Temporal, PostgreSQL and SMTP: the second notices come by themselves. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire, type SmtpWire } from '../../src/adapters/mail/wire.ts';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { closeCase, determineCase } from '../../src/commands/determine-case.ts';
import { recordReceipt } from '../../src/commands/record-receipt.ts';
import type { NoticeSummary } from '../../src/domain/views.ts';
import { loadDemo } from '../../src/intake/demo/load.ts';
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
  await loadDemo(catalogueStore(home.pool), 7);
  mailbox = await testMailbox();
  const sandbox = smtpTarget(mailbox.url);
  wire = smtpWire({ sandbox, relay: null, name: 'test.example', timeouts: smtpTimeouts });
  const steps = engineSteps(home.house, {
    ...{ wording: handlebarsWording(), noticeIdKey: Buffer.alloc(32, 3), wire },
  });
  engine = await testEngine(home, steps);
});
afterAll(async () => {
  await engine.close();
  wire.close();
  await mailbox.close();
  await home.close();
});

async function noticesOf(caseId: string, state: string): Promise<readonly NoticeSummary[]> {
  const { items } = await home.house.as(home.people.leo, ({ views }) =>
    views.notices({ caseId, limit: 100, cursor: null }),
  );
  return items.filter((one) => one.state === state);
}

async function inState(
  caseId: string,
  state: string,
  count: number,
): Promise<readonly NoticeSummary[]> {
  for (let tries = 0; tries < 600; tries++) {
    const found = await noticesOf(caseId, state);
    if (found.length === count) return found;
    await wait(100);
  }
  throw new Error(`never ${String(count)} notices ${state}`);
}

async function approve(notices: readonly NoticeSummary[]): Promise<void> {
  const answer = await approveNotices(home.house, by(home.people.leo), {
    notices: notices.map(({ noticeId, digest }) => ({ noticeId, digest: digest ?? '' })),
    recipientCount: null,
  });
  if (!answer.ok) throw new Error(answer.problem.detail);
}

async function file(notices: readonly NoticeSummary[]): Promise<void> {
  for (const { noticeId } of notices) {
    const answer = await recordReceipt(home.house, by(home.people.leo), {
      ...{ noticeId, kind: 'reference', evidence: 'AZ 4711', receivedAt: null },
    });
    if (!answer.ok) throw new Error(answer.problem.detail);
  }
}

describe('a breach of a public communications service', () => {
  it('goes from report to close with two notices to each of BNetzA and BfDI, subscribers and carrier told once', async () => {
    const { leo } = home.people;
    const { caseId } = await openTestCase(home, {
      hits: [{ kind: 'asset', key: 'call-switch-01' }],
      facts: highRiskFacts,
    });
    await determineCase(home.house, by(leo), {
      ...{ caseId, determination: 'breach', reason: 'seen on the switch' },
    });
    await approve(await inState(caseId, 'in-review', 8));
    await inState(caseId, 'dispatched', 6);
    const first = await inState(caseId, 'released', 2);
    expect(first.map(({ channel }) => channel)).toEqual(['portal', 'portal']);
    await file(first);
    const second = await inState(caseId, 'in-review', 2);
    expect(second.map(({ provision }) => provision)).toEqual([
      'eprivacy-611/2/3',
      'eprivacy-611/2/3',
    ]);
    await approve(second);
    await file(await inState(caseId, 'released', 2));
    await inState(caseId, 'dispatched', 10);
    const told = mailbox.received.flatMap(({ to }) => to);
    expect(told).toHaveLength(6);
    expect(new Set(told).size).toBe(6);
    const closed = await closeCase(home.house, by(leo), { caseId, reason: 'all is proven' });
    expect(closed).toMatchObject({ ok: true });
  });
});
