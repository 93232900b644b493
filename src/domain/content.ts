/** Reads the content of a frozen version, which is JSON of any shape: what is not as expected reads as nothing. */
import type { JsonObject, JsonValue } from './json.ts';

/** The list, or an empty one. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** The object, or an empty one. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  // An object of JSON has JSON values under texts, and nothing else.
  return isObject ? (value as JsonObject) : {};
}

/** The text, or an empty one. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
