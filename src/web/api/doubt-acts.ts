/** Acts on deliveries that did not simply succeed: resolve, send again, record what came back, correct an address. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { correctAddress } from '../../commands/correct-address.ts';
import { recordBounce } from '../../commands/record-bounce.ts';
import { resendDelivery } from '../../commands/resend-delivery.ts';
import { resolveDelivery, resolveDoubts } from '../../commands/resolve-delivery.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, settle, writeAnswers } from './answers.ts';
import { digest, id, key, line, pathId, text, time } from './fields.ts';
import { engine } from './states.ts';

const headers = keyHeader;
const params = z.object({ delivery: pathId });
const reason = text(5_000);
const weighed =
  'The harm of a second copy and the harm of none have been weighed: a second copy can alarm, confuse or be counted twice; ' +
  'without any, whoever must know does not';

/** Routes about single deliveries. */
export function doubtActRoutes(app: FastifyInstance, ports: WebPorts): void {
  doubtRoutes(app, ports);
  allDoubtsRoute(app, ports);
  bounceRoutes(app, ports);
}

function doubtRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/deliveries/:delivery/resolution',
    {
      config: { right: 'record-receipt' },
      schema: {
        operationId: 'resolveDelivery',
        summary: 'Say how a delivery in doubt ended',
        params,
        headers,
        body: z.strictObject({ how: z.enum(['sent', 'abandoned']), reason }),
        response: writeAnswers(z.object({ engine })),
      },
    },
    async (request, reply) => {
      const answer = await resolveDelivery(ports.house, commandRequest(request), {
        deliveryId: request.params.delivery,
        ...request.body,
      });
      return { engine: (await settle(ports, reply, answer)).engine };
    },
  );
  api.post(
    '/deliveries/:delivery/resend',
    {
      config: { right: 'resend-delivery' },
      schema: {
        operationId: 'resendDelivery',
        summary:
          'Send a doubtful copy again, marked as a possible duplicate; 15 minutes after the first at the earliest',
        params,
        headers,
        body: z.strictObject({
          reason,
          weighed: z.literal(true, 'must be true: weigh both harms first').describe(weighed),
        }),
        response: writeAnswers(z.object({ deliveryId: z.uuid(), noticeId: z.uuid(), engine })),
      },
    },
    async (request, reply) => {
      const input = { deliveryId: request.params.delivery, reason: request.body.reason };
      const answer = await resendDelivery(
        ports.house,
        ports.freeze,
        commandRequest(request),
        input,
      );
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

function allDoubtsRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/notices/:notice/doubts/resolution',
    {
      config: { right: 'record-receipt' },
      schema: {
        operationId: 'resolveDoubts',
        summary: 'Say how many deliveries in doubt of one notice ended, all or none',
        description:
          'Either `digest`, the one the notice shows for all its doubts, or `deliveryIds`; refused when they are no longer the doubts there are.',
        params: z.object({ notice: pathId }),
        headers,
        body: z
          .strictObject({
            how: z.enum(['sent', 'abandoned']),
            reason,
            digest: digest.optional(),
            deliveryIds: z.array(id).min(1).max(1_000).optional(),
          })
          .refine((body) => (body.digest === undefined) !== (body.deliveryIds === undefined), {
            path: ['digest'],
            error: 'name either the digest of all doubts or the deliveries',
          }),
        response: writeAnswers(z.object({ resolved: z.int(), engine })),
      },
    },
    async (request, reply) => {
      const { how, reason: why, digest: seen = '', deliveryIds } = request.body;
      const meant = deliveryIds === undefined ? { digest: seen } : { deliveryIds };
      const answer = await resolveDoubts(ports.house, commandRequest(request), {
        ...{ noticeId: request.params.notice, how, reason: why, meant },
      });
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

function bounceRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/deliveries/:delivery/bounce',
    {
      config: { right: 'record-receipt' },
      schema: {
        operationId: 'recordBounce',
        summary: 'Record that a message came back after its server had taken it',
        params,
        headers,
        body: z.strictObject({ evidence: reason, bouncedAt: time.optional() }),
        response: writeAnswers(
          z.object({
            noticeId: z.uuid(),
            reopened: z.boolean().describe('the obligation had been discharged and is owed again'),
            engine,
          }),
        ),
      },
    },
    async (request, reply) => {
      const { evidence, bouncedAt } = request.body;
      const answer = await recordBounce(ports.house, commandRequest(request), {
        deliveryId: request.params.delivery,
        evidence,
        bouncedAt: bouncedAt?.at ?? null,
      });
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/notices/:notice/addresses',
    {
      config: { right: 'edit-notice' },
      schema: {
        operationId: 'correctAddress',
        summary:
          'Another address for a recipient who was not reached: a new version, which somebody else approves',
        params: z.object({ notice: pathId }),
        headers,
        body: z.strictObject({
          recipientKey: key,
          address: line(254),
          reason,
          weighed: z
            .literal(true)
            .optional()
            .describe('needed where a copy that was given up may have arrived'),
        }),
        response: writeAnswers(z.object({ version: z.int(), digest: z.string(), engine })),
      },
    },
    async (request, reply) => {
      const { weighed: isWeighed, ...input } = request.body;
      const answer = await correctAddress(ports.house, ports.freeze, commandRequest(request), {
        noticeId: request.params.notice,
        ...input,
        weighed: isWeighed === true,
      });
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}
