/** Relays wakes to Temporal: each is repeated until accepted, so a command never depends on Temporal being up. */
import type { Conductor, PendingWake, WatchStore } from '../domain/watch-ports.ts';

const atOnce = 16;

/**
 * Passes on what is pending, one signal a workflow however many wakes it has. A wake is marked only after Temporal took
 * it; a crash in between repeats it, which makes the workflow look twice and nothing more.
 */
export async function relayWakes(store: WatchStore, conductor: Conductor): Promise<void> {
  const pending = [...(await store.pendingWakes())];
  const accepted: number[] = [];
  const failed: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      await pass(next, conductor, accepted, failed);
      if (failed.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (accepted.length > 0) await store.accepted(accepted);
  if (failed.length > 0) throw failed[0];
}

async function pass(
  wake: PendingWake,
  conductor: Conductor,
  accepted: number[],
  failed: unknown[],
): Promise<void> {
  try {
    await conductor.wake(wake.workflow, wake.subjectId);
    accepted.push(...wake.ids);
  } catch (error) {
    failed.push(error);
  }
}
