/** Today's notice, and a breach case with an incompatible change: it sleeps before its first step. */
import { sleep } from '@temporalio/workflow';
import { breachCase as today } from '../../../workflows/index.ts';
import type { BreachCaseInput } from '../../../workflows/messages.ts';

export { notice } from '../../../workflows/index.ts';

export async function breachCase(input: BreachCaseInput): Promise<void> {
  await sleep(1);
  await today(input);
}
