/** What holds released notices back, and the emergency way past missing approvals, as PostgreSQL keeps them. */
import type { Instant } from './instant.ts';
import type { Notice } from './notice.ts';

type HeldKind = 'authority' | 'controller' | 'data-subject';

export interface NewHold {
  readonly holdId: string;
  readonly caseId: string;
  readonly recipientKinds: readonly HeldKind[];
  readonly requestedBy: string;
  readonly reference: string;
  readonly document: string;
  readonly reason: string;
  /** Case time, and the wall instant that is the same moment. */
  readonly expiresAt: Instant;
  readonly expiresRingAt: Instant;
}

export interface Hold extends Omit<NewHold, 'expiresRingAt'> {
  readonly recordedBy: string;
  readonly confirmedBy: readonly string[];
  readonly liftedBy: string | null;
  /** Kinds of recipients it holds back at this moment. */
  readonly holds: readonly HeldKind[];
}

export interface MailBar {
  readonly barId: string;
  /** Null for the whole house. */
  readonly caseId: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
  /** Who has said that mail may open again; with two it is open. */
  readonly openedBy: readonly string[];
  readonly isOpen: boolean;
}

export interface Emergency {
  readonly emergencyId: string;
  readonly caseId: string;
  readonly personId: string;
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
  readonly review: {
    readonly verdict: 'confirmed' | 'objected';
    readonly by: string;
    readonly reason: string;
  } | null;
}

export interface BarrierStore {
  /** True when the due of the version's obligation is near enough, or past, for an emergency. */
  isEmergency(versionId: string): Promise<boolean>;
  addEmergency(row: {
    readonly versionId: string;
    readonly caseId: string;
    readonly digest: string;
    readonly personId: string;
    readonly reason: string;
  }): Promise<string>;
  /** The newest emergency approval of a notice. */
  emergencyOf(noticeId: string): Promise<Emergency | null>;
  addSecondReview(row: {
    readonly emergencyId: string;
    readonly caseId: string;
    readonly personId: string;
    readonly verdict: 'confirmed' | 'objected';
    readonly reason: string;
  }): Promise<void>;
  addHold(hold: NewHold, personId: string): Promise<void>;
  hold(holdId: string): Promise<Hold | null>;
  holds(caseId: string): Promise<readonly Hold[]>;
  /** False when this person stands behind it already. */
  confirmHold(holdId: string, caseId: string, personId: string): Promise<boolean>;
  liftHold(holdId: string, caseId: string, personId: string, reason: string): Promise<void>;
  addBar(row: {
    barId: string;
    caseId: string | null;
    reason: string;
    personId: string;
  }): Promise<void>;
  bar(barId: string): Promise<MailBar | null>;
  /** Bars of the case and of the house, newest first. */
  bars(caseId: string | null): Promise<readonly MailBar[]>;
  /** False when this person has said so before. */
  addOpening(barId: string, personId: string, reason: string): Promise<boolean>;
  /** True while no machine may send notices of this case by mail. */
  isMailBarred(caseId: string): Promise<boolean>;
  /** Notices of the case (null: of every open case) that would go by mail and have not. */
  unsentByMail(
    caseId: string | null,
  ): Promise<readonly Pick<Notice, 'caseId' | 'noticeId' | 'recipientKind'>[]>;
  /**
   * Lets rows that waited at a barrier be tried at once, wakes their notices, and completes the tasks to go another way
   * where nothing bars them any more; null for every case.
   */
  resume(caseId: string | null, by: string): Promise<void>;
  /** On what basis the notice's newest version was released; null when it was not. */
  basisOf(noticeId: string): Promise<ReleaseBasis | null>;
}

export interface ReleaseBasis {
  readonly basis: 'approvals' | 'standing-authorisation' | 'emergency';
  readonly at: Instant;
  /** Title of the authorisation. */
  readonly authorisation: string | null;
  /** False: nothing more leaves under it. */
  readonly stands: boolean;
}
