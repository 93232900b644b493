/** People of the house: listed, entered, deactivated and reactivated by an administrator. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { enterPeople, setPersonActive } from '../../commands/keep-people.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { line, pathId } from './fields.ts';
import { count, list, whole } from './states.ts';

const config = { right: 'manage-people' } as const;
const role = z.enum(['responder', 'legal', 'dpo', 'executive', 'auditor', 'administrator']);

const entry = z.strictObject({
  issuer: line(500),
  subject: line(500),
  name: line(200),
  email: z.email('is not an e-mail address').max(254),
  roles: z.array(role).min(1, 'must name at least one role').max(6),
  units: z
    .array(line(100).regex(/^[^,]+$/, 'must not hold a comma'))
    .min(1, 'must name at least one unit, or * for the whole group')
    .max(100),
  deputy: line(500).nullable().default(null),
});

const listed = entry.extend({ personId: z.uuid(), active: z.boolean() }).extend({
  roles: list(role),
  units: list(z.string()),
  email: z.string(),
});
const withoutHolder = list(role).describe('roles nobody active holds: their alarms reach nobody');

/** Routes of the administrator; every change is an entry of the house. */
export function peopleRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/people',
    {
      config,
      schema: {
        operationId: 'listPeople',
        summary: 'Everybody who may sign in or once could',
        response: readAnswers(whole(listed)),
      },
    },
    async (request) => ({
      items: await ports.house.as(personOf(request), ({ people }) => people.list()),
    }),
  );
  api.post(
    '/people',
    {
      config,
      schema: {
        operationId: 'enterPeople',
        summary: 'Enter or change people by issuer and subject, all or none',
        headers: keyHeader,
        body: z.strictObject({ people: z.array(entry).min(1).max(1_000) }),
        response: writeAnswers(
          z.object({ added: count, changed: count, unchanged: count, withoutHolder }),
        ),
      },
    },
    async (request, reply) => {
      const command = commandRequest(request);
      const answer = await enterPeople(ports.house, command, request.body.people);
      return (await settle(ports, reply, answer)).value;
    },
  );
  for (const [path, active] of [
    ['deactivation', false],
    ['reactivation', true],
  ] as const) {
    api.post(
      `/people/:person/${path}`,
      {
        config,
        schema: {
          operationId: active ? 'reactivatePerson' : 'deactivatePerson',
          summary: active
            ? 'Let a person sign in and be called again; tokens stay revoked'
            : 'End sign-in, tokens and calls of a person; the last administrator stays',
          params: z.object({ person: pathId }),
          headers: keyHeader,
          body: z.strictObject({}),
          response: writeAnswers(z.object({ active: z.boolean(), withoutHolder })),
        },
      },
      async (request, reply) => {
        const input = { personId: request.params.person, active };
        const answer = await setPersonActive(ports.house, commandRequest(request), input);
        return (await settle(ports, reply, answer)).value;
      },
    );
  }
}
