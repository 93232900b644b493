/** The steps workflows may ask for: thin, idempotent, over the commands and ports they are made with. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { CaseStatus } from '../src/commands/advance-case.ts';
import type { NoticeStep } from '../src/domain/notice.ts';

/** Where a notice stands; the instant is wall time and null when only a wake can bring news. */
export interface NoticeStatus {
  readonly step: NoticeStep;
  readonly nextAttemptAtMs: number | null;
  /** Wall ms at which the engine acts on a notice nobody has approved; absent: it waits for people only. */
  readonly actAtMs?: number;
}

/** The engine's side of the house: what an activity calls. Each may run again after a crash without a second effect. */
export interface EngineSteps {
  readCase(caseId: string): Promise<CaseStatus>;
  scopeCase(caseId: string): Promise<CaseStatus>;
  determineObligations(caseId: string): Promise<CaseStatus>;
  draftNotices(caseId: string): Promise<CaseStatus>;
  pressForDetermination(caseId: string): Promise<CaseStatus>;
  readNotice(noticeId: string): Promise<NoticeStatus>;
  actUnderStanding(noticeId: string): Promise<NoticeStatus>;
  freezeNotice(noticeId: string, onProgress: () => void): Promise<NoticeStatus>;
  /** Once `signal` is aborted no further row is begun. */
  dispatchNotice(
    noticeId: string,
    onProgress: () => void,
    signal?: AbortSignal,
  ): Promise<NoticeStatus>;
}

export type Activities = ReturnType<typeof createActivities>;

/** Makes the activities over the engine's steps; heartbeats tell Temporal that a long one still lives. */
// The return type is inferred on purpose: workflows take exactly this shape as a type.
export function createActivities(engine: EngineSteps) {
  const beat = (): void => {
    heartbeat();
  };
  return {
    readCase: ({ caseId }: { caseId: string }) => engine.readCase(caseId),
    scopeCase: ({ caseId }: { caseId: string }) => engine.scopeCase(caseId),
    determineObligations: ({ caseId }: { caseId: string }) => engine.determineObligations(caseId),
    draftNotices: ({ caseId }: { caseId: string }) => engine.draftNotices(caseId),
    pressForDetermination: ({ caseId }: { caseId: string }) => engine.pressForDetermination(caseId),
    readNotice: ({ noticeId }: { noticeId: string }) => engine.readNotice(noticeId),
    actUnderStanding: ({ noticeId }: { noticeId: string }) => engine.actUnderStanding(noticeId),
    freezeNotice: ({ noticeId }: { noticeId: string }) => engine.freezeNotice(noticeId, beat),
    dispatchNotice: ({ noticeId }: { noticeId: string }) =>
      engine.dispatchNotice(noticeId, beat, cancellationSignal()),
  };
}
