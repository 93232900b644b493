/** The record of a running stack in `run.json`: where its parts are, and which processes are its own. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { endProcess, isAlive, type ProcessMark } from './process.ts';

/** The parts of the stack, in the order they are started. */
export const partNames = ['postgres', 'temporal', 'sandbox', 'worker', 'serve', 'watch'] as const;
export type PartName = (typeof partNames)[number];

/** Callers first: nothing is left talking to a part that has gone. */
export const stopOrder: readonly PartName[] = [
  'serve',
  'watch',
  'worker',
  'sandbox',
  'temporal',
  'postgres',
];

const mark = z.object({ pid: z.number().int().min(2), startTime: z.string() });

const runFile = z.object({
  supervisor: mark,
  home: z.string(),
  keys: z.string(),
  /** `<api>/openapi.json` describes the API. */
  api: z.string(),
  /** The pages. */
  page: z.string(),
  mailbox: z.string(),
  smtp: z.string(),
  sandboxSmtp: z.string(),
  /** The second sandbox mailbox; null where there is none. */
  outOfBand: z.string().nullable().default(null),
  outOfBandMailbox: z.string().nullable().default(null),
  temporal: z.string(),
  namespace: z.string(),
  ui: z.string().nullable(),
  /** Where PostgreSQL is; without user and password. */
  database: z.string(),
  processes: z.partialRecord(z.enum(partNames), mark),
});
export type RunFile = Readonly<z.infer<typeof runFile>>;

const fileIn = (home: string) => join(home, 'run.json');

/** What the last start of this home recorded, or undefined. */
export function readRunFile(home: string): RunFile | undefined {
  try {
    return runFile.parse(JSON.parse(readFileSync(fileIn(home), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Replaces the record in one step, readable by its owner only. */
export function writeRunFile(run: RunFile): void {
  const draft = `${fileIn(run.home)}.${String(process.pid)}`;
  writeFileSync(draft, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(run.home));
}

/** Forgets the record of a stack that has been stopped. */
export function removeRunFile(home: string): void {
  rmSync(fileIn(home), { force: true });
}

/** The recorded stack if the process supervising it still lives. */
export function runningStack(home: string): RunFile | undefined {
  const run = readRunFile(home);
  return run !== undefined && isAlive(run.supervisor) ? run : undefined;
}

/**
 * Ends what a supervisor that was killed left behind; a stranger that got one of its numbers is not touched.
 * Returns the names of the parts that were still alive.
 */
export async function endLeftovers(home: string): Promise<readonly PartName[]> {
  const run = readRunFile(home);
  if (run === undefined) return [];
  const ended: PartName[] = [];
  for (const name of stopOrder) {
    const left: ProcessMark | undefined = run.processes[name];
    if (left === undefined || !isAlive(left)) continue;
    await endProcess(left, name === 'postgres' ? 'SIGINT' : 'SIGTERM', 8_000);
    ended.push(name);
  }
  removeRunFile(home);
  return ended;
}
