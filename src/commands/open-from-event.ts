/** Makes a case from an event that no program could take: a person has read it and says what it reports. */
import { actorLabel } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { openCase, type OpenCase, type OpenedCase } from './open-case.ts';
import { takeUpEarlier, within, type ReadEvent } from './take-event.ts';
import { callNoMoreThanWait } from './waiting-events.ts';

export interface OpenFromEvent {
  readonly source: string;
  readonly eventId: string;
  readonly report: Omit<OpenCase, 'source' | 'externalId' | 'receivedAt'>;
}

/**
 * Opens the case under the event's own name, received when the event came: its clock runs from there. The event stays
 * readable in the case, and facts that waited for it enter.
 */
export function openFromEvent(
  house: House,
  request: Request,
  input: OpenFromEvent,
  reread: ReadEvent,
): Promise<Answer<OpenedCase>> {
  return runCommand(house, request, 'open-case', async (store) => {
    const { source, eventId, report } = input;
    const kept = await store.events.lockKept(source, eventId);
    if (kept === null) return refuse('not-found', 'No such event waits for a person.');
    const opened = await openCase(
      within(store),
      { ...request, key: null },
      { ...report, source, externalId: eventId, receivedAt: kept.at },
    );
    if (!opened.ok) return opened;
    const { caseId, reference } = opened.value;
    const by = actorLabel(request.actor);
    const answer = { outcome: 'case-opened', caseId, reference } as const;
    await store.events.takenUp({ source, eventId, by }, answer);
    await takeUpEarlier(store, { source, eventId }, caseId, reread);
    await callNoMoreThanWait(store);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'event.taken-up',
      actor: by,
      data: { source },
      personal: { eventId },
    });
    return done(opened.value);
  });
}
