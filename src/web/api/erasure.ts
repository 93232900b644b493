/** Erasing what names people in a case at the end of retention. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { eraseCasePersons } from '../../commands/erase-case-persons.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, settle, writeAnswers } from './answers.ts';
import { text } from './fields.ts';
import { caseParam, readOfCase } from './seen-case.ts';
import { count } from './states.ts';

const erased = z.object({
  deliveries: count.describe('whose address, merge values and reply are gone'),
  contacts: count.describe('breach contacts of customers'),
  subjects: count.describe('keys of people reached'),
  events: count.describe('events kept as they came'),
  openings: count.describe('personal values of the register; their commitments stay'),
});

/** One command; there is no way back. */
export function erasureRoutes(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/cases/:case/persons/erasure',
    {
      config: { right: 'erase-persons' },
      schema: {
        operationId: 'eraseCasePersons',
        summary: 'Erase for good what names people in a case closed for the time of retention',
        params: caseParam,
        headers: keyHeader,
        body: z.strictObject({ reason: text(5_000) }),
        response: writeAnswers(erased),
      },
    },
    async (request, reply) => {
      const caseId = await readOfCase(ports, personOf(request), request.params.case, (_views, id) =>
        Promise.resolve(id),
      );
      const input = { caseId, reason: request.body.reason };
      const answer = await eraseCasePersons(ports.house, commandRequest(request), input);
      return (await settle(ports, reply, answer)).value;
    },
  );
}
