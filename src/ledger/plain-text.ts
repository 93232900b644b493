/** What text must be before it may leave the house: no control marks, no turned direction, one line in a subject. */
import type { JsonValue } from '../domain/json.ts';

// Bidirectional overrides and isolates, zero-width and separator marks, and the noncharacters that mark slots.
const hidden =
  /[\u200b-\u200f\u061c\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff]/gu;
const controls = /\p{Cc}/gu;

/** The text in NFC without marks a reader cannot see; line ends and tabs become spaces. */
export function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\r\n\t]+/g, ' ')
    .replace(controls, '')
    .replace(hidden, '')
    .trim();
}

/** `plainText` over every string of a JSON value. */
export function plainJson<T extends JsonValue>(value: T): T {
  return walk(value) as T;
}

function walk(value: JsonValue): JsonValue {
  if (typeof value === 'string') return plainText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(walk);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
}

/** True for one line of 1 to 200 characters that says what it shows. Refused, never silently repaired. */
export function isPlainSubject(subject: string): boolean {
  const size = Array.from(subject).length;
  return (
    size >= 1 &&
    size <= 200 &&
    subject.trim() === subject &&
    plainText(subject) === subject.normalize('NFC')
  );
}

/** True for an address a header and an envelope can carry as it stands: ASCII, one `@`, nothing quoted. */
export function isPlainAddress(address: string): boolean {
  return address.length <= 254 && plainAddress.test(address);
}

const plainAddress =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/;

/** The address with its domain in lower case, by which exact duplicates are found. */
export function foldedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + address.slice(at).toLowerCase();
}
