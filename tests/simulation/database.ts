/** The fake ledger database: immutable rows in maps, whole transactions one after another, and faults around the commit. */
import type { Alarm } from '../../src/domain/alarm.ts';
import type { CaseFile } from '../../src/domain/case.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import type { Segment } from '../../src/domain/notice-ports.ts';
import type { DeliveryState, Notice, NoticeVersion } from '../../src/domain/notice.ts';
import type { Obligation } from '../../src/domain/obligation.ts';
import type { WorkflowKind } from '../../src/domain/watch-ports.ts';
import { MissingPort } from './case-rows.ts';
import type { Process, World } from './world.ts';

export interface VersionRow extends NoticeVersion {
  readonly noticeId: string;
  readonly isLive: boolean;
  readonly segments: readonly Segment[];
  readonly approvalsNeeded: number;
  readonly isReleased: boolean;
}

export interface DeliveryRow {
  readonly deliveryId: string;
  readonly noticeId: string;
  readonly versionId: string;
  readonly caseId: string;
  readonly recipientKey: string;
  readonly address: string;
  readonly messageId: string;
  readonly mimeSha256: Uint8Array;
  readonly state: DeliveryState;
  readonly attemptId: string | null;
  readonly attempts: number;
  readonly leaseUntilMs: number | null;
  readonly nextAttemptMs: number | null;
  readonly atDotMs: number | null;
  readonly reply: string;
}

export interface AlarmRow extends Alarm {
  readonly isSilenced: boolean;
  readonly rungDueAt: string | null;
  readonly setMs: number;
}

export interface RingRow extends Alarm {
  readonly ringId: string;
  readonly rungMs: number;
  readonly nextAttemptMs: number;
  readonly attempts: number;
  readonly handedMs: number | null;
  readonly isEscalated: boolean;
  readonly isAnswered: boolean;
}

interface TaskRow {
  readonly taskId: string;
  readonly caseId: string;
  readonly kind: string;
  readonly subject: string;
  readonly isOpen: boolean;
}

interface WakeRow {
  readonly workflow: WorkflowKind;
  readonly subjectId: string;
  readonly isAccepted: boolean;
}

class Tables {
  readonly cases = new Map<string, CaseFile>();
  readonly obligations = new Map<string, Obligation>();
  readonly notices = new Map<string, Notice>();
  readonly versions = new Map<string, VersionRow>();
  readonly deliveries = new Map<string, DeliveryRow>();
  readonly approvals = new Map<string, { versionId: string; personId: string; digest: string }>();
  readonly alarms = new Map<string, AlarmRow>();
  readonly rings = new Map<string, RingRow>();
  readonly tasks = new Map<string, TaskRow>();
  readonly wakes = new Map<number, WakeRow>();
  readonly answers = new Map<string, { bodySha256: string; answer: JsonValue }>();
  readonly approvers = new Map<string, { mayApprove: boolean }>();
}

type TableName = keyof Tables;
type Key<N extends TableName> = Parameters<Tables[N]['set']>[0];
type Row<N extends TableName> = Parameters<Tables[N]['set']>[1];

/** One row as a transaction changed it. */
export type Change = {
  [N in TableName]: {
    readonly table: N;
    readonly before: Row<N> | undefined;
    readonly after: Row<N>;
  };
}[TableName];

/** What the database does to transactions while the storm lasts. */
interface CommitFaults {
  beforeChance: number;
  afterChance: number;
}

export class Database {
  readonly tables = new Tables();
  readonly faults: CommitFaults = { beforeChance: 0, afterChance: 0 };
  isUp = true;
  /** What a transaction asked of a port and the simulation could not answer: whoever repeats its act would not notice. */
  readonly unanswered = new Set<string>();
  /** Counts writes: what was computed from the tables holds while it stays. */
  writes = 0;
  private readonly world: World;
  private readonly onCommit: (by: string, changes: readonly Change[]) => void;
  private undo: (() => void)[] = [];
  private changes: Change[] = [];
  private lastId = 0;

  constructor(world: World, onCommit: (by: string, changes: readonly Change[]) => void) {
    this.world = world;
    this.onCommit = onCommit;
  }

  newId(prefix: string): string {
    return `${prefix}${String(++this.lastId).padStart(4, '0')}`;
  }

  newNumber(): number {
    return ++this.lastId;
  }

  put<N extends TableName>(table: N, key: Key<N>, row: Row<N>): void {
    // A table holds rows of its own kind only; the compiler does not follow that through an index.
    const rows = this.tables[table] as Map<Key<N>, Row<N>>;
    const before = rows.get(key);
    this.writes++;
    rows.set(key, row);
    this.changes.push({ table, before, after: row } as Change);
    this.undo.push(() => {
      if (before === undefined) rows.delete(key);
      else rows.set(key, before);
    });
  }

  /** Sends a transaction from a process: it may fail before or after its commit, and outlive its sender. */
  send<T>(process: Process, by: string, work: () => Promise<T>): Promise<T> {
    const { world } = this;
    return world.wait<T>(process, (answer) => {
      world.at(world.nowMs + world.random.int(1, 8), async () => {
        // What was on its way when its sender died may still be carried out.
        if (!process.isAlive && world.random.chance(0.5)) return;
        const settle = await this.execute(by, work);
        world.go(process, world.random.int(1, 4), () => {
          answer(settle);
        });
      });
    });
  }

  /** Carries out a transaction at once and without faults: how a night begins. */
  async begin(by: string, work: () => Promise<void>): Promise<void> {
    this.changes = [];
    await work();
    this.onCommit(by, this.changes);
  }

  private async execute<T>(by: string, work: () => Promise<T>): Promise<() => T> {
    const { world, faults } = this;
    const lost = (): never => {
      throw new Error('the connection to the database was lost');
    };
    if (!this.isUp || (world.isStormy && world.random.chance(faults.beforeChance))) return lost;
    this.undo = [];
    this.changes = [];
    try {
      const result = await work();
      const { changes } = this;
      if (changes.length > 0) this.onCommit(by, changes);
      return world.isStormy && world.random.chance(faults.afterChance) ? lost : () => result;
    } catch (error) {
      if (error instanceof MissingPort) this.unanswered.add(error.message);
      this.writes++;
      for (const back of this.undo.reverse()) back();
      return () => {
        throw error;
      };
    }
  }
}
