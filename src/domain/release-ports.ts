/** What releasing without a fresh approval needs from the world: reviewed wording, standing authorisations, what to do when. */
import type { Instant } from './instant.ts';
import type { Channel } from './obligation.ts';

/** The words of one template in one language, known by the digest of its source. */
export interface TemplateWords {
  readonly template: string;
  readonly language: string;
  /** In hex. */
  readonly sha256: string;
}

/** The newest word of a lawyer on a template; null fields where nobody has said anything. */
export interface WordingReview extends TemplateWords {
  readonly verdict: 'reviewed' | 'withdrawn';
  readonly note: string;
  readonly by: string;
  readonly at: Instant;
}

/** What two people sign in advance; hours and minutes are case time, validity is wall time. */
export interface StandingTerms {
  readonly title: string;
  readonly recipientKinds: readonly ('authority' | 'controller')[];
  /** Empty: every affiliate. */
  readonly affiliateKeys: readonly string[];
  readonly maxRecipients: number;
  readonly withinHoursOfDue: number;
  readonly unapprovedMinutesBeforeDue: number;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
  readonly reason: string;
}

export interface StandingAuthorisation extends StandingTerms {
  readonly authorisationId: string;
  readonly proposedBy: string;
  readonly signers: readonly {
    readonly personId: string;
    readonly name: string;
    readonly at: Instant;
  }[];
  readonly opinions: readonly {
    readonly by: string;
    readonly text: string;
    readonly at: Instant;
  }[];
  readonly revoked: { readonly by: string; readonly reason: string; readonly at: Instant } | null;
  /** Why it is not in force now; null when it is. */
  readonly fault: string | null;
}

/**
 * What the engine does with an unapproved notice, and at which wall instant. `release` only where the database would let
 * it; `call-out` where a person has to file; `short` where an authorisation stands and does not reach.
 */
export interface StandingPlan {
  readonly kind: 'release' | 'call-out' | 'short';
  readonly authorisationId: string;
  readonly title: string;
  /** Why the authorisation does not reach; null where it does. */
  readonly fault: string | null;
  readonly actAt: Instant;
  /** Case time. */
  readonly dueAt: Instant;
  readonly channel: Channel;
  readonly caseId: string;
  /** Null where the recipient is no authority. */
  readonly authorityId: string | null;
  readonly affiliateKey: string;
  /** True once people were called for this due. */
  readonly isCalled: boolean;
}

export type NoticeBarrier =
  { readonly kind: 'held'; readonly forSeconds: number } | { readonly kind: 'barred' };

export interface ReleaseStore {
  /** Writes a lawyer's word on a template's words. */
  reviewWording(
    row: TemplateWords & {
      readonly verdict: 'reviewed' | 'withdrawn';
      readonly note: string;
      readonly personId: string;
    },
  ): Promise<void>;
  /** The newest word on each template, language and digest. */
  wordingReviews(): Promise<readonly WordingReview[]>;
  /** True when every variant of the version is worded by templates whose newest review stands. */
  wordingReviewed(versionId: string): Promise<boolean>;
  propose(authorisationId: string, terms: StandingTerms, personId: string): Promise<void>;
  /** False when this person had signed before. */
  sign(authorisationId: string, personId: string): Promise<boolean>;
  addOpinion(authorisationId: string, personId: string, text: string): Promise<void>;
  revoke(authorisationId: string, personId: string, reason: string): Promise<void>;
  authorisations(): Promise<readonly StandingAuthorisation[]>;
  authorisation(authorisationId: string): Promise<StandingAuthorisation | null>;
  /** What standing authorisations mean for a notice nobody has approved; null where none is in force for it. */
  standingPlan(noticeId: string): Promise<StandingPlan | null>;
  /**
   * The wall instant from which the words of an initial notice to an authority in review are untrue about its due; null
   * while they stay true, and where a task says that it cannot be drafted anew.
   */
  untrueAt(noticeId: string): Promise<Instant | null>;
  /** Those of these notices whose words are untrue by now. */
  untrueAmong(noticeIds: readonly string[]): Promise<readonly string[]>;
  /** Keeps the wall instant at which the engine acts, for the watch to see; null for none. */
  setActAt(noticeId: string, actAt: Instant | null): Promise<void>;
  /** Notes that people were called for this due. */
  setCalled(noticeId: string, dueAt: Instant): Promise<void>;
  /** Releases a version on a basis other than approvals; the database checks it, and throws when it does not hold. */
  releaseOn(release: {
    readonly versionId: string;
    readonly caseId: string;
    readonly digest: string;
    readonly basis: { readonly authorisationId: string } | { readonly emergencyId: string };
  }): Promise<void>;
  /** What keeps a released notice from leaving now; null when nothing does. */
  barrier(noticeId: string): Promise<NoticeBarrier | null>;
  /** Wakes every notice nobody has approved yet, so that it looks at its plan again. */
  wakeUnapproved(): Promise<void>;
}
