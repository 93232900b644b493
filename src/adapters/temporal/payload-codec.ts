/** Encrypts everything Temporal stores: AES-256-GCM over whole payloads, the key named in the metadata. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { z } from 'zod';

const encoding = Buffer.from('binary/encrypted');
const nonceBytes = 12;
const tagBytes = 16;

/** Keys by id; new payloads take `current`, old ones stay readable while their key stays in the ring. */
export interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Buffer>;
}

const keyRingFile = z.strictObject({
  current: z.string().min(1),
  keys: z.record(z.string().min(1), z.base64()),
});

/** Reads `{current, keys: {id: base64 of 32 bytes}}`. Throws with the file's name when it cannot be used. */
export function readKeyRing(path: string): KeyRing {
  const { current, keys } = keyRingFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  const ring = new Map<string, Buffer>();
  for (const [id, text] of Object.entries(keys)) {
    const key = Buffer.from(text, 'base64');
    if (key.length !== 32) throw new Error(`${path}: key ${id} is not 32 bytes long`);
    ring.set(id, key);
  }
  if (!ring.has(current)) throw new Error(`${path}: the current key ${current} is not in the ring`);
  return { current, keys: ring };
}

/** A codec that fails closed: what it cannot prove it encrypted itself it does not hand on. */
export function payloadCodec(ring: KeyRing): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => seal(ring, payload))),
    decode: (payloads) => Promise.resolve(payloads.map((payload) => open(ring, payload))),
  };
}

function keyOf(ring: KeyRing, id: string): Buffer {
  const key = ring.keys.get(id);
  if (key === undefined) throw new Error(`payload key ${id} is not in the key ring`);
  return key;
}

function seal(ring: KeyRing, payload: Payload): Payload {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(ring, ring.current), nonce);
  cipher.setAAD(Buffer.from(ring.current));
  const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return {
    metadata: { encoding, 'encryption-key-id': Buffer.from(ring.current) },
    data: Buffer.concat([nonce, cipher.getAuthTag(), sealed]),
  };
}

function open(ring: KeyRing, payload: Payload): Payload {
  const id = payload.metadata?.['encryption-key-id'];
  const marked = payload.metadata?.['encoding'];
  if (id === undefined || marked === undefined || !encoding.equals(marked)) {
    throw new Error('a payload in clear text came from Temporal: refused');
  }
  const data = Buffer.from(payload.data ?? []);
  if (data.length < nonceBytes + tagBytes) throw new Error('an encrypted payload is cut short');
  const keyId = Buffer.from(id);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyOf(ring, keyId.toString()),
    data.subarray(0, nonceBytes),
  );
  decipher.setAAD(keyId);
  decipher.setAuthTag(data.subarray(nonceBytes, nonceBytes + tagBytes));
  const sealed = data.subarray(nonceBytes + tagBytes);
  const plain = Buffer.concat([decipher.update(sealed), decipher.final()]);
  return proto.temporal.api.common.v1.Payload.decode(plain);
}
