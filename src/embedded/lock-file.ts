/** A lock that a crash cannot leave closed: a file that names the process holding it. */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { isAlive, markOf, type ProcessMark } from './process.ts';

const mark = z.object({ pid: z.number().int(), startTime: z.string() });

export type LockAttempt =
  { readonly held: true; release: () => void } | { readonly held: false; readonly by: ProcessMark };

/** Takes the lock unless a living process holds it; never waits. */
export function tryLock(path: string): LockAttempt {
  const own = markOf(process.pid);
  if (own === undefined) throw new Error('this process cannot find its own start time');
  const draft = `${path}.${String(process.pid)}`;
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A hard link appears whole or not at all, and never over another.
        linkSync(draft, path);
        return {
          held: true,
          release: () => {
            rmSync(path, { force: true });
          },
        };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const by = holderOf(path);
      if (by !== undefined && isAlive(by)) return { held: false, by };
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function holderOf(path: string): ProcessMark | undefined {
  try {
    return mark.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
