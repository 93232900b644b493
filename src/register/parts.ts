/** One act that names thousands, as several entries: a leaf has room for a thousand of each list. */
import type { JsonObject, JsonValue } from '../domain/json.ts';

const mostInList = 1_000;

/**
 * Data whose lists are short as they are; otherwise as often as the longest list needs, each time with the next thousand
 * of every list and `part` and `parts` to say which it is. What is no list stands in every part.
 */
export function inParts(data: JsonObject): readonly JsonObject[] {
  const longest = Math.max(0, ...Object.values(data).map(lengthOf));
  const parts = Math.ceil(longest / mostInList);
  if (parts <= 1) return [data];
  return Array.from({ length: parts }, (_, index) => {
    const from = index * mostInList;
    const fields = Object.entries(data).map(([name, value]): [string, JsonValue] => [
      name,
      isList(value) ? value.slice(from, from + mostInList) : value,
    ]);
    return { ...Object.fromEntries(fields), part: index + 1, parts };
  });
}

function lengthOf(value: JsonValue): number {
  return isList(value) ? value.length : 0;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
