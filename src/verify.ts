/**
 * The outsider's verifier: `node verify.ts export.ndjson` (or standard input) says whether an export of the register is
 * whole and unaltered. It stands alone on purpose: no packages, no other file of ours, so that one reading is enough.
 */
import { createHash, createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';

interface ExportFault {
  /** Counts from 1. */
  readonly line: number;
  readonly fault: string;
}

export interface ExportVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly streams: number;
  /** All that is wrong, the first 100 of it; what follows a break in a chain may follow from it. */
  readonly faults: readonly ExportFault[];
}

type Json = Readonly<Record<string, unknown>>;

const faultLimit = 100;
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const streamShape = new RegExp(`^(?:house|case/${uuid})$`);
const leafShapes: Readonly<Record<string, RegExp>> = {
  stream: streamShape,
  ts: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
  type: /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/,
  actor: /^(?:person|machine)\/[A-Za-z0-9-]{1,64}$/,
};

interface Leaf {
  readonly stream: string;
  readonly streamSeq: number;
  readonly type: string;
  readonly data: Json;
  readonly pd: Json;
  readonly hash: string;
}

class Reading {
  readonly faults: ExportFault[] = [];
  line = 0;
  scope = '';
  entries = 0;
  openings = 0;
  streams = 0;
  last: Leaf | null = null;
  /** Fields of the last leaf that no opening line has opened yet. */
  closed = new Set<string>();
  lastField = '';
  /** Of the stream being read, as `seq field`: never opened, opened, erased by a logged entry. */
  readonly missing = new Map<string, number>();
  readonly opened = new Set<string>();
  readonly erased = new Map<string, number>();
  /** Missing without a logged erasure, over all streams. */
  readonly lost: ExportFault[] = [];
  /** Where each finished case stream stood: what `register.exported` holds the root of. */
  readonly heads: Buffer[] = [];
  caseEntries = 0;
  ended = false;
}

/** Verifies an export given as its lines without line ends. Never throws: what cannot be read is a fault. */
export async function verifyExport(lines: AsyncIterable<string>): Promise<ExportVerdict> {
  const reading = new Reading();
  const sum = createHash('sha256');
  try {
    for await (const line of lines) {
      reading.line++;
      if (reading.ended) note(reading, 'the export goes on after its end');
      const value = parseCanonical(line);
      if (value === undefined) note(reading, 'not canonical JSON');
      else readLine(reading, value, line, () => sum.copy().digest('hex'));
      sum.update(line, 'utf8').update('\n');
    }
  } catch (error) {
    note(reading, `cannot be read on: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!reading.ended) note(reading, 'the export has no end: it was cut off');
  const { faults, entries, streams } = reading;
  return { ok: faults.length === 0, entries, streams, faults };
}

function note(reading: Reading, fault: string, line = reading.line): void {
  if (reading.faults.length < faultLimit) reading.faults.push({ line, fault });
}

function readLine(reading: Reading, value: Json, line: string, sumSoFar: () => string): void {
  if (reading.line === 1) readHeader(reading, value);
  else if (hasKeys(value, 'opening')) readOpening(reading, object(value['opening']));
  else if (hasKeys(value, 'end')) readEnd(reading, object(value['end']), sumSoFar());
  else readLeaf(reading, value, line);
}

function readHeader(reading: Reading, value: Json): void {
  const header = object(value['export']);
  const scope = header['scope'];
  const known = scope === 'all' || (typeof scope === 'string' && streamShape.test(scope));
  if (!hasKeys(value, 'export') || !hasKeys(header, 'scope,v') || header['v'] !== 1 || !known) {
    note(reading, 'not the header of an export');
  } else reading.scope = scope;
}

function readLeaf(reading: Reading, value: Json, line: string): void {
  const leaf = asLeaf(value, line);
  if (typeof leaf === 'string') {
    note(reading, leaf);
    return;
  }
  closeLeaf(reading);
  if (reading.last?.stream !== leaf.stream) {
    if (reading.last !== null && reading.last.stream > leaf.stream)
      note(reading, 'streams are out of order');
    closeStream(reading);
    reading.streams++;
  }
  if (reading.scope !== 'all' && leaf.stream !== reading.scope)
    note(reading, 'a stream that does not belong here');
  if (leaf.stream !== 'house') reading.caseEntries++;
  const before = reading.last;
  if (leaf.streamSeq !== (before?.streamSeq ?? 0) + 1)
    note(reading, 'entries are missing or out of order');
  if (value['prev'] !== (before?.hash ?? null))
    note(reading, 'prev is not the hash of the entry before');
  if (leaf.type === 'personal-data.erased') readErasure(reading, leaf);
  reading.last = leaf;
  reading.closed = new Set(Object.keys(leaf.pd));
  reading.lastField = '';
  reading.entries++;
}

function asLeaf(value: Json, line: string): Leaf | string {
  if (!hasKeys(value, 'actor,data,pd,prev,stream,streamSeq,ts,type,v'))
    return 'neither entry, opening nor end';
  const { stream, type, streamSeq, prev } = value;
  const data = value['data'];
  const pd = value['pd'];
  const malformed = Object.entries(leafShapes).some(([name, shape]) => {
    const text = value[name];
    return typeof text !== 'string' || !shape.test(text);
  });
  const sound = typeof streamSeq === 'number' && Number.isSafeInteger(streamSeq) && streamSeq > 0;
  if (
    malformed ||
    !sound ||
    value['v'] !== 1 ||
    typeof stream !== 'string' ||
    typeof type !== 'string'
  ) {
    return 'malformed entry';
  }
  if (prev !== null && !(typeof prev === 'string' && /^[0-9a-f]{64}$/.test(prev)))
    return 'malformed prev';
  if (!isObject(data) || !isObject(pd)) return 'malformed data or pd';
  return { stream, streamSeq, type, data, pd, hash: hashLeaf(line).toString('hex') };
}

function readErasure(reading: Reading, leaf: Leaf): void {
  const erases = leaf.data['erases'];
  for (const erasure of Array.isArray(erases) ? erases.map(object) : []) {
    if (typeof erasure['streamSeq'] !== 'number' || typeof erasure['field'] !== 'string') continue;
    const place = `${String(erasure['streamSeq'])} ${erasure['field']}`;
    if (erasure['streamSeq'] < leaf.streamSeq) reading.erased.set(place, reading.line);
  }
}

function readOpening(reading: Reading, opening: Json): void {
  const { last } = reading;
  const { field, salt, stream, streamSeq, value } = opening;
  reading.openings++;
  if (
    !hasKeys(opening, 'field,salt,stream,streamSeq,value') ||
    typeof salt !== 'string' ||
    typeof field !== 'string'
  ) {
    note(reading, 'malformed opening');
  } else if (last === null || stream !== last.stream || streamSeq !== last.streamSeq) {
    note(reading, 'an opening that does not follow its entry');
  } else if (!reading.closed.delete(field) || field <= reading.lastField) {
    note(reading, 'an opening without a commitment, given twice or out of order');
  } else {
    reading.lastField = field;
    reading.opened.add(`${String(last.streamSeq)} ${field}`);
    const bytes = Buffer.from(salt, 'base64');
    if (bytes.length !== 32 || bytes.toString('base64') !== salt) note(reading, 'malformed salt');
    const hmac = createHmac('sha256', bytes).update(canonical(value), 'utf8').digest('base64');
    if (hmac !== last.pd[field]) note(reading, 'an opening that does not open its commitment');
  }
}

function closeLeaf(reading: Reading): void {
  for (const field of reading.closed) {
    reading.missing.set(`${String(reading.last?.streamSeq)} ${field}`, reading.line);
  }
  reading.closed.clear();
}

function closeStream(reading: Reading): void {
  const { last } = reading;
  for (const [place, line] of reading.missing) {
    if (!reading.erased.has(place) && reading.lost.length < faultLimit) {
      reading.lost.push({
        line,
        fault: `the opening of ${place} is missing and its erasure is not logged`,
      });
    }
  }
  for (const [place, line] of reading.erased) {
    if (reading.opened.has(place)) note(reading, `${place} was erased and yet is opened`, line);
  }
  if (last !== null && last.stream !== 'house') {
    const head = { head: last.hash, stream: last.stream, streamSeq: last.streamSeq };
    reading.heads.push(hashLeaf(canonical(head)));
  }
  reading.missing.clear();
  reading.erased.clear();
  reading.opened.clear();
  reading.last = null;
}

function readEnd(reading: Reading, end: Json, sum: string): void {
  const { last } = reading;
  closeLeaf(reading);
  closeStream(reading);
  reading.ended = true;
  const { entries, openings } = reading;
  if (canonical(end) !== canonical({ entries, openings, sha256: sum })) {
    note(reading, 'counts or checksum at the end do not fit the lines before');
  }
  // The end of the chain is closed by the entry that logged this very export.
  const all = reading.scope === 'all';
  if (
    last?.type !== (all ? 'register.exported' : 'case.exported') ||
    (all && last.stream !== 'house')
  ) {
    note(reading, 'the last entry is not the one that logged the export: it was cut off');
    return;
  }
  const { openings: said, ...counted } = last.data;
  const heads = merkleRoot(reading.heads).toString('hex');
  const expected = all ? { cases: reading.heads.length, entries: reading.caseEntries, heads } : {};
  if (canonical(counted) !== canonical(expected))
    note(reading, 'case streams are missing, cut off or too many');
  if (said === 'included') for (const { line, fault } of reading.lost) note(reading, fault, line);
  else if (said !== 'withheld' || openings > 0)
    note(reading, 'openings are neither included nor withheld');
}

function hashLeaf(text: string): Buffer {
  return createHash('sha256').update('\0').update(text, 'utf8').digest();
}

// RFC 9162, section 2.1.
function merkleRoot(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes;
  if (first === undefined) return createHash('sha256').digest();
  if (hashes.length === 1) return first;
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1));
  const sides = [merkleRoot(hashes.slice(0, split)), merkleRoot(hashes.slice(split))];
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), ...sides]))
    .digest();
}

function parseCanonical(line: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && canonical(value) === line ? value : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 8785 for what JSON.parse gives. Throws for lone surrogates, which have no UTF-8. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${canonical(key)}:${canonical(value[key])}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new Error('lone surrogate');
  return JSON.stringify(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

function hasKeys(value: Json, keys: string): boolean {
  return Object.keys(value).sort().join(',') === keys;
}

/** Splits bytes into lines. Throws for what is not UTF-8 and for a last line without its end. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest + decoder.decode() !== '') throw new Error('the last line has no end');
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  const verdict = await verifyExport(linesOf(input));
  process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
  process.exitCode = verdict.ok ? 0 : 1;
}
