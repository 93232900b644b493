/** Openings of the register's commitments: sealed under the personal-data key, read back for export, erased for good. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { JsonValue } from '../../domain/json.ts';
import { canonicalJson } from '../../register/canonical.ts';
import { saltBytes, type Opening } from '../../register/commitment.ts';

/** The key that seals openings, with an id that names it without telling it. */
export interface OpeningKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Where an opening belongs; bound into its seal, so that no opening can be moved to another entry. */
export interface OpeningPlace {
  readonly stream: string;
  readonly streamSeq: number;
  readonly field: string;
}

export interface SealedOpening extends OpeningPlace {
  readonly keyId: string;
  readonly sealed: Uint8Array;
}

const cipherName = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Reads a key as its file holds it: 32 bytes in base64. Throws otherwise, without showing any of it. */
export function openingKey(base64: string): OpeningKey {
  const bytes = Buffer.from(base64.trim(), 'base64');
  if (bytes.length !== 32 || bytes.toString('base64') !== base64.trim()) {
    throw new Error('the personal-data key must be 32 bytes in base64');
  }
  const id = createHash('sha256').update('tocsin personal-data key\0').update(bytes).digest('hex');
  return { id: id.slice(0, 16), bytes };
}

/** AES-256-GCM: nonce, ciphertext, tag. */
export function sealOpening(key: OpeningKey, place: OpeningPlace, opening: Opening): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, key.bytes, nonce).setAAD(boundTo(place));
  const plain = Buffer.concat([opening.salt, Buffer.from(canonicalJson(opening.value), 'utf8')]);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The opening as it was sealed. Throws if the key is another one, or the bytes or their place were changed. */
export function unsealOpening(key: OpeningKey, row: SealedOpening): Opening {
  if (row.keyId !== key.id) {
    throw new Error(`an opening is sealed under key ${row.keyId}; the key at hand is ${key.id}`);
  }
  const sealed = Buffer.from(row.sealed);
  const decipher = createDecipheriv(cipherName, key.bytes, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(boundTo(row)).setAuthTag(sealed.subarray(-tagBytes));
  const body = sealed.subarray(nonceBytes, -tagBytes);
  const plain = Buffer.concat([decipher.update(body), decipher.final()]);
  const value = JSON.parse(plain.subarray(saltBytes).toString('utf8')) as JsonValue;
  return { salt: plain.subarray(0, saltBytes), value };
}

function boundTo({ stream, streamSeq, field }: OpeningPlace): Buffer {
  return Buffer.from(`${stream} ${String(streamSeq)} ${field}`, 'utf8');
}
