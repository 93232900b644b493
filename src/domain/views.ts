/** What pages, the API and the command line show: read models, shaped as they cross the wire. */
import type { Certainty, Detection, Determination, Exposure, HitKind, Track } from './case.ts';
import type { FanOut } from './fan-out-ports.ts';
import type { Instant } from './instant.ts';
import type { CallWay } from './out-of-band.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Change } from './difference.ts';
import type { DeliveryCounts, NoticePhase, NoticeState, WithdrawalCause } from './notice.ts';
import type { Channel, Obligation, RecipientKind } from './obligation.ts';

/** `following` when the engine has taken up all that was asked of it; `waiting` when it has not (it will). */
export type EngineState = 'following' | 'waiting';

export interface CaseSummary {
  readonly caseId: string;
  readonly reference: string;
  readonly title: string;
  readonly unit: string;
  readonly mode: 'real' | 'drill';
  readonly state: 'investigating' | 'determined' | 'closed';
  readonly determination: Determination | null;
  readonly speed: number;
  readonly awareAt: Instant;
  readonly awareState: 'provisional' | 'fixed';
  /** Case time now; counts on from here at `speed`. */
  readonly caseNowAt: Instant;
  /** The earliest due of an obligation that is not settled, with its wall instant. */
  readonly nextDueAt: Instant | null;
  readonly nextDueRingAt: Instant | null;
  readonly nextDueLabel: string | null;
  readonly openObligations: number;
  readonly undecided: number;
  readonly awaitingApproval: number;
  readonly openTasks: number;
  readonly reportedLate: boolean;
}

export interface CaseView extends CaseSummary {
  readonly description: string;
  readonly source: string;
  readonly detectedAt: Instant | null;
  readonly detection: Detection | null;
  readonly receivedAt: Instant;
  readonly awareZone: string;
  readonly awareOffsetMinutes: number;
  readonly awareBasis: string;
  readonly catalogueVersion: number | null;
  readonly hits: readonly { kind: HitKind; key: string }[];
  readonly facts: readonly FactView[];
  readonly tracks: readonly Track[];
  /** Customers told on "not excluded" alone, and whether a person's word on them is wanted. */
  readonly fanOut: FanOut;
  readonly exposureCounts: readonly {
    kind: string;
    grade: string;
    visibility: string | null;
    role: string;
    count: number;
    customers: number;
  }[];
  readonly subjects: number;
  readonly engine: EngineState;
}

export interface FactView {
  readonly about: string;
  readonly name: string;
  readonly value: JsonValue;
  readonly certainty: Certainty;
  readonly source: string;
  readonly observedAt: Instant;
  readonly recordedBy: string;
}

export interface ObligationView extends Obligation {
  /** The recipient in words, such as a customer's name. */
  readonly recipientName: string;
  readonly noticeId: string | null;
  readonly noticeState: NoticeState | null;
  /** Wall instant of the due; equals `dueAt` outside drills. */
  readonly dueRingAt: Instant | null;
  /** Where a person files: when that must begin at the latest, in case time. Null where a machine sends. */
  readonly latestStartAt: Instant | null;
}

export interface NoticeSummary {
  readonly noticeId: string;
  readonly caseId: string;
  readonly caseReference: string;
  readonly obligationId: string;
  readonly recipientKind: Exclude<RecipientKind, 'register'>;
  readonly recipientName: string;
  readonly provision: string;
  readonly phase: NoticePhase;
  /** Which of several of the phase. */
  readonly part: number;
  /** Our own aim for a notice that follows another, in case time; such a one has no due. */
  readonly targetAt: Instant | null;
  readonly channel: Channel;
  readonly state: NoticeState;
  readonly version: number;
  readonly digest: string | null;
  readonly groupKey: string | null;
  readonly recipientCount: number;
  readonly subject: string | null;
  readonly dueAt: Instant | null;
  readonly approvals: { readonly counted: number; readonly needed: number };
  readonly deliveries: DeliveryCounts;
}

export interface NoticeView extends NoticeSummary {
  readonly author: string | null;
  readonly sender: string | null;
  readonly content: JsonObject | null;
  /** The first notice, which this one follows; null on an initial one. */
  readonly refersTo: {
    readonly noticeId: string;
    /** As its reader knows it. */
    readonly reference: string;
    /** Case time; null before this version was frozen. */
    readonly sentAt: Instant | null;
    /** The recipient's own number, where a receipt recorded one. */
    readonly fileNumber: string | null;
  } | null;
  /** Why the earlier notice no longer stands; on a withdrawal alone. */
  readonly cause: WithdrawalCause | null;
  /** What the recipient was told, and what is known instead. */
  readonly changes: readonly Change[];
  readonly variants: readonly { language: string; subject: string; text: string }[];
  readonly approvers: readonly { personId: string; name: string; at: Instant }[];
  readonly notes: readonly {
    kind: string;
    text: string;
    by: string;
    at: Instant;
    version: number;
  }[];
  readonly receipts: readonly {
    kind: string;
    evidence: string;
    receivedAt: Instant;
    by: string;
    /** The recipient's own number for the matter. */
    reference: string | null;
    documentId: string | null;
    told: string | null;
  }[];
  /** Copies in doubt that wait for a person, however many the rows below show. */
  readonly doubts: { count: number; digest: string };
  /** At most 50 rows, doubtful and failed ones first. */
  readonly rows: readonly {
    deliveryId: string;
    recipientKey: string;
    address: string;
    language: string;
    state: string;
    reply: string | null;
    attempts: number;
    /** 0 for the first copy; what is sent again counts on. */
    resendNo: number;
    /** Wall instant from which a doubtful copy may be sent again; null where it may not, or another copy has followed. */
    resendableAt: Instant | null;
    /** What came back after the server had taken it; null for nothing. */
    cameBack: string | null;
    /** False while nothing is known to have reached this recipient. */
    isTold: boolean;
  }[];
  /** The customer's contact as the catalogue has it today, where a mail did not do; null for others. */
  readonly contact: { name: string; email: string; phone: string | null } | null;
}

/** One line of the timeline: a register entry in words. */
export interface TimelineEntry {
  readonly streamSeq: number;
  readonly at: Instant;
  readonly type: string;
  readonly actor: string;
  readonly actorName: string;
  readonly data: JsonObject;
}

export interface TaskView {
  readonly taskId: string;
  readonly caseId: string;
  readonly kind: string;
  readonly subject: string;
  readonly title: string;
  readonly role: string;
  readonly state: 'open' | 'done';
  readonly at: Instant;
}

export interface AlarmView {
  readonly subject: string;
  readonly step: string;
  readonly dueAt: Instant;
  readonly ringAt: Instant;
  readonly role: string;
  readonly line: string;
  readonly rungAt: Instant | null;
  readonly handedAt: Instant | null;
  /** By which way; null before, and where an earlier release handed it on. */
  readonly handedWay: CallWay | null;
  /** Whom it was handed to, or who is to be telephoned. */
  readonly handedTo: string | null;
  readonly answeredAt: Instant | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back as `cursor` for the next page; null at the end. */
  readonly next: string | null;
}

export interface Views {
  /** Cases by most pressing due, open ones first. */
  cases(filter: {
    state?: 'open' | 'closed';
    limit: number;
    cursor: string | null;
  }): Promise<Page<CaseSummary>>;
  case(caseId: string): Promise<CaseView | null>;
  caseByReference(reference: string): Promise<string | null>;
  obligations(caseId: string): Promise<readonly ObligationView[]>;
  /** Countries of the affiliates on tracks (of all affiliates while there is none), and with those of people and customers exposed. */
  countries(caseId: string): Promise<{
    readonly affiliates: readonly string[];
    readonly touched: readonly string[];
  }>;
  /** The newest cases with an obligation under a provision. */
  casesUnder(
    provision: string,
  ): Promise<readonly Pick<CaseSummary, 'reference' | 'title' | 'state'>[]>;
  exposures(
    caseId: string,
    limit: number,
    cursor: string | null,
  ): Promise<Page<Exposure & { customerName: string | null }>>;
  notices(filter: {
    caseId?: string;
    state?: NoticeState;
    limit: number;
    cursor: string | null;
  }): Promise<Page<NoticeSummary>>;
  notice(noticeId: string): Promise<NoticeView | null>;
  timeline(
    caseId: string,
    limit: number,
    beforeSeq: number | null,
  ): Promise<readonly TimelineEntry[]>;
  tasks(filter: {
    caseId?: string;
    state?: 'open' | 'done';
    limit: number;
  }): Promise<readonly TaskView[]>;
  /** Alarms of a case; null: those of the house, which are about no case. */
  alarms(caseId: string | null): Promise<readonly AlarmView[]>;
}
