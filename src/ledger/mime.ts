/** Encoder `mime/1`: what was worded becomes MIME segments with slots; a row's bytes are their concatenation. */
import { createHash } from 'node:crypto';
import type { Instant } from '../domain/instant.ts';
import type { Segment } from '../domain/notice-ports.ts';
import { headerText, phrase, quotedPrintable, quotedPrintablePiece } from './quoted-printable.ts';

export const encoderName = 'mime/1';

/** Slots every message has besides those its wording asks for. */
const addressSlot = 'address';
const messageIdSlot = 'messageId';

const slotStart = '\uFDD0';
const slotEnd = '\uFDD1';
const slotPattern = /\uFDD0([a-z][A-Za-z]*)\uFDD1/;

/** The mark wording puts where a value of the recipient goes. Noncharacters, so no text can hold one by accident. */
export function slotMark(name: string): string {
  return `${slotStart}${name}${slotEnd}`;
}

/** True for text that could be taken for a slot. */
export function holdsSlotMark(text: string): boolean {
  return text.includes(slotStart) || text.includes(slotEnd);
}

/** The text as a reviewer reads it: each slot in square brackets. */
export function showSlots(text: string): string {
  return text.replaceAll(new RegExp(slotPattern, 'g'), '[$1]');
}

export interface MailHead {
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string | null;
  readonly subject: string;
  /** Wall time of the freeze. */
  readonly date: Instant;
  readonly noticeId: string;
  readonly language: string;
}

/** The segments of one variant, in order. Text and html may hold slot marks; the subject may not. */
export function encodeVariant(head: MailHead, text: string, html: string): Segment[] {
  // A quoted-printable body never holds `=_`, so the boundary cannot occur in it.
  const boundary = `=_${digestOf(`${head.noticeId}\n${head.language}\n${text}\n${html}`).slice(0, 32)}`;
  return [
    bytes(`${headersBeforeTo(head)}To: `),
    slot(addressSlot, 'header'),
    bytes(`\r\n${headersAfterTo(head)}Message-ID: `),
    slot(messageIdSlot, 'header'),
    bytes(`\r\n${closingHeaders(head, boundary)}\r\n${partHead(boundary, 'text/plain')}`),
    ...bodySegments(text, 'quoted-text'),
    bytes(`\r\n${partHead(boundary, 'text/html')}`),
    ...bodySegments(html, 'quoted-html'),
    bytes(`\r\n--${boundary}--\r\n`),
  ];
}

function headersBeforeTo(head: MailHead): string {
  return `From: ${phrase(head.fromName)} <${head.fromAddress}>\r\n`;
}

function headersAfterTo(head: MailHead): string {
  const replyTo = head.replyTo === null ? '' : `Reply-To: <${head.replyTo}>\r\n`;
  const subject = `Subject: ${headerText(head.subject, 'Subject: '.length)}\r\n`;
  // RFC 5322 wants a numeric zone; toUTCString names GMT.
  const date = `Date: ${new Date(head.date).toUTCString().replace('GMT', '+0000')}\r\n`;
  return replyTo + subject + date;
}

function closingHeaders(head: MailHead, boundary: string): string {
  return [
    `X-Notice-Id: ${head.noticeId}`,
    'Auto-Submitted: auto-generated',
    `Content-Language: ${head.language}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
    '',
  ].join('\r\n');
}

function partHead(boundary: string, type: string): string {
  return [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '',
  ].join('\r\n');
}

// Splitting by a pattern with one group gives text and slot names in turn.
function bodySegments(body: string, encoding: 'quoted-text' | 'quoted-html'): Segment[] {
  return body
    .split(slotPattern)
    .map((piece, index) =>
      index % 2 === 0 ? bytes(quotedPrintable(piece)) : slot(piece, encoding),
    );
}

function bytes(text: string): Segment {
  return { kind: 'bytes', base64: Buffer.from(text, 'latin1').toString('base64') };
}

function slot(name: string, encoding: Extract<Segment, { kind: 'slot' }>['encoding']): Segment {
  return { kind: 'slot', name, encoding };
}

/** The exact bytes one recipient gets. Throws if a slot has no value or a value cannot stand in a header. */
export function assemble(
  segments: readonly Segment[],
  merge: Readonly<Record<string, string>>,
  address: string,
  messageId: string,
): Uint8Array {
  const values: Readonly<Record<string, string>> = {
    ...merge,
    [addressSlot]: address,
    [messageIdSlot]: messageId,
  };
  return Buffer.concat(
    segments.map((segment) => {
      if (segment.kind === 'bytes') return Buffer.from(segment.base64, 'base64');
      const value = values[segment.name];
      if (value === undefined) throw new Error(`no value for the slot ${segment.name}`);
      return Buffer.from(encodeSlot(value, segment.encoding), 'latin1');
    }),
  );
}

function encodeSlot(
  value: string,
  encoding: Extract<Segment, { kind: 'slot' }>['encoding'],
): string {
  switch (encoding) {
    case 'header':
      if (!/^[\x21-\x7e]{1,900}$/.test(value) || /[<>,;:"()[\]\\]/.test(value)) {
        throw new Error('a header slot takes one plain address or id');
      }
      return `<${value}>`;
    case 'quoted-text':
      return quotedPrintablePiece(value);
    case 'quoted-html':
      return quotedPrintablePiece(escapeHtml(value));
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** SHA-256 of what goes on the wire, before dot-stuffing. */
export function mimeSha256(mime: Uint8Array): Uint8Array {
  return createHash('sha256').update(mime).digest();
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
