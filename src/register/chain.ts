/** Whether an entry continues its stream: what any reader of the stored register can check again. */
import { readLeaf, type LeafContent } from './leaf.ts';
import { leafHash } from './merkle.ts';

/** An entry as it is stored: its bytes and what the columns beside them claim. */
export interface StoredEntry {
  readonly stream: string;
  readonly streamSeq: number;
  readonly prev: Uint8Array | null;
  readonly leaf: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly type: string;
  readonly at: string;
}

/** Where a stream stands after its entry `streamSeq`. */
export interface StreamHead {
  readonly stream: string;
  readonly streamSeq: number;
  readonly hash: Uint8Array;
}

/** All that is wrong with an entry that follows `before` (null at the start of its stream); empty when sound. */
export function entryFaults(before: StreamHead | null, entry: StoredEntry): string[] {
  const read = readLeaf(entry.leaf);
  const faults = read.ok ? columnFaults(read.content, entry) : [read.fault];
  if (!same(leafHash(entry.leaf), entry.leafHash)) faults.push('leaf_hash is not the hash of leaf');
  const expected = (before?.streamSeq ?? 0) + 1;
  if (entry.streamSeq !== expected) {
    faults.push(`entries ${String(expected)} to ${String(entry.streamSeq - 1)} are missing`);
  } else if (!same(before?.hash ?? null, entry.prev)) {
    faults.push('prev is not the hash of the entry before');
  }
  return faults;
}

function columnFaults(content: LeafContent, entry: StoredEntry): string[] {
  const prev = entry.prev === null ? null : Buffer.from(entry.prev).toString('hex');
  const pairs: [string, unknown, unknown][] = [
    ['stream', content.stream, entry.stream],
    ['stream_seq', content.streamSeq, entry.streamSeq],
    ['prev', content.prev, prev],
    ['type', content.type, entry.type],
    ['at', content.ts, entry.at],
  ];
  return pairs
    .filter(([, said, column]) => said !== column)
    .map(([name]) => `column ${name} differs from the leaf`);
}

/** True if both are absent or hold the same bytes. */
export function same(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}
