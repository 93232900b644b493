/** The register: verified from inside, and exported for whoever verifies it outside. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';
import { sendLines } from '../send-bytes.ts';
import { fileAnswers, readAnswers } from './answers.ts';
import { caseIdOf, notFound } from './seen-case.ts';

const config = { right: 'read-register' } as const;

/** Routes of the register; who sees less than the group exports case by case. */
export function registerRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const fault = z.object({ stream: z.string(), streamSeq: z.int(), fault: z.string() });
  api.get(
    '/register/verification',
    {
      config,
      schema: {
        operationId: 'verifyRegister',
        summary: 'Check every entry you may see',
        response: readAnswers(
          z.object({
            ok: z.boolean(),
            entries: z.int(),
            streams: z.int(),
            faults: z.array(fault).readonly(),
          }),
        ),
      },
    },
    async (request) => {
      return ports.register.verify(personOf(request));
    },
  );
  exportRoute(app, ports);
}

function exportRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/register/export',
    {
      config,
      schema: {
        operationId: 'exportRegister',
        summary: 'The register, or one case of it, as lines an outsider can verify',
        querystring: z.strictObject({ case: z.string().min(1).max(100).optional() }),
        response: fileAnswers('text/plain', 'one JSON object a line'),
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      const named = request.query.case;
      if (named === undefined && !person.units.includes('*')) {
        throw new ProblemError('forbidden', 'You see part of the group: export case by case.');
      }
      const caseId = named === undefined ? null : await seenCase(ports, person, named);
      return sendLines(reply, ports.register.export(person, caseId));
    },
  );
}

function seenCase(
  ports: WebPorts,
  person: ReturnType<typeof personOf>,
  named: string,
): Promise<string> {
  return ports.house.as(person, async ({ views, cases }) => {
    const caseId = await caseIdOf(views, named);
    if (caseId === null || (await cases.read(caseId)) === null) throw notFound();
    return caseId;
  });
}
