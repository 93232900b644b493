/** The exact bytes one recipient of a notice gets, put together as the sender will. */
import type { Person } from '../domain/actor.ts';
import { assemble, mimeSha256 } from '../ledger/mime.ts';
import type { WebPorts } from './ports.ts';

/** Null when there are none to be seen. Throws when the bytes are not those that were frozen. */
export async function sampleBytes(
  ports: WebPorts,
  person: Person,
  noticeId: string,
  version: number,
  recipientKey: string | null,
): Promise<Uint8Array | null> {
  const row = await ports.sample(person, noticeId, version, recipientKey);
  if (row === null) return null;
  const bytes = assemble(row.segments, row.merge, row.address, row.messageId);
  if (Buffer.from(mimeSha256(bytes)).toString('hex') !== row.mimeSha256) {
    throw new Error('the bytes differ from those that were frozen');
  }
  return bytes;
}
