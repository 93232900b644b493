/** Hands a document out as a file: always to be saved, never shown as a page of ours. */
import type { FastifyReply } from 'fastify';
import type { Person } from '../domain/actor.ts';
import type { DocumentView } from '../domain/documents.ts';
import { notFound } from './api/seen-case.ts';
import type { WebPorts } from './ports.ts';

interface KeptDocument {
  readonly view: DocumentView;
  readonly bytes: Uint8Array;
}

/** A document with its bytes. Throws `not-found` for one that is not there or not for this person to see. */
export function keptDocument(
  ports: WebPorts,
  person: Person,
  documentId: string,
): Promise<KeptDocument> {
  return ports.house.as(person, async ({ documents }) => {
    const view = await documents.find(documentId);
    const bytes = view === null ? null : await documents.open(documentId);
    if (view === null || bytes === null) throw notFound();
    return { view, bytes };
  });
}

/** Answers with the bytes under their own type and name. */
export function sendDocument(reply: FastifyReply, { view, bytes }: KeptDocument): FastifyReply {
  const plain = view.name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const named = `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(view.name)}`;
  const charset = view.mediaType.startsWith('text/') ? '; charset=utf-8' : '';
  return reply
    .header('content-type', `${view.mediaType}${charset}`)
    .header('content-disposition', named)
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .send(Buffer.from(bytes));
}
