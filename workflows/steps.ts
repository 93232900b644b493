/** Activity proxies, one group for each retry policy. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';

/** Short reads and writes in PostgreSQL: they run beside the workflow, idempotent by state, and are tried until they succeed. */
export const {
  readCase,
  scopeCase,
  determineObligations,
  draftNotices,
  pressForDetermination,
  readNotice,
  actUnderStanding,
} = proxyLocalActivities<Activities>({
  startToCloseTimeout: '60 seconds',
  localRetryThreshold: '5 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
});

/** Freezing renders and hashes every recipient's bytes: longer, so it is a task of its own. */
export const { freezeNotice } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/**
 * Dispatch talks to the world: a queue of its own beside the one the workflow runs on, a heartbeat, and the ledger decides
 * what a repeated attempt may still do.
 */
export function stepsOfDispatch(taskQueue: string): Pick<Activities, 'dispatchNotice'> {
  return proxyActivities<Activities>({
    taskQueue: `${taskQueue}-dispatch`,
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '15 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
  });
}
