/** The faults of one night: which kinds there are is drawn first, so that each seed is a different sort of night. */
import type { Database } from './database.ts';
import type { MailServer } from './wire.ts';
import type { World } from './world.ts';
import type { Temporal } from './temporal.ts';

export interface Storm {
  readonly callFaults: { failChance: number; hangChance: number };
  /** How often Temporal's answer is lost after the deed. */
  readonly lostChance: number;
  readonly restartMs: () => number;
}

interface Weather {
  readonly world: World;
  readonly db: Database;
  readonly server: MailServer;
}

/** Draws the night's faults and sets those that strike at single steps. */
export function drawStorm({ world, db, server }: Weather): Storm {
  const { random, stepFaults } = world;
  const some = (from: number, to: number): number =>
    random.chance(0.5) ? random.spread(from, to) : 0;
  const rare = (from: number, to: number): number => some(from * 1e6, to * 1e6) / 1e6;
  world.stormEndsMs = world.nowMs + random.spread(120_000, 40 * 3_600_000);
  server.faultChance = rare(0.05, 0.9);
  stepFaults.killChance = rare(0.001, 0.05);
  stepFaults.stopChance = rare(0.001, 0.05);
  db.faults.beforeChance = rare(0.005, 0.2);
  db.faults.afterChance = rare(0.005, 0.2);
  const longestMs = random.spread(2_000, 7_200_000);
  return {
    callFaults: { failChance: rare(0.05, 0.5), hangChance: rare(0.05, 0.9) },
    lostChance: rare(0.01, 0.3),
    restartMs: () => random.spread(500, longestMs),
  };
}

/** Puts the longer outages on the agenda: the database and Temporal down, workflows forgotten, rights lost. */
export function plantOutages(
  { world, db }: Weather,
  temporal: Temporal,
  onWatchFault: () => void,
): void {
  const { random } = world;
  const at = (): number => world.nowMs + random.int(0, world.stormEndsMs - world.nowMs);
  const until = (): number =>
    Math.min(world.stormEndsMs, world.nowMs + random.spread(1_000, 14_400_000));
  const outage = (what: string, set: (isUp: boolean) => void): void => {
    world.at(at(), () => {
      world.note(() => `${what} DOWN`);
      set(false);
      world.at(until(), () => {
        world.note(() => `${what} UP`);
        set(true);
      });
    });
  };
  if (random.chance(0.4))
    outage('database', (isUp) => {
      db.isUp = isUp;
      onWatchFault();
    });
  if (random.chance(0.4))
    outage('temporal', (isUp) => {
      temporal.isUp = isUp;
    });
  if (random.chance(0.3))
    outage('right of p2', (isUp) => {
      db.tables.approvers.set('p2', { mayApprove: isUp });
    });
  for (let n = random.chance(0.5) ? random.int(1, 4) : 0; n > 0; n--) {
    const chance = random.pick([1, 0.3]);
    world.at(at(), () => {
      temporal.forget(chance);
    });
  }
}
