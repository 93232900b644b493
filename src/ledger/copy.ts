/** A further copy of a frozen message: the same bytes with a mark in the subject and above the words, never new words. */
import type { Segment } from '../domain/notice-ports.ts';
import { headerText, quotedPrintable } from './quoted-printable.ts';

/** What marks a copy; `text` and `html` end in a line end. */
export interface CopyMark {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Message-ID of the first message, without angle brackets. */
  readonly firstMessageId: string;
}

const subjectHeader = /(^|\r\n)Subject: (?:[^\r\n]|\r\n[ \t])*\r\n/;
const noticeHeader = 'X-Notice-Id: ';
const textHead = /Content-Type: text\/plain;[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n$/;
const bodyStart = /<body>\r\n/;

/** The segments of the marked copy (encoder `mime/1`). Throws where the frozen message is not built as that encoder builds. */
export function markCopy(segments: readonly Segment[], mark: CopyMark): Segment[] {
  const marks: [RegExp | string, (found: string) => string][] = [
    [
      subjectHeader,
      (found) =>
        `${found.startsWith('\r\n') ? '\r\n' : ''}Subject: ${headerText(mark.subject, 'Subject: '.length)}\r\n`,
    ],
    [noticeHeader, (found) => `References: <${mark.firstMessageId}>\r\n${found}`],
    [textHead, (found) => `${found}${quotedPrintable(mark.text)}`],
    [bodyStart, (found) => `${found}${quotedPrintable(mark.html)}`],
  ];
  const made = segments.map((segment): Segment => {
    if (segment.kind !== 'bytes') return segment;
    let bytes = Buffer.from(segment.base64, 'base64').toString('latin1');
    // Each mark goes in once, in the order of the message, so that no text of a recipient is taken for a header.
    for (let next = marks[0]; next !== undefined; next = marks[0]) {
      const [where, write] = next;
      const marked = bytes.replace(where, write);
      if (marked === bytes) break;
      bytes = marked;
      marks.shift();
    }
    return { kind: 'bytes', base64: Buffer.from(bytes, 'latin1').toString('base64') };
  });
  if (marks.length > 0) throw new Error('a frozen message has no place for the mark of a copy');
  return made;
}
