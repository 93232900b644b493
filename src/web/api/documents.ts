/** Documents of a case: listed, kept, and handed out as files; never something a browser would render. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { attachDocument, attachmentTypes } from '../../commands/attach-document.ts';
import { documentBytes, type DocumentView } from '../../domain/documents.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';
import { filingPack, frozenPack } from '../filing-pack.ts';
import { keptDocument, sendDocument } from '../send-document.ts';
import {
  commandRequest,
  fileAnswers,
  keyHeader,
  readAnswers,
  settle,
  writeAnswers,
} from './answers.ts';
import { line, pathId } from './fields.ts';
import { caseParam, notFound, readOfCase } from './seen-case.ts';
import { count, instant, list } from './states.ts';

const config = { right: 'read-case' } as const;

const documentView = z.object({
  documentId: z.uuid(),
  caseId: z.uuid(),
  noticeId: z.uuid().nullable(),
  version: z.int().nullable(),
  purpose: z.enum(['filing-pack', 'evidence', 'receipt']),
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: count,
  sha256: z.string(),
  at: instant,
  by: z.string(),
}) satisfies z.ZodType<DocumentView>;

/** Routes that read documents. */
export function documentRoutes(app: FastifyInstance, ports: WebPorts): void {
  packRoute(app, ports);
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/cases/:case/documents',
    {
      config,
      schema: {
        operationId: 'listDocuments',
        summary: 'Filing packs, evidence and receipts of a case',
        params: caseParam,
        response: readAnswers(z.object({ items: list(documentView) })),
      },
    },
    async (request) => {
      const person = personOf(request);
      const caseId = await readOfCase(ports, person, request.params.case, (_views, id) =>
        Promise.resolve(id),
      );
      const items = await ports.house.as(person, ({ documents }) => documents.list({ caseId }));
      return { items };
    },
  );
  api.get(
    '/documents/:document',
    {
      config,
      schema: {
        operationId: 'readDocument',
        summary: 'The bytes of a document as they were kept',
        params: z.object({ document: pathId }),
        response: fileAnswers('application/octet-stream', 'the file, byte for byte'),
      },
    },
    async (request, reply) =>
      sendDocument(reply, await keptDocument(ports, personOf(request), request.params.document)),
  );
}

function packRoute(app: FastifyInstance, ports: WebPorts): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/notices/:notice/pack',
    {
      config,
      schema: {
        operationId: 'showPack',
        summary:
          'What a person enters at the form of the authority, field by field, as it was frozen',
        params: z.object({ notice: pathId }),
        response: readAnswers(
          z.object({ version: z.int(), documents: list(documentView), pack: filingPack }),
        ),
      },
    },
    async (request) => {
      const found = await frozenPack(ports, personOf(request), request.params.notice);
      if (found === null) throw notFound();
      return found;
    },
  );
}

/** The route that keeps a file; on an instance of its own, for it reads bytes and not JSON. */
export function documentUploadRoute(app: FastifyInstance, ports: WebPorts): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: documentBytes },
    (request: FastifyRequest, bytes: Buffer, done) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      request.sentBody = { sha256, mediaType: mediaTypeOf(request), query: request.url };
      done(null, bytes);
    },
  );
  app.withTypeProvider<ZodTypeProvider>().post(
    '/cases/:case/documents',
    {
      config: { right: 'read-case', streamed: true },
      bodyLimit: documentBytes,
      schema: {
        operationId: 'attachDocument',
        summary: 'Keep a file with a case; with `notice`, as the receipt of that notice',
        params: caseParam,
        querystring: z.strictObject({ name: line(200), notice: pathId.optional() }),
        headers: keyHeader,
        response: writeAnswers(z.object({ documentId: z.uuid(), sha256: z.string() })),
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      const caseId = await readOfCase(ports, person, request.params.case, (_views, id) =>
        Promise.resolve(id),
      );
      if (!Buffer.isBuffer(request.body)) throw new ProblemError('invalid', 'The file is empty.');
      const answer = await attachDocument(ports.house, commandRequest(request), {
        caseId,
        noticeId: request.query.notice ?? null,
        name: request.query.name,
        mediaType: mediaTypeOf(request),
        bytes: request.body,
      });
      return (await settle(ports, reply, answer)).value;
    },
  );
}

function mediaTypeOf(request: FastifyRequest): string {
  return request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** What the OpenAPI document says of the body, which has no schema of its own to be checked by. */
export const documentRequestBody = {
  required: true,
  content: Object.fromEntries(
    attachmentTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
  ),
} as const;
