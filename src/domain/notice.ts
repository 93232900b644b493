/** The notice: the document that discharges an obligation, its states, and what its workflow does next. */
import type { Instant } from './instant.ts';
import type { JsonObject } from './json.ts';
import type { Channel, RecipientKind } from './obligation.ts';

export type NoticePhase = 'initial' | 'supplementary' | 'final' | 'withdrawal';
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
