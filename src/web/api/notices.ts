/** Notices: lists, one notice with its exact words, and the bytes one recipient gets. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { sampleBytes } from '../sample.ts';
import { sendMessage } from '../send-bytes.ts';
import { fileAnswers, readAnswers } from './answers.ts';
import { cursor, key, limit, pathId } from './fields.ts';
import { notFound } from './seen-case.ts';
import { noticeSummary, noticeView } from './notice-views.ts';
import { noticeState, page } from './states.ts';

const config = { right: 'read-case' } as const;

/** Routes that read notices. */
export function noticeRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/notices',
    {
      config,
      schema: {
        operationId: 'listNotices',
        summary: 'Notices of every case you may see, in the order they were made',
        querystring: z.strictObject({
          state: noticeState.optional(),
          limit: limit(50, 200),
          cursor,
        }),
        response: readAnswers(page(noticeSummary)),
      },
    },
    async (request) => {
      const { state, limit: most, cursor: after } = request.query;
      return ports.house.as(personOf(request), ({ views }) =>
        views.notices({
          ...(state === undefined ? {} : { state }),
          limit: most,
          cursor: after ?? null,
        }),
      );
    },
  );
  api.get(
    '/notices/:notice',
    {
      config,
      schema: {
        operationId: 'showNotice',
        summary: 'One notice; its ETag is the digest an approval binds',
        params: z.object({ notice: pathId }),
        response: readAnswers(noticeView),
      },
    },
    async (request, reply) => {
      const seen = await ports.house.as(personOf(request), ({ views }) =>
        views.notice(request.params.notice),
      );
      if (seen === null) throw notFound();
      if (seen.digest !== null) void reply.header('etag', `"${seen.digest}"`);
      return seen;
    },
  );
  sampleRoute(app, ports);
}

function sampleRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/notices/:notice/versions/:version/sample.eml',
    {
      config,
      schema: {
        operationId: 'showSample',
        summary: 'The exact bytes one recipient gets',
        params: z.object({ notice: pathId, version: z.coerce.number().int().min(1).max(100_000) }),
        querystring: z.strictObject({ recipient: key.optional() }),
        response: fileAnswers('message/rfc822', 'the message, byte for byte'),
      },
    },
    async (request, reply) => {
      const { notice, version } = request.params;
      const recipient = request.query.recipient ?? null;
      const bytes = await sampleBytes(ports, personOf(request), notice, version, recipient);
      if (bytes === null) throw notFound();
      return sendMessage(reply, bytes);
    },
  );
}
