/** Signals, queries and workflow ids: the one file both sides of Temporal import. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { CaseStep } from '../src/domain/case.ts';
import type { NoticeStep } from '../src/domain/notice.ts';

/** Says that something changed in PostgreSQL; carries nothing, because the workflow re-reads its state. */
export const wokenSignal = defineSignal('woken');

/** The step a case's workflow stands at. */
export const caseStatusQuery = defineQuery<CaseStep | 'starting'>('caseStatus');

/** The step a notice's workflow stands at. */
export const noticeStatusQuery = defineQuery<NoticeStep | 'starting'>('noticeStatus');

export interface BreachCaseInput {
  readonly caseId: string;
}

export interface NoticeInput {
  readonly noticeId: string;
}
