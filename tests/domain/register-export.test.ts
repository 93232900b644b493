/** Whoever changes an export is found by the outsider's verifier, even one who mends the counts and checksum after. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/domain/json.ts';
import { canonicalJson } from '../../src/register/canonical.ts';
import type { StreamHead } from '../../src/register/chain.ts';
import { commit } from '../../src/register/commitment.ts';
import { headsRoot } from '../../src/register/heads.ts';
import { makeLeaf } from '../../src/register/leaf.ts';
import { linesOf, verifyExport } from '../../src/verify.ts';

const salt = Buffer.alloc(32, 7);
const caseStream = (n: number) => `case/0197f0e6-0000-7000-8000-${String(n).padStart(12, '0')}`;

interface Step {
  readonly type: string;
  readonly data?: JsonObject;
  readonly personal?: Readonly<Record<string, JsonValue>>;
  /** Fields whose opening is left out of the export. */
  readonly without?: readonly string[];
  /** Given only by a forger; else the next number. */
  readonly streamSeq?: number;
}

function streamLines(
  stream: string,
  steps: readonly Step[],
): { lines: string[]; head: StreamHead } {
  const lines: string[] = [];
  let head: StreamHead | null = null;
  for (const { type, data = {}, personal = {}, without = [], ...step } of steps) {
    const streamSeq: number = step.streamSeq ?? (head?.streamSeq ?? 0) + 1;
    const prev: string | null = head === null ? null : Buffer.from(head.hash).toString('hex');
    const pd = Object.fromEntries(
      Object.entries(personal).map(([field, value]) => [field, commit(value, salt)]),
    );
    const content = { stream, streamSeq, prev, type, data, pd };
    const leaf = makeLeaf({ ts: '2026-06-15T15:45:00.000Z', actor: 'machine/engine', ...content });
    lines.push(Buffer.from(leaf.bytes).toString());
    for (const [field, value] of Object.entries(personal).sort()) {
      const opening = { field, salt: salt.toString('base64'), stream, streamSeq, value };
      if (!without.includes(field)) lines.push(canonicalJson({ opening }));
    }
    head = { stream, streamSeq, hash: leaf.hash };
  }
  if (head === null) throw new Error('a stream has at least one entry');
  return { lines, head };
}

const headerOf = (scope: string) => canonicalJson({ export: { scope, v: 1 } });

/** Ends an export as its maker would: with counts and checksum that fit whatever stands before. */
function sealed(lines: readonly string[]): string[] {
  const body = lines.map((line) => `${line}\n`).join('');
  const openings = lines.filter((line) => line.startsWith('{"opening"')).length;
  const entries = lines.filter((line) => line.startsWith('{"actor"')).length;
  const sha256 = createHash('sha256').update(body).digest('hex');
  return [...lines, canonicalJson({ end: { entries, openings, sha256 } })];
}

function caseExport(steps: readonly Step[], openings = 'included'): string[] {
  const exported = { type: 'case.exported', data: { openings } };
  const { lines } = streamLines(caseStream(1), [...steps, exported]);
  return sealed([headerOf(caseStream(1)), ...lines]);
}

function wholeExport(sizes: readonly number[]): string[] {
  const fact = (n: number): Step => ({
    type: 'fact.recorded',
    data: { n },
    personal: { email: `p${String(n)}@example.org` },
  });
  const cases = sizes.map((size, i) =>
    streamLines(
      caseStream(i),
      Array.from({ length: size }, (_, n) => fact(n)),
    ),
  );
  const heads = cases.map(({ head }) => head);
  const data = {
    cases: heads.length,
    entries: heads.reduce((sum, head) => sum + head.streamSeq, 0),
    heads: Buffer.from(headsRoot(heads)).toString('hex'),
    openings: 'included',
  };
  const house = streamLines('house', [
    { type: 'person.signed-in' },
    { type: 'register.exported', data },
  ]);
  return sealed([headerOf('all'), ...cases.flatMap(({ lines }) => lines), ...house.lines]);
}

async function verifyLines(lines: readonly string[]) {
  return verifyBytes(Buffer.from(lines.map((line) => `${line}\n`).join('')));
}

async function verifyBytes(bytes: Uint8Array) {
  return verifyExport(linesOf(ReadableStream.from([bytes])));
}

const opened: Step = {
  type: 'case.opened',
  data: { é: 1.5 },
  personal: { name: 'Ada', email: 'a@example.org' },
};
const small = caseExport([opened, { type: 'fact.recorded' }]);
const smallBytes = Buffer.from(small.map((line) => `${line}\n`).join(''));

describe('an untouched export', () => {
  it('verifies, and says what it holds', async () => {
    expect(await verifyLines(small)).toStrictEqual({
      ok: true,
      entries: 3,
      streams: 1,
      faults: [],
    });
    const whole = await verifyLines(wholeExport([3, 1, 5]));
    expect(whole).toStrictEqual({ ok: true, entries: 11, streams: 4, faults: [] });
  });

  it('verifies however it is cut into chunks', async () => {
    const sizes = fc.integer({ min: 1, max: 200 });
    await fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        const chunks = Array.from({ length: Math.ceil(smallBytes.length / size) }, (_, i) =>
          smallBytes.subarray(i * size, (i + 1) * size),
        );
        expect((await verifyExport(linesOf(ReadableStream.from(chunks)))).ok).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('damage', () => {
  it('of any single bit is found', async () => {
    for (let bit = 0; bit < smallBytes.length * 8; bit++) {
      const bytes = Buffer.from(smallBytes);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if ((await verifyBytes(bytes)).ok) expect.fail(`bit ${String(bit)} is not covered`);
    }
  });

  it('by losing any byte, or all from any byte on, is found', async () => {
    for (let at = 0; at < smallBytes.length; at++) {
      const lost = Buffer.concat([smallBytes.subarray(0, at), smallBytes.subarray(at + 1)]);
      if ((await verifyBytes(lost)).ok) expect.fail(`byte ${String(at)} can be lost`);
      if ((await verifyBytes(smallBytes.subarray(0, at))).ok)
        expect.fail(`can be cut at ${String(at)}`);
    }
  });
});

describe('a forger who mends counts and checksum', () => {
  const shape = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
  const forge = (change: (lines: readonly string[], a: number, b: number) => string[]) =>
    fc.assert(
      fc.asyncProperty(shape, fc.nat(), fc.nat(), async (sizes, a, b) => {
        const lines = wholeExport(sizes).slice(0, -1);
        const [x = 0, y = 0] = [a % lines.length, b % lines.length].sort((m, n) => m - n);
        const forged = change(lines, x, y);
        fc.pre(forged.join('\n') !== lines.join('\n'));
        expect((await verifyLines(sealed(forged))).ok).toBe(false);
      }),
    );

  it('cannot delete a line, or a run of lines', async () => {
    await forge((lines, x, y) => lines.toSpliced(x, y - x + 1));
  });

  it('cannot swap two lines', async () => {
    await forge((lines, x, y) => lines.with(x, lines[y] ?? '').with(y, lines[x] ?? ''));
  });

  it('cannot repeat a line elsewhere', async () => {
    await forge((lines, x, y) => lines.toSpliced(y, 0, lines[x] ?? ''));
  });

  it('cannot leave out a whole case', async () => {
    const lines = wholeExport([2, 3, 1]).slice(0, -1);
    const without = lines.filter((line) => !line.includes(caseStream(1)));
    expect((await verifyLines(sealed(without))).ok).toBe(false);
  });

  it('cannot change an opened value', async () => {
    const forged = small.slice(0, -1).map((line) => line.replace('a@example.org', 'b@example.org'));
    const { faults } = await verifyLines(sealed(forged));
    expect(faults).toStrictEqual([
      { line: 3, fault: 'an opening that does not open its commitment' },
    ]);
  });

  it('cannot change an entry, whichever it is', async () => {
    const lines = wholeExport([3, 1, 2]).slice(0, -1);
    const later = (line: string) => line.replace('T15:45:00.000Z', 'T15:45:00.001Z');
    const entries = lines
      .flatMap((line, i) => (line.startsWith('{"actor"') ? [i] : []))
      .slice(0, -1);
    expect(entries).toHaveLength(7);
    for (const i of entries) {
      const forged = lines.with(i, later(lines[i] ?? ''));
      expect((await verifyLines(sealed(forged))).ok).toBe(false);
    }
  });

  it('cannot drop an entry, even one who makes the chain fit', async () => {
    const { lines } = streamLines(caseStream(1), [
      opened,
      { type: 'fact.recorded', streamSeq: 3 },
      { type: 'case.exported', streamSeq: 4, data: { openings: 'included' } },
    ]);
    const { faults } = await verifyLines(sealed([headerOf(caseStream(1)), ...lines]));
    expect(faults).toStrictEqual([{ line: 5, fault: 'entries are missing or out of order' }]);
  });

  it('cannot respell a line, a salt, or the order of openings', async () => {
    const lines = small.slice(0, -1);
    const respelt = (from: string, to: string) =>
      lines.map((line) => (line.startsWith('{"opening"') ? line.replace(from, to) : line));
    const swapped = lines.with(2, lines[3] ?? '').with(3, lines[2] ?? '');
    const base64 = salt.toString('base64');
    const looseBase64 = base64.replace(/c=$/, 'd=');
    for (const forged of [respelt(':', ': '), respelt(base64, looseBase64), swapped]) {
      expect(forged).not.toStrictEqual(lines);
      expect((await verifyLines(sealed(forged))).ok).toBe(false);
    }
  });
});

describe('an opening that is not there', () => {
  const lost: Step = { ...opened, without: ['email'] };
  const erasure: Step = {
    type: 'personal-data.erased',
    data: { basis: 'retention', erases: [{ streamSeq: 1, field: 'email' }] },
  };

  it('is a fault while no erasure is logged', async () => {
    const { faults } = await verifyLines(caseExport([lost]));
    expect(faults.map(({ fault }) => fault)).toStrictEqual([
      'the opening of 1 email is missing and its erasure is not logged',
    ]);
  });

  it('is sound once its erasure is logged', async () => {
    expect((await verifyLines(caseExport([lost, erasure]))).ok).toBe(true);
  });

  it('is a fault when it is there after all', async () => {
    expect((await verifyLines(caseExport([opened, erasure]))).ok).toBe(false);
  });

  it('is sound in an export that says it withholds openings', async () => {
    const withheld: Step = { ...opened, without: ['email', 'name'] };
    expect((await verifyLines(caseExport([withheld], 'withheld'))).ok).toBe(true);
    expect((await verifyLines(caseExport([lost], 'withheld'))).ok).toBe(false);
  });
});
