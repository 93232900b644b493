/** The way of a notice to an authority while mail is barred: a person files it. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { fileInstead } from '../../commands/file-instead.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, settle, writeAnswers } from './answers.ts';
import { pathId } from './fields.ts';
import { engine } from './states.ts';

/** The one route. */
export function fileInsteadRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/notices/:notice/filing',
    {
      config: { right: 'edit-notice' },
      schema: {
        operationId: 'fileInstead',
        summary:
          'While mail is barred: let a person file a notice to an authority, by a new version',
        params: z.object({ notice: pathId }),
        headers: keyHeader,
        body: z.strictObject({}),
        response: writeAnswers(z.object({ version: z.int(), digest: z.string(), engine })),
      },
    },
    async (request, reply) => {
      const input = { noticeId: request.params.notice };
      const answer = await fileInstead(ports.house, ports.freeze, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { ...settled.value, engine: settled.engine };
    },
  );
}
