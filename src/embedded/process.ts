/** Which process a pid really is, and ending it without ever hitting a stranger that took its number. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A pid means nothing without the time its process began: numbers are handed out again. */
export interface ProcessMark {
  readonly pid: number;
  /** As the system tells it: clock ticks since boot, or the line `ps -o lstart=` gives. */
  readonly startTime: string;
}

/** The mark of a living process, or undefined; one that ended but was not yet reaped counts as gone. */
export function markOf(pid: number): ProcessMark | undefined {
  const startTime = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The command name may hold blanks and brackets: fields are counted after its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' ? undefined : startTime;
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  const run = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [state = '', ...rest] = run.stdout.trim().split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : rest.join(' ');
}

/** True while exactly this process lives. */
export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.startTime === mark.startTime;
}

/** Sends a signal to exactly this process; false if it is gone. */
export function signalProcess(mark: ProcessMark, signal: NodeJS.Signals): boolean {
  if (!isAlive(mark)) return false;
  try {
    process.kill(mark.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Asks the process to end, waits, and ends its whole group by force after `graceMs`. */
export async function endProcess(
  mark: ProcessMark,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  if (!signalProcess(mark, signal)) return;
  const until = performance.now() + graceMs;
  while (isAlive(mark) && performance.now() < until) await wait(20);
  if (!isAlive(mark)) return;
  killGroup(mark);
  while (isAlive(mark)) await wait(20);
}

function killGroup(mark: ProcessMark): void {
  for (const target of [-mark.pid, mark.pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // No such group, or gone in between: the loop that called us sees it.
    }
  }
}
