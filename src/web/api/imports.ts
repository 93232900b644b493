/** `POST /imports/{kind}`: a catalogue file, streamed, in one piece or not at all. */
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { personOf } from '../context.ts';
import { catalogueKinds, type CatalogueKind, type ImportFault } from '../../domain/catalogue.ts';
import type { FieldFault } from '../../domain/problem.ts';
import { pointerPart } from '../faults.ts';
import type { WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';
import { writeAnswers } from './answers.ts';

const importBytes = 1024 ** 3;

const mediaTypes = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

/** A kind by its name, also in the plural: `customers` as well as `customer`. */
const kinds: ReadonlyMap<string, CatalogueKind> = new Map(
  catalogueKinds.flatMap((kind) => [
    [kind, kind],
    [`${kind}s`, kind],
  ]),
);

const kindParam = z
  .string()
  .meta({ enum: [...kinds.keys()] })
  .transform((named, context) => {
    const kind = kinds.get(named);
    if (kind !== undefined) return kind;
    context.addIssue({ code: 'custom', message: 'is no kind of the catalogue' });
    return z.NEVER;
  });

/** Imports rows of one kind; faults come back by line, `/line/12/email`. */
export function importRoutes(app: FastifyInstance, ports: WebPorts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    Object.values(mediaTypes),
    { bodyLimit: importBytes },
    (_request, payload, done) => {
      done(null, payload);
    },
  );
  app.withTypeProvider<ZodTypeProvider>().post(
    '/imports/:kind',
    {
      config: { right: 'import-catalogue', streamed: true },
      bodyLimit: importBytes,
      schema: {
        operationId: 'importCatalogue',
        summary: 'Load rows of the catalogue from CSV or NDJSON',
        params: z.object({ kind: kindParam }),
        querystring: z.strictObject({
          format: z.enum(['csv', 'ndjson']).optional(),
          replace: z.enum(['true', 'false']).default('false'),
        }),
        response: writeAnswers(
          z.object({
            version: z.int(),
            rows: z.int(),
            added: z.int(),
            changed: z.int(),
            removed: z.int(),
          }),
        ),
      },
    },
    async (request) => {
      const sent = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
      const format = sent === mediaTypes.csv ? 'csv' : 'ndjson';
      if (sent === undefined || (request.query.format ?? format) !== format) {
        const detail = 'Send text/csv or application/x-ndjson, as `format` says.';
        throw new ProblemError('unsupported-media', detail);
      }
      const outcome = await ports.importCatalogue({
        actor: personOf(request),
        kind: request.params.kind,
        format,
        replace: request.query.replace === 'true',
        // The parser above hands the stream on as it is.
        body: atMost(request.body as Readable, importBytes),
      });
      if (!outcome.ok) {
        const { type, detail } = outcome.problem;
        throw new ProblemError(type, detail, outcome.faults.map(placed));
      }
      return outcome.value;
    },
  );
}

// A stream says how long it is only when it ends.
async function* atMost(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > bytes) throw new ProblemError('too-large', 'The file is larger than 1 GB.');
    yield chunk;
  }
}

function placed({ line, field, detail }: ImportFault): FieldFault {
  const place = line === 0 ? '' : `/line/${String(line)}`;
  return { pointer: field === '' ? place : `${place}/${pointerPart(field)}`, detail };
}

/** What the OpenAPI document says of the body; a stream has no schema of its own to be checked by. */
export const importRequestBody = {
  required: true,
  content: Object.fromEntries(
    Object.values(mediaTypes).map((type) => [type, { schema: { type: 'string' } }]),
  ),
} as const;
