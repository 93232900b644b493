/** A message as RFC 5321, 4.5.2 has it on the wire: dots at the start of lines doubled, ended by a dot alone. */

const lf = 0x0a;
const cr = 0x0d;
const dot = 0x2e;
const end = Buffer.from('.\r\n');

/** Bytes kept back until the dot is allowed; the dot follows them at once. */
const lastBytes = 64;

export interface WireBody {
  /** Everything that may go before the dot is allowed. */
  readonly before: Uint8Array;
  /** The last bytes and the dot. */
  readonly last: Uint8Array;
  /** Both in one piece. */
  readonly whole: Uint8Array;
}

/** The bytes for the wire, or null for a message with a line end of its own kind: servers read such a one differently. */
export function wireBody(message: Uint8Array): WireBody | null {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  const doubled = dotLines(bytes);
  if (doubled === null) return null;
  const isClosed = bytes.length === 0 || bytes[bytes.length - 1] === lf;
  const whole = Buffer.allocUnsafe(bytes.length + doubled.length + (isClosed ? 0 : 2) + end.length);
  let [from, to] = [0, 0];
  for (const at of doubled) {
    to += bytes.copy(whole, to, from, at);
    whole[to++] = dot;
    from = at;
  }
  to += bytes.copy(whole, to, from);
  if (!isClosed) to += whole.write('\r\n', to, 'latin1');
  end.copy(whole, to);
  const split = Math.max(0, to - lastBytes);
  return { before: whole.subarray(0, split), last: whole.subarray(split), whole };
}

/** Where lines begin with a dot; null when a CR or an LF stands alone. */
function dotLines(bytes: Buffer): number[] | null {
  const found = bytes[0] === dot ? [0] : [];
  let lineEnds = 0;
  for (let at = bytes.indexOf(lf); at !== -1; at = bytes.indexOf(lf, at + 1)) {
    if (bytes[at - 1] !== cr) return null;
    lineEnds++;
    if (bytes[at + 1] === dot) found.push(at + 1);
  }
  let returns = 0;
  for (let at = bytes.indexOf(cr); at !== -1; at = bytes.indexOf(cr, at + 1)) returns++;
  return returns === lineEnds ? found : null;
}
