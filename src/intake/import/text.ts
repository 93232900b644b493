/** Turns the bytes of a file into text: strict UTF-8, a byte order mark dropped, the digest taken on the way. */
import { createHash } from 'node:crypto';
import { Unreadable } from './faults.ts';

/** The longest line or record, in characters; longer means a quote never closed or a file of another kind. */
export const longestRecord = 65_536;

export interface TextOf {
  readonly chunks: AsyncGenerator<string>;
  /** SHA-256 of the bytes read so far. */
  digest(): Uint8Array;
}

/** The text of a file as it comes; throws `Unreadable` with the line at the first byte that is not UTF-8. */
export function textOf(stream: AsyncIterable<Uint8Array>): TextOf {
  const hash = createHash('sha256');
  async function* chunks(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let line = 1;
    let unread: Uint8Array = new Uint8Array();
    try {
      for await (const bytes of stream) {
        hash.update(bytes);
        unread = bytes;
        const text = decoder.decode(bytes, { stream: true });
        unread = new Uint8Array();
        line += countLines(text);
        if (text !== '') yield text;
      }
      decoder.decode();
    } catch (error) {
      if (!isDecodingError(error)) throw error;
      const at = line + linesBeforeFault(unread);
      throw new Unreadable(at, 'is not UTF-8: save the file as UTF-8');
    }
  }
  return { chunks: chunks(), digest: () => hash.copy().digest() };
}

function isDecodingError(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    'code' in error &&
    error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  );
}

function linesBeforeFault(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8').decode(bytes);
  return countLines(text.slice(0, Math.max(0, text.indexOf('\ufffd'))));
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
