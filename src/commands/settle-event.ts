/** Settles an event that was kept because no program could take it: a person has looked, and says what became of it. */
import { actorLabel } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';

/** Takes the event off the list of those that wait; only who sees the whole group can. The event itself stays. */
export function settleEvent(
  house: House,
  request: Request,
  input: { source: string; eventId: string; note: string },
): Promise<Answer<{ state: 'settled' }>> {
  return runCommand(house, request, 'complete-task', async (store) => {
    const by = actorLabel(request.actor);
    const { source, eventId, note } = input;
    if (!(await store.events.settle(source, eventId, by))) {
      return refuse('not-found', 'No such event waits for a person.');
    }
    await store.register.append({
      stream: 'house',
      type: 'event.settled',
      actor: by,
      data: { source },
      personal: { eventId, note },
    });
    return done({ state: 'settled' });
  });
}
