/** Whose event a body is: Standard Webhooks signatures over the bytes as they came. */
import { Webhook } from 'standardwebhooks';
import type { EventSource } from '../../domain/event-ports.ts';

/** The three headers as they came; each missing, single or repeated. */
export type SignatureHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Signer {
  readonly source: string;
  readonly unit: string;
  /** `webhook-id`: the same each time the message is sent. */
  readonly messageId: string;
}

const signaturesRead = 5;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Checks signatures against the secrets of all sources; null when none fits, or the time is more than 5 min away. */
export function signatureCheck(
  sources: readonly EventSource[],
): (headers: SignatureHeaders, body: Uint8Array) => Signer | null {
  const keys = sources.flatMap(({ name, unit, secrets }) =>
    secrets.map((secret) => ({ source: name, unit, webhook: new Webhook(secret) })),
  );
  return (given, body) => {
    const headers = usable(given);
    const text = textOf(body);
    if (headers === null || text === null) return null;
    const signer = keys.find(({ webhook }) => fits(webhook, text, headers));
    if (signer === undefined) return null;
    return { source: signer.source, unit: signer.unit, messageId: headers['webhook-id'] };
  };
}

interface Usable extends Record<string, string> {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

// The library reads "12x" as 12 and any number of signatures; this lets neither reach it.
function usable(given: SignatureHeaders): Usable | null {
  const id = one(given['webhook-id'], /^[\x21-\x7e]{1,200}$/);
  const timestamp = one(given['webhook-timestamp'], /^\d{1,12}$/);
  const signatures = one(given['webhook-signature'], /^[\x20-\x7e]{1,8000}$/);
  if (id === null || timestamp === null || signatures === null) return null;
  const read = signatures
    .split(' ', signaturesRead)
    .filter((signature) => /^v1,[A-Za-z0-9+/]{43}=$/.test(signature));
  if (read.length === 0) return null;
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': read.join(' '),
  };
}

function one(value: SignatureHeaders[string], shape: RegExp): string | null {
  return typeof value === 'string' && shape.test(value) ? value : null;
}

// The library signs text: bytes that are not UTF-8 would be signed as something else.
function textOf(body: Uint8Array): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}

function fits(webhook: Webhook, text: string, headers: Usable): boolean {
  try {
    webhook.verify(text, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
