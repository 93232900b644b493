/** Evidence from outside that a notice arrived. For a portal filing it is also the instant of dispatch. */
import { actorLabel } from '../domain/actor.ts';
import { caseTimeAt, toMs, type Instant } from '../domain/instant.ts';
import { isFollowUp, type NoticeState } from '../domain/notice.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockNotice } from './lock-notice.ts';
import { dispatchedLate, settleObligation } from './settle-obligation.ts';

export interface Receipt {
  readonly noticeId: string;
  readonly kind: 'reference' | 'reply' | 'file';
  readonly evidence: string;
  /** The recipient's own number for the matter, which later notices quote; null when none was given. */
  readonly reference?: string | null;
  /** The file the receipt came as, kept with the case; needed for the kind `file`. */
  readonly documentId?: string | null;
  /** Case time; null for now. */
  readonly receivedAt: Instant | null;
}

/** Settles the obligation of a released portal filing; otherwise adds to the proof of one that was dispatched. */
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
    const filed = notice.state === 'released' && notice.channel === 'portal';
    if (!filed && notice.state !== 'dispatched') {
      return refuse(
        'conflict',
        `The notice is "${notice.state}": nothing has left that could have arrived.`,
      );
    }
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
    const { kind, evidence, documentId = null } = input;
    const reference = input.reference ?? (kind === 'reference' ? evidence.trim() : null);
    await store.notices.addReceipt({
      ...{ caseId, noticeId, kind, evidence, receivedAt, by },
      ...{ reference, documentId },
    });
    const dispatchedAt = isFollowUp(notice) ? receivedAt : (obligation.dispatchedAt ?? receivedAt);
    if (!isFollowUp(notice))
      await settleObligation(store, obligation, { dispatchedAt, receiptAt: receivedAt });
    if (version.recipientCount === 1) {
      const subject = `notice/${noticeId}`;
      await store.tasks.completeBySubject(caseId, 'unproven', subject, by, 'receipt recorded');
    }
    if (filed) {
      await store.notices.setState(noticeId, 'dispatched');
      await store.tasks.completeBySubject(
        caseId,
        'file-at-portal',
        `notice/${noticeId}`,
        by,
        'filed',
      );
      await store.house.wake('notice', noticeId);
      await store.house.wake('breach-case', caseId);
    }
    const late = !isFollowUp(notice) && dispatchedLate(obligation, dispatchedAt);
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
        late,
        documentSha256: kept.value,
      },
      personal: { evidence, reference },
    });
    return done({ state: 'dispatched' });
  });
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
