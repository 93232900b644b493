/** Keeps every message the sandbox received, byte for byte, one file each; the folder is the only truth. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, type ReadStream } from 'node:fs';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import PostalMime from 'postal-mime';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

const stored = z.object({
  id: z.uuid(),
  receivedAt: z.string(),
  /** Envelope, not header. */
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  messageId: z.string(),
  noticeId: z.string().nullable(),
  /** Bytes. */
  size: z.number().int(),
  sha256: z.string(),
});
export type StoredMessage = Readonly<z.infer<typeof stored>>;

interface Envelope {
  readonly from: string;
  readonly to: string[];
}

export interface MailboxStore {
  /** Every message, oldest first. */
  list(): readonly StoredMessage[];
  find(id: string): StoredMessage | undefined;
  /** Writes the bytes to disk and only then answers; what `isWhole` denies at the end is not kept. */
  add(envelope: Envelope, body: Readable, isWhole: () => boolean): Promise<StoredMessage>;
  open(id: string): ReadStream;
  read(id: string): Promise<Buffer>;
  clear(): Promise<number>;
}

/** Enough for any header block of ours; subjects and ids stand there. */
const headBytes = 64 * 1024;

/** Opens the folder and rebuilds the list from it; half-written messages of a crash are dropped. */
export async function openStore(folder: string): Promise<MailboxStore> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const messages = await rebuild(folder);
  const bodyFile = (id: string) => join(folder, `${id}.eml`);

  return {
    list: () => [...messages.values()],
    find: (id) => messages.get(id),
    open: (id) => createReadStream(bodyFile(id)),
    read: (id) => readFile(bodyFile(id)),
    async add(envelope, body, isWhole) {
      const id = uuidv7();
      const draft = join(folder, `${id}.part`);
      const seen = observe();
      try {
        await pipeline(body, seen.through, createWriteStream(draft, { mode: 0o600 }));
        if (!isWhole()) throw new Error('the message did not arrive whole');
        const message = await describe(id, envelope, seen);
        await writeFile(join(folder, `${id}.json`), JSON.stringify(message), { mode: 0o600 });
        // The message exists from here on: its .eml appears whole or not at all.
        await rename(draft, bodyFile(id));
        messages.set(id, message);
        return message;
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async clear() {
      const ids = [...messages.keys()];
      messages.clear();
      for (const id of ids) {
        await rm(bodyFile(id), { force: true });
        await rm(join(folder, `${id}.json`), { force: true });
      }
      return ids.length;
    },
  };
}

async function rebuild(folder: string): Promise<Map<string, StoredMessage>> {
  const names = new Set(await readdir(folder));
  const messages = new Map<string, StoredMessage>();
  for (const name of [...names].sort()) {
    const id = name.replace(/\.[a-z]+$/, '');
    const whole = names.has(`${id}.eml`) && names.has(`${id}.json`);
    if (!whole) await rm(join(folder, name), { force: true });
    else if (name.endsWith('.json')) {
      const message = stored.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
      messages.set(id, message);
    }
  }
  return messages;
}

interface Observation {
  readonly through: Transform;
  readonly hash: Hash;
  size: number;
  head: Buffer;
}

/** Counts, hashes and keeps the head of what passes through, so that no message is held whole. */
function observe(): Observation {
  const seen: Observation = {
    hash: createHash('sha256'),
    size: 0,
    head: Buffer.alloc(0),
    through: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        seen.hash.update(chunk);
        seen.size += chunk.length;
        if (seen.head.length < headBytes) seen.head = Buffer.concat([seen.head, chunk]);
        done(null, chunk);
      },
    }),
  };
  return seen;
}

async function describe(id: string, envelope: Envelope, seen: Observation): Promise<StoredMessage> {
  const end = seen.head.indexOf('\r\n\r\n');
  const headers = end === -1 ? seen.head : seen.head.subarray(0, end + 4);
  const parsed = await PostalMime.parse(headers);
  const header = (name: string) => parsed.headers.find((h) => h.key === name)?.value;
  return {
    id,
    receivedAt: new Date().toISOString(),
    ...envelope,
    subject: parsed.subject ?? '',
    messageId: header('message-id') ?? '',
    noticeId: header('x-notice-id') ?? null,
    size: seen.size,
    sha256: seen.hash.digest('hex'),
  };
}
