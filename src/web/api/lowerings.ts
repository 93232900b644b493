/** Lowerings of a case: proposed with all their parts, advised on by the DPO, confirmed or declined by a third person. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import {
  adviseOnLowering,
  confirmLowering,
  declineLowering,
} from '../../commands/decide-lowering.ts';
import { proposeLowering } from '../../commands/propose-lowering.ts';
import type { Lowering, LoweringAct } from '../../domain/lowering.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { factBody, toFact } from './facts.ts';
import { id, key, line, pathId, text, time, zone } from './fields.ts';
import { caseIdOf, caseParam, notFound, readOfCase } from './seen-case.ts';
import { certainty, engine, instant, json, jsonObject, list, whole } from './states.ts';

const headers = keyHeader;
const said = text(5_000);

const entry = z.strictObject({
  select: z.enum(['engagement', 'processing', 'product', 'asset', 'customer']),
  key,
});

/** What is to be lowered, as a request says it. */
const actBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('not-a-breach') }),
  z.strictObject({ kind: z.literal('facts'), facts: z.array(factBody).min(1).max(50) }),
  z.strictObject({ kind: z.literal('excluded'), entries: z.array(entry).min(1).max(500) }),
  z.strictObject({ kind: z.literal('later-awareness'), awareAt: time, zone }),
  z.strictObject({ kind: z.literal('not-notified'), obligationId: id }),
]);

/** The act as the command takes it. */
function toAct(act: z.output<typeof actBody>): LoweringAct {
  switch (act.kind) {
    case 'facts':
      return { kind: act.kind, facts: act.facts.map(toFact) };
    case 'later-awareness': {
      const { at, offsetMinutes } = act.awareAt;
      return { kind: act.kind, awareAt: at, zone: act.zone, offsetMinutes };
    }
    case 'not-a-breach':
    case 'excluded':
    case 'not-notified':
      return act;
  }
}

const coverage = z.strictObject({
  fromAt: time,
  untilAt: time,
  logs: z.array(line(200)).min(1, 'name the logs').max(50),
  gaps: said,
});

const shownAct = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('not-a-breach') }),
  z.object({
    kind: z.literal('facts'),
    facts: list(
      z.object({
        about: z.string(),
        name: z.string(),
        value: json,
        certainty,
        source: z.string(),
        observedAt: instant.nullable(),
      }),
    ),
  }),
  z.object({ kind: z.literal('excluded'), entries: list(entry) }),
  z.object({
    kind: z.literal('later-awareness'),
    awareAt: instant,
    zone: z.string(),
    offsetMinutes: z.int(),
  }),
  z.object({ kind: z.literal('not-notified'), obligationId: z.uuid() }),
]);

const person = { by: z.uuid(), byName: z.string(), at: instant };

const loweringView = z.object({
  loweringId: z.uuid(),
  caseId: z.uuid(),
  act: shownAct,
  reason: z.string(),
  evidence: z.string(),
  coverage: z.object({
    fromAt: instant,
    untilAt: instant,
    logs: list(z.string()),
    gaps: z.string(),
  }),
  factsVersion: z.int(),
  resultBefore: jsonObject,
  resultAfter: jsonObject,
  proposedBy: z.uuid(),
  proposedByName: z.string(),
  proposedAt: instant,
  opinion: z.object({ text: z.string(), favours: z.boolean(), ...person }).nullable(),
  state: z.enum(['proposed', 'confirmed', 'declined']),
  decision: z.object({ reason: z.string().nullable(), ...person }).nullable(),
}) satisfies z.ZodType<Lowering>;

/** Routes of the one act by which a result is lowered. */
export function loweringRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/cases/:case/lowerings',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listLowerings',
        summary: 'Lowerings of a case with both results, the newest first',
        params: caseParam,
        response: readAnswers(whole(loweringView)),
      },
    },
    (request) =>
      readOfCase(ports, personOf(request), request.params.case, async (_views, caseId, store) => ({
        items: await store.lowerings.ofCase(caseId),
      })),
  );
  api.post(
    '/cases/:case/lowerings',
    {
      config: { right: 'propose-lowering' },
      schema: {
        operationId: 'proposeLowering',
        summary: 'Propose a lowering: what, why, on what evidence, and how far the logs reach',
        params: caseParam,
        headers,
        body: z.strictObject({ act: actBody, reason: said, evidence: said, coverage }),
        response: writeAnswers(
          z.object({ loweringId: z.uuid(), state: z.literal('proposed'), engine }),
        ),
      },
    },
    async (request, reply) => {
      const named = request.params.case;
      const caseId = await ports.house.as(personOf(request), ({ views }) => caseIdOf(views, named));
      if (caseId === null) throw notFound();
      const { act, reason, evidence, coverage: given } = request.body;
      const answer = await proposeLowering(ports.house, commandRequest(request), {
        loweringId: uuidv7(),
        caseId,
        act: toAct(act),
        reason,
        evidence,
        coverage: { ...given, fromAt: given.fromAt.at, untilAt: given.untilAt.at },
      });
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  decisionRoutes(app, ports);
}

function decisionRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const params = z.object({ lowering: pathId });
  api.post(
    '/lowerings/:lowering/opinion',
    {
      config: { right: 'give-opinion' },
      schema: {
        operationId: 'adviseOnLowering',
        summary: 'Put the opinion of the DPO on a lowering on record',
        params,
        headers,
        body: z.strictObject({ text: said, favours: z.boolean() }),
        response: writeAnswers(z.object({ loweringId: z.uuid(), engine })),
      },
    },
    async (request, reply) => {
      const input = { loweringId: request.params.lowering, ...request.body };
      const answer = await adviseOnLowering(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/lowerings/:lowering/confirmation',
    {
      config: { right: 'confirm-lowering' },
      schema: {
        operationId: 'confirmLowering',
        summary: 'Confirm a lowering as a third person; it takes effect at once',
        params,
        headers,
        body: z.strictObject({ reason: said.optional() }),
        response: writeAnswers(
          z.object({ loweringId: z.uuid(), state: z.literal('confirmed'), engine }),
        ),
      },
    },
    async (request, reply) => {
      const reason = request.body.reason ?? null;
      const input = { loweringId: request.params.lowering, reason };
      const answer = await confirmLowering(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/lowerings/:lowering/refusal',
    {
      config: { right: 'confirm-lowering' },
      schema: {
        operationId: 'declineLowering',
        summary: 'Decline a lowering: what stands goes on to count',
        params,
        headers,
        body: z.strictObject({ reason: said }),
        response: writeAnswers(
          z.object({ loweringId: z.uuid(), state: z.literal('declined'), engine }),
        ),
      },
    },
    async (request, reply) => {
      const input = { loweringId: request.params.lowering, reason: request.body.reason };
      const answer = await declineLowering(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}
