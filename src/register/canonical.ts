/** RFC 8785 canonical JSON: one spelling for one value, so that bytes can be hashed and compared. */
import canonicalize from 'canonicalize';
import type { JsonValue } from '../domain/json.ts';

/** The canonical text of a value. Throws for what has none: NaN, infinities, lone surrogates, cycles. */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('not a JSON value');
  return text;
}
