/** Acts on who is told, and again: allow a fan-out, withdraw, supplement, explain a delay, end the investigation. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { allowFanOut } from '../../commands/allow-fan-out.ts';
import { decideSupplement } from '../../commands/decide-supplement.ts';
import { endInvestigation, explainDelay } from '../../commands/end-investigation.ts';
import { withdrawNotice } from '../../commands/withdraw-notice.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, settle, writeAnswers } from './answers.ts';
import { line, pathId, text } from './fields.ts';
import { fanOut } from './case-views.ts';
import { caseIdOf, caseParam, notFound } from './seen-case.ts';
import { engine, instant, obligationState } from './states.ts';

const headers = keyHeader;
const reason = text(5_000);
const params = z.object({ obligation: pathId });

/** Why an earlier notice no longer stands. */
export const withdrawalCause = z.enum(['not-a-breach', 'not-affected', 'wrong-recipient']);

/** Routes of what follows a notice that has left; each is one command. */
export function followUpRoutes(app: FastifyInstance, ports: WebPorts): void {
  fanOutRoute(app, ports);
  recipientRoutes(app, ports);
  findingRoutes(app, ports);
}

function fanOutRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/cases/:case/fan-out',
    {
      config: { right: 'approve-notice' },
      schema: {
        operationId: 'allowFanOut',
        summary: 'Say that so many customers are told although their data are merely not excluded',
        params: caseParam,
        headers,
        body: z.strictObject({ customers: z.int().min(1), reason }),
        response: writeAnswers(fanOut.extend({ engine })),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const answer = await allowFanOut(ports.house, commandRequest(request), {
        caseId,
        ...request.body,
      });
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

function recipientRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const noticeId = z.uuid().nullable();
  api.post(
    '/obligations/:obligation/withdrawal',
    {
      config: { right: 'decide-obligation' },
      schema: {
        operationId: 'withdrawNotice',
        summary: 'Withdraw what was notified, with its cause, or record why it stands',
        params,
        headers,
        body: z.strictObject({
          withdraw: z.boolean(),
          cause: withdrawalCause.default('not-a-breach'),
          reason,
        }),
        response: writeAnswers(z.object({ state: obligationState, noticeId, engine })),
      },
    },
    async (request, reply) => {
      const input = { obligationId: request.params.obligation, ...request.body };
      const answer = await withdrawNotice(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/obligations/:obligation/supplement',
    {
      config: { right: 'decide-obligation' },
      schema: {
        operationId: 'decideSupplement',
        summary: 'Tell a recipient of what changed, or declare a supplement unnecessary',
        params,
        headers,
        body: z.strictObject({ tell: z.boolean(), reason }),
        response: writeAnswers(z.object({ noticeId, engine })),
      },
    },
    async (request, reply) => {
      const input = { obligationId: request.params.obligation, ...request.body };
      const answer = await decideSupplement(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

async function idOf(ports: WebPorts, request: FastifyRequest, named: string): Promise<string> {
  const caseId = await ports.house.as(personOf(request), ({ views }) => caseIdOf(views, named));
  if (caseId === null) throw notFound();
  return caseId;
}

function findingRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/cases/:case/delay',
    {
      config: { right: 'decide-obligation' },
      schema: {
        operationId: 'explainDelay',
        summary: 'Record why the notification is late, Art. 33(1); a supplement carries it',
        params: caseParam,
        headers,
        body: z.strictObject({ reasons: reason }),
        response: writeAnswers(z.object({ revision: z.int(), engine })),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const { reasons } = request.body;
      const answer = await explainDelay(ports.house, commandRequest(request), { caseId, reasons });
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/cases/:case/investigation-end',
    {
      config: { right: 'determine' },
      schema: {
        operationId: 'endInvestigation',
        summary: 'Say that the investigation is over; final notices follow',
        params: caseParam,
        headers,
        body: z.strictObject({ notObtainable: z.array(line(100)).max(100).default([]), reason }),
        response: writeAnswers(z.object({ endedAt: instant, engine })),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const input = { caseId, ...request.body };
      const answer = await endInvestigation(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}
