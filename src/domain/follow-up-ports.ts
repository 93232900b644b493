/** What follows a notice that has left: what the recipient was told, what was decided since, and who was reached. */
import type { Item } from './difference.ts';
import type { Instant } from './instant.ts';
import type { JsonObject } from './json.ts';
import type { Notice } from './notice.ts';
import type { Obligation } from './obligation.ts';

/** What a recipient knows from us: the first notice that still stands, and the newest word since. */
export interface Told {
  readonly firstNoticeId: string;
  /** Content of the newest notice to all its recipients that has left. */
  readonly content: JsonObject;
  /** What was known when a person last decided not to tell of a change; null when the content is newer. */
  readonly decided: readonly Item[] | null;
  /** The authority's own number, from the newest receipt that holds one. */
  readonly fileNumber: string | null;
}

/** A copy that left, or may have. */
interface ReachedRow {
  readonly recipientKey: string;
  readonly address: string;
  readonly language: string;
  readonly merge: Readonly<Record<string, string>>;
}

/** What people established about a case besides its facts. */
export interface Finding {
  /** Why the notification was late, Art. 33(1); null while nobody has said. */
  readonly delayReasons: string | null;
  /** Set when a person has said that the investigation is over. */
  readonly endedAt: Instant | null;
  /** Facts declared not obtainable then. */
  readonly notObtainable: readonly string[];
}

export interface FollowUpStore {
  /** Obligations with a notice in review or dispatched that the newest revision has not been compared with. */
  uncompared(caseId: string, limit: number): Promise<readonly Obligation[]>;
  markCompared(obligationIds: readonly string[], revision: number): Promise<void>;
  /** Notices of an obligation that are not cancelled, oldest first. */
  standing(obligationId: string): Promise<readonly Notice[]>;
  /** Null before anything has left, or when all of it was withdrawn. */
  told(obligationId: string): Promise<Told | null>;
  /** Copies of standing notices that went out or may have, each address once; for whom a later notice is meant. */
  reached(obligationId: string): Promise<readonly ReachedRow[]>;
  /** Whom other initial notices of the obligation have gone to, or tried to. */
  addressed(
    obligationId: string,
    exceptNoticeId: string,
  ): Promise<readonly { recipientKey: string; address: string }[]>;
  /** How many people in scope no initial notice has gone to, and how many of those the newest one left out knowingly. */
  unaddressed(
    obligationId: string,
    processingKey: string,
  ): Promise<{ people: number; leftOut: number }>;
  /** The highest part of initial notices by obligation; those that were withdrawn keep theirs. */
  initialParts(caseId: string): Promise<ReadonlyMap<string, number>>;
  recordDecision(row: {
    caseId: string;
    obligationId: string;
    noticeId: string | null;
    known: readonly Item[];
    reason: string;
    personId: string;
  }): Promise<void>;
  hasOpinion(noticeId: string): Promise<boolean>;
  /** Obligations of the case whose last withdrawal was made because somebody was told who should not have been. */
  wronglyTold(caseId: string): Promise<ReadonlySet<string>>;
  withdraw(obligationId: string, reason: string, by: string): Promise<void>;
  /** Owed again after a withdrawal: as if nothing had been sent. */
  reopen(obligationId: string, reason: string, by: string): Promise<void>;
  finding(caseId: string): Promise<Finding>;
  setDelayReasons(caseId: string, reasons: string): Promise<void>;
  endInvestigation(
    caseId: string,
    row: { endedAt: Instant; notObtainable: readonly string[]; by: string },
  ): Promise<void>;
  /** Phases of notices after the first that have not left, and how many of each. */
  unsent(caseId: string): Promise<readonly { phase: Notice['phase']; count: number }[]>;
}
