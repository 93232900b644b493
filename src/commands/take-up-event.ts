/** Takes up an event that came for a closed case, once the case is open again: a person has its facts recorded. */
import { actorLabel } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { recordFacts, type RecordFacts } from './record-facts.ts';
import { within, type EventContent, type ReadEvent } from './take-event.ts';

/** The facts and hits an event carries, whatever its type; null when there are none a program can read. */
export function carriedBy(content: EventContent): Omit<RecordFacts, 'caseId'> | null {
  if (content.kind === 'unreadable') return null;
  const { facts, hits } = content.input;
  return facts.length + hits.length === 0 ? null : { facts, hits };
}

/** Records what the event carries as the person's own act, checked as if typed in; the event then waits no more. */
export function takeUpEvent(
  house: House,
  request: Request,
  input: { caseId: string; source: string; eventId: string },
  reread: ReadEvent,
): Promise<Answer<{ factsVersion: number }>> {
  return runCommand(house, request, 'record-facts', async (store) => {
    const { caseId, source, eventId } = input;
    const file = await store.cases.lock(caseId);
    const body = await store.events.lockAttached(caseId, source, eventId);
    if (file === null || body === null) {
      return refuse('not-found', 'No such event waits in this case.');
    }
    const carried = carriedBy(reread(body));
    if (carried === null) {
      return refuse('conflict', 'This event carries no facts to record: read it, then settle it.');
    }
    const { actor } = request;
    const joined: Request = { ...request, key: null };
    const recorded = await recordFacts(within(store), joined, { ...carried, caseId });
    if (!recorded.ok) return recorded;
    const { reference } = file;
    const by = actorLabel(actor);
    const answer = { outcome: 'facts-recorded', caseId, reference } as const;
    await store.events.takenUp({ source, eventId, by }, answer);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'event.taken-up',
      actor: by,
      data: { source, factsVersion: recorded.value.factsVersion },
      personal: { eventId },
    });
    return done(recorded.value);
  });
}
