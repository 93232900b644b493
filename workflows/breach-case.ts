/** The breach case: from the first report to the closed case, read top to bottom as the business process. */
import { continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import type { CaseStep } from '../src/domain/case.ts';
import { caseStatusQuery, type BreachCaseInput } from './messages.ts';
import * as steps from './steps.ts';
import { listenForWakes } from './wakes.ts';

const historyLimitEvents = 2_000;

/**
 * One case, one workflow, id `breach-case/<caseId>`. PostgreSQL holds the state; each step is idempotent and gives where
 * the case stands now, so the workflow can be ended and rebuilt at any moment. Notices have workflows of their own.
 */
export async function breachCase({ caseId }: BreachCaseInput): Promise<void> {
  const wakes = listenForWakes();
  let at: CaseStep | 'starting' = 'starting';
  setHandler(caseStatusQuery, () => at);

  wakes.forget();
  let status = await steps.readCase({ caseId });
  for (;;) {
    at = status.step;
    switch (status.step) {
      case 'investigate':
        if (await wakes.until(status.pressAtMs)) {
          status = await steps.readCase({ caseId });
          break;
        }
        status = await steps.pressForDetermination({ caseId });
        // PostgreSQL's clock decides; where it is a little behind this one, it is asked again and not without pause.
        if ((status.pressAtMs ?? Infinity) <= Date.now()) await wakes.until(Date.now() + 1_000);
        break;
      case 'scope':
        status = await steps.scopeCase({ caseId });
        break;
      case 'determine':
        status = await steps.determineObligations({ caseId });
        break;
      case 'draft':
        status = await steps.draftNotices({ caseId });
        break;
      case 'follow':
        await wakes.until(null);
        status = await steps.readCase({ caseId });
        break;
      case 'end':
        return;
    }
    const info = workflowInfo();
    if (info.historyLength > historyLimitEvents || info.continueAsNewSuggested) {
      await continueAsNew<typeof breachCase>({ caseId });
    }
  }
}
