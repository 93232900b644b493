/** Keeps a file with a case: evidence, or the receipt of a notice; of a known type, and not too large. */
import { actorLabel } from '../domain/actor.ts';
import { documentBytes, type NamedBytes } from '../domain/documents.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';

export interface Attachment extends NamedBytes {
  readonly caseId: string;
  /** The notice it is the receipt of; null for evidence of the case. */
  readonly noticeId: string | null;
}

type Begins = readonly number[] | null;

/** What may be kept, and how such a file begins where all of them begin alike. Nothing a browser would run. */
const allowed: ReadonlyMap<string, Begins> = new Map<string, Begins>([
  ['application/pdf', [0x25, 0x50, 0x44, 0x46]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['application/zip', [0x50, 0x4b]],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', [0x50, 0x4b]],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', [0x50, 0x4b]],
  ['text/plain', null],
  ['text/csv', null],
  ['application/json', null],
  ['message/rfc822', null],
]);

/** Media types a file may come as. */
export const attachmentTypes: readonly string[] = [...allowed.keys()];

/** Keeps the bytes; refused when they are none, too many, or not what their type says. */
export function attachDocument(
  house: House,
  request: Request,
  input: Attachment,
): Promise<Answer<{ documentId: string; sha256: string }>> {
  const right = input.noticeId === null ? 'record-facts' : 'record-receipt';
  return runCommand(house, request, right, async (store) => {
    const fit = fitness(input);
    if (!fit.ok) return fit;
    const { caseId, noticeId, name, mediaType, bytes } = input;
    const file = await store.cases.lock(caseId);
    if (file === null) return refuse('not-found', 'There is no such case.');
    if (noticeId !== null && (await store.notices.read(noticeId))?.caseId !== caseId)
      return refuse('not-found', 'There is no such notice in this case.');
    const by = actorLabel(request.actor);
    const purpose = noticeId === null ? 'evidence' : 'receipt';
    const kept = {
      caseId,
      noticeId,
      versionId: null,
      purpose,
      name,
      mediaType,
      bytes,
      by,
    } as const;
    const documentId = await store.documents.add(kept);
    const sha256 = (await store.documents.find(documentId))?.sha256 ?? '';
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'document.kept',
      actor: by,
      data: { documentId, noticeId, purpose, mediaType, sizeBytes: bytes.length, sha256 },
      personal: { name },
    });
    return done({ documentId, sha256 });
  });
}

function fitness({ mediaType, bytes, name }: NamedBytes): Outcome<null> {
  if (!isPlainName(name)) {
    return refuse('invalid', 'The name of the file cannot be kept.', [
      { pointer: '/name', detail: 'must be one line of at most 200 characters without slashes' },
    ]);
  }
  if (bytes.length === 0) return refuse('invalid', 'The file is empty.');
  if (bytes.length > documentBytes) return refuse('too-large', 'A file may have 25 MB at most.');
  const begins = allowed.get(mediaType);
  if (begins === undefined) {
    return refuse(
      'unsupported-media',
      `Files of this type are not kept. Send one of: ${attachmentTypes.join(', ')}.`,
    );
  }
  const holds = begins?.every((byte, index) => bytes[index] === byte) ?? !bytes.includes(0);
  return holds
    ? done(null)
    : refuse('unsupported-media', `The file is not what its type says (${mediaType}).`);
}

function isPlainName(name: string): boolean {
  return name.trim() !== '' && name.length <= 200 && !/[\p{Cc}\p{Cf}\u2028\u2029/\\"]/u.test(name);
}
