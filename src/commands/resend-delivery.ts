/** Sends a doubtful copy again, marked as a possible duplicate: by one person, or by a machine under a signed clause. */
import { randomUUID } from 'node:crypto';
import { actorLabel, type Actor } from '../domain/actor.ts';
import { toMs } from '../domain/instant.ts';
import type { Wording } from '../domain/notice-ports.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import type { TemplateWords } from '../domain/release-ports.ts';
import type { NewResend, StandingCopy } from '../domain/resend-ports.ts';
import { markCopy } from '../ledger/copy.ts';
import { messageIdOf } from '../ledger/message-id.ts';
import { assemble, mimeSha256 } from '../ledger/mime.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import type { FreezeDeps } from './freeze-notice.ts';
import { personOf } from './lock-notice.ts';

export type ResendDeps = Pick<FreezeDeps, 'wording' | 'noticeIdKey'>;

const dispatcher: Actor = { kind: 'machine', name: 'dispatch' };
const template = 'resend/possible-duplicate';
const lookAgainSeconds = 3_600;

/** The person has been shown what a second copy may do and what none may do, and says so by asking. */
export function resendDelivery(
  house: House,
  deps: ResendDeps,
  request: Request,
  input: { deliveryId: string; reason: string },
): Promise<Answer<{ deliveryId: string; noticeId: string }>> {
  return runCommand(house, request, 'resend-delivery', async (store) => {
    const original = await store.resends.lockCopy(input.deliveryId);
    if (original === null) {
      return refuse('not-found', 'There is no such delivery, or another copy has followed it.');
    }
    const { personId } = personOf(request.actor);
    const leave = { basis: 'person', personId } as const;
    return sendAgain(store, deps, original, { leave, reason: input.reason, by: request.actor });
  });
}

/**
 * The machine's part, before each batch of a notice: copies in doubt to an authority that a clause signed by two people
 * lets it send again, from 15 minutes after the dot until the due. Gives how many were put to dispatch.
 */
export function resendByClause(house: House, deps: ResendDeps, noticeId: string): Promise<number> {
  return house.as(dispatcher, async (store) => {
    let resent = 0;
    for (const { deliveryId, clauseId, signers } of await store.resends.dueByClause(noticeId)) {
      const original = await store.resends.lockCopy(deliveryId);
      if (original === null) continue;
      const leave = { basis: 'standing-clause', clauseId, signers } as const;
      const reason = 'in doubt at an authority before the due';
      const outcome = await sendAgain(store, deps, original, { leave, reason, by: dispatcher });
      if (outcome.ok) resent++;
      // A person can still; the machine must not come back at once to be refused again.
      else await store.resends.putOff(deliveryId, lookAgainSeconds);
    }
    return resent;
  });
}

interface Leave {
  readonly leave: NewResend['leave'];
  readonly reason: string;
  readonly by: Actor;
}

async function sendAgain(
  store: Store,
  deps: ResendDeps,
  original: StandingCopy,
  { leave, reason, by }: Leave,
): Promise<Outcome<{ deliveryId: string; noticeId: string }>> {
  const { noticeId, caseId } = original;
  const file = await store.cases.read(caseId);
  const hindrance = await whyNot(store, original, file?.state === 'closed');
  if (hindrance !== null) return refuse('conflict', hindrance);
  const copy = makeCopy(deps, original);
  if (
    file?.mode === 'real' &&
    original.recipientKind !== 'controller' &&
    !(await isReviewed(store, copy.mark))
  ) {
    return refuse(
      'conflict',
      'No reviewer is recorded for the wording that marks a copy: it cannot go to authorities or people.',
    );
  }
  const deliveryId = randomUUID();
  await store.resends.add({ ...copy.row, deliveryId, original, leave, reason });
  const isReopened = original.noticeState === 'dispatched';
  if (isReopened) await store.notices.setState(noticeId, 'released');
  const actor = actorLabel(by);
  const doubt = `delivery/${original.deliveryId}`;
  await store.tasks.completeBySubject(caseId, 'in-doubt', doubt, actor, 'sent again');
  await store.tasks.completeBySubject(
    caseId,
    'unproven',
    `notice/${noticeId}`,
    actor,
    'sent again',
  );
  await store.house.wake('notice', noticeId);
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'delivery.resent',
    actor,
    data: {
      deliveryId,
      noticeId,
      originalId: original.deliveryId,
      resendNo: original.resendNo + 1,
      basis: leave.basis,
      ...(leave.basis === 'standing-clause'
        ? { clauseId: leave.clauseId, signers: leave.signers.map((id) => `person/${id}`) }
        : {}),
      sha256: Buffer.from(copy.row.mimeSha256).toString('hex'),
      reopened: isReopened,
    },
    personal: { reason },
  });
  return done({ deliveryId, noticeId });
}

async function isReviewed(store: Store, words: TemplateWords): Promise<boolean> {
  const reviews = await store.releases.wordingReviews();
  return reviews.some(
    ({ template: name, language, sha256, verdict }) =>
      verdict === 'reviewed' &&
      name === words.template &&
      language === words.language &&
      sha256 === words.sha256,
  );
}

async function whyNot(
  store: Store,
  original: StandingCopy,
  isClosed: boolean,
): Promise<string | null> {
  if (isClosed) return 'The case is closed.';
  if (original.state !== 'in-doubt' && original.state !== 'abandoned') {
    return `The delivery is "${original.state}": only a copy in doubt, or one given up, is sent again.`;
  }
  const { noticeState, isLive, phase } = original;
  if (
    !isLive ||
    (noticeState !== 'released' && noticeState !== 'dispatched') ||
    phase !== 'initial'
  ) {
    return 'Only an initial notice that has been released is sent again as it was.';
  }
  if (toMs(original.resendableAt) > toMs(await store.house.now())) {
    return `The server may still answer: not before ${original.resendableAt}, 15 minutes after the copy was sent.`;
  }
  return null;
}

function makeCopy(
  { wording, noticeIdKey }: ResendDeps,
  original: StandingCopy,
): {
  mark: TemplateWords;
  row: Pick<NewResend, 'segments' | 'messageId' | 'mimeSha256' | 'mimeBytes'>;
} {
  const { noticeId, recipientKey, address, merge, firstMessageId } = original;
  const mark = markOf(wording, original);
  const segments = markCopy(original.segments, { ...mark, firstMessageId });
  const contentSha256 = Buffer.from(original.mimeSha256).toString('hex');
  const resendNo = original.resendNo + 1;
  const domain = original.sender.replace(/^.*@/, '');
  const messageId = messageIdOf(
    noticeIdKey,
    { noticeId, recipientKey, contentSha256, resendNo },
    domain,
  );
  const mime = assemble(segments, merge, address, messageId);
  return {
    mark: mark.words,
    row: { segments, messageId, mimeSha256: mimeSha256(mime), mimeBytes: mime.length },
  };
}

// The mark of a drill stands first in the marked subject too, and once.
const exerciseMark = /^EXERCISE - (ÜBUNG - )?/;
/** A subject of a message has 200 characters at most, the mark's own included. */
const subjectLength = 160;

function markOf(
  wording: Wording,
  { language, subject, content, firstMessageId }: StandingCopy,
): { subject: string; text: string; html: string; words: TemplateWords } {
  const { reference, exercise } = content;
  const mark = wording.render(template, language, {
    exercise: exercise === true,
    subject: Array.from(subject.replace(exerciseMark, '')).slice(0, subjectLength).join('').trim(),
    messageId: firstMessageId,
    reference: typeof reference === 'string' ? reference : firstMessageId,
  });
  const html = /<body>\n([^]*)<\/body>/.exec(mark.html)?.[1] ?? '';
  const sha256 = Buffer.from(mark.templateSha256).toString('hex');
  const words = { template, language: mark.language, sha256 };
  return { subject: mark.subject, text: `${mark.text}\n`, html, words };
}
