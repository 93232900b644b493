/** A breach of which little is known for forty hours: when it comes to be known, its workflow moves what is owed by itself. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordFacts } from '../../src/commands/record-facts.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { by, highRiskFacts } from '../support/house.ts';
import { openBreach, type Breach } from './breach.ts';
import { hoursWorld, type World } from './world.ts';

const knownAtFirst = [
  ...['personalDataInvolved', 'breachOfSecurity', 'integrity.state', 'availability.state'],
];

interface Line {
  readonly state: string;
  readonly dueAt: Instant | null;
  readonly inReview: number;
}

let world: World;
let breach: Breach;

beforeAll(async () => {
  world = await hoursWorld('demo');
  const facts = highRiskFacts.filter(({ name }) => knownAtFirst.includes(name));
  breach = await openBreach(world, ['portal-db'], 2, facts);
  await breach.settled('in-review', ['ee-aki']);
  await world.until(breach.at(40), []);
}, 600_000);
afterAll(() => world.close());

async function line(provision: string): Promise<Line> {
  const [found] = await world.read<Line>(
    `SELECT o.state, o.due_at AS "dueAt", (SELECT count(*)::int FROM notice n WHERE n.obligation_id = o.id AND n.state = 'in-review') AS "inReview"
     FROM obligation o WHERE o.case_id = $1 AND o.provision = $2`,
    [breach.caseId, provision],
  );
  if (found === undefined) throw new Error(`no line ${provision}`);
  return found;
}

describe('facts that come to be known at hour 40', () => {
  it('find the authority owed by 72 hours all along, and the people still to be decided', async () => {
    expect(await line('gdpr/33/1')).toMatchObject({ state: 'owed', dueAt: breach.at(72) });
    expect(await line('gdpr/34/1')).toMatchObject({ state: 'to-decide', inReview: 0 });
  });

  it('make the people owed a notice, which lies in review, with nobody asking the workflow to', async () => {
    const known = highRiskFacts.filter(({ name }) => !knownAtFirst.includes(name));
    const recorded = await recordFacts(world.home.house, by(world.home.people.rita), {
      ...{ caseId: breach.caseId, facts: known, hits: [] },
    });
    expect(recorded.ok).toBe(true);
    await expect(movedWithinLooks()).resolves.toMatchObject({ state: 'owed', inReview: 1 });
    // What the authority is owed stays where it was: its clock runs from awareness, not from what was found since.
    expect((await line('gdpr/33/1')).dueAt).toBe(breach.at(72));
  });
});

/** The line of the people once it is owed and has its notice in review; the watch relays, the clock rests. */
async function movedWithinLooks(): Promise<Line> {
  for (let tries = 0; tries < 600; tries++) {
    const found = await line('gdpr/34/1');
    if (found.state === 'owed' && found.inReview > 0) return found;
    await world.look();
    await wait(50);
  }
  return line('gdpr/34/1');
}
