/** Another address for a recipient whom a notice did not reach: a new version, which a second person must approve. */
import { actorLabel } from '../domain/actor.ts';
import type { RecipientStanding } from '../domain/notice-ports.ts';
import type { NoticeState } from '../domain/notice.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse, type Problem } from '../domain/problem.ts';
import { isPlainAddress } from '../ledger/plain-text.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { freezeInto, type FreezeDeps } from './freeze-notice.ts';
import { lockNotice, personOf } from './lock-notice.ts';

export interface Correction {
  readonly noticeId: string;
  readonly recipientKey: string;
  readonly address: string;
  readonly reason: string;
  /** True: the person has read that an earlier copy may have arrived, where one may have. */
  readonly weighed: boolean;
}

/**
 * Freezes the next version with the new address: for everybody where nobody has the notice, else for those only whose
 * address was corrected. Who corrects is its author and cannot approve it.
 */
export function correctAddress(
  house: House,
  deps: FreezeDeps,
  request: Request,
  input: Correction,
): Promise<Answer<{ version: number; digest: string }>> {
  return runCommand(house, request, 'edit-notice', async (store) => {
    const found = await lockNotice(store, input.noticeId);
    if (!found.ok) return found;
    const { notice, version } = found.value;
    const { caseId, noticeId } = notice;
    const { recipientKey, reason } = input;
    const file = await store.cases.read(caseId);
    if (notice.recipientKind === 'authority' && file?.mode === 'real') {
      return refuse(
        'conflict',
        "An authority's address is kept with its readiness: change it there, two people together.",
      );
    }
    const address = input.address.trim();
    if (!isPlainAddress(address)) {
      return refuse('invalid', 'This address cannot stand in a mail.', [
        { pointer: '/address', detail: 'must be one plain e-mail address' },
      ]);
    }
    const hindrance = whyNot(
      notice.state,
      await store.notices.recipient(noticeId, recipientKey),
      address,
      input.weighed,
    );
    if (hindrance !== null) return { ok: false, problem: hindrance };
    const { personId } = personOf(request.actor);
    const by = actorLabel(request.actor);
    await store.notices.addCorrection({
      caseId,
      noticeId,
      recipientKey,
      address,
      reason,
      personId,
    });
    const addition = version.content['addition'];
    const subject = version.content['subjectEdited'];
    const frozen = await freezeInto(store, deps, notice, by, {
      addition: typeof addition === 'string' ? addition : null,
      subject: typeof subject === 'string' ? subject : null,
    });
    if (!frozen.ok) return frozen;
    await store.tasks.completeBySubject(caseId, 'revise', `notice/${noticeId}`, by, 'revised');
    await store.house.wake('notice', noticeId);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'address.corrected',
      actor: by,
      data: { noticeId, version: frozen.value.version, reopened: notice.state === 'dispatched' },
      personal: { recipientKey, address, reason },
    });
    return done({ version: frozen.value.version, digest: frozen.value.digest });
  });
}

function whyNot(
  state: NoticeState,
  recipient: RecipientStanding | null,
  address: string,
  weighed: boolean,
): Problem | null {
  const conflict = (detail: string): Problem => ({ type: 'conflict', detail });
  if (state !== 'returned' && state !== 'dispatched' && state !== 'in-review') {
    return conflict(
      `The notice is "${state}": its addresses can be corrected when it has come to its end.`,
    );
  }
  if (recipient === null)
    return { type: 'not-found', detail: 'No copy was made for this recipient.' };
  if (recipient.isTold) return conflict('This recipient is known to have the notice.');
  if (recipient.state === 'in-doubt') {
    return conflict('A copy to this recipient is in doubt: say first how it ended.');
  }
  if (recipient.mayHoldCopy && !weighed) {
    return conflict(
      'A copy that was given up may have arrived: this would be a second one. Ask the recipient first, or say that you weighed it.',
    );
  }
  return address.toLowerCase() === recipient.address.toLowerCase()
    ? conflict('This is the address that was tried.')
    : null;
}
