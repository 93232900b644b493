/** Cases: the list by most pressing due, one case, and what belongs to it. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { besideOf, type CaseBeside } from '../beside.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { readAnswers } from './answers.ts';
import { cursor, limit } from './fields.ts';
import { caseParam, notFound, readOfCase } from './seen-case.ts';
import { alarmView, caseSummary, caseView, taskView, timelineEntry } from './case-views.ts';
import { exposure, noticeSummary, obligationView } from './notice-views.ts';
import { list, optionalInstant, page, verification, whole } from './states.ts';

const config = { right: 'read-case' } as const;
const paging = z.strictObject({ limit: limit(50, 200), cursor });

const beside = z.object({
  clocks: list(
    z.object({
      provision: z.string(),
      citation: z.string(),
      label: z.string(),
      verification,
      significance: z.enum(['indicated', 'not-indicated', 'not-known']),
      dueAt: optionalInstant,
      working: list(z.string()),
    }),
  ),
  assessed: list(z.string()),
  notAssessed: list(z.string()),
}) satisfies z.ZodType<CaseBeside>;

/** Routes that read cases; all lists are as the person may see them. */
export function caseRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/cases',
    {
      config,
      schema: {
        operationId: 'listCases',
        summary: 'Cases by most pressing due, open ones first',
        querystring: paging.extend({ state: z.enum(['open', 'closed']).optional() }),
        response: readAnswers(page(caseSummary)),
      },
    },
    async (request) => {
      const { state, limit: most, cursor: after } = request.query;
      return ports.house.as(personOf(request), ({ views }) =>
        views.cases({
          ...(state === undefined ? {} : { state }),
          limit: most,
          cursor: after ?? null,
        }),
      );
    },
  );
  api.get(
    '/cases/:case',
    {
      config,
      schema: {
        operationId: 'showCase',
        summary: 'One case, by id or reference',
        params: caseParam,
        response: readAnswers(caseView),
      },
    },
    async (request) =>
      readOfCase(ports, personOf(request), request.params.case, async (views, caseId) => {
        const seen = await views.case(caseId);
        if (seen === null) throw notFound();
        return seen;
      }),
  );
  pagedRoutes(app, ports);
  listRoutes(app, ports);
}

function pagedRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/cases/:case/exposures',
    {
      config,
      schema: {
        operationId: 'listExposures',
        summary: 'How engagements and own processings stand in a case',
        params: caseParam,
        querystring: paging,
        response: readAnswers(page(exposure)),
      },
    },
    async (request) =>
      readOfCase(ports, personOf(request), request.params.case, (views, caseId) =>
        views.exposures(caseId, request.query.limit, request.query.cursor ?? null),
      ),
  );
  api.get(
    '/cases/:case/notices',
    {
      config,
      schema: {
        operationId: 'listNoticesOfCase',
        summary: 'Notices of a case',
        params: caseParam,
        querystring: paging,
        response: readAnswers(page(noticeSummary)),
      },
    },
    async (request) =>
      readOfCase(ports, personOf(request), request.params.case, (views, caseId) =>
        views.notices({
          caseId,
          limit: request.query.limit,
          cursor: request.query.cursor ?? null,
        }),
      ),
  );
  api.get(
    '/cases/:case/timeline',
    {
      config,
      schema: {
        operationId: 'showTimeline',
        summary: 'What happened in a case, the newest first',
        params: caseParam,
        querystring: z.strictObject({
          limit: limit(100, 500),
          before: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
        }),
        response: readAnswers(whole(timelineEntry)),
      },
    },
    async (request) =>
      readOfCase(ports, personOf(request), request.params.case, async (views, caseId) => ({
        items: await views.timeline(caseId, request.query.limit, request.query.before ?? null),
      })),
  );
}

function listRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/cases/:case/obligations',
    {
      config,
      schema: {
        operationId: 'listObligations',
        summary: 'What is owed in a case, and what is not and why',
        params: caseParam,
        response: readAnswers(whole(obligationView)),
      },
    },
    async (request) =>
      readOfCase(ports, personOf(request), request.params.case, async (views, caseId) => ({
        items: await views.obligations(caseId),
      })),
  );
  api.get(
    '/cases/:case/beside',
    {
      config,
      schema: {
        operationId: 'showBeside',
        summary:
          'Clocks of laws that are shown beside and not filed here, and what was not assessed',
        params: caseParam,
        response: readAnswers(beside),
      },
    },
    async (request) => readOfCase(ports, personOf(request), request.params.case, besideOf),
  );
  api.get(
    '/cases/:case/tasks',
    {
      config,
      schema: {
        operationId: 'listTasks',
        summary: 'Tasks of a case, open ones first',
        params: caseParam,
        response: readAnswers(whole(taskView)),
      },
    },
    async (request) =>
      readOfCase(ports, personOf(request), request.params.case, async (views, caseId) => ({
        items: await views.tasks({ caseId, limit: 500 }),
      })),
  );
  api.get(
    '/cases/:case/alarms',
    {
      config,
      schema: {
        operationId: 'listAlarms',
        summary: 'Alarms of a case, by when they ring',
        params: caseParam,
        response: readAnswers(whole(alarmView)),
      },
    },
    async (request) =>
      readOfCase(ports, personOf(request), request.params.case, async (views, caseId) => ({
        items: await views.alarms(caseId),
      })),
  );
}
