/** Evidence from outside that a notice arrived, or that somebody was told by telephone or post instead. */
import { actorLabel } from '../domain/actor.ts';
import { targetStep, telephoneStep } from '../domain/alarm.ts';
import { caseTimeAt, toMs, type Instant } from '../domain/instant.ts';
import type { ReceiptKind } from '../domain/notice-ports.ts';
import { isFollowUp, type Notice, type NoticeState } from '../domain/notice.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { barredTask } from './barred-task.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockNotice, type LockedNotice } from './lock-notice.ts';
import { dispatchedLate, settleObligation } from './settle-obligation.ts';

export interface Receipt {
  readonly noticeId: string;
  readonly kind: ReceiptKind;
  readonly evidence: string;
  /** The recipient's own number for the matter, which later notices quote; null when none was given. */
  readonly reference?: string | null;
  /** The file the receipt came as, kept with the case; needed for the kind `file`. */
  readonly documentId?: string | null;
  /** Case time; null for now. */
  readonly receivedAt: Instant | null;
  /** Whom it is about; left out, the only recipient, or everybody of whom nothing was known (a reply: nobody). */
  readonly recipientKey?: string | null;
  /** With `telephone` and `post`: to whom it was said or written. */
  readonly told?: string | null;
}

/** Settles the obligation when with this nobody is left untold; otherwise adds to the proof. */
export function recordReceipt(
  house: House,
  request: Request,
  input: Receipt,
): Promise<Answer<{ state: NoticeState }>> {
  return runCommand(house, request, 'record-receipt', async (store) => {
    const found = await lockNotice(store, input.noticeId);
    if (!found.ok) return found;
    const { notice, version } = found.value;
    const { caseId, noticeId } = notice;
    const whom = await covered(store, found.value, input);
    if (!whom.ok) return whom;
    const isPulled = await pullFromMail(store, found.value);
    if (!isPulled.ok) return isPulled;
    const file = await store.cases.read(caseId);
    const obligation = await store.obligations.lock(notice.obligationId);
    if (file === null || obligation === null)
      return refuse('not-found', 'There is no such notice.');
    const nowAt = caseTimeAt(file.clock, await store.house.now());
    const receivedAt = input.receivedAt ?? nowAt;
    if (receivedAt > nowAt) {
      return refuse('invalid', 'A receipt cannot lie in the future.', [
        { pointer: '/receivedAt', detail: `is after now, ${nowAt}` },
      ]);
    }
    // A typed instant has no seconds: it may lie a minute before the freeze.
    if (toMs(receivedAt) + 60_000 < toMs(caseTimeAt(file.clock, version.frozenAt))) {
      return refuse('invalid', 'A receipt cannot be older than the notice it is for.', [
        { pointer: '/receivedAt', detail: 'is before this version was frozen' },
      ]);
    }
    const kept = await fileOf(store, caseId, input);
    if (!kept.ok) return kept;
    const by = actorLabel(request.actor);
    const { kind, evidence, told = null, documentId = null } = input;
    const reference = input.reference ?? (kind === 'reference' ? evidence.trim() : null);
    await store.notices.addReceipt({
      ...{ caseId, noticeId, kind, evidence, receivedAt, by, told, covers: whom.value },
      ...{ reference, documentId },
    });
    const followsUp = isFollowUp(notice);
    const dispatchedAt = followsUp ? receivedAt : (obligation.dispatchedAt ?? receivedAt);
    const isComplete = (await store.notices.untold(noticeId)) === 0;
    if (!followsUp) {
      const receiptAt = isComplete ? receivedAt : null;
      await settleObligation(store, obligation, { dispatchedAt, receiptAt });
    }
    await closeTasks(store, found.value, by, isComplete);
    if (notice.state !== 'dispatched') {
      await store.notices.setState(noticeId, 'dispatched');
      await store.house.wake('notice', noticeId);
    }
    await store.house.wake('breach-case', caseId);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'receipt.recorded',
      actor: by,
      data: {
        noticeId,
        version: version.version,
        kind,
        receivedAt,
        dispatchedAt,
        late: !followsUp && dispatchedLate(obligation, dispatchedAt),
        documentSha256: kept.value,
        ...(notice.state === 'returned' || isPulled.value ? { told: 'another way' } : {}),
      },
      personal: { evidence, reference, ...(told === null ? {} : { told }) },
    });
    return done({ state: 'dispatched' });
  });
}

/** True for a released notice that only a barred mail channel holds back. */
async function waitsForMail(store: Store, { noticeId, state, channel }: Notice): Promise<boolean> {
  if (state !== 'released' || channel !== 'email') return false;
  return (await store.releases.barrier(noticeId))?.kind === 'barred';
}

/** Who is told another way while mail is barred gets no copy when it opens; true where rows were pulled for that. */
async function pullFromMail(store: Store, { notice }: LockedNotice): Promise<Outcome<boolean>> {
  if (!(await waitsForMail(store, notice))) return done(false);
  await store.notices.cancelRows(notice.noticeId);
  return (await store.notices.mayHaveLeft(notice.noticeId))
    ? refuse(
        'conflict',
        'A copy may have left by mail already: say how it ended, or cancel the rest, then record who was told another way.',
      )
    : done(true);
}

/** The digest of the file a receipt came as; null where it came as none. */
async function fileOf(
  store: Store,
  caseId: string,
  { kind, documentId = null }: Receipt,
): Promise<Outcome<string | null>> {
  const pointer = '/documentId';
  if (documentId === null) {
    return kind === 'file'
      ? refuse('invalid', 'A file is named as the receipt and none is given.', [
          { pointer, detail: 'is needed: upload the file first' },
        ])
      : done(null);
  }
  const found = await store.documents.find(documentId);
  if (found?.caseId !== caseId || found.purpose === 'filing-pack') {
    return refuse('invalid', 'This is no receipt of this case.', [
      { pointer, detail: 'names no file that was uploaded to this case' },
    ]);
  }
  return done(found.sha256);
}

/** Whom the receipt covers, or why there can be none. */
async function covered(
  store: Store,
  { notice, version }: LockedNotice,
  { kind, recipientKey = null, told = null }: Receipt,
): Promise<Outcome<readonly string[] | 'untold'>> {
  const { noticeId, state, channel, recipientKind } = notice;
  const byVoice = kind === 'telephone' || kind === 'post';
  if (byVoice && told === null) {
    return refuse('invalid', 'Say to whom it was said or written.', [
      { pointer: '/told', detail: 'must not be empty' },
    ]);
  }
  const left = await store.notices.untold(noticeId);
  // What was released and reached nobody may be told another way; what nobody released may not.
  const may =
    state === 'dispatched' ||
    (state === 'released' && channel === 'portal') ||
    (state === 'returned' && byVoice && left > 0) ||
    ((byVoice || (recipientKind === 'authority' && kind !== 'reply')) &&
      (await waitsForMail(store, notice)));
  if (!may) {
    return refuse(
      'conflict',
      `The notice is "${state}": nothing has left that could have arrived.`,
    );
  }
  if (recipientKey !== null && version.recipientCount > 1 && (await waitsForMail(store, notice))) {
    return refuse(
      'conflict',
      'The notice waits for mail: record that everybody was told, or send it back first.',
    );
  }
  if (recipientKey !== null) {
    return (await store.notices.recipient(noticeId, recipientKey)) === null
      ? refuse('invalid', 'The notice has no such recipient.', [
          { pointer: '/recipientKey', detail: 'is no recipient of this notice' },
        ])
      : done([recipientKey]);
  }
  return done(kind === 'reply' && version.recipientCount > 1 ? [] : 'untold');
}

async function closeTasks(
  store: Store,
  { notice, version }: LockedNotice,
  by: string,
  isComplete: boolean,
): Promise<void> {
  const { caseId, noticeId } = notice;
  const subject = `notice/${noticeId}`;
  await store.alarms.silence(subject, telephoneStep);
  await store.alarms.silence(subject, targetStep);
  const answered = isComplete || version.recipientCount === 1;
  const kinds = [
    'file-at-portal',
    'telephone',
    ...(answered ? ['unproven', 'bounced', 'revise', barredTask] : []),
  ];
  await store.tasks.completeBySubject(caseId, kinds, subject, by, 'receipt recorded');
}
