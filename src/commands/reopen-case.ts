/** Opens a closed case again: what closing silenced rings again, and the engine takes the case up where it stood. */
import { actorLabel } from '../domain/actor.ts';
import { caseAlarms } from '../domain/alarm.ts';
import type { CaseState } from '../domain/case.ts';
import { caseTimeAt } from '../domain/instant.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockCase } from './lock-case.ts';

/**
 * Opens it with a reason. A breach stays determined; whatever was closed as "not a breach" is to be determined anew, and
 * people are pressed for it as in a new case. The earlier determination stays in the register.
 */
export function reopenCase(
  house: House,
  request: Request,
  input: { caseId: string; reason: string },
): Promise<Answer<{ state: CaseState }>> {
  return runCommand(house, request, 'reopen-case', async (store) => {
    const locked = await lockCase(store, input.caseId);
    if (!locked.ok) return locked;
    const { caseId, reference, awareness, clock, closedAt, determination } = locked.value;
    if (closedAt === null) return refuse('conflict', `${reference} is not closed.`);
    const by = actorLabel(request.actor);
    const state = await store.cases.reopen(caseId);
    await store.alarms.unsilenceCase(caseId, closedAt);
    if (state === 'investigating') {
      const caseNow = caseTimeAt(clock, await store.house.now());
      await store.alarms.set(caseAlarms(caseId, reference, awareness.awareAt, clock, caseNow));
    }
    await store.alarms.silence(`events/${caseId}`);
    const tasks = await store.tasks.completeOfKind(caseId, 'reopen', by, 'reopened');
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'case.reopened',
      actor: by,
      data: { state, closedAt, determination, tasks },
      personal: { reason: input.reason },
    });
    await store.house.wake('breach-case', caseId);
    return done({ state });
  });
}
