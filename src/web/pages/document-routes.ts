/** Files on the pages: documents are saved, and the file a receipt came as is uploaded. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { attachDocument } from '../../commands/attach-document.ts';
import { documentBytes, type NamedBytes } from '../../domain/documents.ts';
import type { Problem } from '../../domain/problem.ts';
import { notFound } from '../api/seen-case.ts';
import type { WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';
import { keptDocument, sendDocument } from '../send-document.ts';
import { uuidIn } from './case-routes.ts';
import { formRequest } from './forms.ts';
import { sendNotice } from './notice-page.ts';
import { sessionOf } from './signed-in.ts';

const config = { right: 'read-case', streamed: true } as const;
const formBytes = documentBytes + 64 * 1024;

type Params = Readonly<Record<string, string | undefined>>;

/** The file of a form, by the request it came with. */
const files = new WeakMap<FastifyRequest, NamedBytes>();

/** Routes of documents; uploads are read only after the session was asked for. */
export function documentPages(app: FastifyInstance, ports: WebPorts): void {
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: formBytes },
    (request: FastifyRequest, bytes: Buffer, done) => {
      readForm(request, bytes).then(
        (fields) => {
          done(null, fields);
        },
        () => {
          done(new ProblemError('malformed', 'The form cannot be read.'));
        },
      );
    },
  );
  app.get('/documents/:document', { config, schema: { hide: true } }, async (request, reply) => {
    const documentId = uuidIn(request.params as Params, 'document');
    return sendDocument(reply, await keptDocument(ports, sessionOf(request).person, documentId));
  });
  app.post(
    '/notices/:notice/document',
    { config, bodyLimit: formBytes, schema: { hide: true } },
    async (request, reply) => {
      const noticeId = uuidIn(request.params as Params, 'notice');
      const problem = await upload(ports, request, noticeId);
      if (problem === null) return reply.redirect(`/notices/${noticeId}?done=document`, 303);
      return sendNotice(ports, request, reply, noticeId, { form: 'document', problem, values: {} });
    },
  );
}

async function upload(
  ports: WebPorts,
  request: FastifyRequest,
  noticeId: string,
): Promise<Problem | null> {
  const session = sessionOf(request);
  const notice = await ports.house.as(session.person, ({ notices }) => notices.read(noticeId));
  if (notice === null) throw notFound();
  const file = files.get(request);
  if (file === undefined) return { type: 'invalid', detail: 'Choose a file first.' };
  const { caseId } = notice;
  const input = { ...file, caseId, noticeId };
  const answer = await attachDocument(ports.house, formRequest(request, session), input);
  return answer.ok ? null : answer.problem;
}

/** The fields of a multipart form, the digest of its file among them; the platform's own reader takes it apart. */
async function readForm(request: FastifyRequest, bytes: Buffer): Promise<Record<string, string>> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  // Deprecated for streams without a bound; these bytes are bounded and in memory already.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const form = await new Response(new Uint8Array(bytes), { headers }).formData();
  const fields: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      fields[name] = value;
    } else if (value.size > 0) {
      const content = Buffer.from(await value.arrayBuffer());
      const mediaType = value.type.split(';', 1)[0] ?? '';
      files.set(request, { name: value.name, mediaType, bytes: content });
      fields[`${name}-sha256`] = createHash('sha256').update(content).digest('hex');
    }
  }
  return fields;
}
