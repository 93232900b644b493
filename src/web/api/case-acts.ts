/** Acts on a case: facts, exposure, awareness, detection, determination, scope, closure. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { closeCase, determineCase, fixAwareness } from '../../commands/determine-case.ts';
import { reopenCase } from '../../commands/reopen-case.ts';
import { recordDetection } from '../../commands/record-detection.ts';
import { recordFacts } from '../../commands/record-facts.ts';
import { askScope, setExposure } from '../../commands/set-exposure.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, settle, writeAnswers } from './answers.ts';
import { factBody, hitBody, toFact } from './facts.ts';
import { key, text, time, zone } from './fields.ts';
import { caseIdOf, caseParam, notFound } from './seen-case.ts';
import { caseState, engine, grade } from './states.ts';

const headers = keyHeader;
const params = caseParam;
const reason = text(5_000);

async function idOf(ports: WebPorts, request: FastifyRequest, named: string): Promise<string> {
  const caseId = await ports.house.as(personOf(request), ({ views }) => caseIdOf(views, named));
  if (caseId === null) throw notFound();
  return caseId;
}

/** Routes that change a case; each is one command, one transaction. */
export function caseActRoutes(app: FastifyInstance, ports: WebPorts): void {
  knowledgeRoutes(app, ports);
  scopeRoutes(app, ports);
  judgementRoutes(app, ports);
}

function knowledgeRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/cases/:case/facts',
    {
      config: { right: 'record-facts' },
      schema: {
        operationId: 'recordFacts',
        summary: 'Record facts, and further things that were hit',
        params,
        headers,
        body: z.strictObject({
          facts: z.array(factBody).max(200).default([]),
          hits: z.array(hitBody).max(500).default([]),
        }),
        response: writeAnswers(z.object({ factsVersion: z.int(), engine })),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const { facts, hits } = request.body;
      const input = { caseId, hits, facts: facts.map(toFact) };
      const answer = await recordFacts(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { factsVersion: settled.value.factsVersion, engine: settled.engine };
    },
  );
  api.post(
    '/cases/:case/awareness',
    {
      config: { right: 'fix-awareness' },
      schema: {
        operationId: 'fixAwareness',
        summary: 'Fix the instant of awareness, with evidence',
        params,
        headers,
        body: z.strictObject({ awareAt: time, zone, evidence: reason }),
        response: writeAnswers(z.object({ awareAt: z.string(), engine })),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const { awareAt, zone: named, evidence } = request.body;
      const { at, offsetMinutes } = awareAt;
      const input = { caseId, awareAt: at, zone: named, offsetMinutes, evidence };
      const answer = await fixAwareness(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { awareAt: settled.value.awareAt, engine: settled.engine };
    },
  );
  api.post(
    '/cases/:case/detection',
    {
      config: { right: 'fix-awareness' },
      schema: {
        operationId: 'recordDetection',
        summary: 'Record when we detected the breach as provider of a communications service',
        params,
        headers,
        body: z.strictObject({ detectedAt: time, zone, evidence: reason }),
        response: writeAnswers(z.object({ detectedAt: z.string(), engine })),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const { detectedAt, zone: named, evidence } = request.body;
      const { at, offsetMinutes } = detectedAt;
      const input = { caseId, detectedAt: at, zone: named, offsetMinutes, evidence };
      const answer = await recordDetection(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { detectedAt: settled.value.detectedAt, engine: settled.engine };
    },
  );
}

function scopeRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const entry = z.strictObject({
    select: z.enum(['engagement', 'processing', 'product', 'asset', 'customer']),
    key,
    grade,
    evidence: reason,
  });
  api.post(
    '/cases/:case/exposure',
    {
      config: { right: 'set-exposure' },
      schema: {
        operationId: 'setExposure',
        summary: 'Grade how engagements and own processings stand in the case',
        params,
        headers,
        body: z.strictObject({ entries: z.array(entry).min(1).max(500) }),
        response: writeAnswers(z.object({ changed: z.int(), engine })),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const input = { caseId, entries: request.body.entries };
      const answer = await setExposure(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { changed: settled.value.changed, engine: settled.engine };
    },
  );
  api.post(
    '/cases/:case/scope',
    {
      config: { right: 'set-exposure' },
      schema: {
        operationId: 'askScope',
        summary: 'Ask the engine to scope the case again',
        params,
        headers,
        body: z.strictObject({}),
        response: writeAnswers(z.object({ revision: z.int(), engine })),
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const command = commandRequest(request);
      const answer = await askScope(ports.house, command, { caseId });
      const settled = await settle(ports, reply, answer);
      return { revision: settled.value.revision, engine: settled.engine };
    },
  );
}

function judgementRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const response = writeAnswers(z.object({ state: caseState, engine }));
  api.post(
    '/cases/:case/determination',
    {
      config: { right: 'determine' },
      schema: {
        operationId: 'determineCase',
        summary: 'Record whether this is a personal data breach, with the reason',
        params,
        headers,
        body: z.strictObject({ determination: z.enum(['breach', 'not-a-breach']), reason }),
        response,
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const input = { caseId, ...request.body };
      const answer = await determineCase(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { state: settled.value.state, engine: settled.engine };
    },
  );
  api.post(
    '/cases/:case/closure',
    {
      config: { right: 'close-case' },
      schema: {
        operationId: 'closeCase',
        summary: 'Close the case; refused while something is undecided',
        params,
        headers,
        body: z.strictObject({ reason }),
        response,
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const input = { caseId, reason: request.body.reason };
      const answer = await closeCase(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { state: settled.value.state, engine: settled.engine };
    },
  );
  api.post(
    '/cases/:case/reopening',
    {
      config: { right: 'reopen-case' },
      schema: {
        operationId: 'reopenCase',
        summary: 'Open a closed case again, with the reason',
        params,
        headers,
        body: z.strictObject({ reason }),
        response,
      },
    },
    async (request, reply) => {
      const caseId = await idOf(ports, request, request.params.case);
      const input = { caseId, reason: request.body.reason };
      const answer = await reopenCase(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { state: settled.value.state, engine: settled.engine };
    },
  );
}
