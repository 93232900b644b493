/** Emergency approvals and their second review; holds; and the mail channel, barred and opened again. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { approveInEmergency, reviewEmergency } from '../../commands/approve-emergency.ts';
import { barMail, openMail } from '../../commands/bar-mail.ts';
import { confirmHold, liftHold, recordHold } from '../../commands/hold-notices.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { digest, id, line, pathId, text, time } from './fields.ts';
import { caseParam, notFound, readOfCase } from './seen-case.ts';
import { engine } from './states.ts';

const headers = keyHeader;
const reason = text(5_000);
const kind = z.enum(['authority', 'controller', 'data-subject']);
const kinds = z.array(z.string()).readonly();
const names = z.array(z.string()).readonly();

/** Routes of the other ways a notice is released or held back. */
export function barrierRoutes(app: FastifyInstance, ports: WebPorts): void {
  basisRoute(app, ports);
  emergencyRoutes(app, ports);
  readRoute(app, ports);
  holdRoutes(app, ports);
  barRoutes(app, ports);
}

function basisRoute(app: FastifyInstance, ports: WebPorts): void {
  const basis = z.object({
    basis: z.string(),
    at: z.string(),
    authorisation: z.string().nullable(),
    stands: z.boolean(),
  });
  const emergency = z.object({
    by: z.string(),
    reason: z.string(),
    at: z.string(),
    review: z.object({ verdict: z.string(), by: z.string(), reason: z.string() }).nullable(),
  });
  app.withTypeProvider<ZodTypeProvider>().get(
    '/notices/:notice/release',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'showRelease',
        summary:
          'On what basis a notice was released, what holds it back, and when it acts by itself',
        params: z.object({ notice: pathId }),
        response: readAnswers(
          z.object({
            release: basis.nullable(),
            emergency: emergency.nullable(),
            barrier: z.enum(['held', 'barred']).nullable(),
            wordingReviewed: z.boolean(),
            plan: z
              .object({
                kind: z.string(),
                title: z.string(),
                fault: z.string().nullable(),
                actAt: z.string(),
              })
              .nullable(),
          }),
        ),
      },
    },
    async (request) =>
      ports.house.as(personOf(request), async ({ releases, notices }) => {
        const { notice: noticeId } = request.params;
        if ((await notices.read(noticeId)) === null) throw notFound();
        const version = await notices.liveVersion(noticeId);
        return {
          release: await releases.basisOf(noticeId),
          emergency: await releases.emergencyOf(noticeId),
          barrier: (await releases.barrier(noticeId))?.kind ?? null,
          wordingReviewed: version !== null && (await releases.wordingReviewed(version.versionId)),
          plan: await releases.standingPlan(noticeId),
        };
      }),
  );
}

function emergencyRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const params = z.object({ notice: pathId });
  const config = { right: 'approve-notice' } as const;
  api.post(
    '/notices/:notice/emergency',
    {
      config,
      schema: {
        operationId: 'approveInEmergency',
        summary: 'Release on your word alone what is nearly due or late; a second review is owed',
        params,
        headers,
        body: z.strictObject({ digest, reason }),
        response: writeAnswers(z.object({ state: z.literal('released'), engine })),
      },
    },
    async (request, reply) => {
      const input = { noticeId: request.params.notice, ...request.body };
      const answer = await approveInEmergency(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  const verdict = z.enum(['confirmed', 'objected']);
  api.post(
    '/notices/:notice/second-review',
    {
      config,
      schema: {
        operationId: 'reviewEmergency',
        summary: 'Confirm what another person released alone, or object',
        params,
        headers,
        body: z.strictObject({ verdict, reason }),
        response: writeAnswers(z.object({ verdict, engine })),
      },
    },
    async (request, reply) => {
      const input = { noticeId: request.params.notice, ...request.body };
      const answer = await reviewEmergency(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

function readRoute(app: FastifyInstance, ports: WebPorts): void {
  const hold = z.object({
    holdId: z.uuid(),
    recipientKinds: kinds,
    requestedBy: z.string(),
    reference: z.string(),
    document: z.string(),
    reason: z.string(),
    expiresAt: z.string(),
    recordedBy: z.string(),
    confirmedBy: names,
    liftedBy: z.string().nullable(),
    holds: kinds,
  });
  const bar = z.object({
    barId: z.uuid(),
    caseId: z.uuid().nullable(),
    reason: z.string(),
    by: z.string(),
    at: z.string(),
    openedBy: names,
    isOpen: z.boolean(),
  });
  app.withTypeProvider<ZodTypeProvider>().get(
    '/cases/:case/barriers',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listBarriers',
        summary: 'Holds of a case, and bars of mail for it or the whole house',
        params: caseParam,
        response: readAnswers(
          z.object({ holds: z.array(hold).readonly(), bars: z.array(bar).readonly() }),
        ),
      },
    },
    async (request) =>
      readOfCase(
        ports,
        personOf(request),
        request.params.case,
        async (_views, caseId, { releases }) => ({
          holds: await releases.holds(caseId),
          bars: await releases.bars(caseId),
        }),
      ),
  );
}

function holdRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const config = { right: 'hold-notices' } as const;
  api.post(
    '/cases/:case/holds',
    {
      config,
      schema: {
        operationId: 'recordHold',
        summary: 'Record a lawful request to delay telling people',
        params: caseParam,
        headers,
        body: z.strictObject({
          holdId: id,
          recipientKinds: z.array(kind).min(1).max(3).default(['data-subject']),
          requestedBy: line(500),
          reference: line(500),
          document: text(500, 0).default(''),
          reason,
          expiresAt: time,
        }),
        response: writeAnswers(
          z.object({ holdId: z.uuid(), needsConfirmation: z.boolean(), engine }),
        ),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request);
      const input = { ...request.body, caseId, expiresAt: request.body.expiresAt.at };
      const answer = await recordHold(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  const params = z.object({ hold: pathId });
  api.post(
    '/holds/:hold/confirmation',
    {
      config,
      schema: {
        operationId: 'confirmHold',
        summary: 'Stand behind a hold of another person’s, as the second of legal and executive',
        params,
        headers,
        body: z.strictObject({}),
        response: writeAnswers(z.object({ holds: kinds, engine })),
      },
    },
    async (request, reply) => {
      const input = { holdId: request.params.hold };
      const answer = await confirmHold(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/holds/:hold/lifting',
    {
      config,
      schema: {
        operationId: 'liftHold',
        summary: 'End a hold; what was released goes on by itself',
        params,
        headers,
        body: z.strictObject({ reason }),
        response: writeAnswers(z.object({ engine })),
      },
    },
    async (request, reply) => {
      const input = { holdId: request.params.hold, ...request.body };
      const answer = await liftHold(ports.house, commandRequest(request), input);
      return { engine: (await settle(ports, reply, answer)).engine };
    },
  );
}

function barRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const config = { right: 'bar-channel' } as const;
  const body = z.strictObject({ barId: id, reason });
  const response = writeAnswers(z.object({ barId: z.uuid(), engine }));
  api.post(
    '/cases/:case/bars',
    {
      config,
      schema: {
        operationId: 'barMailOfCase',
        summary: 'Bar mail for a case: no machine sends a notice of it by mail',
        params: caseParam,
        headers,
        body,
        response,
      },
    },
    async (request, reply) => {
      const input = { ...request.body, caseId: await idOf(ports, request) };
      const answer = await barMail(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/bars',
    {
      config,
      schema: {
        operationId: 'barMail',
        summary: 'Bar mail for the whole house',
        headers,
        body,
        response,
      },
    },
    async (request, reply) => {
      const input = { ...request.body, caseId: null };
      const answer = await barMail(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/bars/:bar/opening',
    {
      config,
      schema: {
        operationId: 'openMail',
        summary: 'Say that mail may open again; with the second person it does',
        params: z.object({ bar: pathId }),
        headers,
        body: z.strictObject({ reason }),
        response: writeAnswers(z.object({ barId: z.uuid(), isOpen: z.boolean(), engine })),
      },
    },
    async (request, reply) => {
      const input = { barId: request.params.bar, ...request.body };
      const answer = await openMail(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

function idOf(
  ports: WebPorts,
  request: Parameters<typeof personOf>[0] & { params: { case: string } },
): Promise<string> {
  return readOfCase(ports, personOf(request), request.params.case, (_views, caseId) =>
    Promise.resolve(caseId),
  );
}
