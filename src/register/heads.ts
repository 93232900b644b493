/** One hash that stands for where every case stream stood at one moment. */
import { canonicalJson } from './canonical.ts';
import type { StreamHead } from './chain.ts';
import { leafHash, merkleRoot } from './merkle.ts';

/** Merkle root over `{head, stream, streamSeq}` of each stream, in the order of their names. */
export function headsRoot(heads: readonly StreamHead[]): Uint8Array {
  const ordered = [...heads].sort((a, b) => (a.stream < b.stream ? -1 : 1));
  return merkleRoot(
    ordered.map(({ stream, streamSeq, hash }) => {
      const text = canonicalJson({ head: Buffer.from(hash).toString('hex'), stream, streamSeq });
      return leafHash(Buffer.from(text, 'utf8'));
    }),
  );
}
