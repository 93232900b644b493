/** `GET /me`: who the token stands for and what that person may ask for. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { mayDo, type Person, type Right } from '../../domain/actor.ts';
import { personOf } from '../context.ts';
import { readAnswers } from './answers.ts';

const everyRight: Readonly<Record<Right, true>> = {
  'read-case': true,
  'open-case': true,
  'record-facts': true,
  'set-exposure': true,
  determine: true,
  'fix-awareness': true,
  'give-opinion': true,
  'propose-lowering': true,
  'confirm-lowering': true,
  'decide-obligation': true,
  'edit-notice': true,
  'approve-notice': true,
  'review-wording': true,
  'sign-authorisation': true,
  'revoke-authorisation': true,
  'hold-notices': true,
  'bar-channel': true,
  'return-notice': true,
  'cancel-notice': true,
  'record-receipt': true,
  'resend-delivery': true,
  'complete-task': true,
  'close-case': true,
  'reopen-case': true,
  'erase-persons': true,
  'import-catalogue': true,
  'manage-people': true,
  'read-register': true,
  'read-readiness': true,
  'record-readiness': true,
  'confirm-address': true,
};

/** The rights a person's roles carry. */
function rightsOf(person: Person): Right[] {
  return (Object.keys(everyRight) as Right[]).filter((right) => mayDo(person, right));
}

/** The route that tells a caller who it is. */
export function meRoute(app: FastifyInstance): void {
  const me = z.object({
    name: z.string(),
    roles: z.array(z.string()).readonly(),
    units: z.array(z.string()).readonly(),
    rights: z.array(z.string()),
  });
  app.withTypeProvider<ZodTypeProvider>().get(
    '/me',
    {
      config: { right: 'signed-in' },
      schema: {
        operationId: 'showMe',
        summary: 'Who this token stands for',
        response: readAnswers(me),
      },
    },
    (request) => {
      const person = personOf(request);
      const { name, roles, units } = person;
      return { name, roles, units, rights: rightsOf(person) };
    },
  );
}
