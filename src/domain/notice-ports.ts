/** What the notice side needs from the world: versions, approvals, releases, the ledger, wording and the wire. */
import type { NamedBytes } from './documents.ts';
import type { Instant } from './instant.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { TemplateWords } from './release-ports.ts';
import type {
  DeliveryCounts,
  DeliveryState,
  Notice,
  NoticeState,
  NoticeVersion,
} from './notice.ts';

/** One recipient of a version, frozen: address, merge values and the digest of the bytes it will get. */
export interface FrozenRecipient {
  readonly recipientKey: string;
  readonly address: string;
  readonly language: string;
  readonly merge: Readonly<Record<string, string>>;
  readonly messageId: string;
  readonly mimeSha256: Uint8Array;
  readonly mimeBytes: number;
}

/** The words of a version in one language, rendered once: MIME segments with named slots between them. */
export interface FrozenVariant {
  readonly language: string;
  readonly template: string;
  readonly templateSha256: Uint8Array;
  readonly subject: string;
  readonly textBody: string;
  readonly segments: readonly Segment[];
}

/** A run of fixed bytes (base64), or a slot filled per recipient by the versioned encoder. */
export type Segment =
  | { readonly kind: 'bytes'; readonly base64: string }
  | {
      readonly kind: 'slot';
      readonly name: string;
      readonly encoding: 'header' | 'quoted-text' | 'quoted-html';
    };

export interface NewVersion {
  readonly notice: Notice;
  readonly author: string;
  readonly sender: string;
  readonly subject: string;
  readonly content: JsonObject;
  readonly groupKey: string;
  readonly digest: Uint8Array;
  readonly digestInput: string;
  readonly recipientRoot: Uint8Array;
  readonly factsVersion: number;
  readonly encoder: string;
  readonly transport: 'sandbox' | 'relay';
  readonly variants: readonly FrozenVariant[];
  /** Addressees, however they are reached: a portal filing has one and no ledger row. */
  readonly recipientCount: number;
  readonly recipients: readonly FrozenRecipient[];
  /** What a person files with: part of the version, and of its digest. */
  readonly documents: readonly NamedBytes[];
  /** True for a version that only goes to those an earlier one did not reach. */
  readonly corrects: boolean;
}

/** A person whose data an own processing holds, as the catalogue has them when a notice is frozen. */
interface SubjectRecipient {
  readonly subjectKey: string;
  readonly name: string;
  readonly email: string;
  readonly language: string;
}

/** Transitions of deliveries, one after the other, that no register entry covers yet. */
export interface UnfoldedEvents {
  readonly fromEvent: number;
  readonly toEvent: number;
  readonly events: number;
  /** Their leaf hashes in order, 32 bytes each. */
  readonly leaves: Uint8Array;
}

/** The outcome of the ledger's rows of one notice that a person or the obligation must hear of. */
export interface SentRow {
  readonly deliveryId: string;
  readonly atDotAt: Instant;
  readonly reply: string;
}

/** A row claimed for one attempt, with all that is needed to put its exact bytes on the wire. */
export interface ClaimedDelivery {
  readonly deliveryId: string;
  readonly attemptId: string;
  readonly caseId: string;
  readonly noticeId: string;
  readonly transport: 'sandbox' | 'relay';
  readonly sender: string;
  readonly address: string;
  readonly merge: Readonly<Record<string, string>>;
  readonly messageId: string;
  readonly mimeSha256: Uint8Array;
  readonly segments: readonly Segment[];
  readonly encoder: string;
  readonly attempts: number;
}

/** A notice to create; without a part it is the first of its phase. */
type NewNotice = Pick<Notice, 'caseId' | 'obligationId' | 'recipientKind' | 'phase' | 'channel'> &
  Partial<Pick<Notice, 'part' | 'refersTo' | 'cause'>> & {
    /** Our own aim, in case time. */
    readonly targetAt?: Instant;
  };
export type ReceiptKind = 'reference' | 'reply' | 'file' | 'telephone' | 'post';

export interface RecipientStanding {
  /** Of the newest row. */
  readonly state: DeliveryState;
  readonly address: string;
  readonly isTold: boolean;
  /** A copy was given up or is in doubt, so that another one may be a second copy. */
  readonly mayHoldCopy: boolean;
}

export interface LockedDelivery {
  readonly deliveryId: string;
  readonly caseId: string;
  readonly noticeId: string;
  readonly state: DeliveryState;
  readonly cameBack: boolean;
}

export interface NoticeStore {
  /** Creates each notice in `drafting` unless its part stands or one of its phase is unsent; gives the notices made. */
  create(rows: readonly NewNotice[]): Promise<readonly Notice[]>;
  lock(noticeId: string): Promise<Notice | null>;
  read(noticeId: string): Promise<Notice | null>;
  /** Ids of notices of a case in one of the states. */
  idsOfCase(caseId: string, states: readonly NoticeState[]): Promise<readonly string[]>;
  /** Ids of notices that still have something to do, after the given id, for the reconciler. */
  openIds(afterId: string | null, limit: number): Promise<readonly string[]>;
  setState(noticeId: string, state: NoticeState): Promise<void>;
  /** A notice a machine may not send is filed by a person instead. */
  setChannel(noticeId: string, channel: Notice['channel']): Promise<void>;
  /** A customer as the case's catalogue version has it; `confirmed` when a named person has confirmed the address. */
  customer(
    customerKey: string,
    catalogueVersion: number,
  ): Promise<{ name: string; confirmed: boolean } | null>;
  /** Countries of the customers, each once, in order. */
  customerCountries(keys: readonly string[], catalogueVersion: number): Promise<readonly string[]>;
  productNames(
    keys: readonly string[],
    catalogueVersion: number,
  ): Promise<ReadonlyMap<string, string>>;
  /** People of an own processing in the case, by key, after the given one. */
  subjects(
    caseId: string,
    processingKey: string,
    afterKey: string | null,
    limit: number,
  ): Promise<readonly SubjectRecipient[]>;
  /** Freezes a version: supersedes the earlier one, cancels its prepared rows, writes variants and ledger rows. */
  freeze(version: NewVersion, onProgress?: () => void): Promise<NoticeVersion>;
  /** The live (not superseded) version, or null before the first freeze. */
  liveVersion(noticeId: string): Promise<NoticeVersion | null>;
  approve(row: {
    versionId: string;
    caseId: string;
    digest: string;
    personId: string;
    setRoot: Uint8Array | null;
  }): Promise<'approved' | 'already-approved'>;
  approvals(versionId: string): Promise<{ counted: number; needed: number }>;
  /** Writes the release and makes the version's prepared rows pending; the database refuses one without enough approvers. */
  release(
    versionId: string,
    caseId: string,
    digest: string,
    needed: number,
  ): Promise<{ rows: number }>;
  /** Cancels every row whose dot is not yet allowed; gives how many. */
  cancelRows(noticeId: string): Promise<number>;
  /** Makes every due row wait: what stopped one of them would stop them all. */
  postpone(noticeId: string, seconds: number): Promise<void>;
  /** False when the release or the authority of its approvers no longer stands: nothing may be claimed then. */
  releaseStands(noticeId: string): Promise<boolean>;
  note(row: {
    caseId: string;
    noticeId: string;
    version: number;
    kind: 'opinion' | 'return' | 'cancellation';
    text: string;
    personId: string;
  }): Promise<void>;
  /**
   * Claims due rows of a notice whose release and approvers still stand, in the order of their ids after the given one
   * (null or left out: from the first); lease in seconds.
   */
  claim(
    noticeId: string,
    limit: number,
    leaseSeconds: number,
    after?: string | null,
  ): Promise<readonly ClaimedDelivery[]>;
  /** The fence before the final dot: true only while this attempt still owns the row. The lease starts anew. */
  markAtDot(deliveryId: string, attemptId: string, leaseSeconds: number): Promise<boolean>;
  /**
   * Takes due rows, as `claim` does, straight to the dot for one attempt: with the commit their dots may go, all of them.
   * The attempt is named by the caller, who can give the rows back even if the answer is lost.
   */
  takeWindow(
    noticeId: string,
    limit: number,
    attemptId: string,
    leaseSeconds: number,
    after: string | null,
  ): Promise<readonly ClaimedDelivery[]>;
  /** Makes the rows at the dot of an attempt that sent none of them due again; gives how many. */
  returnWindow(noticeId: string, attemptId: string, reply: string): Promise<number>;
  /** Writes what the attempts of a window learned, in one statement; gives the rows that were still theirs. */
  settleWindow(rows: readonly AttemptOutcome[]): Promise<ReadonlySet<string>>;
  /** Writes what an attempt learned; false when the row is no longer that attempt's. */
  settle(deliveryId: string, attemptId: string, outcome: DeliveryOutcome): Promise<boolean>;
  /** The good news of an attempt whose row is in doubt by now; null when the row is not that attempt's doubt. */
  settleLate(
    deliveryId: string,
    attemptId: string,
    reply: string,
  ): Promise<{ noticeId: string; caseId: string } | null>;
  /** Expired leases: claimed goes to retry (the dot was never allowed), at-dot to in-doubt. Gives rows now in doubt. */
  recover(noticeId: string): Promise<{ retried: number; inDoubt: readonly string[] }>;
  counts(noticeId: string): Promise<DeliveryCounts>;
  /** The earliest wall instant at which a row of the notice may be tried again or its lease ends; null if none. */
  nextAttemptAt(noticeId: string): Promise<Instant | null>;
  /** Rows of the live version that went out, at most `limit`, latest first. */
  sentRows(noticeId: string, limit: number): Promise<readonly SentRow[]>;
  /** Rows of the live version that wait for a person. */
  inDoubtIds(noticeId: string): Promise<readonly string[]>;
  /** The same with a digest over them, by which a person says that they mean just these. */
  doubts(noticeId: string): Promise<Doubts>;
  /** How many recipients nothing is known to have reached: no mail, no recorded call, letter or answer. */
  untold(noticeId: string): Promise<number>;
  /** True once any version of the notice may have reached anybody. */
  mayHaveLeft(noticeId: string): Promise<boolean>;
  addReceipt(row: {
    caseId: string;
    noticeId: string;
    kind: 'server-acceptance' | ReceiptKind;
    evidence: string;
    receivedAt: Instant;
    by: string;
    /** The recipient's own number for the matter. */
    reference?: string | null;
    documentId?: string | null;
    /** Recipients who have the notice by this; `untold` for all of whom nothing was known. */
    covers?: readonly string[] | 'untold';
    /** To whom it was said or written. */
    told?: string | null;
  }): Promise<void>;
  /** The number an authority gave its file on this case, the latest one recorded; null before there is one. */
  authorityReference(caseId: string, authorityId: string): Promise<string | null>;
  /** Whom to telephone when a customer does not answer, and after how many case minutes; null for other recipients. */
  customerToCall(
    noticeId: string,
  ): Promise<{ customer: string; phone: string | null; afterMinutes: number } | null>;
  /** The recipient as far as rows of this notice go; null when no row is theirs. */
  recipient(noticeId: string, recipientKey: string): Promise<RecipientStanding | null>;
  /** A delivery, its notice locked; null when unknown or out of sight. */
  lockDelivery(deliveryId: string): Promise<LockedDelivery | null>;
  addLateBounce(row: {
    deliveryId: string;
    caseId: string;
    noticeId: string;
    evidence: string;
    bouncedAt: Instant;
    by: string;
  }): Promise<void>;
  addCorrection(row: {
    caseId: string;
    noticeId: string;
    recipientKey: string;
    address: string;
    reason: string;
    personId: string;
  }): Promise<void>;
  /** Addresses people corrected for recipients who are not known to have the notice, by recipient. */
  corrections(noticeId: string): Promise<ReadonlyMap<string, string>>;
  /** A person's answer to an in-doubt row. */
  resolveInDoubt(
    deliveryId: string,
    how: 'sent' | 'abandoned',
  ): Promise<{ noticeId: string; caseId: string } | null>;
  /**
   * The oldest transitions of a case that no fold covers, null when there are none; waits until none is being written, so
   * that none is skipped.
   */
  unfoldedEvents(caseId: string, limit: number): Promise<UnfoldedEvents | null>;
  recordFold(
    caseId: string,
    fold: { fromEvent: number; toEvent: number; events: number; root: Uint8Array },
  ): Promise<void>;
  /** Cases with transitions that no fold covers. */
  unfoldedCases(limit: number): Promise<readonly string[]>;
}

/** Deliveries of a notice in doubt, and one digest over their ids. */
export interface Doubts {
  readonly deliveryIds: readonly string[];
  /** SHA-256 in hex. */
  readonly digest: string;
}

/** What one SMTP transaction taught us; `in-doubt` is never retried by a machine. */
export type DeliveryOutcome =
  | { readonly kind: 'sent'; readonly reply: string }
  | { readonly kind: 'retry'; readonly reply: string; readonly afterSeconds: number }
  | { readonly kind: 'bounced'; readonly reply: string }
  | { readonly kind: 'in-doubt'; readonly reply: string };

/** What one attempt at one row learned. */
export interface AttemptOutcome {
  readonly deliveryId: string;
  readonly attemptId: string;
  readonly outcome: DeliveryOutcome;
  /** How long ago the dot was sent; null when it was not. */
  readonly dotAgeMs: number | null;
}

/** The vocabulary of one language, for what is put in words one by one; throws on a word it lacks. */
export interface Speech {
  /** A fact with its certainty. */
  say(fact: { name: string; value: JsonValue; certainty: string }): string;
  word(group: string, key: string): string;
  /** Keys in words; what a person wrote in words of their own stays as written. */
  terms(group: string, keys: string | readonly string[]): string;
  instant(at: Instant): string;
  localInstant(at: Instant, zone: string, offsetMinutes: number): string;
}

/** Renders the words of a notice; the only place that knows Handlebars. */
export interface Wording {
  /** Every template with words of its own, in every language it has, with the digest a review is bound to. */
  templates(): readonly TemplateWords[];
  /** The vocabulary of a language, or of English where it has none. */
  speech(language: string): Speech;
  /** Languages that have this template's wording; English is always one of them. */
  languages(template: string): readonly string[];
  /**
   * In the language asked for, or in English where it has no wording: `language` says which. Throws on an unknown
   * template or a missing value: nothing half-worded is ever frozen.
   */
  render(
    template: string,
    language: string,
    content: JsonObject,
  ): {
    subject: string;
    text: string;
    html: string;
    templateSha256: Uint8Array;
    language: string;
  };
}

/**
 * What one SMTP transaction came to. `not-sent` is certain: the final dot never went out, or the server refused for
 * now. `unavailable` says that our own relay did not even take the sender, so other rows would fare the same.
 */
export type WireOutcome =
  | { readonly kind: 'sent'; readonly reply: string }
  | {
      readonly kind: 'not-sent';
      readonly cause: 'fenced' | 'network' | 'deferred' | 'unavailable';
      readonly reply: string;
    }
  | { readonly kind: 'bounced'; readonly reply: string }
  | { readonly kind: 'in-doubt'; readonly reply: string };

/** One mail: exact bytes, one envelope with one recipient. */
export interface WireMail {
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
  /** Asked once, when the server waits for the message: the dot goes out only after a yes. */
  readonly beforeDot: () => boolean | Promise<boolean>;
}

/** A session for one mail after another. */
export interface WireSession {
  /** False when no further mail can go over it. */
  isUsable(): boolean;
  /** Never throws: every fault is an outcome. */
  send(mail: WireMail): Promise<WireOutcome>;
  close(): void;
}

/** Puts mail on the wire. */
export interface Wire {
  /** One mail over whatever session there is. Never throws: every fault is an outcome. */
  send(mail: WireMail & { readonly transport: 'sandbox' | 'relay' }): Promise<WireOutcome>;
  /** A session of one's own, or why there is none. */
  open(
    transport: 'sandbox' | 'relay',
  ): Promise<WireSession | Extract<WireOutcome, { kind: 'not-sent' }>>;
}

/** The monotonic clock of this process, by which it knows that it was stopped for a while. */
export interface Stopwatch {
  nowMs(): number;
  pause(ms: number): Promise<void>;
}
