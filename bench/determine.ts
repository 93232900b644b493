/** Measures what is owed being determined for a case of 2,000 and one of 20,000 engagements, and the law alone. */
import { randomBytes, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { catalogueStore } from '../src/adapters/postgres/catalogue-import.ts';
import { houseOver } from '../src/adapters/postgres/house.ts';
import { putPerson } from '../src/adapters/postgres/people.ts';
import { openingKey } from '../src/adapters/postgres/register-opening.ts';
import { openPool } from '../src/adapters/postgres/sql.ts';
import { inTransaction } from '../src/adapters/postgres/transaction.ts';
import { scopeStep } from '../src/commands/advance-case.ts';
import type { Answer, Request } from '../src/commands/command.ts';
import { determineCase, fixAwareness } from '../src/commands/determine-case.ts';
import { determineStep } from '../src/commands/determine-obligations.ts';
import { openCase } from '../src/commands/open-case.ts';
import type { Person } from '../src/domain/actor.ts';
import { plusHours } from '../src/domain/instant.ts';
import { hostOf, importOrganisation } from './determine/catalogue.ts';
import { factsOfTheCase, lawOver } from './determine/law.ts';
import { benchPostgres } from './dispatch/database.ts';
import { median, report } from './rounds.ts';

const { values: options } = parseArgs({
  options: {
    few: { type: 'string', default: '2000' },
    many: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
  },
});
const [few, many] = [Number(options.few), Number(options.many)];
const rounds = Number(options.rounds);
const engine = { kind: 'machine', name: 'engine' } as const;
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const postgres = await benchPostgres(say);
const pool = openPool(await postgres.database('bench_determine'), 2, 'bench');
const house = houseOver(pool, openingKey(randomBytes(32).toString('base64')));

async function legal(): Promise<Person> {
  const entry = {
    ...{ issuer: 'bench', subject: 'leo', name: 'Leo', email: 'leo@people.example' },
    ...{ roles: ['legal' as const], units: ['*'] },
  };
  const personId = await inTransaction(pool, engine, (sql) => putPerson(sql, entry));
  return { kind: 'person', personId, ...entry };
}

function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.problem.detail);
  return answer.value;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

interface Took {
  /** Nothing stood before: every line is new. */
  readonly first: number;
  /** A further fact changes nothing: every line is compared and stays. */
  readonly same: number;
  /** Awareness turned out earlier: every line that has a due gets an earlier one. */
  readonly earlier: number;
  readonly law: number;
}

async function round(actor: Person, engagements: number): Promise<Took> {
  const request = (): Request => ({ actor, key: randomUUID(), bodySha256: '00'.repeat(32) });
  const caseId = await openedCase(request(), engagements);
  const step = async (): Promise<number> => {
    await scopeStep(house, caseId);
    return secondsOf(() => determineStep(house, caseId));
  };
  valueOf(
    await determineCase(house, request(), { caseId, determination: 'breach', reason: 'bench' }),
  );
  const first = await step();
  await house.as(engine, (store) => store.cases.bump(caseId, 'facts'));
  const same = await step();
  const now = await house.as(engine, (store) => store.house.now());
  valueOf(
    await fixAwareness(house, request(), {
      ...{ caseId, awareAt: plusHours(now, -2), zone: 'Europe/Brussels', offsetMinutes: 60 },
      evidence: 'the first alarm of the collector',
    }),
  );
  const earlier = await step();
  await assertAllOwed(caseId, engagements);
  return { first, same, earlier, law: lawAlone(engagements) };
}

/** Seconds for one case, measured over as much work whatever its size, so that the collector strikes each as often. */
function lawAlone(engagements: number): number {
  const times = Math.max(1, Math.round(many / engagements));
  const total = (): number =>
    Array.from({ length: times }, () => lawOver(engagements)).reduce((sum, took) => sum + took, 0);
  return median(Array.from({ length: 5 }, () => total() / times));
}

async function openedCase(request: Request, engagements: number): Promise<string> {
  const caseId = uuidv7();
  valueOf(
    await openCase(house, request, {
      ...{ caseId, title: 'Bench case', description: '', mode: 'drill', speed: 1, unit: null },
      ...{ receivedAt: null, detectedAt: null, zone: 'UTC', offsetMinutes: 0 },
      ...{ source: 'bench', externalId: null },
      hits: [{ kind: 'asset', key: hostOf(engagements) }],
      facts: factsOfTheCase,
    }),
  );
  return caseId;
}

/** What was measured has to be the whole work: each customer is owed a notice, and its alarms are set. */
async function assertAllOwed(caseId: string, engagements: number): Promise<void> {
  const found = await inTransaction(pool, engine, (sql) =>
    sql.row<{ owed: number; dated: number; armed: number }>(
      `SELECT count(*)::int AS owed, count(due_at)::int AS dated, (SELECT count(DISTINCT subject)::int FROM alarm a
         WHERE a.case_id = $1 AND a.subject LIKE 'obligation/%') AS armed
       FROM obligation WHERE case_id = $1 AND recipient_kind = 'controller' AND state = 'owed'`,
      [caseId],
    ),
  );
  if (found?.owed !== engagements || found.armed < found.dated || found.dated === 0) {
    throw new Error(`not all of ${String(engagements)} are owed: ${JSON.stringify(found)}`);
  }
}

try {
  say(`importing ${String(few + many)} engagements`);
  await importOrganisation(catalogueStore(pool), [few, many]);
  const actor = await legal();
  const [small, large]: [Took[], Took[]] = [[], []];
  for (let index = -1; index < rounds; index++) {
    const [one, ten] = [await round(actor, few), await round(actor, many)];
    const name = index < 0 ? 'warming up' : `round ${String(index + 1)}`;
    const words = [one, ten].map(
      ({ first, same, earlier }) =>
        `${first.toFixed(2)} s, again ${same.toFixed(2)} s, earlier ${earlier.toFixed(2)} s`,
    );
    say(`${name}: ${String(few)}: ${words[0] ?? ''}; ${String(many)}: ${words[1] ?? ''}`);
    if (index < 0) continue;
    small.push(one);
    large.push(ten);
  }
  const secondsFor = (of: readonly Took[], what: keyof Took): number =>
    median(of.map((took) => took[what]));
  const perEngagement = (what: keyof Took): number =>
    median(
      large.map((ten, index) => ten[what] / many / ((small[index]?.[what] ?? Number.NaN) / few)),
    );
  const named = (count: number): string => count.toLocaleString('en');
  const names = {
    first: `${named(few)} engagements, first, s`,
    same: `${named(few)} engagements, again, s`,
    earlier: `${named(few)} engagements, all dues earlier, s`,
    linearFirst: `time per engagement, ${named(many)} / ${named(few)}, first`,
    linearSame: `time per engagement, again`,
    linearEarlier: `time per engagement, all dues earlier`,
    linearLaw: `time per engagement, law alone`,
  };
  const ok = report({
    bench: 'determine',
    rounds,
    figures: {
      [`law alone, ${named(few)} engagements, s`]: secondsFor(small, 'law'),
      [`law alone, ${named(many)} engagements, s`]: secondsFor(large, 'law'),
      [`${named(many)} engagements, first, s`]: secondsFor(large, 'first'),
      [`${named(many)} engagements, again, s`]: secondsFor(large, 'same'),
      [`${named(many)} engagements, all dues earlier, s`]: secondsFor(large, 'earlier'),
    },
    ratios: {
      [names.first]: secondsFor(small, 'first'),
      [names.same]: secondsFor(small, 'same'),
      [names.earlier]: secondsFor(small, 'earlier'),
      [names.linearFirst]: perEngagement('first'),
      [names.linearSame]: perEngagement('same'),
      [names.linearEarlier]: perEngagement('earlier'),
      [names.linearLaw]: perEngagement('law'),
    },
    goals: {
      [names.first]: ['<=', 1],
      [names.same]: ['<=', 1],
      [names.earlier]: ['<=', 1],
      [names.linearFirst]: ['<=', 1.3],
      [names.linearSame]: ['<=', 1.3],
      [names.linearEarlier]: ['<=', 1.3],
      [names.linearLaw]: ['<=', 1.3],
    },
  });
  process.exitCode = ok ? 0 : 1;
} finally {
  await pool.end();
  await postgres.close();
}
