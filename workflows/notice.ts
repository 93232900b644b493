/** One notice, from its draft through review and release to the last delivery. */
import { continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import type { NoticeStep } from '../src/domain/notice.ts';
import { noticeStatusQuery, type NoticeInput } from './messages.ts';
import * as steps from './steps.ts';
import { listenForWakes } from './wakes.ts';

const historyLimitEvents = 2_000;

/**
 * One notice, one workflow, id `notice/<noticeId>`, at top level. Approvals are transactions in PostgreSQL; this only
 * waits for them. Many recipients are one notice, dispatched in batches over the ledger.
 */
export async function notice({ noticeId }: NoticeInput): Promise<void> {
  const wakes = listenForWakes();
  let at: NoticeStep | 'starting' = 'starting';
  setHandler(noticeStatusQuery, () => at);

  const { dispatchNotice } = steps.stepsOfDispatch(workflowInfo().taskQueue);
  wakes.forget();
  let status = await steps.readNotice({ noticeId });
  for (;;) {
    at = status.step;
    switch (status.step) {
      case 'draft':
        status = await steps.freezeNotice({ noticeId });
        // Something is missing and a task says what: the next facts wake this notice.
        if (status.step === 'draft') {
          await wakes.until(null);
          status = await steps.readNotice({ noticeId });
        }
        break;
      case 'review':
      case 'file': {
        const woken = await wakes.until(status.actAtMs ?? null);
        status = woken
          ? await steps.readNotice({ noticeId })
          : await steps.actUnderStanding({ noticeId });
        // PostgreSQL's clock decides; where it is a little behind this one, it is asked again and not without pause.
        if (!woken && (status.actAtMs ?? Infinity) <= Date.now())
          await wakes.until(Date.now() + 1_000);
        break;
      }
      case 'dispatch':
        status = await dispatchNotice({ noticeId });
        if (status.step === 'dispatch') await wakes.until(status.nextAttemptAtMs);
        break;
      case 'end':
        return;
    }
    const info = workflowInfo();
    if (info.historyLength > historyLimitEvents || info.continueAsNewSuggested) {
      await continueAsNew<typeof notice>({ noticeId });
    }
  }
}
