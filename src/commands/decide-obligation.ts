/** A person's decision on an obligation the law leaves to people, and answers to tasks and alarms. */
import { actorLabel } from '../domain/actor.ts';
import { isApprovalCall } from '../domain/approval-alarm.ts';
import type { ObligationState } from '../domain/obligation.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { setDueOfRaised } from './raise-obligation.ts';
import { runCommand, type Answer, type Request } from './command.ts';

/** Decides an obligation that stands at "to decide", or raises one that is "not owed" or was withdrawn. Lowering an owed one is refused. */
export function decideObligation(
  house: House,
  request: Request,
  input: { obligationId: string; owed: boolean; reason: string },
): Promise<Answer<{ state: ObligationState }>> {
  return runCommand(house, request, 'decide-obligation', async (store) => {
    const obligation = await store.obligations.lock(input.obligationId);
    if (obligation === null) return refuse('not-found', 'There is no such obligation.');
    const state = input.owed ? 'owed' : 'not-owed';
    if (obligation.state === 'discharged' || (obligation.state === 'withdrawn' && !input.owed)) {
      return refuse(
        'conflict',
        `This obligation is ${obligation.state}; there is nothing to decide.`,
      );
    }
    if (obligation.state === 'owed' && !input.owed) {
      return refuse(
        'conflict',
        "Lowering what is owed needs the governed act: the DPO's opinion, another decision-maker, a reason and evidence.",
      );
    }
    if (input.owed && obligation.recipientKey === 'controllers-decide') {
      return refuse(
        'conflict',
        'This is not ours to decide: the controllers notify. Tell them under Art. 33(2).',
      );
    }
    const by = actorLabel(request.actor);
    if (input.owed && obligation.state === 'not-owed') await setDueOfRaised(store, obligation);
    if (obligation.state === 'withdrawn')
      await store.followUps.reopen(input.obligationId, input.reason, by);
    else await store.obligations.decide(input.obligationId, state, input.reason, by);
    await store.tasks.completeBySubject(
      obligation.caseId,
      ['decide-obligation', 'review-obligation'],
      obligation.obligationId,
      by,
      state,
    );
    await store.register.append({
      stream: `case/${obligation.caseId}`,
      type: 'obligation.decided',
      actor: by,
      data: {
        obligationId: input.obligationId,
        provision: obligation.provision,
        from: obligation.state,
        to: state,
      },
      personal: { reason: input.reason },
    });
    await store.house.wake('breach-case', obligation.caseId);
    return done({ state });
  });
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
    const { caseId } = answered;
    if (isApprovalCall(input.subject)) await store.alarms.silence(input.subject);
    await store.register.append({
      stream: caseId === null ? 'house' : `case/${caseId}`,
      type: 'alarm.answered',
      actor: by,
      data: { subject: input.subject, step: input.step },
    });
    return done({ answered: true });
  });
}
