/** How a notice stands against the items its article demands. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { noticeCompleteness } from '../../commands/notice-completeness.ts';
import type { NoticeCompleteness } from '../../domain/completeness.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { readAnswers } from './answers.ts';
import { pathId } from './fields.ts';
import { notFound } from './seen-case.ts';
import { list, verification } from './states.ts';

const completenessView = z.object({
  noticeId: z.uuid(),
  provision: z.string(),
  regime: z.string(),
  lines: list(
    z.object({
      id: z.string(),
      article: z.string(),
      summary: z.string(),
      demand: z.enum([
        'always',
        'where-possible',
        'where-applicable',
        'conditional',
        'by-contract',
        'recommended',
      ]),
      condition: z.string().nullable(),
      mayFollow: z.boolean(),
      verification,
      state: z.enum(['known', 'being-investigated', 'not-visible', 'not-applicable']),
      missingFacts: list(z.string()),
    }),
  ),
  missingBeforeSending: list(z.string()),
  toFollow: list(z.string()),
  emergencyMinimum: list(z.object({ subject: z.string(), isThere: z.boolean() })),
}) satisfies z.ZodType<NoticeCompleteness>;

/** One route: also what is missing before the notice may be sent, and the least it must say in an emergency. */
export function completenessRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/notices/:notice/completeness',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'showCompleteness',
        summary:
          'What the article demands of a notice, item by item; there is none of a withdrawal',
        params: z.object({ notice: pathId }),
        response: readAnswers(completenessView),
      },
    },
    async (request) => {
      const answer = await ports.house.as(personOf(request), (store) =>
        noticeCompleteness(store, request.params.notice),
      );
      if (answer === null) throw notFound();
      return answer;
    },
  );
}
