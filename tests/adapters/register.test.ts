/** What the register promises on a real PostgreSQL: nothing is changed, nothing is lost, and whoever tries is named. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sequence } from '../../src/adapters/postgres/register-sequence.ts';
import { verifyRegister } from '../../src/adapters/postgres/register-verify.ts';
import { appendEntries, appendEntry, type Entry } from '../../src/adapters/postgres/register.ts';
import { openPool, type Sql } from '../../src/adapters/postgres/sql.ts';
import { inTransaction, sqlState } from '../../src/adapters/postgres/transaction.ts';
import type { Actor, Person } from '../../src/domain/actor.ts';
import { makeLeaf, type LeafContent } from '../../src/register/leaf.ts';
import { testDatabase } from '../support/database.ts';

const engine: Actor = { kind: 'machine', name: 'engine' };
const northerner: Person = {
  kind: 'person',
  personId: '0197f0e6-0000-7000-8000-00000000000a',
  issuer: 'https://login.example.org',
  subject: 'nora',
  name: 'Nora North',
  roles: ['responder'],
  units: ['north'],
};

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
});

const newCase = () => `case/${randomUUID()}`;
const fact = (stream: string, n = 0): Entry => ({
  stream,
  type: 'fact.recorded',
  actor: 'machine/engine',
  data: { n },
});
const run = <T>(fn: (sql: Sql) => Promise<T>, actor: Actor = engine) =>
  inTransaction(database.pool, actor, fn);
const append = (entry: Entry, actor: Actor = engine) =>
  run((sql) => appendEntry(sql, entry), actor);
const seqs = async (stream: string) => {
  const text = 'SELECT stream_seq AS n FROM register_entry WHERE stream = $1 ORDER BY stream_seq';
  return (await run((sql) => sql.rows<{ n: number }>(text, [stream]))).map((row) => row.n);
};

/** The SQLSTATE with which a role's attempt is refused; empty if it is not. */
async function refusal(url: string, ...statements: string[]): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET search_path = tocsin; SET tocsin.units = '*'");
    for (const statement of statements) await client.query(statement);
    return '';
  } catch (error) {
    return sqlState(error);
  } finally {
    await client.end();
  }
}

describe('appending', () => {
  it('chains entries of one transaction and across transactions', async () => {
    const stream = newCase();
    await run(async (sql) => {
      expect((await appendEntry(sql, fact(stream))).streamSeq).toBe(1);
      const more = await appendEntries(sql, [fact(stream), fact('house'), fact(stream)]);
      expect(more.map(({ streamSeq }) => streamSeq).filter((_, i) => i !== 1)).toStrictEqual([
        2, 3,
      ]);
    });
    expect((await append(fact(stream))).streamSeq).toBe(4);
    expect((await run(verifyRegister)).faults).toStrictEqual([]);
  });

  it('at the same time on one stream gives every entry its own place, without a gap', async () => {
    const stream = newCase();
    const given = await Promise.all(Array.from({ length: 60 }, (_, n) => append(fact(stream, n))));
    const expected = Array.from({ length: 60 }, (_, i) => i + 1);
    expect(given.map(({ streamSeq }) => streamSeq).sort((a, b) => a - b)).toStrictEqual(expected);
    expect(await seqs(stream)).toStrictEqual(expected);
    expect((await run(verifyRegister)).ok).toBe(true);
  });

  it('at the same time to the same two streams in either order ends, since streams are locked in one order', async () => {
    const [a, b] = [newCase(), newCase()];
    const pairs = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? [a, b] : [b, a]));
    await Promise.all(
      pairs.map((pair) =>
        run((sql) =>
          appendEntries(
            sql,
            pair.map((stream) => fact(stream)),
          ),
        ),
      ),
    );
    expect(await seqs(a)).toHaveLength(20);
  });

  it('leaves no gap when a transaction rolls back', async () => {
    const stream = newCase();
    await append(fact(stream));
    const failed = run(async (sql) => {
      await appendEntry(sql, fact(stream));
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect((await append(fact(stream))).streamSeq).toBe(2);
    expect(await seqs(stream)).toStrictEqual([1, 2]);
  });

  it('refuses an entry that is none, and leaves nothing behind', async () => {
    const stream = newCase();
    await expect(append({ ...fact(stream), type: 'Fact recorded' })).rejects.toThrow('type');
    await expect(append({ ...fact(stream), actor: 'Nora' })).rejects.toThrow('actor');
    await expect(append(fact('customer/7'))).rejects.toThrow();
    await expect(append({ ...fact(stream), personal: { email: 'n@example.org' } })).rejects.toThrow(
      'personal-data key',
    );
    expect(await seqs(stream)).toStrictEqual([]);
  });
});

describe('the database itself', () => {
  const forged = (
    stream: string,
    change: Partial<LeafContent>,
    columns: Partial<LeafContent> = {},
  ) => {
    const content = {
      ...fact(stream),
      ts: '2026-06-15T15:45:00.000Z',
      streamSeq: 1,
      prev: null,
      pd: {},
    };
    const { bytes, hash } = makeLeaf({ ...content, ...change });
    const row = { ...content, ...change, ...columns };
    const text = `INSERT INTO register_entry (stream, stream_seq, prev, leaf, leaf_hash, type, at)
                  VALUES ($1, $2, decode($3, 'hex'), $4, $5, $6, $7)`;
    return run((sql) =>
      sql.run(text, [row.stream, row.streamSeq, row.prev, bytes, hash, row.type, row.ts]),
    );
  };

  it('takes an entry only where it continues its stream', async () => {
    const stream = newCase();
    await append(fact(stream));
    for (const change of [
      {},
      { streamSeq: 2, prev: 'f'.repeat(64) },
      { streamSeq: 3, prev: 'f'.repeat(64) },
    ]) {
      await expect(forged(stream, change)).rejects.toMatchObject({ code: '23514' });
    }
  });

  it('takes no entry whose columns and leaf differ, or whose hash is not its own', async () => {
    const stream = newCase();
    await append(fact(stream));
    for (const columns of [{ type: 'fact.withdrawn' }, { ts: '2026-06-15T15:45:00.001Z' }]) {
      await expect(forged(stream, {}, columns)).rejects.toMatchObject({ code: '23514' });
    }
    const text = `INSERT INTO register_entry (stream, stream_seq, leaf, leaf_hash, type, at)
                  SELECT stream, 1, leaf, sha256('x'), type, at FROM register_entry WHERE stream = $1`;
    await expect(run((sql) => sql.run(text, [stream]))).rejects.toMatchObject({ code: '23514' });
  });

  it.each([
    'UPDATE register_entry SET type = type',
    'DELETE FROM register_entry',
    'TRUNCATE register_entry CASCADE',
  ])('refuses "%s" to every role', async (statement) => {
    await append(fact(newCase()));
    const { appUrl, ownerUrl, watchUrl, signerUrl, auditorUrl } = database;
    for (const url of [appUrl, ownerUrl, watchUrl, signerUrl, auditorUrl]) {
      expect(await refusal(url, statement)).toBe('42501');
    }
  });

  it('keeps its triggers when a session claims to be a replica, which no role of ours may', async () => {
    for (const url of [database.ownerUrl, database.appUrl]) {
      expect(await refusal(url, 'SET session_replication_role = replica')).toBe('42501');
    }
    const text = `SELECT count(*) AS n FROM pg_trigger
                  WHERE tgrelid::regclass::text LIKE '%register_%' AND NOT tgisinternal AND tgenabled <> 'A'`;
    expect(await run((sql) => sql.row(text))).toStrictEqual({ n: 0 });
  });

  it('lets nobody move the end of a stream or a place by hand', async () => {
    const { appUrl, watchUrl, auditorUrl } = database;
    expect(await refusal(appUrl, 'UPDATE register_stream SET seq = seq')).toBe('42501');
    expect(await refusal(watchUrl, 'UPDATE register_position SET position = position')).toBe(
      '42501',
    );
    expect(await refusal(auditorUrl, "SELECT lock_stream('house')")).toBe('42501');
    expect(await refusal(appUrl, 'UPDATE register_opening SET sealed = sealed')).toBe('42501');
  });
});

describe('who sees what', () => {
  it('lets an actor of one unit continue its own case and the house, and read only its case', async () => {
    const own = await openCase('north');
    const foreign = await openCase('south');
    await append(fact(foreign));
    const actor = 'person/nora';
    for (const stream of [own, 'house', own, 'house']) {
      await append({ ...fact(stream), actor }, northerner);
    }
    await expect(append({ ...fact(foreign), actor }, northerner)).rejects.toMatchObject({
      code: '42501',
    });
    for (const table of ['register_entry', 'register_stream']) {
      const text = `SELECT DISTINCT stream FROM ${table} WHERE stream = ANY ($1)`;
      const seen = await run((sql) => sql.rows(text, [[own, foreign, 'house']]), northerner);
      expect(seen).toStrictEqual([{ stream: own }]);
    }
    expect(await seqs(foreign)).toStrictEqual([1]);
  });
});

describe('places', () => {
  it('are given without gaps, in an order that keeps each stream, even when the clock was set back', async () => {
    const stream = newCase();
    const first = await append(fact(stream));
    const text = `INSERT INTO register_entry (stream, stream_seq, prev, leaf, leaf_hash, type, at)
                  VALUES ($1, 2, $2, $3, $4, $5, $6) RETURNING id`;
    const second = await run(async (sql) => {
      const head = await sql.row<{ head: Buffer }>(
        'SELECT head FROM register_stream WHERE stream = $1',
        [stream],
      );
      const prev = head?.head ?? Buffer.alloc(32);
      const earlier = {
        ts: '2020-01-01T00:00:00.000Z',
        streamSeq: 2,
        prev: prev.toString('hex'),
        pd: {},
      };
      const { bytes, hash } = makeLeaf({ ...fact(stream), ...earlier });
      return sql.row<{ id: string }>(text, [
        stream,
        prev,
        bytes,
        hash,
        'fact.recorded',
        earlier.ts,
      ]);
    });
    await append(fact(newCase()));
    const watch = openPool(database.watchUrl, 2, 'test');
    const placed: string[] = [];
    for (;;) {
      const [a, b] = await Promise.all(
        [1, 2].map(() => inTransaction(watch, engine, (sql) => sequence(sql, 7))),
      );
      const batch = [...(a ?? []), ...(b ?? [])].sort((x, y) => x.position - y.position);
      batch.forEach(({ position }, i) => {
        expect(position).toBe(placed.length + i);
      });
      placed.push(...batch.map(({ entryId }) => entryId));
      if (batch.length === 0) break;
    }
    await watch.end();
    expect(placed.indexOf(second?.id ?? '')).toBeGreaterThan(placed.indexOf(first.entryId));
    expect(new Set(placed).size).toBe((await run(verifyRegister)).entries);
    expect((await run(verifyRegister)).faults).toStrictEqual([]);
  });
});

// Last, since it leaves the register damaged: what a database administrator without scruples would do.
describe('verifying from inside', () => {
  const asAdministrator = (statement: string) =>
    refusal(
      database.ownerUrl,
      'ALTER TABLE register_entry DISABLE TRIGGER register_entry_stays, NO FORCE ROW LEVEL SECURITY',
      statement,
      'ALTER TABLE register_entry ENABLE ALWAYS TRIGGER register_entry_stays, FORCE ROW LEVEL SECURITY',
    );

  it('names the entry that was altered, even with its hash mended', async () => {
    const stream = newCase();
    for (let n = 0; n < 3; n++) await append(fact(stream, n));
    const altered = `convert_to(replace(convert_from(leaf, 'UTF8'), '"n":1', '"n":7'), 'UTF8')`;
    const statement = `UPDATE register_entry SET leaf = ${altered}, leaf_hash = sha256('\\x00'::bytea || ${altered})
                       WHERE stream = '${stream}' AND stream_seq = 2`;
    expect(await asAdministrator(statement)).toBe('');
    expect((await run(verifyRegister)).faults).toStrictEqual([
      { stream, streamSeq: 3, fault: 'prev is not the hash of the entry before' },
    ]);
  });

  it('names the last entry of a stream when it was altered or cut off', async () => {
    const [altered, cut] = [newCase(), newCase()];
    for (const stream of [altered, cut]) await append(fact(stream, 1));
    await append(fact(cut, 2));
    const seven = `convert_to(replace(convert_from(leaf, 'UTF8'), '"n":1', '"n":7'), 'UTF8')`;
    const update = `UPDATE register_entry SET leaf = ${seven}, leaf_hash = sha256('\\x00'::bytea || ${seven})
                    WHERE stream = '${altered}'`;
    const remove = `DELETE FROM register_entry WHERE stream = '${cut}' AND stream_seq = 2`;
    expect(await asAdministrator(update)).toBe('');
    expect(await asAdministrator(remove)).toBe('');
    const { ok, faults } = await run(verifyRegister);
    expect(ok).toBe(false);
    expect(faults).toContainEqual({
      stream: altered,
      streamSeq: 1,
      fault: 'is not the end its stream recorded',
    });
    expect(faults).toContainEqual({
      stream: cut,
      streamSeq: 2,
      fault: 'entries 2 to 2 are missing',
    });
  });
});

async function openCase(unit: string): Promise<string> {
  const id = randomUUID();
  await run(async (sql) => {
    await sql.run(
      `INSERT INTO organisation (kind, name) VALUES ('demo', 'Test') ON CONFLICT DO NOTHING`,
    );
    await sql.run(
      `INSERT INTO case_file (id, reference, title, unit, mode, organisation_kind, state, wall_start_at, case_start_at,
         speed, received_at, aware_at, aware_zone, aware_offset_minutes, aware_basis, source, opened_by)
       VALUES ($1, 'D-2026-' || lpad(nextval('case_number')::text, 4, '0'), 'Test', $2, 'drill', 'demo',
         'investigating', now(), now(), 60, now(), now(), 'UTC', 0, 'report', 'test', 'machine/engine')`,
      [id, unit],
    );
  });
  return `case/${id}`;
}
