/** Keeping people: entered all or none, nobody judged by who advises, never without an administrator, all on record. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { api, problemIn } from './ask.ts';
import { testEdge, type Edge, type Login } from './edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await testEdge();
});
afterAll(() => edge.close());

interface Listed {
  readonly personId: string;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly deputy: string | null;
  readonly deputies: readonly string[];
  readonly absentUntil: string | null;
  readonly active: boolean;
  readonly outOfBand: string | null;
}

const post = (as: Login, path: string, body: unknown) => api(edge, 'POST', path, { as, body });
const enter = (as: Login, ...people: unknown[]) => post(as, '/people', { people });

async function listed(): Promise<readonly Listed[]> {
  return ((await api(edge, 'GET', '/people', { as: 'adam' })).json as { items: Listed[] }).items;
}

async function find(subject: string): Promise<Listed> {
  const one = (await listed()).find((person) => person.subject === subject);
  if (one === undefined) throw new Error(`${subject} is not there`);
  return one;
}

const person = (subject: string, changes: object = {}) => ({
  ...{ issuer: 'test', subject, name: subject, email: `${subject}@people.example` },
  ...{ roles: ['responder'], units: ['security-de'], deputy: null },
  ...changes,
});

function entries(type: string): Promise<{ leaf: string }[]> {
  return inTransaction(edge.home.pool, { kind: 'machine', name: 'import' }, (sql) =>
    sql.rows<{ leaf: string }>(
      `SELECT convert_from(leaf, 'UTF8') AS leaf FROM register_entry
       WHERE stream = 'house' AND type = $1 ORDER BY stream_seq`,
      [type],
    ),
  );
}

describe('entering people', () => {
  it('adds and changes them, with deputies from the same list, each on record without a name', async () => {
    const answer = await enter(
      'adam',
      person('nora', { deputy: 'olaf' }),
      person('olaf'),
      person('rita', { roles: ['responder', 'legal'], units: ['*'] }),
    );
    expect([answer.status, answer.json]).toMatchObject([
      200,
      { added: 2, changed: 1, unchanged: 0 },
    ]);
    expect(await find('nora')).toMatchObject({ deputy: 'olaf', active: true });
    expect((await find('rita')).roles).toEqual(['responder', 'legal']);
    const leaves = await entries('person.entered');
    expect(leaves).toHaveLength(3);
    expect(leaves.map(({ leaf }) => leaf).join()).not.toContain('nora');
    expect((await enter('adam', person('olaf'))).json).toMatchObject({ changed: 0, unchanged: 1 });
    expect(await entries('person.entered')).toHaveLength(3);
  });

  it.each<[string, object, string]>([
    ['a DPO who would decide', { roles: ['dpo', 'legal'] }, 'Art. 38(6)'],
    ['a DPO who would approve', { roles: ['executive', 'dpo'] }, 'Art. 38(6)'],
    ['a role nobody has', { roles: ['king'] }, ''],
    ['no role', { roles: [] }, ''],
    ['no unit', { units: [] }, ''],
    ['a unit with a comma', { units: ['a,b'] }, ''],
    ['no address', { email: 'nora' }, ''],
    ['a deputy nobody knows', { deputy: 'ghost' }, 'nobody active'],
    ['a deputy of oneself', { deputy: 'new' }, 'itself'],
    ['a further deputy of oneself', { deputy: undefined, deputies: ['leo', 'new'] }, 'itself'],
    ['a deputy named twice', { deputy: undefined, deputies: ['leo', 'leo'] }, 'twice'],
    ['two that are first', { deputy: 'leo', deputies: ['eva', 'leo'] }, 'not the first'],
    ['an unknown field', { admin: true }, ''],
  ])('refuses %s, and enters nobody', async (_name, changes, why) => {
    const answer = await enter('adam', person('bystander'), person('new', changes));
    expect(answer.status).toBe(422);
    expect(JSON.stringify(problemIn(answer).errors)).toContain(why);
    expect((await listed()).map(({ subject }) => subject)).not.toContain('bystander');
  });

  it('keeps who is called in order, and leaves who is not named as they were', async () => {
    const list = { deputy: undefined, deputies: ['eva', 'leo', 'rita'] };
    expect((await enter('adam', person('olga', list))).status).toBe(200);
    expect(await find('olga')).toMatchObject({ deputy: 'eva', deputies: list.deputies });
    expect((await enter('adam', person('olga', list))).json).toMatchObject({ unchanged: 1 });
    await enter('adam', person('olga', { deputy: undefined, deputies: ['rita', 'eva'] }));
    expect((await find('olga')).deputies).toEqual(['rita', 'eva']);
    await enter('adam', person('olga'));
    expect(await find('olga')).toMatchObject({ deputy: null, deputies: [] });
  });

  it('refuses a round of deputies, by whom a call would come back', async () => {
    const round = await enter(
      'adam',
      person('xena', { deputy: 'yuri' }),
      person('yuri', { deputy: 'zoe' }),
      person('zoe', { deputy: 'xena' }),
    );
    expect(round.status).toBe(422);
    expect(JSON.stringify(problemIn(round).errors)).toContain(
      'xena, then yuri, then zoe, then xena',
    );
    await enter(
      'adam',
      person('xena', { deputy: 'yuri' }),
      person('yuri', { deputy: 'zoe' }),
      person('zoe'),
    );
    expect((await enter('adam', person('zoe', { deputy: 'yuri' }))).status).toBe(422);
  });

  it('refuses the same person twice, and to take the role from the last administrator', async () => {
    expect((await enter('adam', person('twin'), person('twin'))).status).toBe(422);
    const lowered = await enter('adam', person('adam', { roles: ['auditor'], units: ['*'] }));
    expect([lowered.status, (await find('adam')).roles]).toEqual([409, ['administrator']]);
  });

  it('is for administrators', async () => {
    for (const login of ['leo', 'eva', 'dora', 'aud', 'rita'] as const) {
      expect((await enter(login, person('mine'))).status).toBe(403);
      expect((await api(edge, 'GET', '/people', { as: login })).status).toBe(403);
    }
  });
});

describe('being away', () => {
  it('is entered until an instant ahead and ended, each on record; rights stay', async () => {
    const { personId } = await find('rita');
    const path = `/people/${personId}/absence`;
    expect((await post('leo', path, { until: null })).status).toBe(403);
    expect((await post('adam', path, { until: '2020-01-01T00:00:00Z' })).status).toBe(422);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect((await post('adam', path, { until })).json).toEqual({ absentUntil: until });
    expect((await find('rita')).absentUntil).toBe(until);
    expect((await api(edge, 'GET', '/me', { as: 'rita' })).status).toBe(200);
    expect((await post('adam', path, { until: null })).json).toEqual({ absentUntil: null });
    expect((await find('rita')).absentUntil).toBeNull();
    expect(await entries('person.absented')).toHaveLength(1);
    expect(await entries('person.returned')).toHaveLength(1);
  });
});

describe('the out-of-band route of a person', () => {
  const set = async (as: Login, address: unknown) =>
    post(as, `/people/${(await find('leo')).personId}/out-of-band`, { address });

  it('is set, listed and taken away again, each on record without the address', async () => {
    expect((await find('leo')).outOfBand).toBeNull();
    expect((await set('adam', 'leo@provider.test')).status).toBe(200);
    expect((await set('adam', 'leo@provider.test')).status).toBe(200);
    expect((await find('leo')).outOfBand).toBe('leo@provider.test');
    const leaves = await entries('person.route-set');
    expect(leaves).toHaveLength(1);
    expect(leaves[0]?.leaf).not.toContain('provider.test');
    expect((await set('adam', null)).json).toEqual({ outOfBand: null });
    expect(await entries('person.route-removed')).toHaveLength(1);
  });

  it.each([
    ['the domain of the ordinary address', 'other@people.example', 'ordinary address'],
    ['a domain below it', 'leo@mail.PEOPLE.example', 'ordinary address'],
    ["the domain of the house's calls", 'leo@tocsin.example', "house's own mail"],
    ['the domain an affiliate sends from', 'leo@nordlicht.example', "house's own mail"],
    ['no address', 'leo', 'not an e-mail address'],
  ])('is refused in %s, with the reason', async (_name, address, why) => {
    const answer = await set('adam', address);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(problemIn(answer).errors)).toContain(why);
    expect((await find('leo')).outOfBand).toBeNull();
  });

  it('keeps the ordinary address from moving into its domain', async () => {
    await set('adam', 'leo@provider.test');
    const moved = await enter(
      'adam',
      person('leo', { email: 'l@provider.test', roles: ['legal'], units: ['*'] }),
    );
    expect(moved.status).toBe(422);
    expect(JSON.stringify(problemIn(moved).errors)).toContain('out-of-band route');
    await set('adam', null);
  });

  it('is for administrators', async () => {
    expect((await set('leo', 'leo@provider.test')).status).toBe(403);
  });
});

describe('deactivating', () => {
  it('ends sign-in and tokens at once, names roles nobody holds, and is undone without them', async () => {
    const { personId } = await find('dora');
    const gone = await post('adam', `/people/${personId}/deactivation`, {});
    expect([gone.status, gone.json]).toEqual([200, { active: false, withoutHolder: ['dpo'] }]);
    expect((await api(edge, 'GET', '/me', { as: 'dora' })).status).toBe(401);
    expect((await post('adam', `/people/${personId}/deactivation`, {})).status).toBe(409);
    expect((await enter('adam', person('dora', { roles: ['dpo'] }))).status).toBe(422);
    expect((await post('adam', `/people/${personId}/reactivation`, {})).status).toBe(200);
    expect((await api(edge, 'GET', '/me', { as: 'dora' })).status).toBe(401);
    expect(await entries('person.deactivated')).toHaveLength(1);
    expect(await entries('person.reactivated')).toHaveLength(1);
  });

  it('leaves the last administrator, also when two go for each other at once', async () => {
    const { personId: adam } = await find('adam');
    expect((await post('adam', `/people/${adam}/deactivation`, {})).status).toBe(409);
    await enter('adam', person('leo', { roles: ['legal', 'administrator'], units: ['*'] }));
    const { personId: leo } = await find('leo');
    const answers = await Promise.all([
      post('adam', `/people/${leo}/deactivation`, {}),
      post('leo', `/people/${adam}/deactivation`, {}),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const left = (await listedBy(answers[0].status === 200 ? 'adam' : 'leo')).filter(
      ({ active, roles }) => active && roles.includes('administrator'),
    );
    expect(left).toHaveLength(1);
  });
});

async function listedBy(as: Login): Promise<readonly Listed[]> {
  return ((await api(edge, 'GET', '/people', { as })).json as { items: Listed[] }).items;
}
