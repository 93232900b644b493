/** Reviews of wording, and standing authorisations: who signed what in advance. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { reviewWording } from '../../commands/review-wording.ts';
import {
  adviseOnAuthorisation,
  proposeAuthorisation,
  revokeAuthorisation,
  signAuthorisation,
} from '../../commands/standing-authorisation.ts';
import { wordingInForce } from '../../commands/wording-in-force.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { digest, id, key, line, pathId, text, time } from './fields.ts';
import { engine } from './states.ts';

const headers = keyHeader;
const params = z.object({ authorisation: pathId });
const reason = text(5_000);

const words = z.object({
  template: z.string(),
  language: z.string(),
  sha256: z.string(),
  review: z
    .object({ verdict: z.string(), note: z.string(), by: z.string(), at: z.string() })
    .nullable(),
});
const authorisation = z.object({
  authorisationId: z.uuid(),
  title: z.string(),
  recipientKinds: z.array(z.string()).readonly(),
  affiliateKeys: z.array(z.string()).readonly(),
  maxRecipients: z.int(),
  withinHoursOfDue: z.int(),
  unapprovedMinutesBeforeDue: z.int(),
  validFrom: z.string(),
  validUntil: z.string(),
  reason: z.string(),
  proposedBy: z.string(),
  signers: z.array(z.object({ personId: z.uuid(), name: z.string(), at: z.string() })).readonly(),
  opinions: z.array(z.object({ by: z.string(), text: z.string(), at: z.string() })).readonly(),
  revoked: z.object({ by: z.string(), reason: z.string(), at: z.string() }).nullable(),
  fault: z.string().nullable(),
});

/** Routes of reviewed wording and of standing authorisations. */
export function authorisationRoutes(app: FastifyInstance, ports: WebPorts): void {
  wordingRoutes(app, ports);
  readRoute(app, ports);
  signingRoutes(app, ports);
  endingRoutes(app, ports);
}

function wordingRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const { wording } = ports.freeze;
  api.get(
    '/wording',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listWording',
        summary: 'Every template this installation sends, with the newest review of its words',
        response: readAnswers(z.object({ items: z.array(words) })),
      },
    },
    async (request) =>
      ports.house.as(personOf(request), async (store) => ({
        items: await wordingInForce(store, wording),
      })),
  );
  api.post(
    '/wording/reviews',
    {
      config: { right: 'review-wording' },
      schema: {
        operationId: 'reviewWording',
        summary: "Record a lawyer's review of exactly these words, or withdraw it",
        headers,
        body: z.strictObject({
          template: line(200),
          language: z.string().regex(/^[a-z]{2}$/, 'must be a language such as en'),
          sha256: digest,
          verdict: z.enum(['reviewed', 'withdrawn']),
          note: reason,
        }),
        response: writeAnswers(z.object({ verdict: z.enum(['reviewed', 'withdrawn']), engine })),
      },
    },
    async (request, reply) => {
      const command = commandRequest(request);
      const answer = await reviewWording(ports.house, wording, command, request.body);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

function readRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/authorisations',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listAuthorisations',
        summary: 'Standing authorisations, newest first; `fault` says why one is not in force',
        response: readAnswers(z.object({ items: z.array(authorisation).readonly() })),
      },
    },
    async (request) =>
      ports.house.as(personOf(request), async ({ releases }) => ({
        items: await releases.authorisations(),
      })),
  );
}

function signingRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const response = writeAnswers(
    z.object({ authorisationId: z.uuid(), signatures: z.int(), inForce: z.boolean(), engine }),
  );
  const config = { right: 'sign-authorisation' } as const;
  api.post(
    '/authorisations',
    {
      config,
      schema: {
        operationId: 'proposeAuthorisation',
        summary: 'Propose a standing authorisation and sign it as the first of two',
        headers,
        body: z.strictObject({
          authorisationId: id,
          title: line(200),
          recipientKinds: z
            .array(z.enum(['authority', 'controller']))
            .min(1)
            .max(2),
          affiliateKeys: z.array(key).max(500).default([]),
          maxRecipients: z.int().min(1).max(1_000_000),
          withinHoursOfDue: z.int().min(1).max(720),
          unapprovedMinutesBeforeDue: z.int().min(1).max(43_200),
          validFrom: time,
          validUntil: time,
          reason,
        }),
        response,
      },
    },
    async (request, reply) => {
      const { validFrom, validUntil, ...terms } = request.body;
      const input = { ...terms, validFrom: validFrom.at, validUntil: validUntil.at };
      const answer = await proposeAuthorisation(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/authorisations/:authorisation/signature',
    {
      config,
      schema: {
        operationId: 'signAuthorisation',
        summary: 'Sign a standing authorisation as the second person',
        params,
        headers,
        body: z.strictObject({}),
        response,
      },
    },
    async (request, reply) => {
      const input = { authorisationId: request.params.authorisation };
      const answer = await signAuthorisation(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

function endingRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const response = writeAnswers(z.object({ engine }));
  api.post(
    '/authorisations/:authorisation/opinion',
    {
      config: { right: 'give-opinion' },
      schema: {
        operationId: 'adviseOnAuthorisation',
        summary: "Put the DPO's opinion on a standing authorisation on record; it never signs",
        params,
        headers,
        body: z.strictObject({ text: reason }),
        response,
      },
    },
    async (request, reply) => {
      const input = { authorisationId: request.params.authorisation, ...request.body };
      const answer = await adviseOnAuthorisation(ports.house, commandRequest(request), input);
      return { engine: (await settle(ports, reply, answer)).engine };
    },
  );
  api.post(
    '/authorisations/:authorisation/revocation',
    {
      config: { right: 'revoke-authorisation' },
      schema: {
        operationId: 'revokeAuthorisation',
        summary: 'End a standing authorisation at once; one person is enough',
        params,
        headers,
        body: z.strictObject({ reason }),
        response,
      },
    },
    async (request, reply) => {
      const input = { authorisationId: request.params.authorisation, ...request.body };
      const answer = await revokeAuthorisation(ports.house, commandRequest(request), input);
      return { engine: (await settle(ports, reply, answer)).engine };
    },
  );
}
