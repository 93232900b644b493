/** The simulated machine room: one fake wall clock, an agenda, and processes that can be killed or stopped at any step. */
import { fromMs } from '../../src/domain/instant.ts';
import { seeded, type Random } from './random.ts';

/** One life of a process; a restart is another one. */
export interface Process {
  readonly name: string;
  isAlive: boolean;
  stoppedUntilMs: number;
  /** False for what is no process of ours: people and workflows; faults do not strike at their steps. */
  readonly isOurs: boolean;
  readonly waits: Set<(error: Error) => void>;
}

/** What a dead process's every wait comes to: its code ends, without an effect on anything outside. */
class Killed extends Error {
  constructor() {
    super('killed');
  }
}

/** Faults that may strike at each step of a process, while the storm lasts. */
interface StepFaults {
  killChance: number;
  stopChance: number;
}

interface Entry {
  readonly atMs: number;
  readonly run: () => void | Promise<void>;
}

interface Idler {
  readonly process: Process;
  readonly earliestMs: number;
  readonly nextMs: () => number;
  readonly resume: () => void;
}

const startMs = Date.UTC(2026, 5, 15, 20, 0, 0);

export class World {
  nowMs = startMs;
  steps = 0;
  stormEndsMs = Infinity;
  readonly random: Random;
  readonly trace: string[] = [];
  readonly stepFaults: StepFaults = { killChance: 0, stopChance: 0 };
  /** Told of each death and of each stop, so that somebody starts what should run. */
  onLost: (process: Process) => void = () => undefined;
  private readonly isTraced: boolean;
  private readonly agenda: Entry[] = [];
  private readonly idlers = new Set<Idler>();
  private readonly living = new Set<Process>();

  constructor(seed: number, isTraced: boolean) {
    this.random = seeded(seed);
    this.isTraced = isTraced;
  }

  get isStormy(): boolean {
    return this.nowMs < this.stormEndsMs;
  }

  now(): string {
    return fromMs(this.nowMs);
  }

  note(line: () => string): void {
    if (this.isTraced) this.trace.push(`${this.now().slice(8, 23)} ${line()}`);
  }

  at(atMs: number, run: Entry['run']): void {
    const entry = { atMs: Math.max(atMs, this.nowMs), run };
    let place = this.agenda.length;
    // Latest first, so that the next one is popped; equal instants keep their order.
    while (place > 0 && (this.agenda[place - 1]?.atMs ?? 0) <= entry.atMs) place--;
    this.agenda.splice(place, 0, entry);
  }

  start(name: string, isOurs = true): Process {
    const waits = new Set<() => void>();
    const process = { name, isAlive: true, stoppedUntilMs: 0, isOurs, waits };
    this.living.add(process);
    return process;
  }

  kill(process: Process): void {
    if (!process.isAlive) return;
    this.note(() => `kill -9 ${process.name}`);
    process.isAlive = false;
    this.living.delete(process);
    for (const idler of this.idlers) if (idler.process === process) this.idlers.delete(idler);
    for (const reject of process.waits) reject(new Killed());
    process.waits.clear();
    this.onLost(process);
  }

  stop(process: Process, untilMs: number): void {
    if (!process.isAlive) return;
    this.note(() => `SIGSTOP ${process.name} until ${fromMs(untilMs).slice(8, 23)}`);
    process.stoppedUntilMs = Math.max(process.stoppedUntilMs, untilMs);
    this.onLost(process);
  }

  /** Something the process waits for: `settle` runs when its answer is there, unless it was killed. */
  wait<T>(process: Process, begin: (answer: (settle: () => T) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!process.isAlive) {
        reject(new Killed());
        return;
      }
      process.waits.add(reject);
      begin((settle) => {
        process.waits.delete(reject);
        try {
          resolve(settle());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  /** Goes on in the process after `ms` of wall time; later when it is stopped, never when it is killed before. */
  go(process: Process, ms: number, run: () => void): void {
    this.at(this.nowMs + ms, () => {
      if (!process.isAlive) return;
      if (this.isStruck(process)) {
        this.go(process, 0, run);
        return;
      }
      const lateMs = process.stoppedUntilMs - this.nowMs;
      if (lateMs > 0) this.go(process, lateMs + this.random.int(0, 5), run);
      else run();
    });
  }

  sleep(process: Process, ms: number): Promise<void> {
    return this.wait<undefined>(process, (answer) => {
      this.go(process, ms, () => {
        answer(() => undefined);
      });
    }).then(() => undefined);
  }

  /** Sleeps `ms` at least and then until there is something to do: what a poll that finds nothing comes to. */
  idle(process: Process, ms: number, nextMs: () => number): Promise<void> {
    return this.wait<undefined>(process, (answer) => {
      const resume = (): void => {
        this.go(process, 0, () => {
          answer(() => undefined);
        });
      };
      this.idlers.add({ process, earliestMs: this.nowMs + ms, nextMs, resume });
    }).then(() => undefined);
  }

  /** Runs until nothing more will happen; false when it does not come to rest within `maxSteps`. */
  async run(maxSteps: number): Promise<boolean> {
    for (; this.steps < maxSteps; this.steps++) {
      const idler = this.nextIdler();
      const entry = this.agenda.at(-1);
      if (idler !== null && idler.atMs < (entry?.atMs ?? Infinity)) {
        this.nowMs = Math.max(this.nowMs, idler.atMs);
        this.idlers.delete(idler.idler);
        idler.idler.resume();
      } else if (entry !== undefined) {
        this.agenda.pop();
        this.nowMs = entry.atMs;
        await entry.run();
        await quiet();
      } else {
        return true;
      }
    }
    return false;
  }

  /** Ends every process, so that no promise of this world keeps anything alive. */
  async end(): Promise<void> {
    this.onLost = () => undefined;
    for (const process of this.living) this.kill(process);
    await quiet();
  }

  private nextIdler(): { idler: Idler; atMs: number } | null {
    let first: { idler: Idler; atMs: number } | null = null;
    for (const idler of this.idlers) {
      const atMs = Math.max(idler.earliestMs, idler.nextMs());
      if (atMs < (first?.atMs ?? Infinity)) first = { idler, atMs };
    }
    return first;
  }

  private isStruck(process: Process): boolean {
    if (!process.isOurs || !this.isStormy || process.stoppedUntilMs > this.nowMs) return false;
    if (this.random.chance(this.stepFaults.killChance)) {
      this.kill(process);
      return true;
    }
    if (!this.random.chance(this.stepFaults.stopChance)) return false;
    this.stop(
      process,
      Math.min(this.stormEndsMs, this.nowMs + this.random.spread(1_000, 7_200_000)),
    );
    return true;
  }
}

// A tick comes after all microtasks: by then the product's own code has run as far as it can.
function quiet(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
