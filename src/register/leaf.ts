/** The leaf: the canonical bytes of one register entry, chained to the one before it in its stream. */
import type { Instant } from '../domain/instant.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import { canonicalJson } from './canonical.ts';
import { leafHash } from './merkle.ts';

/** What one entry says. */
export interface LeafContent {
  readonly ts: Instant;
  /** `case/<uuid>` or `house`. */
  readonly stream: string;
  /** Counts from 1 without gaps. */
  readonly streamSeq: number;
  /** Hex of the previous leaf's hash in the stream; null for the first. */
  readonly prev: string | null;
  /** `<noun>.<past verb>`, such as `case.opened`. */
  readonly type: string;
  /** A pseudonym, `person/<id>` or `machine/<name>`; never a name. */
  readonly actor: string;
  /** Ids, instants, counts, digests and decisions; nothing about a person outside. */
  readonly data: JsonObject;
  /** Commitments to personal values, by field. */
  readonly pd: Readonly<Record<string, string>>;
}

export interface Leaf {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const shapes = {
  stream: new RegExp(`^(?:house|case/${uuid})$`),
  type: /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/,
  actor: /^(?:person|machine)\/[A-Za-z0-9-]{1,64}$/,
  prev: /^[0-9a-f]{64}$/,
  ts: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
} as const;
const fieldShape = /^[a-z][A-Za-z0-9]{0,63}$/;
const commitmentShape = /^[A-Za-z0-9+/]{43}=$/;
const keys = 'actor,data,pd,prev,stream,streamSeq,ts,type,v';

/** The canonical bytes and hash of an entry. Throws, naming the field, if it does not have the shape of a leaf. */
export function makeLeaf(content: LeafContent): Leaf {
  const { ts, stream, streamSeq, prev, type, actor, data, pd } = content;
  const leaf = { v: 1, ts, stream, streamSeq, prev, type, actor, data, pd };
  const fault = shapeFault(leaf);
  if (fault !== null) throw new Error(`register entry ${type}: ${fault}`);
  const bytes = Buffer.from(canonicalJson(leaf), 'utf8');
  return { bytes, hash: leafHash(bytes) };
}

/** Reads a leaf back from its bytes, or says why they are not one: not canonical, or not of its shape. */
export function readLeaf(
  bytes: Uint8Array,
):
  | { readonly ok: true; readonly content: LeafContent }
  | { readonly ok: false; readonly fault: string } {
  let value: JsonValue;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text) as JsonValue;
    if (canonicalJson(value) !== text) return { ok: false, fault: 'leaf is not canonical JSON' };
  } catch {
    return { ok: false, fault: 'leaf is not JSON' };
  }
  if (isLeaf(value)) return { ok: true, content: value };
  return { ok: false, fault: shapeFault(value) ?? 'leaf is malformed' };
}

function isLeaf(value: unknown): value is LeafContent {
  return shapeFault(value) === null;
}

function shapeFault(value: unknown): string | null {
  if (!isObject(value) || Object.keys(value).sort().join(',') !== keys) {
    return 'leaf has missing or unknown keys';
  }
  if (value['v'] !== 1) return 'v is unknown';
  const { stream, streamSeq, prev, type, actor, ts, data, pd } = value;
  for (const [name, text] of Object.entries({
    stream,
    type,
    actor,
    ts,
    prev: prev ?? '0'.repeat(64),
  })) {
    const shape = shapes[name as keyof typeof shapes];
    if (typeof text !== 'string' || !shape.test(text)) return `${name} is malformed`;
  }
  if (typeof streamSeq !== 'number' || !Number.isSafeInteger(streamSeq) || streamSeq < 1) {
    return 'streamSeq is malformed';
  }
  if ((streamSeq === 1) !== (prev === null)) return 'prev is null for the first entry only';
  if (!isObject(data)) return 'data is not an object';
  return isObject(pd) && Object.entries(pd).every(isCommitment) ? null : 'pd is malformed';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCommitment([field, value]: [string, unknown]): boolean {
  return fieldShape.test(field) && typeof value === 'string' && commitmentShape.test(value);
}
