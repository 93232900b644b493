/** Reads the replies of an SMTP server (RFC 5321, 4.2): whole lines only, within limits. */

export interface Reply {
  readonly code: number;
  /** As the server wrote it, code included; several lines are joined by a space. */
  readonly text: string;
  /** What each line says after its code. */
  readonly lines: readonly string[];
}

/** The server said something that is no reply: the session is worth nothing any more. */
class NoReply extends Error {}

const longestLineBytes = 4_096;
const mostLines = 100;

/** Puts replies together from what arrives, in whatever pieces it arrives. */
export class ReplyReader {
  private rest = '';
  private code = '';
  private lines: string[] = [];

  /** True while a reply has begun and not ended. */
  get isAmidst(): boolean {
    return this.rest !== '' || this.lines.length > 0;
  }

  /** The replies that are whole now. Throws `NoReply` at what can be none. */
  take(chunk: Uint8Array): Reply[] {
    const text = this.rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString();
    const replies: Reply[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const reply = this.line(text.slice(from, text[end - 1] === '\r' ? end - 1 : end));
      if (reply !== null) replies.push(reply);
      from = end + 1;
    }
    this.rest = text.slice(from);
    if (this.rest.length > longestLineBytes) throw new NoReply('a line of the server has no end');
    return replies;
  }

  private line(line: string): Reply | null {
    const code = line.slice(0, 3);
    const mark = line[3] ?? ' ';
    const isFirst = this.lines.length === 0;
    if (!/^[2-5][0-9]{2}$/.test(code) || (mark !== ' ' && mark !== '-'))
      throw new NoReply(`not a reply: ${line.slice(0, 80)}`);
    if (!isFirst && code !== this.code) throw new NoReply('a reply changes its code midway');
    if (line.length > longestLineBytes || this.lines.length >= mostLines)
      throw new NoReply('a reply of the server is too long');
    this.code = code;
    this.lines.push(line.slice(4));
    if (mark === '-') return null;
    const { lines } = this;
    this.lines = [];
    return { code: Number(code), text: `${code} ${lines.join(' ')}`.trim(), lines };
  }
}
