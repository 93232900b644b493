/** Makes one catalogue row of what a line says, by field name; whatever a value says stays text until SQL checks it. */
import {
  catalogueFields,
  type CatalogueField,
  type CatalogueKind,
  type CatalogueRow,
  type CatalogueValue,
} from '../../domain/catalogue.ts';
import type { FaultList } from './faults.ts';

/** The longest text of one field, in characters, and the most items of a list. */
const longestText = 4_000;
const longestList = 1_000;

/**
 * The row, or null when a fault was added. Text is trimmed and put in normal form C; an empty text is nothing; fields
 * the kind does not have must have been refused before.
 */
export function makeRow(
  kind: CatalogueKind,
  line: number,
  given: (name: string) => unknown,
  faults: FaultList,
): CatalogueRow | null {
  const row: Record<string, CatalogueValue> = {};
  let whole = true;
  for (const field of catalogueFields[kind]) {
    const read = readValue(field, given(field.name));
    if (typeof read === 'object' && read !== null && 'fault' in read) {
      faults.add(line, field.name, read.fault);
      whole = false;
    } else if (read !== null) {
      row[field.name] = read;
    }
  }
  return whole ? row : null;
}

type Read = CatalogueValue | { readonly fault: string };

function readValue(field: CatalogueField, value: unknown): Read {
  if (field.list) return readList(value);
  if (Array.isArray(value)) return { fault: 'must be one value, not a list' };
  return readText(value);
}

function readList(value: unknown): Read {
  if (value === undefined || value === null || value === '') return [];
  const items: readonly unknown[] | null = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split('|')
      : null;
  if (items === null) return { fault: 'must be a list' };
  if (items.length > longestList) {
    return { fault: `must have at most ${String(longestList)} items` };
  }
  const texts: string[] = [];
  for (const item of items) {
    const text = readText(item);
    if (typeof text !== 'string')
      return isFault(text) ? text : { fault: 'must have no empty item' };
    texts.push(text);
  }
  return texts;
}

function isFault(read: Read): read is { readonly fault: string } {
  return typeof read === 'object' && read !== null && 'fault' in read;
}

function readText(value: unknown): Read {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value !== 'string') return { fault: 'must be a text, a number, true or false' };
  if (value.length > longestText) {
    return { fault: `is longer than ${String(longestText)} characters` };
  }
  if (value.includes('\0')) return { fault: 'holds a NUL character' };
  if (/\p{Surrogate}/u.test(value)) return { fault: 'holds half a character' };
  const text = value.trim().normalize('NFC');
  return text === '' ? null : text;
}
