/** Events that came for a case after it was closed: read as they came, and their facts taken up by a person. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { carriedBy, takeUpEvent } from '../../commands/take-up-event.ts';
import type { CaseEvent } from '../../domain/event-ports.ts';
import type { Store } from '../../domain/ports.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { readEvent } from './event-content.ts';
import { key, line } from './fields.ts';
import { caseIdOf, caseParam, notFound, readOfCase } from './seen-case.ts';
import { count, engine, instant, whole } from './states.ts';

/** An event of a case with what it carries. */
export interface ShownEvent extends CaseEvent {
  /** How many facts and hits could be recorded from it. */
  readonly carries: number;
}

const shownEvent = z.object({
  source: z.string(),
  eventId: z.string(),
  type: z.string().nullable(),
  at: instant,
  body: z.string().describe('as it came'),
  waits: z.boolean().describe('true until a person took it up or settled it'),
  carries: count.describe('facts and hits that could be recorded from it'),
}) satisfies z.ZodType<ShownEvent>;

/** Events of the case, as the actor of the transaction sees them, with what each carries. */
export async function eventsOf({ events }: Store, caseId: string): Promise<ShownEvent[]> {
  return (await events.ofCase(caseId)).map((event) => {
    const carried = carriedBy(readEvent(Buffer.from(event.body)));
    return { ...event, carries: carried === null ? 0 : carried.facts.length + carried.hits.length };
  });
}

/** Routes on the events of a case. */
export function caseEventRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/cases/:case/events',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listEventsOfCase',
        summary:
          'Events that came for the case after it was closed, or that a person opened it from',
        params: caseParam,
        response: readAnswers(whole(shownEvent)),
      },
    },
    async (request) =>
      readOfCase(ports, personOf(request), request.params.case, async (_views, caseId, store) => ({
        items: await eventsOf(store, caseId),
      })),
  );
  api.post(
    '/cases/:case/events/facts',
    {
      config: { right: 'record-facts' },
      schema: {
        operationId: 'takeUpEvent',
        summary: 'Record the facts an event carries that came while the case was closed',
        params: caseParam,
        headers: keyHeader,
        body: z.strictObject({ source: line(200), eventId: key }),
        response: writeAnswers(z.object({ factsVersion: z.int(), engine })),
      },
    },
    async (request, reply) => {
      const caseId = await ports.house.as(personOf(request), ({ views }) =>
        caseIdOf(views, request.params.case),
      );
      if (caseId === null) throw notFound();
      const input = { caseId, ...request.body };
      const answer = await takeUpEvent(ports.house, commandRequest(request), input, readEvent);
      const settled = await settle(ports, reply, answer);
      return { factsVersion: settled.value.factsVersion, engine: settled.engine };
    },
  );
}
