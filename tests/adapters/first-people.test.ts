/** The first administrator of a real organisation, entered on the host: once, with a token that signs in. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { houseOver } from '../../src/adapters/postgres/house.ts';
import { openingKey } from '../../src/adapters/postgres/register-opening.ts';
import { verifyRegister } from '../../src/adapters/postgres/register-verify.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { foundHouse, issueToken } from '../../src/commands/found-house.ts';
import { readConfig } from '../../src/config.ts';
import type { House } from '../../src/domain/ports.ts';
import { enterFirstPerson, giveToken } from '../../src/processes/first-people.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { testHouse } from '../support/house.ts';

let database: TestDatabase;
let house: House;
beforeAll(async () => {
  database = await testDatabase();
  house = houseOver(database.pool, openingKey(Buffer.alloc(32, 9).toString('base64')));
});
afterAll(() => database.close());

const ann = {
  ...{ issuer: 'local', subject: 'ann', name: 'Ann Example', email: 'ann@example.com' },
  ...{ roles: ['legal'] as const, units: ['*'], deputies: [] },
};
const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest();
const token = { sha256: digest('first'), days: 1 };
const machine = { kind: 'machine', name: 'operator' } as const;

describe('the first administrator', () => {
  it('is not entered with roles that exclude each other, and nothing is named then', async () => {
    const roles = ['legal', 'dpo'] as const;
    const person = { ...ann, roles };
    expect(await foundHouse(house, { organisation: 'Example Group', person, token })).toMatchObject(
      {
        ok: false,
      },
    );
    expect(await house.as(machine, (store) => store.house.organisationKind())).toBeNull();
  });

  it('is entered once, signs in with the token, and stands in a register that verifies', async () => {
    const founding = { organisation: 'Example Group', person: ann, token };
    expect(await foundHouse(house, founding)).toMatchObject({ ok: true });
    const signedIn = await house.as(machine, (store) => store.house.personByToken(token.sha256));
    expect(signedIn).toMatchObject({ subject: 'ann', roles: ['legal', 'administrator'] });
    expect(
      await foundHouse(house, { ...founding, token: { ...token, sha256: digest('2') } }),
    ).toMatchObject({
      ok: false,
      problem: { type: 'conflict' },
    });
    const verified = await inTransaction(database.pool, machine, verifyRegister);
    expect(verified.faults).toEqual([]);
    const types = await inTransaction(database.pool, machine, (sql) =>
      sql.rows<{ type: string }>('SELECT type FROM register_entry ORDER BY stream_seq'),
    );
    expect(types.map(({ type }) => type)).toEqual([
      'organisation.named',
      'person.entered',
      'token.issued',
    ]);
  });

  it('does not found a real house over the demo organisation', async () => {
    const demo = await testHouse();
    const founding = { organisation: 'Example Group', person: ann, token };
    expect(await foundHouse(demo.house, founding)).toMatchObject({ ok: false });
    await demo.close();
  });
});

describe('a token', () => {
  it('is given to somebody active only', async () => {
    const more = { sha256: digest('more'), days: 1 };
    const ghost = { issuer: 'local', subject: 'ghost', token: more };
    expect(await issueToken(house, ghost)).toMatchObject({ ok: false });
    expect(await issueToken(house, { ...ghost, subject: 'ann' })).toMatchObject({ ok: true });
    const signedIn = await house.as(machine, (store) => store.house.personByToken(more.sha256));
    expect(signedIn).toMatchObject({ subject: 'ann' });
  });
});

describe('the host command', () => {
  let fresh: TestDatabase;
  let keysDir: string;
  beforeAll(async () => {
    fresh = await testDatabase();
    keysDir = await mkdtemp(join(tmpdir(), 'tocsin-keys-'));
    await writeFile(join(keysDir, 'personal-data.key'), Buffer.alloc(32, 9).toString('base64'));
  });
  afterAll(async () => {
    await fresh.close();
    await rm(keysDir, { recursive: true, force: true });
  });

  it('needs the database and the keys only, and says why it refuses', async () => {
    const database = { ...readConfig({}).database, app: fresh.appUrl };
    const config = { ...readConfig({}), database, keysDir };
    const person = { ...ann, organisation: 'Example Group', roles: ['legal'], days: 1 };
    await expect(enterFirstPerson(config, { ...person, roles: ['king'] })).rejects.toThrow('king');
    await expect(enterFirstPerson(config, { ...person, email: 'ann' })).rejects.toThrow('--email');
    const given = await enterFirstPerson(config, person);
    const kept = houseOver(fresh.pool, openingKey(Buffer.alloc(32, 9).toString('base64')));
    const signedIn = await kept.as(machine, (store) => store.house.personByToken(digest(given)));
    expect(signedIn).toMatchObject({ subject: 'ann' });
    await expect(enterFirstPerson(config, person)).rejects.toThrow('already');
    const ghost = { issuer: 'local', subject: 'ghost', days: 1 };
    await expect(giveToken(config, ghost)).rejects.toThrow('ghost');
    expect(await giveToken(config, { ...ghost, subject: 'ann' })).not.toBe(given);
  });
});
