/** One seed, one night: the product's own decisions against a fake clock, mail server, database and Temporal. */
import { nextNoticeStep } from '../../src/domain/notice.ts';
import { engineSteps } from '../../src/processes/engine.ts';
import type { EngineSteps } from '../../activities/activities.ts';
import { only } from './case-rows.ts';
import { openCase } from './case-opening.ts';
import { Checker } from './checker.ts';
import { Database } from './database.ts';
import type { Defect } from './defects.ts';
import { determine, freeze, type Plan } from './freeze.ts';
import type { LedgerParts } from './notice-rows.ts';
import { actAtRandom, answerAll } from './people.ts';
import { drawStorm, plantOutages, type Storm } from './storm.ts';
import { houseOf } from './store.ts';
import { Temporal } from './temporal.ts';
import { openIds, startRounds } from './watch-rows.ts';
import { simulatedWire, type MailServer } from './wire.ts';
import { World, type Process } from './world.ts';
import { dispatchPolicy } from '../../src/ledger/window.ts';
import type { Random } from './random.ts';

export interface Night {
  readonly seed: number;
  /** One sentence for each promise that did not hold, the first one first. */
  readonly broken: readonly string[];
  readonly steps: number;
  readonly arrivals: number;
  readonly rings: number;
  readonly trace: readonly string[];
}

const maxSteps = 60_000;

/** Runs one seed to its rest, and once more after people have answered all that waited for them. */
export async function simulate(
  seed: number,
  options: { readonly defect?: Defect | null; readonly isTraced?: boolean } = {},
): Promise<Night> {
  const world = new World(seed, options.isTraced === true);
  const hall = new Hall(world, options.defect ?? null);
  const { checker, db } = hall;
  try {
    await hall.night();
  } catch (error) {
    checker.fail(`the run ended: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await world.end();
  }
  for (const unanswered of db.unanswered) checker.fail(unanswered);
  const { steps, trace } = world;
  const rings = db.tables.rings.size;
  return { seed, broken: checker.broken, steps, arrivals: checker.arrivals, rings, trace };
}

/** Every other night tells people in windows, small ones, so that their edges are met often. */
function massPlan(
  random: Random,
  defect: Defect | null,
): Pick<Plan, 'isMass' | 'policy' | 'recipients'> {
  const windowRows = random.int(2, 12);
  const policy = { ...dispatchPolicy, massFromRows: 1, windowRows, beatMs: 15_000 };
  if (defect === 'window-without-clock') policy.dotsWithinMs = Infinity;
  if (defect === 'hung-dot-holds-all') policy.hungAfterMs = Infinity;
  const isMass = random.chance(0.4);
  // Four lanes begin with a row each; windows of several come after that.
  return { isMass, policy, recipients: isMass ? random.int(5, 16) : random.int(1, 5) };
}

const answerRounds = 6;

function waitsForPeople({ tables }: Database): boolean {
  return (
    [...tables.cases.values()].some(({ determination }) => determination === null) ||
    [...tables.deliveries.values()].some(({ state }) => state === 'in-doubt') ||
    [...tables.notices.values()].some(({ state }) => state === 'in-review')
  );
}

class Hall {
  readonly checker: Checker;
  readonly db: Database;
  private readonly world: World;
  private readonly parts: LedgerParts;
  private readonly plan: Plan;
  private readonly storm: Storm;
  private readonly server: MailServer;
  private readonly temporal: Temporal;
  private readonly people: Process;
  private readonly steps = new Map<Process, EngineSteps>();
  private missing = { writes: -1, changes: -1, is: false };
  private readonly running = new Map<string, Process>();

  constructor(world: World, defect: Defect | null) {
    const { random } = world;
    this.world = world;
    const checker = new Checker(world);
    this.checker = checker;
    this.db = new Database(world, (by, changes) => {
      checker.onCommit(by, changes);
    });
    checker.watch(this.db);
    this.parts = { world, db: this.db, defect };
    this.server = {
      faultChance: 0,
      onDot: (mail) => {
        checker.onDot(mail);
      },
      onArrival: (arrival) => {
        checker.onArrival(arrival);
      },
    };
    this.storm = drawStorm({ world, db: this.db, server: this.server });
    this.plan = {
      obligations: random.int(1, 2),
      ...massPlan(random, defect),
      approvals: random.int(1, 2),
      hasPortal: random.chance(0.15),
    };
    const workers = (): Process[] => this.named('worker');
    this.temporal = new Temporal(world, defect, workers, (worker) => this.stepsOn(worker));
    this.people = world.start('people', false);
  }

  async night(): Promise<void> {
    const { world, db, checker, temporal } = this;
    const { random } = world;
    world.onLost = (process) => {
      this.onLost(process);
    };
    for (const personId of ['p1', 'p2', 'p3'])
      db.tables.approvers.set(personId, { mayApprove: true });
    for (const name of ['web', 'worker-1', 'worker-2', 'watch-1']) this.start(name);
    if (random.chance(0.3)) this.start('watch-2');
    plantOutages({ world, db, server: this.server }, temporal, () => {
      this.onWatchFault();
    });
    for (let n = random.int(1, 2); n > 0; n--) await openCase(this.parts, `c${String(n)}`);
    this.plantActs(random.int(4, 25));
    await this.rest();
    // What people release now may end in doubt once more while the last fault lasts.
    for (let round = 0; round < answerRounds && waitsForPeople(db); round++) {
      void answerAll(this.crowd()).catch(() => undefined);
      await this.rest();
    }
    for (const { noticeId, state, channel } of db.tables.notices.values()) {
      // What came back from everywhere is for people to take another channel; a portal is filed by hand.
      const isForPeople = state === 'returned' || (channel === 'portal' && state === 'released');
      if (!isForPeople && nextNoticeStep({ state, channel }) !== 'end')
        checker.fail(`I13 ${noticeId} is ${state} after people answered everything`);
    }
  }

  private async rest(): Promise<void> {
    if (await this.world.run(maxSteps))
      this.checker.atRest((kind, id) => this.temporal.isRunning(kind, id));
    else throw new Error(`I13 no rest after ${String(maxSteps)} steps`);
  }

  private named(prefix: string): Process[] {
    return [...this.running.values()].filter(({ name }) => name.startsWith(prefix));
  }

  private start(name: string): void {
    const { world, parts, temporal, storm } = this;
    const process = world.start(name);
    world.note(() => `start ${name}`);
    this.running.set(name, process);
    if (!name.startsWith('watch')) return;
    this.onWatchFault();
    startRounds({
      ...parts,
      process,
      conductor: temporal.conductor(process, () => storm.lostChance),
      callFaults: storm.callFaults,
      isAnythingMissing: () => this.isAnythingMissing(),
      onFault: () => {
        this.onWatchFault();
      },
    });
  }

  private onLost(process: Process): void {
    const { world, temporal } = this;
    if (!process.isOurs) return;
    temporal.onLost(process);
    if (process.name.startsWith('watch')) {
      this.onWatchFault();
      world.at(process.stoppedUntilMs, () => {
        this.onWatchFault();
      });
    }
    if (process.isAlive) return;
    const backMs = Math.min(world.stormEndsMs, world.nowMs + this.storm.restartMs());
    world.at(backMs, () => {
      this.start(process.name);
    });
  }

  private onWatchFault(): void {
    this.checker.watchFaultMs = this.world.nowMs;
  }

  private isAnythingMissing(): boolean {
    const { db, temporal, missing } = this;
    const { writes } = db;
    const { changes } = temporal;
    if (missing.writes === writes && missing.changes === changes) return missing.is;
    const is = (['breach-case', 'notice'] as const).some((kind) =>
      openIds(db, kind).some((id) => !temporal.isRunning(kind, id)),
    );
    this.missing = { writes, changes, is };
    return is;
  }

  private stepsOn(worker: Process): EngineSteps {
    const known = this.steps.get(worker) ?? this.newSteps(worker);
    this.steps.set(worker, known);
    return known;
  }

  private newSteps(worker: Process): EngineSteps {
    const { parts, plan, world, server } = this;
    const house = houseOf(parts, worker);
    const deps = only<Parameters<typeof engineSteps>[1]>({
      wire: simulatedWire(world, server, worker),
      clock: { nowMs: () => world.nowMs, pause: (ms) => world.sleep(worker, ms) },
      policy: plan.policy,
      newAttemptId: () => parts.db.newId('attempt-'),
    });
    const real = engineSteps(house, deps);
    return {
      ...real,
      determineObligations: (caseId) => determine(parts, house, caseId, plan),
      async freezeNotice(noticeId) {
        await house.as({ kind: 'machine', name: 'engine' }, async (store) => {
          const notice = await store.notices.lock(noticeId);
          if (notice?.state === 'drafting') freeze(parts, notice, 'machine/engine', plan);
        });
        return real.readNotice(noticeId);
      },
    };
  }

  private crowd(): Parameters<typeof actAtRandom>[0] {
    const { parts, plan, people } = this;
    const house = (): ReturnType<typeof houseOf> => {
      const web = this.running.get('web');
      if (web === undefined) throw new Error('there is no web process');
      return houseOf(parts, web);
    };
    return { ...parts, plan, process: people, house };
  }

  private plantActs(count: number): void {
    const { world } = this;
    const lastMs = (world.stormEndsMs - world.nowMs) * 1.1;
    let atMs = world.nowMs;
    for (let n = 0; n < count; n++) {
      // People often act together, while the engine is still at work on what the first one did.
      const isSoon = n > 0 && world.random.chance(0.5);
      atMs = isSoon
        ? atMs + world.random.spread(5, 5_000)
        : world.nowMs + world.random.spread(1_000, lastMs);
      world.at(atMs, () => {
        void actAtRandom(this.crowd()).catch(() => undefined);
      });
    }
  }
}
