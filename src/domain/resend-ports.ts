/** What sending a doubtful copy again needs: the copy as it stands, its leave, and the clause two people sign in advance. */
import type { Instant } from './instant.ts';
import type { JsonObject } from './json.ts';
import type { DeliveryState, NoticePhase, NoticeState } from './notice.ts';
import type { Segment } from './notice-ports.ts';
import type { RecipientKind } from './obligation.ts';

/** The newest copy of one recipient, its notice locked. */
export interface StandingCopy {
  readonly deliveryId: string;
  readonly caseId: string;
  readonly noticeId: string;
  readonly noticeState: NoticeState;
  readonly recipientKind: Exclude<RecipientKind, 'register'>;
  readonly phase: NoticePhase;
  readonly isLive: boolean;
  readonly recipientKey: string;
  readonly address: string;
  readonly language: string;
  readonly merge: Readonly<Record<string, string>>;
  readonly state: DeliveryState;
  readonly resendNo: number;
  readonly messageId: string;
  /** Of the recipient's first copy. */
  readonly firstMessageId: string;
  readonly mimeSha256: Uint8Array;
  readonly sender: string;
  readonly subject: string;
  /** Of the first copy: marks do not add up. */
  readonly segments: readonly Segment[];
  readonly content: JsonObject;
  /** Wall time from which it may be sent again. */
  readonly resendableAt: Instant;
}

export interface NewResend {
  readonly deliveryId: string;
  readonly original: StandingCopy;
  readonly leave:
    | { readonly basis: 'person'; readonly personId: string }
    | {
        readonly basis: 'standing-clause';
        readonly clauseId: string;
        readonly signers: readonly string[];
      };
  readonly reason: string;
  readonly segments: readonly Segment[];
  readonly messageId: string;
  readonly mimeSha256: Uint8Array;
  readonly mimeBytes: number;
}

export interface ResendClause {
  readonly clauseId: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly signedBy: string | null;
  readonly signedAt: Instant | null;
  readonly revokedBy: string | null;
  readonly revokedAt: Instant | null;
  /** False once revoked, or while a signer may no longer sign. */
  readonly stands: boolean;
}

export interface ResendStore {
  /** Null when the delivery is unknown, out of sight, or another copy has followed it. */
  lockCopy(deliveryId: string): Promise<StandingCopy | null>;
  /** Copies of a notice that a clause lets a machine send again now; empty without a clause. */
  dueByClause(
    noticeId: string,
  ): Promise<readonly { deliveryId: string; clauseId: string; signers: readonly string[] }[]>;
  /** Writes the leave and the copy's row; the database refuses what neither a person nor a clause allows. */
  add(resend: NewResend): Promise<void>;
  /** The machine looks at this copy again after so long. */
  putOff(deliveryId: string, seconds: number): Promise<void>;
  /** Pulls later copies of the same recipient that have not reached their dot; gives how many. */
  cancelLater(deliveryId: string): Promise<number>;
  propose(clauseId: string, personId: string, reason: string): Promise<void>;
  sign(clauseId: string, personId: string): Promise<boolean>;
  revoke(clauseId: string, personId: string): Promise<boolean>;
  clause(clauseId: string): Promise<ResendClause | null>;
  /** Newest first. */
  clauses(): Promise<readonly ResendClause[]>;
  /** Notices of authorities that have a copy in doubt. */
  noticesInDoubt(): Promise<readonly string[]>;
}
