/** A Temporal of the mind: signals, workflows that look at PostgreSQL and take the next step, workers that may be lost. */
import type { EngineSteps } from '../../activities/activities.ts';
import type { Conductor, WorkflowKind } from '../../src/domain/watch-ports.ts';
import type { Defect } from './defects.ts';
import type { Process, World } from './world.ts';

interface Run {
  readonly kind: WorkflowKind;
  readonly id: string;
  readonly process: Process;
  isWoken: boolean;
}

type Work<T> = (steps: EngineSteps, signal: AbortSignal) => Promise<T>;

const heartbeatTimeoutMs = 15_000;

export class Temporal {
  isUp = true;
  /** Counts starts and ends of workflows. */
  changes = 0;
  private readonly world: World;
  private readonly defect: Defect | null;
  private readonly stepsOn: (worker: Process) => EngineSteps;
  private readonly workers: () => readonly Process[];
  private readonly runs = new Map<string, Run>();
  /** What to tell each attempt whose worker fell silent. */
  private readonly attempts = new Map<() => void, { worker: Process; run: Run }>();

  constructor(
    world: World,
    defect: Defect | null,
    workers: () => readonly Process[],
    stepsOn: (worker: Process) => EngineSteps,
  ) {
    this.world = world;
    this.defect = defect;
    this.workers = workers;
    this.stepsOn = stepsOn;
  }

  isRunning(kind: WorkflowKind, id: string): boolean {
    return this.runs.has(`${kind}/${id}`);
  }

  /** Forgets workflows: all of them, as after a restore, or each with a chance. */
  forget(chance: number): void {
    for (const [key, run] of this.runs) {
      if (!this.world.random.chance(chance)) continue;
      this.world.note(() => `temporal forgets ${key}`);
      this.runs.delete(key);
      this.changes++;
      this.world.kill(run.process);
      for (const [giveUp, one] of this.attempts) if (one.run === run) giveUp();
    }
  }

  /** Temporal as one process of ours reaches it; an answer may be lost after the deed. */
  conductor(process: Process, lostChance: () => number): Conductor {
    const { world } = this;
    const ask = <T>(deed: () => T): Promise<T> =>
      world.wait<T>(process, (answer) => {
        world.at(world.nowMs + world.random.int(1, 20), () => {
          const isLost = world.isStormy && world.random.chance(lostChance());
          const settle = this.isUp && (process.isAlive || isLost) ? deed() : null;
          world.go(process, 1, () => {
            answer(() => {
              if (settle === null || isLost) throw new Error('Temporal gave no answer');
              return settle;
            });
          });
        });
      });
    return {
      wake: (kind, id) =>
        ask(() => {
          this.signalWithStart(kind, id);
          return true;
        }).then(() => undefined),
      isRunning: (kind, id) => ask(() => ({ is: this.isRunning(kind, id) })).then(({ is }) => is),
      isReachable: () => Promise.resolve(this.isUp),
    };
  }

  /** To be called when a worker was killed or stopped: its heartbeats no longer come. */
  onLost(worker: Process): void {
    const { world } = this;
    for (const [giveUp, one] of this.attempts) {
      if (one.worker !== worker) continue;
      world.at(world.nowMs + heartbeatTimeoutMs, () => {
        if (!worker.isAlive || worker.stoppedUntilMs > world.nowMs) giveUp();
      });
    }
  }

  private signalWithStart(kind: WorkflowKind, id: string): void {
    const key = `${kind}/${id}`;
    const running = this.runs.get(key);
    if (running !== undefined) {
      running.isWoken = true;
      return;
    }
    this.world.note(() => `temporal starts ${key}`);
    const run = { kind, id, process: this.world.start(key, false), isWoken: true };
    this.runs.set(key, run);
    this.changes++;
    const body = kind === 'breach-case' ? this.breachCase(run) : this.notice(run);
    // A run that was forgotten ends by itself, and another one may have taken its id by then.
    void body.then(
      () => {
        this.runs.delete(key);
        this.changes++;
      },
      () => undefined,
    );
  }

  /** As workflows/breach-case.ts, which cannot run outside Temporal's sandbox. */
  private async breachCase(run: Run): Promise<void> {
    const { id } = run;
    let status = await this.step(run, (steps) => steps.readCase(id));
    while (status.step !== 'end') {
      this.world.note(() => `${run.process.name}: ${status.step}`);
      if (status.step === 'investigate') {
        const isWoken = await this.until(run, status.pressAtMs);
        status = await this.step(run, (steps) =>
          isWoken ? steps.readCase(id) : steps.pressForDetermination(id),
        );
      } else if (status.step === 'scope') {
        status = await this.step(run, (steps) => steps.scopeCase(id));
      } else if (status.step === 'determine') {
        status = await this.step(run, (steps) => steps.determineObligations(id));
      } else if (status.step === 'draft') {
        status = await this.step(run, (steps) => steps.draftNotices(id));
      } else {
        await this.until(run, null);
        status = await this.step(run, (steps) => steps.readCase(id));
      }
    }
  }

  /** As workflows/notice.ts. */
  private async notice(run: Run): Promise<void> {
    const { id } = run;
    const nothing = (): void => undefined;
    let status = await this.step(run, (steps) => steps.readNotice(id));
    while (status.step !== 'end') {
      this.world.note(() => `${run.process.name}: ${status.step}`);
      if (status.step === 'dispatch') {
        status = await this.step(run, (steps, signal) => steps.dispatchNotice(id, nothing, signal));
        if (status.step === 'dispatch') await this.until(run, status.nextAttemptAtMs);
      } else if (status.step === 'draft') {
        status = await this.step(run, (steps) => steps.freezeNotice(id, nothing));
      } else {
        await this.until(run, null);
        status = await this.step(run, (steps) => steps.readNotice(id));
      }
    }
  }

  private async until(run: Run, wallAtMs: number | null): Promise<boolean> {
    if (this.defect === 'wake-forgotten-by-workflow') run.isWoken = false;
    await this.world.idle(run.process, 0, () =>
      run.isWoken ? this.world.nowMs : (wallAtMs ?? Infinity),
    );
    const { isWoken } = run;
    run.isWoken = false;
    return isWoken;
  }

  /** One activity, tried on whichever worker lives until it succeeds. */
  private async step<T>(run: Run, work: Work<T>): Promise<T> {
    const { world } = this;
    const able = (): readonly Process[] =>
      this.workers().filter((one) => one.isAlive && one.stoppedUntilMs <= world.nowMs);
    for (let failures = 0; ; failures++) {
      await world.idle(run.process, 1, () => {
        const alive = this.isUp ? this.workers().filter((one) => one.isAlive) : [];
        return Math.min(...alive.map((one) => one.stoppedUntilMs));
      });
      const [first, ...others] = able();
      if (first === undefined) continue;
      const result = await this.attempt(run, world.random.pick([first, ...others]), work);
      if (result !== null) return result.value;
      await world.sleep(run.process, Math.min(30_000, 500 * 2 ** Math.min(failures, 10)));
    }
  }

  private attempt<T>(run: Run, worker: Process, work: Work<T>): Promise<{ value: T } | null> {
    const { world } = this;
    const cancelled = new AbortController();
    return world.wait<{ value: T } | null>(run.process, (answer) => {
      let isOver = false;
      const finish = (result: { value: T } | null): void => {
        if (isOver) return;
        isOver = true;
        this.attempts.delete(giveUp);
        // A workflow goes on when its own task is done, which may take a while: wakes come in meanwhile.
        world.go(run.process, world.random.spread(1, 2_000), () => {
          answer(() => result);
        });
      };
      // A worker that was stopped learns at its next heartbeat that it is no longer waited for.
      const giveUp = (): void => {
        // That it is told to stop is a fence of its own: the defect of the clock shows without it.
        if (this.defect !== 'window-without-clock') cancelled.abort();
        finish(null);
      };
      this.attempts.set(giveUp, { worker, run });
      void work(this.stepsOn(worker), cancelled.signal).then(
        // What is reported to a Temporal that is down is lost: the attempt times out there.
        (value) => {
          finish(this.isUp ? { value } : null);
        },
        () => {
          if (worker.isAlive) giveUp();
        },
      );
    });
  }
}
