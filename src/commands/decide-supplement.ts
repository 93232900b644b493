/** A person's decision on telling a recipient of changes: tell people again, or declare a supplement unnecessary. */
import { actorLabel } from '../domain/actor.ts';
import type { Notice } from '../domain/notice.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { createFollowUp, pullUnsent } from './create-follow-up.ts';
import { knownNow } from './follow-notices.ts';
import { personOf } from './lock-notice.ts';
import { lockTold, type LockedTold } from './lock-told.ts';

export interface SupplementDecision {
  readonly obligationId: string;
  readonly tell: boolean;
  readonly reason: string;
}

export interface DecidedSupplement {
  /** The notice that was drafted, or the one that was pulled; null where there was none. */
  readonly noticeId: string | null;
}

/**
 * Not to tell lowers what is owed: of a supplement already drafted the DPO's opinion must be on record. What was known
 * then is not put to anybody again; a later change is.
 */
export function decideSupplement(
  house: House,
  request: Request,
  input: SupplementDecision,
): Promise<Answer<DecidedSupplement>> {
  return runCommand(house, request, 'decide-obligation', async (store) => {
    const found = await lockTold(store, input.obligationId);
    if (!found.ok) return found;
    const { obligation } = found.value;
    const { caseId, obligationId } = obligation;
    const by = actorLabel(request.actor);
    const outcome = input.tell
      ? await tell(store, found.value)
      : await decline(store, found.value, input.reason, personOf(request.actor).personId, by);
    if (!outcome.ok) return outcome;
    const said = input.tell ? 'they are told' : 'they are not told';
    await store.tasks.completeBySubject(caseId, 'supplement-people', obligationId, by, said);
    await store.register.append({
      stream: `case/${caseId}`,
      type: input.tell ? 'supplement.decided' : 'supplement.declined',
      actor: by,
      data: { obligationId, provision: obligation.provision, noticeId: outcome.value },
      personal: { reason: input.reason },
    });
    await store.house.wake('breach-case', caseId);
    return done({ noticeId: outcome.value });
  });
}

async function tell(store: Store, followed: LockedTold): Promise<Outcome<string | null>> {
  const { obligation, file, told, standing } = followed;
  const unsent = unsentOf(followed);
  if (unsent !== null) return done(unsent.noticeId);
  const { endedAt } = await store.followUps.finding(file.caseId);
  const isFinal = endedAt !== null && !standing.some(({ phase }) => phase === 'final');
  const phase = isFinal ? 'final' : 'supplementary';
  const [noticeId] = await createFollowUp(store, file, obligation, standing, {
    phase,
    told,
    cause: null,
  });
  return done(noticeId ?? null);
}

async function decline(
  store: Store,
  followed: LockedTold,
  reason: string,
  personId: string,
  by: string,
): Promise<Outcome<string | null>> {
  const { obligation, told, standing } = followed;
  const unsent = unsentOf(followed);
  const { caseId, obligationId } = obligation;
  if (unsent !== null && !(await store.followUps.hasOpinion(unsent.noticeId))) {
    return refuse(
      'conflict',
      'Declaring a drafted supplement unnecessary lowers what is owed: the DPO gives an opinion on it first.',
    );
  }
  const known = await knownNow(store, obligation, told);
  if (known === null) return refuse('conflict', 'What is known now cannot be put in words yet.');
  await pullUnsent(store, standing, ['supplementary', 'final'], by);
  const noticeId = unsent?.noticeId ?? null;
  await store.followUps.recordDecision({
    caseId,
    obligationId,
    noticeId,
    known,
    reason,
    personId,
  });
  return done(noticeId);
}

/** The supplementary or final notice that has not left; null for none. */
function unsentOf({ standing }: LockedTold): Notice | null {
  const later = standing.filter(({ phase }) => phase === 'supplementary' || phase === 'final');
  return later.find(({ state }) => state !== 'dispatched') ?? null;
}
