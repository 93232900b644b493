/** The engine's steps over the house: what the activities of both workflows call. */
import type { EngineSteps, NoticeStatus } from '../../activities/activities.ts';
import { draftStep, pressStep, readCaseStatus, scopeStep } from '../commands/advance-case.ts';
import { machineRequest } from '../commands/command.ts';
import { determineStep } from '../commands/determine-obligations.ts';
import { dispatchNotice, type DispatchDeps } from '../commands/dispatch-notice.ts';
import { freezeNotice, type FreezeDeps } from '../commands/freeze-notice.ts';
import { redraftLate } from '../commands/redraft-late.ts';
import { actUnderStanding, planStanding } from '../commands/release-standing.ts';
import { resendByClause } from '../commands/resend-delivery.ts';
import { toMs } from '../domain/instant.ts';
import { nextNoticeStep } from '../domain/notice.ts';
import type { House } from '../domain/ports.ts';

/** One activity sends at most this many before it reports where it stands. */
export const batchLimit = 20_000;

export function engineSteps(house: House, deps: FreezeDeps & DispatchDeps): EngineSteps {
  const statusOf = (noticeId: string): Promise<NoticeStatus> =>
    house.as(machineRequest('engine').actor, async (store) => {
      const notice = await store.notices.read(noticeId);
      if (notice === null) return { step: 'end', nextAttemptAtMs: null };
      const step = nextNoticeStep(notice);
      const next = step === 'dispatch' ? await store.notices.nextAttemptAt(noticeId) : null;
      const actAt =
        step === 'review' || step === 'file' ? await planStanding(store, noticeId) : null;
      const nextAttemptAtMs = next === null ? null : toMs(next);
      return actAt === null
        ? { step, nextAttemptAtMs }
        : { step, nextAttemptAtMs, actAtMs: toMs(actAt) };
    });
  return {
    readCase: (caseId) => readCaseStatus(house, caseId),
    scopeCase: (caseId) => scopeStep(house, caseId),
    determineObligations: (caseId) => determineStep(house, caseId),
    draftNotices: (caseId) => draftStep(house, caseId),
    pressForDetermination: (caseId) => pressStep(house, caseId),
    readNotice: statusOf,
    async actUnderStanding(noticeId) {
      // A release comes first: no notice waits for its words.
      await actUnderStanding(house, noticeId);
      await redraftLate(house, deps, noticeId);
      return statusOf(noticeId);
    },
    async freezeNotice(noticeId, onProgress) {
      await freezeNotice(house, deps, noticeId, onProgress);
      return statusOf(noticeId);
    },
    async dispatchNotice(noticeId, onProgress, signal) {
      await resendByClause(house, deps, noticeId);
      await dispatchNotice(house, deps, noticeId, { limit: batchLimit, onProgress, signal });
      return statusOf(noticeId);
    },
  };
}
