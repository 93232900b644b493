/** Brings up the whole stack on one machine, keeps it up, and takes it down again in order. */
import { mkdirSync } from 'node:fs';
import { bringUp, type Parts } from './bring-up.ts';
import { placesIn, type StackInfo, type StackOptions } from './layout.ts';
import { tryLock } from './lock-file.ts';
import { endLeftovers, removeRunFile, runningStack, stopOrder, type PartName } from './run-file.ts';
import type { Supervised } from './supervised.ts';
import { wipeDatabase } from './temporal.ts';

export interface RunningStack extends StackInfo {
  /** Parts of this stack; those left out or running elsewhere are absent. */
  readonly processes: Readonly<Partial<Record<PartName, { readonly pid: number | null }>>>;
  /** Sends a signal; a part that dies of it is started again by itself. */
  kill(name: PartName, signal: NodeJS.Signals): void;
  /** Ends one part until `start`. */
  stop(name: PartName): Promise<void>;
  /** Starts a stopped part and waits until it is ready. */
  start(name: PartName): Promise<void>;
  /** Stops Temporal, forgets all its state, starts it again. */
  wipeTemporal(): Promise<void>;
  /** Ends every part, callers first. The data stay. Safe to repeat. */
  close(): Promise<void>;
}

/**
 * Starts the stack and resolves when every part answers; a start that fails or is aborted ends everything again.
 * Throws when another process already runs this home.
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { config, say = () => undefined } = options;
  const home = config.home;
  mkdirSync(placesIn(home).logs, { recursive: true, mode: 0o700 });
  const release = takeHome(home);
  const parts: Parts = new Map();
  const giveUp = new AbortController();
  const signal = AbortSignal.any([giveUp.signal, ...(options.signal ? [options.signal] : [])]);
  // Ends what is still starting as well: a part that waits to become ready then fails at once.
  const onAbort = () => void takeDown(parts);
  signal.addEventListener('abort', onAbort);
  try {
    const left = await endLeftovers(home);
    if (left.length > 0) say(`ended what an earlier start left behind: ${left.join(', ')}`);
    const info = await bringUp({ ...options, say, signal }, parts, giveUp);
    signal.removeEventListener('abort', onAbort);
    return controlsOf(info, parts, release);
  } catch (error) {
    giveUp.abort();
    await takeDown(parts);
    removeRunFile(home);
    release();
    options.signal?.throwIfAborted();
    throw error;
  }
}

function takeHome(home: string): () => void {
  const lock = tryLock(placesIn(home).lock);
  if (lock.held) return lock.release;
  const page = runningStack(home)?.page ?? 'it is still starting';
  throw new Error(
    `Tocsin already runs in ${home} (process ${String(lock.by.pid)}): ${page}\n` +
      'Stop it with Ctrl-C in its terminal, or choose another folder with TOCSIN_HOME.',
  );
}

async function takeDown(parts: Parts): Promise<void> {
  for (const name of stopOrder) await parts.get(name)?.stop();
}

function controlsOf(info: StackInfo, parts: Parts, release: () => void): RunningStack {
  const part = (name: PartName): Supervised => {
    const found = parts.get(name);
    if (found === undefined) throw new Error(`${name} is not a part of this stack`);
    return found;
  };
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    await takeDown(parts);
    removeRunFile(info.home);
    release();
  };
  return {
    ...info,
    processes: Object.fromEntries(parts),
    kill(name, signal) {
      if (!part(name).kill(signal)) throw new Error(`${name} is not running`);
    },
    stop: (name) => part(name).stop(),
    start: (name) => part(name).start(),
    async wipeTemporal() {
      const temporal = part('temporal');
      await temporal.stop();
      wipeDatabase(placesIn(info.home).temporal);
      await temporal.start();
    },
    close: () => (closing ??= closeAll()),
  };
}
