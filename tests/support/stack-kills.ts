/** Parts of a demo stack killed without warning, and what a dispatch cut off by that comes to. */
import { isAlive, markOf, type ProcessMark } from '../../src/embedded/process.ts';
import type { PartName } from '../../src/embedded/run-file.ts';
import { untilNothingIsMissing, type DemoStack } from './stack.ts';
import { leasesOfTheDeadEnd } from './stack-faults.ts';

export interface Kill {
  readonly name: string;
  /** Who dies of it. */
  readonly parts: readonly PartName[];
  readonly signal: NodeJS.Signals;
}

const everyPart: readonly PartName[] = [
  'postgres',
  'temporal',
  'sandbox',
  'worker',
  'serve',
  'watch',
];

export const kills: readonly Kill[] = [
  ...everyPart.map((part) => ({
    name: `kill -9 of ${part}`,
    parts: [part],
    signal: 'SIGKILL' as const,
  })),
  // What `pg_ctl stop -m immediate` sends: every backend ends at once, nothing is flushed.
  { name: 'an immediate stop of postgres', parts: ['postgres'], signal: 'SIGQUIT' },
  { name: 'kill -9 of everything at once', parts: everyPart, signal: 'SIGKILL' },
];

/** Kills what runs of it and comes back at once; the supervisor starts again what died. */
export function strike(stack: DemoStack, { parts, signal }: Kill): void {
  for (const part of parts) {
    try {
      stack.running.kill(part, signal);
    } catch {
      // It died a moment ago and is not up again yet.
    }
  }
}

/** Kills PostgreSQL's postmaster alone and waits until each backend it leaves behind has ended by itself. */
export async function orphanBackends(stack: DemoStack): Promise<void> {
  let marks: readonly ProcessMark[] = [];
  await untilNothingIsMissing(async () => {
    const rows = await stack.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
    marks = rows.flatMap(({ pid }) => markOf(pid) ?? []);
    return marks.length > 0 ? null : 'backends of PostgreSQL';
  });
  stack.running.kill('postgres', 'SIGKILL');
  await untilNothingIsMissing(() =>
    Promise.resolve(marks.some(isAlive) ? 'the end of the backends without a postmaster' : null),
  );
}

interface Ledger {
  readonly moving: number;
  readonly leased: string;
}

/**
 * Waits until every row of the case has ended or is in doubt. Where nothing is left but rows that a dead attempt holds,
 * their leases are ended, as minutes would do.
 */
export async function dispatchToItsEnd(stack: DemoStack, caseId: string): Promise<void> {
  let [held, heldSinceMs] = ['', performance.now()];
  await untilNothingIsMissing(async () => {
    const ledger = await ledgerOf(stack, caseId);
    if (ledger.moving === 0 && ledger.leased === '') return null;
    if (ledger.leased !== held) [held, heldSinceMs] = [ledger.leased, performance.now()];
    // Longer than the sandbox ever takes to answer: whoever held these rows is gone.
    const isAbandoned = held !== '' && performance.now() - heldSinceMs > 4_000;
    if (ledger.moving === 0 && isAbandoned) {
      await leasesOfTheDeadEnd(stack, caseId);
      [held, heldSinceMs] = ['', performance.now()];
    }
    return `${String(ledger.moving)} rows to be sent, held: ${ledger.leased}`;
  });
}

async function ledgerOf(stack: DemoStack, caseId: string): Promise<Ledger> {
  const [ledger] = await stack.query<Ledger>(
    `SELECT count(*) FILTER (WHERE state IN ('prepared', 'pending', 'retry')) AS moving,
       coalesce(string_agg(id::text || attempt_id::text, ' ' ORDER BY id) FILTER (WHERE state IN ('claimed', 'at-dot')), '') AS leased
     FROM delivery WHERE case_id = $1`,
    [caseId],
  );
  return ledger ?? { moving: 0, leased: '' };
}
