/** Events that no program could take: listed as they came, settled or made a case by a person who has looked. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { openFromEvent } from '../../commands/open-from-event.ts';
import { settleEvent } from '../../commands/settle-event.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import {
  commandRequest,
  createAnswers,
  keyHeader,
  readAnswers,
  settle,
  writeAnswers,
} from './answers.ts';
import { readEvent } from './event-content.ts';
import { key, line, text } from './fields.ts';
import { incidentBody, opened, toOpenCase } from './incidents.ts';
import { engine, instant, whole } from './states.ts';

const named = { source: line(200), eventId: key };
const settlement = z.strictObject({ ...named, note: text(5_000, 1) });
/** The report as the person who read the event gives it; source, id and arrival are the event's own. */
const report = incidentBody
  .omit({ source: true, externalId: true, receivedAt: true })
  .extend(named);

const keptEvent = z.object({
  source: z.string(),
  eventId: z.string(),
  type: z.string().nullable(),
  at: instant,
  reason: z.string(),
  body: z.string().describe('as it came'),
});

/** Lists and settles kept events; they belong to no case yet, so only who sees the whole group finds any. */
export function keptEventRoutes(app: FastifyInstance, ports: WebPorts): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.get(
    '/events',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listKeptEvents',
        summary: 'Events that wait for a person, oldest first',
        response: readAnswers(whole(keptEvent)),
      },
    },
    async (request) => ({
      items: await ports.house.as(personOf(request), ({ events }) => events.waiting()),
    }),
  );
  typed.post(
    '/events/settlement',
    {
      config: { right: 'complete-task' },
      schema: {
        operationId: 'settleEvent',
        summary: 'Say what became of an event that waited',
        body: settlement,
        headers: keyHeader,
        response: writeAnswers(z.object({ state: z.literal('settled'), engine })),
      },
    },
    async (request, reply) => {
      const answer = await settleEvent(ports.house, commandRequest(request), request.body);
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
  openRoute(app, ports);
}

function openRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/events/case',
    {
      config: { right: 'open-case' },
      schema: {
        operationId: 'openCaseFromEvent',
        summary: 'Open a case from an event that waited; it is received when the event came',
        body: report,
        headers: keyHeader,
        response: createAnswers(opened),
      },
    },
    async (request, reply) => {
      const { source, eventId, ...given } = request.body;
      const input = { source, eventId, report: toOpenCase({ ...given, source }) };
      const answer = await openFromEvent(ports.house, commandRequest(request), input, readEvent);
      const { value, engine: state } = await settle(ports, reply, answer);
      const { created, ...shown } = value;
      return reply.code(created ? 201 : 200).send({ ...shown, engine: state });
    },
  );
}
