/** Fields of requests: texts that may enter a mail or a page, instants with their offset, keys and digests. */
import { z } from 'zod';
import { parseInstant, type Instant, type InstantFault } from '../../domain/instant.ts';

// Control characters, line and paragraph separators, and marks that turn the direction of what follows.
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const unprintableButLines = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

/** One line of text, without control characters, not blank. */
export function line(most: number) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(most, `must have at most ${String(most)} characters`)
    .refine((text) => !unprintable.test(text), 'must be one line without control characters');
}

/** Text with line breaks, without other control characters; blank only when `least` is 0. */
export function text(most: number, least: 0 | 1 = 1) {
  return z
    .string()
    .trim()
    .min(least, 'must not be empty')
    .max(most, `must have at most ${String(most)} characters`)
    .refine((value) => !unprintableButLines.test(value), 'must not hold control characters');
}

const timeFaults: Readonly<Record<InstantFault, string>> = {
  'not-a-time': 'is not a time such as 2026-06-15T17:45:00+02:00',
  'no-zone': 'has no zone: add Z or an offset such as +02:00',
  'no-such-day': 'names a day that does not exist',
  'no-such-time': 'names an hour, minute, second or offset that does not exist',
};

interface ParsedTime {
  readonly at: Instant;
  readonly offsetMinutes: number;
}

function readTime(value: string, context: z.RefinementCtx): ParsedTime {
  const parsed = parseInstant(value);
  if (parsed.ok) return { at: parsed.at, offsetMinutes: parsed.offsetMinutes };
  context.addIssue({ code: 'custom', message: timeFaults[parsed.fault] });
  return z.NEVER;
}

/** RFC 3339 with an offset, parsed to the instant and the offset in minutes. */
export const time = z
  .string()
  .max(40)
  .meta({ format: 'date-time', description: 'RFC 3339 with an offset' })
  .transform(readTime);

/** The same in a form, where an empty field means that no time is given. */
export const timeInForm = z
  .string()
  .trim()
  .max(40)
  .default('')
  .transform((value, context) => (value === '' ? null : readTime(value, context)));

/** An IANA zone this runtime knows. */
export const zone = z.string().max(64).refine(isZone, 'is not a time zone such as Europe/Brussels');

function isZone(name: string): boolean {
  if (!/^[A-Za-z][\w+\-/]*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A key of the catalogue or of an outside system. */
export const key = line(200);

/** SHA-256 in hex. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex, lower case');

/** An id in a body. */
export const id = z.uuid('must be a UUID');

/** An id in a path: anything but a UUID is simply not found. */
export const pathId = z.uuid();

export const cursor = z.string().min(1).max(500).optional();

/** How many items a page holds. */
export function limit(usual: number, most: number) {
  return z.coerce.number('must be a number').int().min(1).max(most).default(usual);
}
