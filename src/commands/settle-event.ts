/** Settles an event that waits, kept or attached to a closed case: a person has looked, and says what became of it. */
import { actorLabel } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { callNoMoreThanWait } from './waiting-events.ts';

/** Takes the event off the list of those that wait; one without a case only for who sees the whole group. It stays. */
export function settleEvent(
  house: House,
  request: Request,
  input: { source: string; eventId: string; note: string },
): Promise<Answer<{ state: 'settled' }>> {
  return runCommand(house, request, 'complete-task', async (store) => {
    const by = actorLabel(request.actor);
    const { source, eventId, note } = input;
    const caseId = await store.events.settle(source, eventId, by);
    if (caseId === undefined) return refuse('not-found', 'No such event waits for a person.');
    if (caseId === null) await callNoMoreThanWait(store);
    await store.register.append({
      stream: caseId === null ? 'house' : `case/${caseId}`,
      type: 'event.settled',
      actor: by,
      data: { source },
      personal: { eventId, note },
    });
    return done({ state: 'settled' });
  });
}
