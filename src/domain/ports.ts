/** What commands, activities, the watch and the pages need from the world, as types only; adapters implement it. */
import type { Actor, Person } from './actor.ts';
import type { AssessmentStore } from './assessment-ports.ts';
import type { Alarm, AlarmRole, HouseAlarm } from './alarm.ts';
import type {
  Awareness,
  CaseErasure,
  CaseFile,
  CaseState,
  Detection,
  Exposure,
  Fact,
  Grade,
  HitKind,
  Track,
} from './case.ts';
import type { DocumentStore } from './documents.ts';
import type { EventStore } from './event-ports.ts';
import type { FanOutStore } from './fan-out-ports.ts';
import type { FollowUpStore } from './follow-up-ports.ts';
import type { Instant } from './instant.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { LoweringStore } from './lowering.ts';
import type { Obligation } from './obligation.ts';
import type { NoticeStore } from './notice-ports.ts';
import type { PeopleStore } from './people.ts';
import type { ReadinessStore } from './readiness.ts';
import type { BarrierStore } from './barrier-ports.ts';
import type { ReleaseStore } from './release-ports.ts';
import type { ResendStore } from './resend-ports.ts';
import type { Views } from './views.ts';

/** One transaction as one actor: what it reads is what row-level security lets that actor see. */
export interface Store {
  readonly house: HouseStore;
  readonly cases: CaseStore;
  readonly obligations: ObligationStore;
  readonly assessments: AssessmentStore;
  readonly lowerings: LoweringStore;
  readonly notices: NoticeStore;
  readonly releases: ReleaseStore & BarrierStore;
  readonly fanOuts: FanOutStore;
  readonly followUps: FollowUpStore;
  readonly resends: ResendStore;
  readonly alarms: AlarmStore;
  readonly tasks: TaskStore;
  readonly events: EventStore;
  readonly people: PeopleStore;
  readonly readiness: ReadinessStore;
  readonly documents: DocumentStore;
  readonly register: RegisterPort;
  readonly views: Views;
}

/** Runs `fn` in one transaction as `actor`; a thrown error rolls everything back. */
export interface House {
  as<T>(actor: Actor, fn: (store: Store) => Promise<T>): Promise<T>;
}

export interface HouseStore {
  /** The database's clock: the time of every act. */
  now(): Promise<Instant>;
  organisationKind(): Promise<'own' | 'demo' | null>;
  personByToken(tokenSha256: Uint8Array): Promise<Person | null>;
  /** The answer kept under this key, or null if the key is new. Locks the key until the transaction ends. */
  answerUnder(
    actor: string,
    key: string,
  ): Promise<{ bodySha256: string; answer: JsonValue } | null>;
  keepAnswer(actor: string, key: string, bodySha256: string, answer: JsonValue): Promise<void>;
  /** Asks the relay to wake a workflow; repeated until Temporal accepts it. */
  wake(workflow: 'breach-case' | 'notice', subjectId: string | readonly string[]): Promise<void>;
}

interface RegisterPort {
  append(entry: {
    stream: string;
    type: string;
    actor: string;
    data: JsonObject;
    personal?: Readonly<Record<string, JsonValue>>;
  }): Promise<void>;
  /** One act whose lists may hold thousands: as several entries, each with a part of every list. */
  appendInParts(entry: {
    stream: string;
    type: string;
    actor: string;
    data: JsonObject;
  }): Promise<void>;
}

interface NewCase {
  readonly caseId: string;
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly mode: 'real' | 'drill';
  readonly speed: number;
  readonly caseStartAt: Instant;
  readonly detectedAt: Instant | null;
  readonly receivedAt: Instant;
  readonly awareness: Awareness;
  readonly reportedLate: boolean;
  readonly source: string;
  readonly externalId: string | null;
  readonly openedBy: string;
  /** 1 when the case is opened with facts, else 0. */
  readonly factsVersion: number;
}

export interface CaseStore {
  /** Inserts the case with its reference and clock; wall start is the transaction's time. */
  open(input: NewCase): Promise<CaseFile>;
  /** The case, locked for change; null when unknown or not visible to this actor. */
  lock(caseId: string): Promise<CaseFile | null>;
  read(caseId: string): Promise<CaseFile | null>;
  bySource(source: string, externalId: string): Promise<CaseFile | null>;
  addHits(caseId: string, hits: readonly { kind: HitKind; key: string }[]): Promise<number>;
  /** Those of the keys that the current catalogue does not know. */
  unknownHits(
    hits: readonly { kind: HitKind; key: string }[],
  ): Promise<readonly { kind: HitKind; key: string }[]>;
  addFacts(caseId: string, version: number, facts: readonly Omit<Fact, 'version'>[]): Promise<void>;
  currentFacts(caseId: string): Promise<readonly Fact[]>;
  /** Bumps `revision` (and `factsVersion` when facts changed) so that the engine looks again. */
  bump(caseId: string, what: 'facts' | 'scope'): Promise<number>;
  determine(
    caseId: string,
    change: { determination: 'breach' | 'not-a-breach'; reason: string; by: string },
  ): Promise<void>;
  fixAwareness(caseId: string, awareness: Awareness): Promise<void>;
  /** Also bumps `revision`: the dues of providers follow from it. */
  recordDetection(caseId: string, detection: Detection): Promise<void>;
  close(caseId: string, reason: string): Promise<void>;
  /** For good, and entered as `personal-data.erased`; null while a delivery of the case has not ended. */
  erasePersons(erasure: {
    readonly caseId: string;
    readonly actor: string;
    readonly basis: string;
  }): Promise<CaseErasure | null>;
  /** Opens a closed case again: a breach stays determined, everything else is investigated anew. */
  reopen(caseId: string): Promise<CaseState>;
  scope(caseId: string): Promise<{
    engagements: number;
    customers: number;
    processings: number;
    subjects: number;
    catalogueVersion: number;
  }>;
  markScoped(caseId: string, revision: number): Promise<void>;
  markObliged(caseId: string, revision: number): Promise<void>;
  tracks(caseId: string): Promise<readonly Track[]>;
  /** Of the case, or of one customer in it. */
  exposures(caseId: string, customerKey?: string): Promise<readonly Exposure[]>;
  /** Grades the named engagements and processings (or those of a product or asset); gives how many changed. */
  grade(
    caseId: string,
    by: string,
    entries: readonly {
      select: 'engagement' | 'processing' | 'product' | 'asset' | 'customer';
      key: string;
      grade: Grade;
      evidence: string;
    }[],
  ): Promise<number>;
  /** The newest catalogue version; 0 before the first import. */
  catalogueVersion(): Promise<number>;
  affiliates(version: number): Promise<readonly Affiliate[]>;
  processings(version: number): Promise<readonly Processing[]>;
  /**
   * Names, contacts and references of the case's other customers, of four characters or more, that occur in the words and
   * begin where a word of theirs begins. What this customer has too is left out.
   */
  foreignTexts(caseId: string, customerKey: string, words: string): Promise<readonly string[]>;
  subjectCount(caseId: string, processingKey: string): Promise<number>;
  /** Ids of cases that are not closed, after the given id, for the reconciler. */
  openIds(afterId: string | null, limit: number): Promise<readonly string[]>;
}

export interface Affiliate {
  readonly key: string;
  readonly name: string;
  readonly country: string;
  readonly region: string | null;
  readonly zone: string;
  readonly mainEstablishment: boolean;
  readonly unit: string;
  readonly senderAddress: string;
  readonly dpoName: string;
  readonly dpoEmail: string;
  readonly dpoPhone: string;
  /** Countries in which it is the national provider of public communications. */
  readonly providerIn: readonly string[];
}

export interface Processing {
  readonly key: string;
  readonly affiliateKey: string;
  readonly name: string;
  readonly peopleCategories: readonly string[];
  readonly dataCategories: readonly string[];
  readonly crossBorder: boolean;
  readonly countries: readonly string[];
}

export type StandingObligation = Omit<Obligation, 'factsUsed'>;

/** What may change of an obligation that has not left. */
export type ObligationChange = Pick<
  Obligation,
  | 'obligationId'
  | 'state'
  | 'reason'
  | 'dueAt'
  | 'dueBasis'
  | 'dueWorking'
  | 'targetAt'
  | 'factsUsed'
  | 'engagementKeys'
> & { readonly dueRingAt: Instant | null };

export interface ObligationStore {
  ofCase(caseId: string): Promise<readonly Obligation[]>;
  /** All of the case without the facts they rest on, which are megabytes where thousands are told. */
  standing(caseId: string): Promise<readonly StandingObligation[]>;
  lock(obligationId: string): Promise<Obligation | null>;
  /** Inserts in one statement; gives ids in the order of the input. */
  insert(
    caseId: string,
    rows: readonly (Omit<
      Obligation,
      'obligationId' | 'caseId' | 'dispatchedAt' | 'receiptAt' | 'dischargedAt' | 'late'
    > & { dueRingAt: Instant | null })[],
  ): Promise<readonly string[]>;
  /** Earlier dues, other states or reasons; never touches what was dispatched. Gives the ids of what was changed. */
  changeAll(changes: readonly ObligationChange[]): Promise<ReadonlySet<string>>;
  decide(
    obligationId: string,
    state: 'owed' | 'not-owed',
    reason: string,
    by: string,
  ): Promise<void>;
  /** Marks dispatch and receipt in case time; `late` once dispatched after a statutory or contractual due. */
  markDispatched(obligationId: string, dispatchedAt: Instant, late: boolean): Promise<void>;
  discharge(obligationId: string, receiptAt: Instant): Promise<void>;
  /** What was discharged is owed again; that it was dispatched stays. */
  reopen(obligationId: string): Promise<void>;
  /** Owed obligations to tell someone that have no live notice yet; all of them, or this many. */
  undrafted(caseId: string, limit?: number): Promise<readonly Obligation[]>;
  /** First notices of a provider under Art. 2(2) 611/2013 that were actually submitted. */
  firstSubmitted(caseId: string): Promise<readonly Obligation[]>;
  /** How many of those the law has not been asked about yet whether a second one follows. */
  awaitingSecond(caseId: string): Promise<number>;
  /** Obligations that keep a case from closing: undecided, or owed and not discharged. */
  unsettled(caseId: string): Promise<readonly Obligation[]>;
}

export interface AlarmStore {
  /** Sets or moves alarms by (subject, step). */
  set(alarms: readonly Alarm[]): Promise<void>;
  /** Alarms of this subject (or its one step) ring no more; what has rung stays. */
  silence(subject: string, step?: string): Promise<void>;
  /** Sets the calls about a notice that was frozen; an earlier instant of the same calls stands. */
  callForApproval(noticeId: string, alarms: readonly Alarm[]): Promise<void>;
  /** The notices wait no more: their calls end, unless another one shares them. Waits for nobody; the watch looks again. */
  endApprovalCalls(noticeIds: readonly string[]): Promise<void>;
  /** No alarm of the case rings any more, whatever its subject. */
  silenceCase(caseId: string): Promise<void>;
  /** Alarms of the case that were silenced at this instant or later ring again. */
  unsilenceCase(caseId: string, since: Instant): Promise<void>;
  /**
   * Sets alarms of the house that ring once for all that comes before they do; what comes after rings again when
   * `quietSeconds` have passed since the last one. Locks them until the transaction ends.
   */
  gather(alarms: readonly HouseAlarm[], quietSeconds: number): Promise<void>;
  /** Another line for alarms of the subject that have not rung yet. */
  reword(subject: string, line: string): Promise<void>;
  /**
   * Notes that a person answered what rang, and with it whatever rang alike in the case; gives the case (null: the house)
   * and the subjects, or null when nothing unanswered had rung.
   */
  answer(
    subject: string,
    step: string,
    by: string,
  ): Promise<{ readonly caseId: string | null; readonly subjects: readonly string[] } | null>;
}

export interface TaskToOpen {
  readonly caseId: string;
  readonly kind: string;
  readonly subject: string;
  readonly title: string;
  readonly role: AlarmRole;
}

export interface TaskStore {
  /** Opens a task unless the same (kind, subject) is open in the case; true if it was opened. */
  open(task: TaskToOpen): Promise<boolean>;
  /** Opens several so in one statement. */
  openAll(tasks: readonly TaskToOpen[]): Promise<void>;
  complete(
    taskId: string,
    by: string,
    outcome: string,
  ): Promise<{ caseId: string; kind: string; subject: string } | null>;
  completeBySubject(
    caseId: string,
    kind: string | readonly string[],
    subject: string,
    by: string,
    outcome: string,
  ): Promise<void>;
  /** True when a task of the kind is open in the case. */
  isOpen(caseId: string, kind: string): Promise<boolean>;
  /** Completes every open task of the kind; gives how many there were. */
  completeOfKind(caseId: string, kind: string, by: string, outcome: string): Promise<number>;
  /** Subjects of tasks of the kind that a person has completed. */
  subjectsDone(caseId: string, kind: string): Promise<ReadonlySet<string>>;
  /** Kinds of all tasks the case ever had. */
  kindsOf(caseId: string): Promise<readonly string[]>;
  /** Titles of open tasks that keep a case from closing: a delivery in doubt, a bounced notice, a change to review. */
  blocking(caseId: string): Promise<readonly string[]>;
}
