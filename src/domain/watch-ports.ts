/** What the watch needs from the world: alarms, wakes, a way to call people, and Temporal when it is there. */
import type { Instant } from './instant.ts';
import type { CallWay } from './out-of-band.ts';

export type WorkflowKind = 'breach-case' | 'notice';

/** Something that rang and must be handed to a person; the person is null when nobody holds the role. */
export interface Ring {
  readonly ringId: string;
  readonly subject: string;
  readonly step: string;
  readonly line: string;
  readonly role: string;
  /** Null: an alarm of the house, for who sees the whole group. */
  readonly caseId: string | null;
  readonly dueAt: Instant;
  readonly personId: string | null;
  readonly personName: string | null;
  readonly email: string | null;
  /** Where the person is called while mail is barred. */
  readonly outOfBand: string | null;
}

export interface PendingWake {
  readonly workflow: WorkflowKind;
  readonly subjectId: string;
  readonly ids: readonly number[];
}

export interface WatchStore {
  /** Moves what is due by the database's clock to the outbox; gives how many rang now. */
  ring(): Promise<number>;
  /** What has not been handed over and may be tried now, the oldest first; hundreds at most. */
  unhanded(): Promise<readonly Ring[]>;
  /** True while no machine may use mail for this case (null: for the house). Asked right before each call. */
  isMailBarred(caseId: string | null): Promise<boolean>;
  /**
   * Rings that one call handed to one person about one case. A way other than mail is entered in the register for each; by
   * telephone, a task of the case asks for the call.
   */
  handed(rings: readonly Ring[], way: CallWay): Promise<void>;
  /** Puts the next attempt of each off, from 1 s to 60 s. */
  notHanded(ringIds: readonly string[]): Promise<void>;
  /** Calls the next deputy where nobody answered within this much case time. */
  escalate(afterCaseSeconds: number): Promise<number>;
  pendingWakes(): Promise<readonly PendingWake[]>;
  accepted(ids: readonly number[]): Promise<void>;
  wake(workflow: WorkflowKind, subjectId: string): Promise<void>;
  /** Notices on which the engine should have acted by itself some seconds ago. */
  overdueActs(): Promise<readonly string[]>;
  /** Ids of cases or notices that should have a running workflow, in order, after the given id. */
  openSubjects(workflow: WorkflowKind, afterId: string | null): Promise<readonly string[]>;
  beat(name: 'watch' | 'relay', detail: Readonly<Record<string, string | number>>): Promise<void>;
}

/** Temporal, as far as the watch knows it. Every call gives up within seconds. */
export interface Conductor {
  /** Wakes a workflow, starting it if it does not run; throws when Temporal does not take it. */
  wake(workflow: WorkflowKind, subjectId: string): Promise<void>;
  isRunning(workflow: WorkflowKind, subjectId: string): Promise<boolean>;
  isReachable(): Promise<boolean>;
}

/** One call about everything alike that rang at a person: the ring that is due first, and how many there are. */
export interface Call extends Ring {
  readonly email: string;
  readonly alike: number;
  /** When the last of them is due. */
  readonly lastDueAt: Instant;
}

/** The way alarms reach people, at `email`; throws when the message was not taken. */
export interface AlarmChannel {
  call(call: Call): Promise<void>;
}
