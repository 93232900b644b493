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
  unhanded(): Promise<readonly Ring[]>;
  /** True while no machine may use mail for this case (null: for the house). Asked right before each call. */
  isMailBarred(caseId: string | null): Promise<boolean>;
  /** A way other than mail is entered in the register; by telephone, a task of the case asks for the call. */
  handed(ring: Ring, way: CallWay): Promise<void>;
  /** Puts the next attempt off, from 1 s to 60 s. */
  notHanded(ringId: string): Promise<void>;
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

/** The way alarms reach people, at `email`; throws when the message was not taken. */
export interface AlarmChannel {
  call(ring: Ring & { readonly email: string }): Promise<void>;
}
