/** A person's answer to the proposal to withdraw what was notified: withdraw it, with its cause, or let it stand. */
import { actorLabel } from '../domain/actor.ts';
import type { WithdrawalCause } from '../domain/notice.ts';
import type { ObligationState } from '../domain/obligation.ts';
import type { House } from '../domain/ports.ts';
import { done } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { createFollowUp, pullUnsent } from './create-follow-up.ts';
import { lockTold } from './lock-told.ts';

export interface Withdrawal {
  readonly obligationId: string;
  /** False: the notice stands, for the reason given. */
  readonly withdraw: boolean;
  readonly cause: WithdrawalCause;
  readonly reason: string;
}

export interface Withdrawn {
  readonly state: ObligationState;
  /** The notice that tells the recipient; null when what was sent stands. */
  readonly noticeId: string | null;
}

/**
 * Also without a proposal, as for a wrong recipient. The withdrawal is a notice of its own: drafted, approved and sent
 * like any other, to exactly those the earlier notices went to.
 */
export function withdrawNotice(
  house: House,
  request: Request,
  input: Withdrawal,
): Promise<Answer<Withdrawn>> {
  return runCommand(house, request, 'decide-obligation', async (store) => {
    const found = await lockTold(store, input.obligationId);
    if (!found.ok) return found;
    const { obligation, file, standing, told } = found.value;
    const by = actorLabel(request.actor);
    const { caseId, obligationId } = obligation;
    const outcome = input.withdraw ? 'withdrawn' : 'it stands';
    await store.tasks.completeBySubject(caseId, 'withdraw-notice', obligationId, by, outcome);
    const pulled = input.withdraw
      ? await pullUnsent(store, standing, ['initial', 'supplementary', 'final'], by)
      : [];
    const [noticeId] = input.withdraw
      ? await createFollowUp(store, file, obligation, standing, {
          phase: 'withdrawal',
          told,
          cause: input.cause,
        })
      : [];
    if (input.withdraw) await store.followUps.withdraw(obligationId, input.reason, by);
    await store.register.append({
      stream: `case/${caseId}`,
      type: input.withdraw ? 'withdrawal.decided' : 'withdrawal.declined',
      actor: by,
      data: {
        obligationId,
        provision: obligation.provision,
        from: obligation.state,
        cause: input.withdraw ? input.cause : null,
        noticeId: noticeId ?? null,
        withdraws: told.firstNoticeId,
        pulled,
      },
      personal: { reason: input.reason },
    });
    await store.house.wake('breach-case', caseId);
    return done({
      state: input.withdraw ? 'withdrawn' : obligation.state,
      noticeId: noticeId ?? null,
    });
  });
}
