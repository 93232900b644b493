/** What the register's own arithmetic promises: one spelling, one chain, commitments that open only for their value. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/domain/json.ts';
import { canonicalJson } from '../../src/register/canonical.ts';
import { entryFaults, type StoredEntry, type StreamHead } from '../../src/register/chain.ts';
import { checkOpening, commit } from '../../src/register/commitment.ts';
import { makeLeaf, readLeaf, type LeafContent } from '../../src/register/leaf.ts';
import { leafHash, merkleRoot } from '../../src/register/merkle.ts';
import { inParts } from '../../src/register/parts.ts';

const json = fc
  .jsonValue({ stringUnit: 'grapheme' })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const salt = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const first: LeafContent = {
  ts: '2026-06-15T15:45:00.000Z',
  stream: 'case/0197f0e6-0000-7000-8000-000000000001',
  streamSeq: 1,
  prev: null,
  type: 'case.opened',
  actor: 'machine/engine',
  data: { b: 1, a: [true, null, 'é'] },
  pd: {},
};

function stored(content: LeafContent): StoredEntry {
  const { bytes, hash } = makeLeaf(content);
  const prev = content.prev === null ? null : Buffer.from(content.prev, 'hex');
  const { stream, streamSeq, type, ts } = content;
  return { stream, streamSeq, type, at: ts, prev, leaf: bytes, leafHash: hash };
}

describe('canonical JSON', () => {
  it('has one spelling, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (object) => {
        const text = canonicalJson(object);
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(reversed)).toBe(text);
        expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
      }),
    );
  });

  it('spells the example of RFC 8785, section 3.2.2, as the RFC does', () => {
    const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001];
    const string = '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/';
    expect(canonicalJson({ numbers, string, literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it.each([[NaN], [Infinity], ['\ud800']])('refuses %j, which has no spelling', (value) => {
    expect(() => canonicalJson(value)).toThrow();
  });
});

describe('a leaf', () => {
  it('is read back as it was made', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), salt, json, (data, aSalt, value) => {
        const content = {
          ...first,
          data: data as LeafContent['data'],
          pd: { email: commit(value, aSalt) },
        };
        const read = readLeaf(makeLeaf(content).bytes);
        expect(read).toStrictEqual({ ok: true, content: { v: 1, ...normal(content) } });
      }),
    );
  });

  it('is hashed as SHA-256(0x00 || bytes)', () => {
    const { bytes, hash } = makeLeaf(first);
    expect(Buffer.from(bytes).toString()).toBe(
      '{"actor":"machine/engine","data":{"a":[true,null,"é"],"b":1},"pd":{},"prev":null,' +
        '"stream":"case/0197f0e6-0000-7000-8000-000000000001","streamSeq":1,' +
        '"ts":"2026-06-15T15:45:00.000Z","type":"case.opened","v":1}',
    );
    const expected = createHash('sha256').update('\0').update(bytes).digest('hex');
    expect(hex(hash)).toBe(expected);
  });

  it.each<[string, Partial<LeafContent>]>([
    ['a type that is no noun and past verb', { type: 'opened' }],
    ['a type in capitals', { type: 'Case.opened' }],
    ['a stream of neither case nor house', { stream: 'customer/7' }],
    ['an actor by name', { actor: 'Ada Example' }],
    ['an actor by address', { actor: 'person/ada@example.org' }],
    ['a first entry with a predecessor', { prev: '0'.repeat(64) }],
    ['a later entry without one', { streamSeq: 2 }],
    ['an instant without milliseconds', { ts: '2026-06-15T15:45:00Z' }],
    ['a plain value where a commitment belongs', { pd: { email: 'ada@example.org' } }],
  ])('is refused with %s', (_, change) => {
    expect(() => makeLeaf({ ...first, ...change })).toThrow(/register entry/);
  });

  it('is not read from another spelling of the same value', () => {
    const text = Buffer.from(makeLeaf(first).bytes).toString();
    const spaced = text.replace('"v":1', '"v": 1');
    const doubled = text.replace('"v":1', '"v":1,"v":1');
    for (const other of [spaced, doubled, `\ufeff${text}`, `${text}\n`, text.slice(0, -1)]) {
      expect(readLeaf(Buffer.from(other)).ok).toBe(false);
    }
  });
});

describe('an act that names very many', () => {
  const named = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      provision: 'gdpr/33/2',
      recipientKey: `customer-${String(index)}`,
      state: 'owed',
      dueAt: '2026-06-16T15:45:00.000Z',
    }));

  it('is one entry while its lists are short', () => {
    const data = { revision: 3, added: named(1_000), changed: [] };
    expect(inParts(data)).toEqual([data]);
  });

  it('names each of 20,000 once, in order, in entries the register has room for', () => {
    const data = { revision: 3, added: named(20_000), changed: ['o-1'] };
    const parts = inParts(data);
    expect(parts.flatMap((part) => part['added'])).toEqual(data.added);
    expect(parts.flatMap((part) => part['changed'])).toEqual(['o-1']);
    expect(parts[1]).toMatchObject({ revision: 3, part: 2, parts: 20 });
    for (const part of parts)
      expect(makeLeaf({ ...first, data: part }).bytes.length).toBeLessThan(1_048_576);
  });
});

describe('a chain', () => {
  const one = stored(first);
  const head: StreamHead = { stream: one.stream, streamSeq: 1, hash: one.leafHash };
  const two = stored({ ...first, streamSeq: 2, prev: hex(one.leafHash), type: 'fact.recorded' });

  it('takes the entry that continues it', () => {
    expect(entryFaults(null, one)).toStrictEqual([]);
    expect(entryFaults(head, two)).toStrictEqual([]);
  });

  it('names what is wrong with any other', () => {
    const three = stored({ ...first, streamSeq: 3, prev: hex(two.leafHash) });
    const forged = stored({ ...first, streamSeq: 2, prev: 'f'.repeat(64) });
    expect(entryFaults(head, three)).toStrictEqual(['entries 2 to 2 are missing']);
    expect(entryFaults(head, forged)).toStrictEqual(['prev is not the hash of the entry before']);
    expect(entryFaults(head, { ...two, type: 'fact.withdrawn' })).toStrictEqual([
      'column type differs from the leaf',
    ]);
  });

  it('notices any changed bit of a stored leaf', () => {
    for (let bit = 0; bit < two.leaf.length * 8; bit++) {
      const leaf = Uint8Array.from(two.leaf);
      leaf[bit >> 3] = (leaf[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(entryFaults(head, { ...two, leaf })).not.toStrictEqual([]);
    }
  });
});

describe('a commitment', () => {
  it('opens with its own salt and value and nothing else', () => {
    fc.assert(
      fc.property(json, json, salt, salt, (value, other, aSalt, otherSalt) => {
        const commitment = commit(value, aSalt);
        expect(checkOpening(commitment, { salt: aSalt, value })).toBe(true);
        const same = canonicalJson(other) === canonicalJson(value);
        expect(checkOpening(commitment, { salt: aSalt, value: other })).toBe(same);
        const sameSalt = hex(aSalt) === hex(otherSalt);
        expect(checkOpening(commitment, { salt: otherSalt, value })).toBe(sameSalt);
      }),
    );
  });

  it('refuses a short salt, which could be guessed', () => {
    expect(() => commit('ada@example.org', new Uint8Array(16))).toThrow(/32 bytes/);
  });
});

describe('the Merkle root', () => {
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
  inputs.push('606162636465666768696a6b6c6d6e6f');
  // The roots of Certificate Transparency's reference test data.
  it.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('of %i leaves is the published one', (size, root) => {
    const hashes = inputs.slice(0, size).map((input) => leafHash(Buffer.from(input, 'hex')));
    expect(hex(merkleRoot(hashes))).toBe(root);
  });

  it('changes with any leaf, its place or its absence', () => {
    const leaves = fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(leaves, fc.nat(), (texts, n) => {
        const at = n % texts.length;
        const root = rootOf(texts);
        expect(rootOf(texts.with(at, `${texts.join('')}!`))).not.toBe(root);
        expect(rootOf(texts.toSpliced(at, 1))).not.toBe(root);
        expect(rootOf([...texts.toSpliced(at, 1), ...texts.slice(at, at + 1)]) === root).toBe(
          at === texts.length - 1,
        );
      }),
    );
  });
});

function rootOf(texts: readonly string[]): string {
  return hex(merkleRoot(texts.map((text) => leafHash(Buffer.from(text)))));
}

function normal(content: LeafContent): LeafContent {
  return JSON.parse(canonicalJson({ ...content })) as LeafContent;
}
