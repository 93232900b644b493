/** A notice nobody approves, on a real Temporal: it leaves by itself before its due, also when its timer was lost. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire, type SmtpWire } from '../../src/adapters/mail/wire.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import { reviewWording } from '../../src/commands/review-wording.ts';
import {
  proposeAuthorisation,
  signAuthorisation,
} from '../../src/commands/standing-authorisation.ts';
import { engineSteps } from '../../src/processes/engine.ts';
import { testEngine, type TestEngine } from '../support/engine.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';
import { testMailbox, type TestMailbox } from '../support/mailbox.ts';

let home: TestHouse;
let mailbox: TestMailbox;
let engine: TestEngine;
let wire: SmtpWire;
const wording = handlebarsWording();

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
    wording,
    noticeIdKey: Buffer.alloc(32, 3),
    wire,
  });
  engine = await testEngine(home, steps);
  for (const words of wording.templates()) {
    const input = { ...words, verdict: 'reviewed', note: 'read' } as const;
    const answer = await reviewWording(home.house, wording, by(home.people.lena), input);
    if (!answer.ok) throw new Error(answer.problem.detail);
  }
  const authorisationId = randomUUID();
  const proposed = await proposeAuthorisation(home.house, by(home.people.leo), {
    authorisationId,
    title: 'Nights',
    recipientKinds: ['authority'],
    affiliateKeys: [],
    maxRecipients: 1,
    withinHoursOfDue: 6,
    unapprovedMinutesBeforeDue: 300,
    validFrom: '2020-01-01T00:00:00.000Z',
    validUntil: '2090-01-01T00:00:00.000Z',
    reason: 'on time matters more',
  });
  const signed = await signAuthorisation(home.house, by(home.people.eva), { authorisationId });
  if (!proposed.ok || !signed.ok || !signed.value.inForce) throw new Error('not in force');
});
afterAll(async () => {
  await engine.close();
  wire.close();
  await mailbox.close();
  await home.close();
});

/** 72 hours take 22 seconds of the wall, and the five hours before a due a second and a half. */
const speed = 12_000;

async function untilNotice(caseId: string, state: string): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const page = await home.house.as(home.people.leo, (store) =>
      store.views.notices({ caseId, limit: 100, cursor: null }),
    );
    const found = page.items.find(
      (one) => one.recipientKind === 'authority' && one.state === state,
    );
    if (found !== undefined) return found.noticeId;
    await wait(100);
  }
  throw new Error(`no notice to an authority was ever ${state}`);
}

async function openBreach(): Promise<string> {
  const hits = [{ kind: 'asset' as const, key: 'portal-db' }];
  const { caseId } = await openTestCase(home, { hits, facts: highRiskFacts, speed });
  const input = { caseId, determination: 'breach', reason: 'seen' } as const;
  const determined = await determineCase(home.house, by(home.people.leo), input);
  if (!determined.ok) throw new Error(determined.problem.detail);
  return caseId;
}

async function lateOf(caseId: string): Promise<boolean | undefined> {
  const owed = await home.house.as(home.people.leo, (store) => store.obligations.ofCase(caseId));
  return owed.find(({ recipientKind }) => recipientKind === 'authority')?.late;
}

it('leaves by itself before its due', async () => {
  const caseId = await openBreach();
  const noticeId = await untilNotice(caseId, 'dispatched');
  expect(mailbox.received.filter((mail) => mail.noticeId === noticeId)).toHaveLength(1);
  expect(await lateOf(caseId)).toBe(false);
});

it('leaves although Temporal lost its workflow and timer', async () => {
  const caseId = await openBreach();
  const noticeId = await untilNotice(caseId, 'in-review');
  await engine.client.workflow.getHandle(`notice/${noticeId}`).terminate('lost');
  await untilNotice(caseId, 'dispatched');
  expect(mailbox.received.filter((mail) => mail.noticeId === noticeId)).toHaveLength(1);
});
