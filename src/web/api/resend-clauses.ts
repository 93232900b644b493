/** The standing clause on sending again: proposed by one person, signed by another, revoked by anybody who may sign. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  listResendClauses,
  proposeResendClause,
  revokeResendClause,
  signResendClause,
} from '../../commands/resend-clause.ts';
import type { ResendClause } from '../../domain/resend-ports.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { pathId, text } from './fields.ts';
import { engine, instant, optionalInstant, whole } from './states.ts';

const headers = keyHeader;
const params = z.object({ clause: pathId });
const body = z.strictObject({ reason: text(5_000) });
const config = { right: 'sign-authorisation' } as const;
const clause = z.object({
  clauseId: z.uuid(),
  reason: z.string(),
  proposedBy: z.string(),
  proposedAt: instant,
  signedBy: z.string().nullable(),
  signedAt: optionalInstant,
  revokedBy: z.string().nullable(),
  revokedAt: optionalInstant,
  stands: z.boolean(),
}) satisfies z.ZodType<ResendClause>;

/** Lists clauses and takes the acts on them. */
export function resendClauseRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/resend-clauses',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listResendClauses',
        summary:
          'Standing clauses under which a machine may send to an authority again, newest first',
        response: readAnswers(whole(clause)),
      },
    },
    async (request) => ({ items: [...(await listResendClauses(ports.house, personOf(request)))] }),
  );
  api.post(
    '/resend-clauses',
    {
      config,
      schema: {
        operationId: 'proposeResendClause',
        summary: 'Propose the clause; it stands when another person has signed it',
        headers,
        body,
        response: writeAnswers(z.object({ clauseId: z.uuid(), engine })),
      },
    },
    async (request, reply) => {
      const answer = await proposeResendClause(ports.house, commandRequest(request), request.body);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  endRoutes(app, ports);
}

function endRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const response = writeAnswers(z.object({ stands: z.boolean(), engine }));
  api.post(
    '/resend-clauses/:clause/signature',
    {
      config,
      schema: {
        operationId: 'signResendClause',
        summary: 'Sign a clause that somebody else proposed',
        params,
        headers,
        body: z.strictObject({}),
        response,
      },
    },
    async (request, reply) => {
      const asked = commandRequest(request);
      const answer = await signResendClause(ports.house, asked, request.params.clause);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  api.post(
    '/resend-clauses/:clause/revocation',
    {
      config,
      schema: {
        operationId: 'revokeResendClause',
        summary: 'End a clause at once',
        params,
        headers,
        body,
        response,
      },
    },
    async (request, reply) => {
      const input = { clauseId: request.params.clause, reason: request.body.reason };
      const answer = await revokeResendClause(ports.house, commandRequest(request), input);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}
