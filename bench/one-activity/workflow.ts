/** The anchor: a workflow that does one activity and nothing else. */
import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

export async function oneActivity(): Promise<void> {
  await nothing();
}
