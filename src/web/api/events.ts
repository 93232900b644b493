/** `POST /events`: a signed CloudEvent becomes a case or facts, once; what cannot be read is kept for a person. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  takeEvent,
  type EventContent,
  type SignedEvent,
  type TakenEvent,
} from '../../commands/take-event.ts';
import type { EventSigner, WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';
import { createAnswers } from './answers.ts';
import { contentOf, readEnvelope, readEvent } from './event-content.ts';

const eventMediaType = 'application/cloudevents+json';

const answered = z.object({
  outcome: z.enum(['case-opened', 'facts-recorded', 'attached', 'kept']),
  caseId: z.uuid().nullable(),
  reference: z.string().nullable(),
});

/** Takes events: 201 a case, 200 facts or the same event again, 202 kept or attached for a person to look at. */
export function eventRoutes(app: FastifyInstance, ports: WebPorts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(eventMediaType, { parseAs: 'buffer' }, (_request, bytes, done) => {
    done(null, bytes);
  });
  const withinQuota = quotaBySource(app, Math.ceil(ports.requestsPerMinute / 4));
  app.withTypeProvider<ZodTypeProvider>().post(
    '/events',
    {
      config: { right: 'open' },
      schema: {
        operationId: 'takeEvent',
        summary: 'Take a CloudEvent signed by a known source (Standard Webhooks)',
        security: [],
        response: { ...createAnswers(answered), 202: answered },
      },
    },
    async (request, reply) => {
      const body = request.body as Buffer;
      const signer = ports.eventSigner(request.headers, body);
      if (signer === null) {
        throw new ProblemError(
          'unauthenticated',
          'The signature fits no known source, or its time is more than 5 minutes away.',
        );
      }
      await withinQuota(signer.source, request, reply);
      const taken = await takeEvent(ports.house, signedEvent(signer, body), readEvent);
      if (taken.kind === 'refused') {
        throw new ProblemError('conflict', 'This event came before with another body.');
      }
      return reply.code(statusOf(taken)).send(taken.answer);
    },
  );
}

/** A limit of its own for each source, so that one feed cannot starve another behind the same address. */
function quotaBySource(app: FastifyInstance, perMinute: number) {
  const limits = new Map<string, ReturnType<FastifyInstance['createRateLimit']>>();
  return async (source: string, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const limit =
      limits.get(source) ??
      app.createRateLimit({
        max: perMinute,
        timeWindow: '1 minute',
        keyGenerator: () => `event ${source}`,
      });
    limits.set(source, limit);
    const counted = await limit(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    void reply.header('retry-after', String(counted.ttlInSeconds));
    throw new ProblemError('rate-limited', 'Too many events; wait as Retry-After says.');
  };
}

function statusOf({ first, answer }: TakenEvent & { kind: 'taken' }): 200 | 201 | 202 {
  if (!first || answer.outcome === 'facts-recorded') return 200;
  return answer.outcome === 'case-opened' ? 201 : 202;
}

function signedEvent(signer: EventSigner, body: Buffer): SignedEvent {
  const { source, unit, messageId } = signer;
  const bodySha256 = createHash('sha256').update(body).digest('hex');
  const read = readEnvelope(body);
  if (!read.ok) {
    const content: EventContent = { kind: 'unreadable', reason: read.reason };
    return { source, unit, eventId: messageId, type: null, bodySha256, body, content };
  }
  const event = read.value;
  if (event.source !== source) {
    throw new ProblemError('unauthenticated', 'The event is signed by another source.');
  }
  const content = contentOf(event);
  return { source, unit, eventId: event.id, type: event.type, bodySha256, body, content };
}

const signatureHeaders = {
  'webhook-id': "the sender's id of the message, the same each time it is sent",
  'webhook-timestamp': 'seconds since 1970, within 5 minutes of now',
  'webhook-signature':
    'v1,<base64>: HMAC-SHA-256 over id.timestamp.body; up to 5, apart by a space',
};

/** What the OpenAPI document says of the request; its bytes are checked before they are read. */
export const eventRequest = {
  parameters: Object.entries(signatureHeaders).map(([name, description]) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  })),
  requestBody: {
    required: true,
    content: {
      [eventMediaType]: {
        schema: {
          type: 'object',
          description: 'CloudEvents 1.0, structured; `data` is that of the type',
          required: ['specversion', 'id', 'source', 'type', 'data'],
          properties: {
            specversion: { const: '1.0' },
            id: { type: 'string', maxLength: 200 },
            source: { type: 'string', maxLength: 200 },
            type: { enum: ['eu.tocsin.incident.reported.v1', 'eu.tocsin.facts.reported.v1'] },
            data: { type: 'object' },
          },
        },
      },
    },
  },
} as const;
