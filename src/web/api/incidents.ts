/** `POST /incidents`: a report becomes a case, once. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { openCase, type OpenCase } from '../../commands/open-case.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, createAnswers, neededKeyHeader, settle } from './answers.ts';
import { factBody, hitBody, toFact } from './facts.ts';
import { key, line, text, time, zone } from './fields.ts';
import { zoneOffsetMinutes } from '../zone.ts';
import { caseState, engine } from './states.ts';

/** A report as it comes over the wire. */
export const incidentBody = z.strictObject({
  title: line(200),
  description: text(20_000, 0).default(''),
  mode: z.enum(['real', 'drill']).optional(),
  speed: z.number().positive().max(100_000).default(1),
  unit: line(100).optional(),
  receivedAt: time.optional(),
  detectedAt: time.optional(),
  zone: zone.optional(),
  source: key.default('api'),
  externalId: key.optional(),
  hits: z.array(hitBody).max(500).default([]),
  facts: z.array(factBody).max(200).default([]),
});

/** The case as the answer names it. */
export const opened = z.object({
  caseId: z.uuid(),
  reference: z.string(),
  state: caseState,
  awareAt: z.string(),
  reportedLate: z.boolean(),
  engine,
});

/** Opens a case: 201, or 200 with the case the same (source, externalId) opened before. */
export function incidentRoutes(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/incidents',
    {
      config: { right: 'open-case' },
      schema: {
        operationId: 'openCase',
        summary: 'Open a case from a report',
        body: incidentBody,
        headers: neededKeyHeader,
        response: createAnswers(opened),
      },
    },
    async (request, reply) => {
      const answer = await openCase(ports.house, commandRequest(request), toOpenCase(request.body));
      const { value, engine: state } = await settle(ports, reply, answer);
      const { created, ...shown } = value;
      return reply.code(created ? 201 : 200).send({ ...shown, engine: state });
    },
  );
}

/** The report as the command takes it, under a new case id. */
export function toOpenCase(given: z.output<typeof incidentBody>): OpenCase {
  const { receivedAt, detectedAt, facts, mode, unit, externalId, zone: named, ...rest } = given;
  return {
    ...rest,
    caseId: uuidv7(),
    mode: mode ?? null,
    unit: unit ?? null,
    externalId: externalId ?? null,
    receivedAt: receivedAt?.at ?? null,
    detectedAt: detectedAt?.at ?? null,
    zone: named ?? 'UTC',
    offsetMinutes:
      named === undefined
        ? (receivedAt?.offsetMinutes ?? 0)
        : zoneOffsetMinutes(named, receivedAt?.at ?? new Date().toISOString()),
    facts: facts.map(toFact),
  };
}
