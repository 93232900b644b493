/** A person's decision on an obligation the law leaves to people, and answers to tasks and alarms. */
import { actorLabel } from '../domain/actor.ts';
import { isApprovalCall } from '../domain/approval-alarm.ts';
import type { Obligation, ObligationState } from '../domain/obligation.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { contractStep } from './ask-contracts.ts';
import { besideSubject } from './press-beside.ts';
import { setDueOfRaised } from './raise-obligation.ts';
import { needsLowering } from './needs-lowering.ts';
import { runCommand, type Answer, type Request } from './command.ts';

/** Raises an obligation that stands at "to decide", is "not owed" or was withdrawn. That nobody is told is a lowering. */
export function decideObligation(
  house: House,
  request: Request,
  input: { obligationId: string; owed: boolean; reason: string },
): Promise<Answer<{ state: ObligationState }>> {
  return runCommand(house, request, 'decide-obligation', async (store) => {
    const obligation = await store.obligations.lock(input.obligationId);
    if (obligation === null) return refuse('not-found', 'There is no such obligation.');
    if (obligation.state === 'discharged' || (obligation.state === 'withdrawn' && !input.owed)) {
      return refuse(
        'conflict',
        `This obligation is ${obligation.state}; there is nothing to decide.`,
      );
    }
    if (!input.owed) return needsLowering('"Not notified"');
    if (obligation.recipientKey === 'controllers-decide') {
      return refuse(
        'conflict',
        'This is not ours to decide: the controllers notify. Tell them under Art. 33(2).',
      );
    }
    const decided = { state: 'owed', reason: input.reason, by: actorLabel(request.actor) } as const;
    if (obligation.state !== 'withdrawn') await setDueOfRaised(store, obligation);
    if (obligation.state === 'withdrawn')
      await store.followUps.reopen(obligation.obligationId, decided.reason, decided.by);
    else
      await store.obligations.decide(obligation.obligationId, 'owed', decided.reason, decided.by);
    await enterDecision(store, obligation, decided);
    return done({ state: decided.state });
  });
}

/** Closes the tasks a decision answers and enters it; its row is written. */
export async function enterDecision(
  store: Store,
  { caseId, obligationId, provision, state: from }: Obligation,
  { state, reason, by }: { state: 'owed' | 'not-owed'; reason: string; by: string },
): Promise<void> {
  const asked = ['decide-obligation', 'review-obligation'];
  await store.tasks.completeBySubject(caseId, asked, obligationId, by, state);
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'obligation.decided',
    actor: by,
    data: { obligationId, provision, from, to: state },
    personal: { reason },
  });
  await store.house.wake('breach-case', caseId);
}

/** Completes a task with its outcome in words. */
export function completeTask(
  house: House,
  request: Request,
  input: { taskId: string; outcome: string },
): Promise<Answer<{ state: 'done' }>> {
  return runCommand(house, request, 'complete-task', async (store) => {
    const by = actorLabel(request.actor);
    const task = await store.tasks.complete(input.taskId, by, input.outcome);
    if (task === null) return refuse('not-found', 'There is no such open task.');
    if (task.kind === 'second-review')
      return refuse('conflict', 'A second review is done on the notice: confirm it or object.');
    if (task.kind === contractStep || task.subject === besideSubject(task.caseId))
      await store.alarms.silence(task.subject, task.kind);
    await store.register.append({
      stream: `case/${task.caseId}`,
      type: 'task.completed',
      actor: by,
      data: { taskId: input.taskId, kind: task.kind, subject: task.subject },
      personal: { outcome: input.outcome },
    });
    return done({ state: 'done' });
  });
}

/** Notes that a person took up an alarm, so that no deputy is called. */
export function answerAlarm(
  house: House,
  request: Request,
  input: { subject: string; step: string },
): Promise<Answer<{ answered: true }>> {
  return runCommand(house, request, 'complete-task', async (store) => {
    const by = actorLabel(request.actor);
    const answered = await store.alarms.answer(input.subject, input.step, by);
    if (answered === null)
      return refuse('not-found', 'No unanswered alarm of that subject and step has rung.');
    const { caseId, subjects } = answered;
    for (const subject of subjects)
      if (isApprovalCall(subject)) await store.alarms.silence(subject);
    const alike = subjects.filter((subject) => subject !== input.subject).sort();
    await store.register.appendInParts({
      stream: caseId === null ? 'house' : `case/${caseId}`,
      type: 'alarm.answered',
      actor: by,
      data: {
        ...{ subject: input.subject, step: input.step },
        ...(alike.length === 0 ? {} : { alike }),
      },
    });
    return done({ answered: true });
  });
}
