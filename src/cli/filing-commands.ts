/** `tocsin notice pack`, and the file a receipt came as: what a person who files needs in a terminal. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Option, type Command } from 'commander';
import type { NoticeView } from '../domain/views.ts';
import { CliError, exitCodes } from './exit.ts';
import { examples } from './program-help.ts';
import { openSession } from './session.ts';
import type { Session, Surroundings } from './session.ts';

interface Pack {
  readonly documents: readonly { readonly documentId: string; readonly name: string }[];
}

/** Adds `notice pack`. */
export function addPackCommand(parent: Command, around: Surroundings): void {
  const command = parent
    .command('pack')
    .description('what to enter at the form of the authority, field by field, as it was approved')
    .argument('<notice>', 'id')
    .addOption(new Option('--format <format>').choices(['txt', 'html', 'json']).default('txt'));
  examples(command, ['tocsin notice pack 0197…']).action(
    async (id: string, options: { format: string }) => {
      const session = openSession(command, around, 'leo');
      const pack = await session.api.get<Pack>(`/notices/${encodeURIComponent(id)}/pack`);
      const found = pack.documents.find(({ name }) => name.endsWith(`.${options.format}`));
      if (found === undefined)
        throw new CliError(exitCodes.refused, 'the pack has no such document', 'try --format txt');
      const text = await session.api.text(`/documents/${found.documentId}`);
      session.answer(pack, () => [text]);
    },
  );
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.eml': 'message/rfc822',
  '.zip': 'application/zip',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Keeps a file as the receipt of a notice; gives its id. Throws for a file that cannot be read or has no known ending. */
export async function uploadReceipt(session: Session, id: string, path: string): Promise<string> {
  const mediaType = mediaTypes[extname(path).toLowerCase()];
  if (mediaType === undefined) {
    const known = Object.keys(mediaTypes).join(', ');
    throw new CliError(exitCodes.usage, `${path} is of no type that is kept`, `one of: ${known}`);
  }
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw new CliError(exitCodes.usage, `${path} cannot be read`, 'check the path');
  const { caseId } = await session.api.get<NoticeView>(`/notices/${encodeURIComponent(id)}`);
  const query = new URLSearchParams({ name: basename(path), notice: id });
  const kept = await session.api.upload<{ documentId: string }>(
    `/cases/${caseId}/documents?${query.toString()}`,
    createReadStream(path),
    mediaType,
  );
  return kept.documentId;
}
