/** The opinion of the DPO on a lowering, and the decision of a third person, which takes effect in the same transaction. */
import { actorLabel } from '../domain/actor.ts';
import type { CaseFile } from '../domain/case.ts';
import type { Lowering } from '../domain/lowering.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { applyLowering } from './apply-lowering.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';
import { personOf } from './lock-notice.ts';

interface Found {
  readonly lowering: Lowering;
  readonly file: CaseFile;
}

/** Puts the opinion of the DPO on record, for or against; a third person may then decide. */
export function adviseOnLowering(
  house: House,
  request: Request,
  input: { loweringId: string; text: string; favours: boolean },
): Promise<Answer<{ loweringId: string }>> {
  return runCommand(house, request, 'give-opinion', async (store) => {
    const found = await undecided(store, input.loweringId);
    if (!found.ok) return found;
    const { lowering, file } = found.value;
    const { personId } = personOf(request.actor);
    if (lowering.opinion !== null) {
      return refuse('conflict', 'The opinion of the DPO is on record already.');
    }
    if (lowering.proposedBy === personId) {
      return refuse('four-eyes', 'You proposed this: the opinion must be of another person.');
    }
    const { loweringId, text, favours } = input;
    await store.lowerings.advise(loweringId, { text, favours, by: personId });
    const by = actorLabel(request.actor);
    await settleTask(store, lowering, 'advise-lowering', by, 'opinion given');
    await store.tasks.open({
      caseId: file.caseId,
      kind: 'confirm-lowering',
      subject: `lowering/${loweringId}`,
      title: `${file.reference}: confirm or decline a lowering (${lowering.act.kind})`,
      role: 'legal',
    });
    await enter(store, lowering, 'lowering.advised', by, { favours }, text);
    return done({ loweringId });
  });
}

/**
 * Confirms it and does what it names, at once. Refused without the opinion of the DPO, for who proposed or advised, and
 * when facts have come since it was proposed.
 */
export function confirmLowering(
  house: House,
  request: Request,
  input: { loweringId: string; reason: string | null },
): Promise<Answer<{ loweringId: string; state: 'confirmed' }>> {
  return runCommand(house, request, 'confirm-lowering', async (store) => {
    const found = await undecided(store, input.loweringId);
    if (!found.ok) return found;
    const { lowering, file } = found.value;
    const { personId } = personOf(request.actor);
    const fault = faultOf(lowering, file, personId);
    if (fault !== null) return fault;
    const { loweringId, reason } = input;
    const by = actorLabel(request.actor);
    await store.lowerings.decide(loweringId, { state: 'confirmed', reason, by: personId });
    const kept = {
      kind: lowering.act.kind,
      before: lowering.resultBefore,
      after: lowering.resultAfter,
    };
    await enter(store, lowering, 'lowering.confirmed', by, kept, reason);
    const applied = await applyLowering(store, file, lowering, by);
    if (!applied.ok) return applied;
    await settleTask(store, lowering, 'confirm-lowering', by, 'confirmed');
    return done({ loweringId, state: 'confirmed' });
  });
}

/** Declines it: what stands goes on to count. */
export function declineLowering(
  house: House,
  request: Request,
  input: { loweringId: string; reason: string },
): Promise<Answer<{ loweringId: string; state: 'declined' }>> {
  return runCommand(house, request, 'confirm-lowering', async (store) => {
    const found = await undecided(store, input.loweringId);
    if (!found.ok) return found;
    const { lowering } = found.value;
    const { loweringId, reason } = input;
    const { personId } = personOf(request.actor);
    const by = actorLabel(request.actor);
    await store.lowerings.decide(loweringId, { state: 'declined', reason, by: personId });
    await settleTask(store, lowering, ['advise-lowering', 'confirm-lowering'], by, 'declined');
    await enter(store, lowering, 'lowering.declined', by, { kind: lowering.act.kind }, reason);
    return done({ loweringId, state: 'declined' });
  });
}

async function undecided(store: Store, loweringId: string): Promise<Outcome<Found>> {
  const lowering = await store.lowerings.lock(loweringId);
  if (lowering === null) return refuse('not-found', 'There is no such lowering.');
  const locked = await lockOpenCase(store, lowering.caseId);
  if (!locked.ok) return locked;
  if (lowering.state !== 'proposed') {
    return refuse('conflict', `This lowering is ${lowering.state} already.`);
  }
  return done({ lowering, file: locked.value });
}

function faultOf(lowering: Lowering, file: CaseFile, personId: string): Outcome<never> | null {
  if (lowering.opinion === null) {
    return refuse('conflict', 'Nothing was lowered: a part is missing.', [
      { pointer: '/opinion', detail: 'is missing: the opinion of the DPO' },
    ]);
  }
  if (lowering.proposedBy === personId) {
    return refuse('four-eyes', 'You proposed this lowering: another person has to confirm it.');
  }
  if (lowering.opinion.by === personId) {
    return refuse('four-eyes', 'You gave the opinion: another person has to confirm it.');
  }
  if (lowering.factsVersion !== file.factsVersion) {
    return refuse(
      'stale',
      'Facts have been recorded since this was proposed: decline it, and propose it again on what is known now.',
    );
  }
  return null;
}

function settleTask(
  store: Store,
  { caseId, loweringId }: Lowering,
  kind: string | readonly string[],
  by: string,
  outcome: string,
): Promise<void> {
  return store.tasks.completeBySubject(caseId, kind, `lowering/${loweringId}`, by, outcome);
}

function enter(
  store: Store,
  { caseId, loweringId }: Lowering,
  type: string,
  actor: string,
  data: Parameters<Store['register']['append']>[0]['data'],
  text: string | null,
): Promise<void> {
  return store.register.append({
    stream: `case/${caseId}`,
    type,
    actor,
    data: { loweringId, ...data },
    ...(text === null ? {} : { personal: { text } }),
  });
}
