/** Has workflows rebuilt that should run and do not: Temporal's state may be lost, PostgreSQL's is the record. */
import type { Conductor, WatchStore, WorkflowKind } from '../domain/watch-ports.ts';

/** Looks at every open case and notice; one without a running workflow is woken, which starts it from PostgreSQL. */
export async function reconcile(store: WatchStore, conductor: Conductor): Promise<number> {
  let rebuilt = 0;
  // A wake makes the workflow look at the clock again, whatever became of its timer.
  for (const noticeId of await store.overdueActs()) await store.wake('notice', noticeId);
  for (const workflow of ['breach-case', 'notice'] as const) {
    for (let after: string | null = null; ;) {
      const ids: readonly string[] = await store.openSubjects(workflow, after);
      rebuilt += await wakeMissing(store, conductor, workflow, ids);
      after = ids.at(-1) ?? null;
      if (after === null) break;
    }
  }
  return rebuilt;
}

async function wakeMissing(
  store: WatchStore,
  conductor: Conductor,
  workflow: WorkflowKind,
  ids: readonly string[],
): Promise<number> {
  let woken = 0;
  for (const id of ids) {
    if (await conductor.isRunning(workflow, id)) continue;
    await store.wake(workflow, id);
    woken += 1;
  }
  return woken;
}
