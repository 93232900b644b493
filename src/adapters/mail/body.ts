/** The body stream we own: it knows whether its end was handed over, and asks before the last bytes go. */
import { Readable } from 'node:stream';

/** Bytes kept back until the dot is allowed; the dot follows them at once. */
const lastBytes = 64;

export interface OwnBody {
  readonly stream: Readable;
  /** True once the last bytes were handed on: from then on the dot may be on the wire. */
  ended(): boolean;
}

/**
 * A stream of a message. When only the last bytes are left it asks `allowed`; on no, or when the answer took longer
 * than `allowedForMs` on a monotonic clock, `refused` is called and the stream never ends.
 */
export function ownBody(
  bytes: Uint8Array,
  allowed: () => Promise<boolean>,
  refused: () => void,
  allowedForMs: number,
): OwnBody {
  const split = Math.max(0, bytes.length - lastBytes);
  let stage: 'start' | 'asking' | 'ended' = split === 0 ? 'asking' : 'start';
  let asked = false;
  const ask = async (stream: Readable): Promise<void> => {
    const askedAt = performance.now();
    const yes = await allowed().catch(() => false);
    // A process that was stopped in between may find its lease over: then the dot must not go.
    const inTime = performance.now() - askedAt <= allowedForMs;
    if (stream.destroyed) return;
    if (!yes || !inTime) {
      refused();
      return;
    }
    stage = 'ended';
    stream.push(bytes.subarray(split));
    stream.push(null);
  };
  const stream = new Readable({
    read() {
      if (stage === 'start') {
        stage = 'asking';
        this.push(bytes.subarray(0, split));
      } else if (stage === 'asking' && !asked) {
        asked = true;
        void ask(this);
      }
    },
  });
  return { stream, ended: () => stage === 'ended' };
}
