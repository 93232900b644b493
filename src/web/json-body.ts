/** Reads a JSON body strictly: UTF-8, no prototype keys, nothing PostgreSQL or a mail could not hold. */
import type { FieldFault } from '../domain/problem.ts';
import type { JsonValue } from '../domain/json.ts';
import { pointerPart } from './faults.ts';
import { ProblemError } from './problems.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const deepest = 20;

/** The value of a body. Throws a problem: `malformed` when it is not JSON, `invalid` when its values cannot be kept. */
export function readJson(bytes: Buffer): JsonValue {
  const value = parse(bytes);
  const fault = firstFault(value, '', 0);
  if (fault !== null) {
    throw new ProblemError('invalid', 'Nothing was changed: a value cannot be taken.', [fault]);
  }
  return value;
}

function parse(bytes: Buffer): JsonValue {
  try {
    return JSON.parse(utf8.decode(bytes)) as JsonValue;
  } catch {
    throw new ProblemError('malformed', 'The body is not JSON in UTF-8.');
  }
}

function firstFault(value: JsonValue, pointer: string, depth: number): FieldFault | null {
  if (depth > deepest) return { pointer, detail: 'is nested too deeply' };
  if (typeof value === 'string') return textFault(value, pointer);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? null : { pointer, detail: 'is too large a number' };
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries<JsonValue>(value)) {
    const at = `${pointer}/${pointerPart(key)}`;
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      return { pointer: at, detail: 'is not a field here' };
    }
    const fault = textFault(key, at) ?? firstFault(inner, at, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function textFault(text: string, pointer: string): FieldFault | null {
  if (text.includes('\0')) return { pointer, detail: 'holds a NUL character' };
  return /\p{Surrogate}/u.test(text) ? { pointer, detail: 'is not well-formed Unicode' } : null;
}
