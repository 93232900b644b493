/** A hold: a lawful request to delay telling people, recorded, confirmed where it must be, and lifted. */
import { actorLabel } from '../domain/actor.ts';
import { caseTimeAt, wallTimeAt } from '../domain/instant.ts';
import type { Hold, NewHold } from '../domain/barrier-ports.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';
import { personOf } from './lock-notice.ts';

export type HoldInput = Omit<NewHold, 'expiresRingAt'>;

/**
 * Holds back the notices of the kinds named until the expiry. Data subjects at once; authorities and controllers only
 * once a lawyer and the executive, two people, stand behind it. Alarms go on ringing.
 */
export function recordHold(
  house: House,
  request: Request,
  input: HoldInput,
): Promise<Answer<{ holdId: string; needsConfirmation: boolean }>> {
  return runCommand(house, request, 'hold-notices', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const { caseId, reference, clock } = locked.value;
    const { holdId, expiresAt, recipientKinds } = input;
    if (expiresAt <= caseTimeAt(clock, await store.house.now()))
      return refuse('invalid', 'The hold would be over already: give an instant still to come.');
    const expiresRingAt = wallTimeAt(clock, expiresAt);
    const { personId } = personOf(request.actor);
    await store.releases.addHold({ ...input, expiresRingAt }, personId);
    const needsConfirmation = recipientKinds.some((kind) => kind !== 'data-subject');
    if (needsConfirmation) {
      const title = `${reference}: confirm, as the second of legal and executive, that authorities or controllers are not told yet`;
      const subject = `hold/${holdId}`;
      await store.tasks.open({ caseId, kind: 'confirm-hold', subject, title, role: 'executive' });
    }
    await store.alarms.set([
      {
        subject: `case/${caseId}`,
        step: `hold-ends/${holdId}`,
        dueAt: expiresAt,
        ringAt: expiresRingAt,
        caseId,
        role: 'legal',
        line: `${reference}: a hold has ended; what it kept back leaves now.`,
      },
    ]);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'hold.recorded',
      actor: actorLabel(request.actor),
      data: { holdId, recipientKinds, expiresAt },
      personal: {
        requestedBy: input.requestedBy,
        reference: input.reference,
        document: input.document,
        reason: input.reason,
      },
    });
    return done({ holdId, needsConfirmation });
  });
}

/** Stands behind a hold of another person's; from both legal and executive it reaches authorities and controllers. */
export function confirmHold(
  house: House,
  request: Request,
  input: { readonly holdId: string },
): Promise<Answer<{ holds: Hold['holds'] }>> {
  return runCommand(house, request, 'hold-notices', async (store) => {
    const found = await standing(store, input.holdId);
    if (!found.ok) return found;
    const { holdId, caseId } = found.value;
    const isNew = await store.releases.confirmHold(
      holdId,
      caseId,
      personOf(request.actor).personId,
    );
    if (!isNew)
      return refuse('four-eyes', 'You stand behind this hold already: another person has to.');
    const after = await store.releases.hold(holdId);
    const holds = after?.holds ?? [];
    const by = actorLabel(request.actor);
    if (holds.length === found.value.recipientKinds.length)
      await store.tasks.completeBySubject(
        caseId,
        'confirm-hold',
        `hold/${holdId}`,
        by,
        'confirmed',
      );
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'hold.confirmed',
      actor: by,
      data: { holdId, holds },
    });
    return done({ holds });
  });
}

/** Ends a hold before its expiry; what was released goes on by itself. */
export function liftHold(
  house: House,
  request: Request,
  input: { readonly holdId: string; readonly reason: string },
): Promise<Answer<{ holdId: string }>> {
  return runCommand(house, request, 'hold-notices', async (store) => {
    const found = await standing(store, input.holdId);
    if (!found.ok) return found;
    const { holdId, caseId } = found.value;
    const by = actorLabel(request.actor);
    await store.releases.liftHold(holdId, caseId, personOf(request.actor).personId, input.reason);
    await store.alarms.silence(`case/${caseId}`, `hold-ends/${holdId}`);
    await store.tasks.completeBySubject(caseId, 'confirm-hold', `hold/${holdId}`, by, 'lifted');
    await store.releases.resume(caseId, by);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'hold.lifted',
      actor: by,
      data: { holdId },
      personal: { reason: input.reason },
    });
    return done({ holdId });
  });
}

async function standing(store: Store, holdId: string): Promise<Outcome<Hold>> {
  const found = await store.releases.hold(holdId);
  if (found === null) return refuse('not-found', 'There is no such hold.');
  return found.liftedBy === null ? done(found) : refuse('conflict', 'This hold is lifted already.');
}
