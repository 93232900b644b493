/** Message-IDs that are the same on every attempt and say nothing to anyone without the key. */
import { createHmac } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** Reads the key as its file holds it: 32 bytes in base64. Throws otherwise, without showing any of it. */
export function noticeIdKey(base64: string): Uint8Array {
  const key = Buffer.from(base64.trim(), 'base64');
  if (key.length !== 32) throw new Error('the notice-id key must be 32 bytes in base64');
  return key;
}

/** `base32(HMAC-SHA-256(key, notice | recipient | content | resend))@domain`, without angle brackets. */
export function messageIdOf(
  key: Uint8Array,
  row: { noticeId: string; recipientKey: string; contentSha256: string; resendNo: number },
  domain: string,
): string {
  const mac = createHmac('sha256', key)
    .update([row.noticeId, row.recipientKey, row.contentSha256, String(row.resendNo)].join('\0'))
    .digest();
  return `${base32(mac)}@${domain}`;
}

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => alphabet[parseInt(group.padEnd(5, '0'), 2)] ?? '').join('');
}
