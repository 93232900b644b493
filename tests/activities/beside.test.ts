/** Beside a case: the clocks of NIS2 are asked and called about once, never filed; what was not assessed is named. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { completeTask } from '../../src/commands/decide-obligation.ts';
import { fixAwareness } from '../../src/commands/determine-case.ts';
import { recordFacts } from '../../src/commands/record-facts.ts';
import { plusHours } from '../../src/domain/instant.ts';
import { besideOf } from '../../src/web/beside.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';

let home: TestHouse;
beforeAll(async () => {
  home = await testHouse();
});
afterAll(() => home.close());

const ask = (caseId: string) =>
  home.house.as(home.people.leo, async ({ views }) => {
    const tasks = await views.tasks({ caseId, limit: 100 });
    return {
      tasks: tasks.filter(({ kind }) => kind.startsWith('nis2/')),
      calls: (await views.alarms(caseId)).filter(({ step }) => step.startsWith('nis2/')),
      beside: await besideOf(views, caseId),
    };
  });
const quiet = [
  { name: 'actor', value: 'accidental' },
  { name: 'confidentiality.state', value: 'confirmed' },
  { name: 'integrity.state', value: 'none' },
  { name: 'availability.state', value: 'none' },
  { name: 'availability.effectOnSubjects', value: 'none' },
].map((fact) => ({
  ...fact,
  ...{ about: 'case', certainty: 'confirmed' as const, source: 'test', observedAt: null },
}));

describe('the clocks of NIS2', () => {
  it('run from awareness and are shown from the first minute, before anything is known', async () => {
    const { caseId, awareAt } = await openTestCase(home);
    const { tasks, calls, beside } = await ask(caseId);
    expect([tasks, calls]).toEqual([[], []]);
    expect(
      beside.clocks.map(({ provision, dueAt, significance }) => [provision, dueAt, significance]),
    ).toEqual([
      ['nis2/23/4/a', plusHours(awareAt, 24), 'not-known'],
      ['nis2/23/4/b', plusHours(awareAt, 72), 'not-known'],
      ['nis2/23/4/d', null, 'not-known'],
    ]);
  });

  it('become tasks and calls once facts speak for a significant incident, and say that nothing is filed here', async () => {
    const { caseId, awareAt } = await openTestCase(home, { facts: highRiskFacts });
    const { tasks, calls, beside } = await ask(caseId);
    expect(beside.clocks.map(({ significance }) => significance)).toEqual(
      beside.clocks.map(() => 'indicated'),
    );
    expect(tasks.map(({ kind }) => kind).sort()).toEqual([
      ...['nis2/23/4/a', 'nis2/23/4/b', 'nis2/23/4/d'],
    ]);
    for (const { title } of tasks) expect(title).toContain('Tocsin does not file this');
    expect(calls.map(({ step, dueAt }) => [step, dueAt]).sort()).toEqual([
      ['nis2/23/4/a', plusHours(awareAt, 24)],
      ['nis2/23/4/b', plusHours(awareAt, 72)],
    ]);
  });

  it('are not asked about again, nor called about, once a person has said what was done', async () => {
    const { caseId } = await openTestCase(home, { facts: highRiskFacts });
    const { taskId } = (await ask(caseId)).tasks.find(({ kind }) => kind === 'nis2/23/4/a') ?? {
      taskId: '',
    };
    const outcome = 'Filed at the CSIRT by the security desk, number 17';
    const done = await completeTask(home.house, by(home.people.leo), { taskId, outcome });
    expect(done.ok).toBe(true);
    const news = highRiskFacts.filter(({ name }) => name === 'actor');
    const known = await recordFacts(home.house, by(home.people.rita), {
      ...{ caseId, facts: news, hits: [] },
    });
    expect(known.ok).toBe(true);
    const { tasks, calls } = await ask(caseId);
    expect(tasks.filter(({ kind }) => kind === 'nis2/23/4/a')).toMatchObject([{ state: 'done' }]);
    const silenced = await inTransaction(home.pool, { kind: 'machine', name: 'engine' }, (sql) =>
      sql.rows(
        `SELECT step FROM alarm WHERE case_id = $1 AND step LIKE 'nis2/%' AND silenced_at IS NOT NULL`,
        [caseId],
      ),
    );
    expect(silenced).toEqual([{ step: 'nis2/23/4/a' }]);
    expect(calls.map(({ step }) => step)).toEqual(['nis2/23/4/b']);
  });

  it('are asked about anew, and called about earlier, when awareness turns out earlier; what was answered stays', async () => {
    const { caseId, awareAt } = await openTestCase(home, { facts: highRiskFacts });
    const { taskId } = (await ask(caseId)).tasks.find(({ kind }) => kind === 'nis2/23/4/a') ?? {
      taskId: '',
    };
    const outcome = 'Filed at the CSIRT';
    await completeTask(home.house, by(home.people.leo), { taskId, outcome });
    const earlier = plusHours(awareAt, -3);
    const moved = await fixAwareness(home.house, by(home.people.leo), {
      ...{
        caseId,
        awareAt: earlier,
        zone: 'Europe/Tallinn',
        offsetMinutes: 180,
        evidence: 'a log',
      },
    });
    expect(moved.ok).toBe(true);
    const { tasks, calls } = await ask(caseId);
    const dueAt = plusHours(earlier, 72);
    expect(calls.map((one) => [one.step, one.dueAt])).toEqual([['nis2/23/4/b', dueAt]]);
    const notices = tasks.filter(({ kind }) => kind === 'nis2/23/4/b');
    expect(notices.map(({ state }) => state).sort()).toEqual(['done', 'open']);
    expect(notices.find(({ state }) => state === 'open')?.title).toContain(dueAt.slice(0, 16));
    const others = tasks.filter(({ kind }) => kind !== 'nis2/23/4/b');
    expect(others.map(({ kind, state }) => [kind, state]).sort()).toEqual([
      ['nis2/23/4/a', 'done'],
      ['nis2/23/4/d', 'open'],
    ]);
  });

  it('stay shown, with no task, where every fact speaks against', async () => {
    const { caseId } = await openTestCase(home, { facts: quiet });
    const { tasks, beside } = await ask(caseId);
    expect(tasks).toEqual([]);
    expect(beside.clocks[0]?.significance).toBe('not-indicated');
  });
});

describe('coverage', () => {
  it('names the laws that were assessed and those that were not, by the countries touched', async () => {
    const { caseId } = await openTestCase(home);
    const { beside } = await ask(caseId);
    expect(beside.assessed).toEqual(['GDPR']);
    expect(beside.notAssessed.join('; ')).toMatch(/DORA.*eIDAS.*national criminal law/);
    expect(beside.notAssessed.join('; ')).not.toContain('Switzerland');
  });
});
