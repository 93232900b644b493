/** Events that no program could take: listed as they came, and settled by a person who has looked. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { settleEvent } from '../../commands/settle-event.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { key, line, text } from './fields.ts';
import { engine, instant, whole } from './states.ts';

const settlement = z.strictObject({ source: line(200), eventId: key, note: text(5_000, 1) });

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
}
