/** The notice: the document that discharges an obligation, its states, and what its workflow does next. */
import type { Instant } from './instant.ts';
import type { JsonObject } from './json.ts';
import type { Channel, ObligationState, RecipientKind } from './obligation.ts';

export type NoticePhase = 'initial' | 'supplementary' | 'final' | 'withdrawal';
export type WithdrawalCause = 'not-a-breach' | 'not-affected' | 'wrong-recipient';
export type NoticeState =
  'drafting' | 'in-review' | 'returned' | 'released' | 'dispatched' | 'cancelled';
export type DeliveryState =
  | 'prepared'
  | 'pending'
  | 'claimed'
  | 'at-dot'
  | 'retry'
  | 'sent'
  | 'bounced'
  | 'in-doubt'
  | 'suppressed'
  | 'cancelled'
  | 'abandoned';

export interface Notice {
  readonly noticeId: string;
  readonly caseId: string;
  readonly obligationId: string;
  readonly recipientKind: Exclude<RecipientKind, 'register'>;
  readonly phase: NoticePhase;
  /** Which of several of the phase: a further supplement, or an initial notice to people found later. */
  readonly part: number;
  /** The first notice, which this one follows; null on that one, and on a first one after a withdrawal. */
  readonly refersTo: string | null;
  /** Set on a withdrawal alone: why the earlier notice no longer stands. */
  readonly cause: WithdrawalCause | null;
  readonly channel: Channel;
  readonly state: NoticeState;
  readonly version: number;
}

/** What a frozen version shows to its reviewers; the digest binds exactly this and the recipients. */
export interface NoticeVersion {
  readonly versionId: string;
  readonly version: number;
  readonly author: string;
  /** SHA-256 in hex over the canonical digest input. */
  readonly digest: string;
  readonly sender: string;
  readonly subject: string;
  readonly content: JsonObject;
  readonly groupKey: string;
  readonly recipientCount: number;
  readonly recipientRoot: string;
  readonly factsVersion: number;
  readonly frozenAt: Instant;
}

export type DeliveryCounts = Readonly<Record<DeliveryState, number>>;

/** What the notice workflow does next; it re-reads this after every step and every wake. */
export type NoticeStep = 'draft' | 'review' | 'file' | 'dispatch' | 'end';

/** The next step of a notice, from its state alone. `file` is a person's: a portal pack awaiting its receipt. */
export function nextNoticeStep(notice: Pick<Notice, 'state' | 'channel'>): NoticeStep {
  switch (notice.state) {
    case 'drafting':
      return 'draft';
    case 'in-review':
    case 'returned':
      return 'review';
    case 'released':
      return notice.channel === 'portal' ? 'file' : 'dispatch';
    case 'dispatched':
    case 'cancelled':
      return 'end';
  }
}

/** True for a notice that follows one that stands: it discharges nothing that the first has not. */
export function isFollowUp({ refersTo }: Pick<Notice, 'refersTo'>): boolean {
  return refersTo !== null;
}

/** Whether a notice may be drafted, approved and sent while its obligation stands like this. */
export function mayLeaveUnder(
  notice: Pick<Notice, 'phase' | 'refersTo'>,
  state: ObligationState | undefined,
): boolean {
  if (notice.phase === 'withdrawal') return state === 'withdrawn';
  return state === 'owed' || (state === 'discharged' && isFollowUp(notice));
}

/** Notices that one act may approve: each takes some milliseconds, and whoever asks is cut off after three quarters of a minute. */
export const mostInOneApproval = 3_000;
