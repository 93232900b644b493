/** The Merkle tree of RFC 9162, section 2.1: one hash that stands for an ordered list. */
import { hash } from 'node:crypto';

const leafPrefix = Uint8Array.of(0x00);
const nodePrefix = Uint8Array.of(0x01);

/** SHA-256(0x00 || bytes): the hash of one leaf, which can never be taken for that of a node. */
export function leafHash(bytes: Uint8Array): Uint8Array {
  return sha256(leafPrefix, bytes);
}

/** The root over leaf hashes in their order; of an empty list, the hash of nothing. */
export function merkleRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes;
  if (first === undefined) return sha256();
  let level = hashes;
  while (level.length > 1) level = level.flatMap((left, i) => parents(left, level[i + 1], i));
  return level[0] ?? first;
}

// Pairing neighbours and carrying an odd last one up gives RFC 9162's split at the largest power of two.
function parents(left: Uint8Array, right: Uint8Array | undefined, index: number): Uint8Array[] {
  if (index % 2 === 1) return [];
  if (right === undefined) return [left];
  return [sha256(nodePrefix, left, right)];
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}
