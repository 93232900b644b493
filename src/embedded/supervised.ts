/** One supervised process: started in its own process group, restarted when it dies by itself. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { endProcess, isAlive, markOf, signalProcess, type ProcessMark } from './process.ts';

export interface ProcessPlan {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  readonly stopGraceMs: number;
  readonly readyWithinMs: number;
  /** Asked again and again until it says true; an error means "not yet". */
  readonly isReady: () => Promise<boolean>;
}

export interface Supervised {
  readonly name: string;
  readonly pid: number | null;
  readonly mark: ProcessMark | null;
  /** Starts it and waits until it is ready. Throws with the end of its log when it is not. */
  start(): Promise<void>;
  /** Ends it and keeps it ended until `start`. */
  stop(): Promise<void>;
  /** Sends a signal to the process alone; what dies of it is started again. False if none is running. */
  kill(signal: NodeJS.Signals): boolean;
}

const firstPauseMs = 250;
const longestPauseMs = 10_000;
/** A run of this length counts as healthy: the next pause is the first one again. */
const healthyRunMs = 30_000;

/** Watches over one process. `onChange` is told each new or ended pid, `say` what a person should read. */
export function supervise(
  plan: ProcessPlan,
  onChange: () => void,
  say: (line: string) => void,
): Supervised {
  let mark: ProcessMark | null = null;
  let gone: Promise<unknown> = Promise.resolve();
  let wanted = false;
  let failures = 0;
  let generation = 0;

  /** False once a person stopped or restarted the process in between. */
  const isCurrent = (mine: number) => wanted && mine === generation;

  async function launch(): Promise<void> {
    const mine = generation;
    const startedMs = performance.now();
    const run = spawnLogged(plan);
    const ended = run.ended.then((how) => {
      if (mark === run.mark) mark = null;
      onChange();
      return how;
    });
    mark = run.mark;
    gone = ended;
    onChange();
    const how = await Promise.race([ended, becomesReady(plan, run.mark)]);
    if (how === 'ready') {
      void ended.then((end) => {
        if (performance.now() - startedMs > healthyRunMs) failures = 0;
        if (isCurrent(mine)) void restart(end);
      });
      return;
    }
    if (run.mark !== null) await endProcess(run.mark, plan.stopSignal, plan.stopGraceMs);
    throw new Error(`${plan.name} did not start (${how})\n${endOfLog(plan.logFile)}`.trimEnd());
  }

  async function restart(how: string): Promise<void> {
    const mine = generation;
    for (let why = how; isCurrent(mine);) {
      const pauseMs = Math.min(firstPauseMs * 2 ** failures++, longestPauseMs);
      say(`${plan.name} ended by itself (${why}): starting it again in ${String(pauseMs)} ms`);
      await wait(pauseMs);
      if (!isCurrent(mine)) return;
      try {
        await launch();
        return;
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
    }
  }

  return {
    name: plan.name,
    get pid() {
      return mark?.pid ?? null;
    },
    get mark() {
      return mark;
    },
    async start() {
      if (wanted) return;
      wanted = true;
      generation++;
      failures = 0;
      try {
        await launch();
      } catch (error) {
        wanted = false;
        throw error;
      }
    },
    async stop() {
      wanted = false;
      generation++;
      if (mark !== null) await endProcess(mark, plan.stopSignal, plan.stopGraceMs);
      await gone;
    },
    kill: (signal) => mark !== null && signalProcess(mark, signal),
  };
}

function spawnLogged(plan: ProcessPlan): { mark: ProcessMark | null; ended: Promise<string> } {
  rotate(plan.logFile);
  const log = openSync(plan.logFile, 'a', 0o600);
  const [command, ...args] = plan.command;
  // A group of its own: a Ctrl-C in the terminal must reach us first, and we end the parts in order.
  const child = spawn(command, args, {
    env: plan.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(signal ?? `exit code ${String(code)}`);
    });
  });
  return { mark: child.pid === undefined ? null : (markOf(child.pid) ?? null), ended };
}

async function becomesReady(plan: ProcessPlan, mark: ProcessMark | null): Promise<string> {
  const until = performance.now() + plan.readyWithinMs;
  while (performance.now() < until) {
    const ready = await plan.isReady().catch(() => false);
    // A dead process cannot be ready, whoever answers in its place: its end settles the race.
    if (mark === null || !isAlive(mark)) return new Promise<never>(() => undefined);
    if (ready) return 'ready';
    await wait(30);
  }
  return `not ready within ${String(plan.readyWithinMs / 1000)} s`;
}

const largestLogBytes = 20_000_000;

function rotate(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestLogBytes) {
    renameSync(file, `${file}.1`);
  }
}

function endOfLog(file: string): string {
  return readFileSync(file, 'utf8').slice(-2_000).split('\n').slice(-15).join('\n');
}
