/** Salted commitments: the register proves a personal value without holding it, and forgets it when the salt is gone. */
import { createHmac } from 'node:crypto';
import type { JsonValue } from '../domain/json.ts';
import { canonicalJson } from './canonical.ts';

/** What opens a commitment: the salt and the value it was made from. */
export interface Opening {
  readonly salt: Uint8Array;
  readonly value: JsonValue;
}

export const saltBytes = 32;

/** base64(HMAC-SHA-256(salt, canonical JSON of the value)). Throws if the salt is not 32 bytes. */
export function commit(value: JsonValue, salt: Uint8Array): string {
  if (salt.length !== saltBytes) throw new Error(`a salt has ${String(saltBytes)} bytes`);
  return createHmac('sha256', salt).update(canonicalJson(value), 'utf8').digest('base64');
}

/** True if the opening is the one the commitment was made from. */
export function checkOpening(commitment: string, opening: Opening): boolean {
  return opening.salt.length === saltBytes && commit(opening.value, opening.salt) === commitment;
}
