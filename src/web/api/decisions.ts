/** Decisions on obligations, and answers to tasks and alarms. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { answerAlarm, completeTask, decideObligation } from '../../commands/decide-obligation.ts';
import type { WebPorts } from '../ports.ts';
import { personOf } from '../context.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { alarmView } from './case-views.ts';
import { line, pathId, text } from './fields.ts';
import { engine, obligationState, whole } from './states.ts';

const headers = keyHeader;

/** Routes by which people answer what the engine asks of them. */
export function decisionRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/obligations/:obligation/decision',
    {
      config: { right: 'decide-obligation' },
      schema: {
        operationId: 'decideObligation',
        summary: 'Decide whether an obligation is owed, with the reason',
        params: z.object({ obligation: pathId }),
        headers,
        body: z.strictObject({ owed: z.boolean(), reason: text(5_000) }),
        response: writeAnswers(z.object({ state: obligationState, engine })),
      },
    },
    async (request, reply) => {
      const answer = await decideObligation(ports.house, commandRequest(request), {
        obligationId: request.params.obligation,
        ...request.body,
      });
      const settled = await settle(ports, reply, answer);
      return { state: settled.value.state, engine: settled.engine };
    },
  );
  answerRoutes(app, ports);
}

function answerRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/tasks/:task/completion',
    {
      config: { right: 'complete-task' },
      schema: {
        operationId: 'completeTask',
        summary: 'Complete a task with its outcome in words',
        params: z.object({ task: pathId }),
        headers,
        body: z.strictObject({ outcome: text(5_000) }),
        response: writeAnswers(z.object({ state: z.literal('done'), engine })),
      },
    },
    async (request, reply) => {
      const input = { taskId: request.params.task, outcome: request.body.outcome };
      const answer = await completeTask(ports.house, commandRequest(request), input);
      return { state: 'done' as const, engine: (await settle(ports, reply, answer)).engine };
    },
  );
  api.get(
    '/alarms',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listHouseAlarms',
        summary: 'Alarms about no case, such as events that wait, for who sees the whole group',
        response: readAnswers(whole(alarmView)),
      },
    },
    async (request) => ({
      items: await ports.house.as(personOf(request), ({ views }) => views.alarms(null)),
    }),
  );
  api.post(
    '/alarms/answer',
    {
      config: { right: 'complete-task' },
      schema: {
        operationId: 'answerAlarm',
        summary: 'Take up an alarm, so that no deputy is called',
        headers,
        body: z.strictObject({ subject: line(100), step: line(100) }),
        response: writeAnswers(z.object({ answered: z.literal(true), engine })),
      },
    },
    async (request, reply) => {
      const command = commandRequest(request);
      const answer = await answerAlarm(ports.house, command, request.body);
      return { answered: true as const, engine: (await settle(ports, reply, answer)).engine };
    },
  );
}
