/** Mail bytes: what parsers read back is what was frozen, whatever a name or a text holds. */
import { fc, test } from '@fast-check/vitest';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { messageIdOf, noticeIdKey } from '../../src/ledger/message-id.ts';
import {
  assemble,
  encodeVariant,
  showSlots,
  slotMark,
  type MailHead,
} from '../../src/ledger/mime.ts';
import { isPlainAddress, isPlainSubject, plainText } from '../../src/ledger/plain-text.ts';

const head: MailHead = {
  fromName: 'Nordlicht Netz GmbH',
  fromAddress: 'notices@nordlicht.example',
  replyTo: 'dpo@nordlicht.example',
  subject: 'Personal data breach',
  date: '2026-06-15T15:45:00.000Z',
  noticeId: '019a0000-0000-7000-8000-000000000001',
  language: 'en',
};
const address = 'ada@people.example';
const messageId = 'abc@nordlicht.example';
const words = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => plainText(text));
const multiline = fc.array(words, { maxLength: 6 }).map((lines) => lines.join('\n'));

function write(
  text: string,
  html: string,
  merge: Record<string, string>,
  change: Partial<MailHead> = {},
): string {
  const segments = encodeVariant({ ...head, ...change }, text, html);
  return Buffer.from(assemble(segments, merge, address, messageId)).toString('latin1');
}

// Parsers drop the line break that belongs to the boundary and read CRLF as LF.
const read = (mail: string) => PostalMime.parse(Buffer.from(mail, 'latin1'));
const unixed = (text: string | undefined): string =>
  (text ?? '').replaceAll('\r\n', '\n').replace(/\n$/, '');

describe('a frozen mail', () => {
  test.prop([multiline, words, multiline], { numRuns: 300 })(
    'reads back exactly, with any text and any name in its slot',
    async (before, name, after) => {
      const mail = write(`x${before}${slotMark('name')}${after}x`, `<p>${slotMark('name')}</p>`, {
        name,
      });
      const parsed = await read(mail);
      expect(unixed(parsed.text)).toBe(`x${before}${name}${after}x`);
      expect(parsed.headers.filter(({ key }) => key === 'to')).toHaveLength(1);
    },
  );

  test.prop([words.filter(isPlainSubject), words.filter((name) => name !== '')], { numRuns: 300 })(
    'keeps subject and sender as they were written',
    async (subject, fromName) => {
      const parsed = await read(write('t', '<p>h</p>', {}, { subject, fromName }));
      expect(parsed.subject).toBe(subject);
      expect(parsed.from).toMatchObject({ name: fromName, address: head.fromAddress });
    },
  );

  test.prop([multiline, fc.string({ maxLength: 400, unit: 'binary' })], { numRuns: 300 })(
    'is ASCII in lines of 76 characters that end in CRLF and nothing else',
    (text, name) => {
      const mail = write(`${text}${slotMark('name')}${text}`, `<p>${slotMark('name')}</p>`, {
        name,
      });
      expect(mail.replace(/[\t\r\n]/g, '')).toMatch(/^[ -~]*$/);
      expect(mail.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      const body = mail.slice(mail.indexOf('\r\n\r\n'));
      expect(Math.max(...body.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
    },
  );

  it('shows a name with markup as text in its html part', async () => {
    const parsed = await read(
      write('t', `<p>${slotMark('name')}</p>`, { name: '<img src=x onerror=alert(1)>' }),
    );
    expect(parsed.html).not.toContain('<img');
    expect(parsed.html).toContain('&#60;img');
  });

  it('carries the headers by which it is recognised, once each', async () => {
    const parsed = await read(write('t', '<p>h</p>', {}));
    const headers = Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value]));
    expect(headers).toMatchObject({
      'x-notice-id': head.noticeId,
      'auto-submitted': 'auto-generated',
      'message-id': `<${messageId}>`,
      date: 'Mon, 15 Jun 2026 15:45:00 +0000',
      to: `<${address}>`,
    });
  });

  it('refuses a header value that is more than one address', () => {
    const segments = encodeVariant(head, 't', 'h');
    for (const bad of [
      'a@b.example, c@d.example',
      'a@b.example\r\nBcc: x@y.example',
      'g: a@b.example;',
      'ü@b.example',
    ]) {
      expect(() => assemble(segments, {}, bad, messageId)).toThrow('header slot');
    }
  });

  it('refuses a row that lacks a value', () => {
    expect(() => write(slotMark('name'), 'h', {})).toThrow('no value for the slot name');
  });

  it('shows slots to reviewers in brackets', () => {
    expect(showSlots(`Dear ${slotMark('name')},`)).toBe('Dear [name],');
  });
});

describe('subjects and addresses', () => {
  it.each([
    'x\r\nBcc: evil@x.example',
    'x\ny',
    'x\u2028y',
    'x\u202ey',
    'x\u0000',
    '',
    ' padded',
    'x'.repeat(201),
  ])('a subject like %j is refused', (subject) => {
    expect(isPlainSubject(subject)).toBe(false);
  });

  it.each([
    'a@b',
    'a b@c.example',
    'a@b.example,c@d.example',
    '"q"@b.example',
    'ü@b.example',
    'a@b.example\n',
    '@b.example',
  ])('an address like %j is refused', (bad) => {
    expect(isPlainAddress(bad)).toBe(false);
  });
});

describe('a Message-ID', () => {
  const row = { noticeId: head.noticeId, recipientKey: 'S-1', contentSha256: 'c0', resendNo: 0 };
  const key = noticeIdKey(Buffer.alloc(32, 7).toString('base64'));

  it('is the same on every attempt and differs by recipient, content and resend', () => {
    const id = messageIdOf(key, row, 'd.example');
    expect(messageIdOf(key, row, 'd.example')).toBe(id);
    const others = [{ recipientKey: 'S-2' }, { contentSha256: 'c1' }, { resendNo: 1 }].map(
      (change) => messageIdOf(key, { ...row, ...change }, 'd.example'),
    );
    expect(new Set([id, ...others]).size).toBe(4);
    expect(id).toMatch(/^[a-z2-7]{52}@d\.example$/);
  });

  it('needs a key of 32 bytes', () => {
    expect(() => noticeIdKey('c2hvcnQ=')).toThrow('32 bytes');
  });
});
