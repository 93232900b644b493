/** What leaves the register: an outsider can verify it, personal values open for who may see them, and stay erased. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseOpenings } from '../../src/adapters/postgres/register-erase.ts';
import { exportAll, exportCase } from '../../src/adapters/postgres/register-export.ts';
import { openingKey } from '../../src/adapters/postgres/register-opening.ts';
import { appendEntries, appendEntry } from '../../src/adapters/postgres/register.ts';
import type { Sql } from '../../src/adapters/postgres/sql.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import type { Actor } from '../../src/domain/actor.ts';
import { verifyExport } from '../../src/verify.ts';
import { testDatabase } from '../support/database.ts';

const engine: Actor = { kind: 'machine', name: 'engine' };
const auditor: Actor = {
  kind: 'person',
  personId: '0197f0e6-0000-7000-8000-00000000000b',
  issuer: 'https://login.example.org',
  subject: 'amy',
  name: 'Amy Auditor',
  roles: ['auditor'],
  units: ['north'],
};
const newKey = () => openingKey(randomBytes(32).toString('base64'));
const key = newKey();

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
});

const run = <T>(fn: (sql: Sql) => Promise<T>) => inTransaction(database.pool, engine, fn);
const verdictOf = (lines: readonly string[]) => verifyExport(ReadableStream.from(lines));

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

async function reportedCase(): Promise<string> {
  const caseId = randomUUID();
  const report = {
    stream: `case/${caseId}`,
    type: 'report.received',
    actor: 'machine/engine',
    data: { bytes: 120 },
    personal: { reporter: 'canary@example.org', name: { given: 'Cana', family: 'Ry' } },
  };
  await run((sql) => appendEntries(sql, [report, { ...report, type: 'report.repeated' }], key));
  return caseId;
}

describe('an export', () => {
  it('of a case verifies outside, ends in the entry that logs it, and says what was committed to', async () => {
    const caseId = await reportedCase();
    const lines = await collect(exportCase(database.pool, engine, caseId, key));
    expect(await verdictOf(lines)).toStrictEqual({ ok: true, entries: 3, streams: 1, faults: [] });
    expect(lines.at(-2)).toContain('"type":"case.exported"');
    expect(lines.filter((line) => line.includes('canary@example.org'))).toHaveLength(2);
  });

  it('of everything verifies outside over many pages', async () => {
    const stream = `case/${randomUUID()}`;
    const entry = { stream, type: 'fact.recorded', actor: 'machine/engine', data: {} };
    const many = Array.from({ length: 2_500 }, (_, n) => ({
      ...entry,
      data: { n },
      ...(n % 500 === 0 ? { personal: { n } } : {}),
    }));
    await run((sql) => appendEntries(sql, many, key));
    const lines = await collect(exportAll(database.pool, engine, key));
    const verdict = await verdictOf(lines);
    expect(verdict.faults).toStrictEqual([]);
    expect(verdict.entries).toBeGreaterThan(2_500);
  });

  it('leaves out what is appended while it runs, and still verifies', async () => {
    const caseId = await reportedCase();
    const lines: string[] = [];
    for await (const line of exportAll(database.pool, engine, key)) {
      if (lines.length === 0) await reportedCase();
      if (lines.length === 0) await collect(exportCase(database.pool, engine, caseId));
      lines.push(line);
    }
    expect((await verdictOf(lines)).faults).toStrictEqual([]);
  });

  it('without the key holds no personal value, and verifies', async () => {
    const caseId = await reportedCase();
    const lines = await collect(exportCase(database.pool, engine, caseId));
    expect(lines.join('\n')).not.toContain('canary');
    expect((await verdictOf(lines)).ok).toBe(true);
  });

  it('is refused for what the actor may not see', async () => {
    const caseId = await reportedCase();
    const foreign = collect(exportCase(database.pool, auditor, caseId, key));
    await expect(foreign).rejects.toThrow('no register');
    const none = collect(exportCase(database.pool, engine, randomUUID(), key));
    await expect(none).rejects.toThrow('no register');
    const all = collect(exportAll(database.pool, auditor, key));
    await expect(all).rejects.toThrow('whole group');
  });
});

describe('a personal value', () => {
  it('stands nowhere in the database in the clear', async () => {
    const caseId = await reportedCase();
    const rows = await run((sql) =>
      sql.rows<{ leaf: Buffer; sealed: Buffer }>(
        `SELECT leaf, sealed FROM register_entry JOIN register_opening USING (stream, stream_seq) WHERE stream = $1`,
        [`case/${caseId}`],
      ),
    );
    expect(rows).toHaveLength(4);
    for (const { leaf, sealed } of rows) {
      expect(`${leaf.toString('latin1')}${sealed.toString('latin1')}`).not.toContain('canary');
    }
  });

  it('does not open under another key, and says which it needs', async () => {
    const caseId = await reportedCase();
    const wrong = collect(exportCase(database.pool, engine, caseId, newKey()));
    await expect(wrong).rejects.toThrow(`sealed under key ${key.id}`);
  });

  it('is gone once erased, and the register still verifies', async () => {
    const caseId = await reportedCase();
    const erasure = {
      stream: `case/${caseId}`,
      actor: 'machine/engine',
      basis: 'gdpr/17/1',
      fields: [1, 2].map((streamSeq) => ({ streamSeq, field: 'reporter' })),
    };
    expect((await run((sql) => eraseOpenings(sql, erasure)))?.streamSeq).toBe(3);
    expect(await run((sql) => eraseOpenings(sql, erasure))).toBeUndefined();
    const lines = await collect(exportCase(database.pool, engine, caseId, key));
    expect(lines.join('\n')).not.toContain('canary');
    expect((await verdictOf(lines)).faults).toStrictEqual([]);
  });

  it('lost without a logged erasure is found by the outsider', async () => {
    const caseId = await reportedCase();
    const text = `DELETE FROM register_opening WHERE stream = $1 AND stream_seq = 2 AND field = 'name'`;
    expect(await run((sql) => sql.run(text, [`case/${caseId}`]))).toBe(1);
    const lines = await collect(exportCase(database.pool, engine, caseId, key));
    const { faults } = await verdictOf(lines);
    expect(faults.map(({ fault }) => fault)).toStrictEqual([
      'the opening of 2 name is missing and its erasure is not logged',
    ]);
  });

  it('is taken only with a key, and a key only as 32 bytes', async () => {
    expect(() => openingKey('c2hvcnQ=')).toThrow('32 bytes');
    const personal = { email: 'canary@example.org' };
    const entry = { stream: 'house', type: 'person.added', actor: 'machine/import', data: {} };
    await expect(run((sql) => appendEntry(sql, { ...entry, personal }))).rejects.toThrow('key');
  });
});
