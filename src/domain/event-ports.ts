/** Events in and out, as types: what a source signed, and what receivers of webhooks are told. */
import type { Instant } from './instant.ts';
import type { JsonObject } from './json.ts';

/** A source of events: its key ring, current secret first, and the unit whose cases it may open and add to. */
export interface EventSource {
  /** The `source` attribute of its events. */
  readonly name: string;
  readonly secrets: readonly string[];
  /** `*` for the whole group. */
  readonly unit: string;
}

/** What became of an event; `kept` waits for a person, `attached` belongs to a case that is closed. */
type EventOutcome = 'case-opened' | 'facts-recorded' | 'attached' | 'kept';

/** What the sender is told, the same each time. */
export interface EventAnswer {
  readonly outcome: EventOutcome;
  readonly caseId: string | null;
  readonly reference: string | null;
}

/** How an event names the case it is about: one of three. */
export type NamedCase =
  | { readonly by: 'id'; readonly caseId: string }
  | { readonly by: 'reference'; readonly reference: string }
  | { readonly by: 'opening-event'; readonly source: string; readonly id: string };

interface KeptEvent extends EventAnswer {
  readonly source: string;
  readonly eventId: string;
  readonly type: string | null;
  /** In hex, over the bytes as they came. */
  readonly bodySha256: string;
  /** Why a person must look, without values; null where a command took it. */
  readonly reason: string | null;
  /** Null where a command took over what the event says. */
  readonly body: Uint8Array | null;
  /** The unit its source speaks for. */
  readonly unit: string;
  /** The event that will open its case, where that one has not come yet. */
  readonly awaits: { readonly source: string; readonly id: string } | null;
}

/** A kept event as a person reads it. */
interface WaitingEvent {
  readonly source: string;
  readonly eventId: string;
  readonly type: string | null;
  readonly at: Instant;
  readonly reason: string;
  readonly body: string;
}

/** An event that came for a case after it was closed, or that a person made the case from, as it came. */
export interface CaseEvent {
  readonly source: string;
  readonly eventId: string;
  readonly type: string | null;
  readonly at: Instant;
  readonly body: string;
  /** False once a person has taken over what it says, or said that nothing is to be done. */
  readonly waits: boolean;
}

interface AwaitingEvent {
  readonly source: string;
  readonly eventId: string;
  readonly body: Uint8Array;
}

export interface EventStore {
  /** The event kept under this pair, or null. Locks the pair until the transaction ends. */
  known(
    source: string,
    eventId: string,
  ): Promise<(EventAnswer & { readonly bodySha256: string }) | null>;
  keep(event: KeptEvent): Promise<void>;
  /** Null when there is none; an opening event under way is waited for. */
  caseIdOf(named: NamedCase): Promise<string | null>;
  /** Kept events that came before this one, which opens their case, in the order they came. */
  awaiting(source: string, id: string): Promise<readonly (AwaitingEvent & { unit: string })[]>;
  /** An event that was kept has entered its case after all. */
  tookUp(event: AwaitingEvent, answer: EventAnswer): Promise<void>;
  /** A person has taken a waiting event into a case; its bytes stay to be read there. */
  takenUp(
    event: { readonly source: string; readonly eventId: string; readonly by: string },
    answer: EventAnswer,
  ): Promise<void>;
  /** Kept events nobody has settled, oldest first, 100 at most. */
  waiting(): Promise<readonly WaitingEvent[]>;
  countWaiting(): Promise<number>;
  /** A kept event that waits, locked; null when there is none, or this actor does not see it. */
  lockKept(source: string, eventId: string): Promise<{ readonly at: Instant } | null>;
  /** Events of the case whose bytes are kept, oldest first, 100 at most. */
  ofCase(caseId: string): Promise<readonly CaseEvent[]>;
  /** The bytes of an event that is attached to the case and waits, locked; null when there is none. */
  lockAttached(caseId: string, source: string, eventId: string): Promise<Uint8Array | null>;
  /** The case a waiting event is attached to, or null for none; undefined when none waits that this actor sees. */
  settle(source: string, eventId: string, by: string): Promise<string | null | undefined>;
}

/** A receiver of webhooks as configured. */
export interface WebhookEndpoint {
  /** Names it where its address must not stand: a digest of the address. */
  readonly key: string;
  readonly url: string;
  readonly secret: string;
  /** Exact types or `case.*`; null for all. */
  readonly types: readonly string[] | null;
  /** True: is told of drills too. */
  readonly exercises: boolean;
  /** True: may be reached in clear text and at private addresses. */
  readonly allowPrivate: boolean;
}

/** A register entry on its way to a receiver. */
export interface OutboundEvent {
  readonly entryId: string;
  readonly type: string;
  readonly at: Instant;
  readonly caseId: string;
  readonly reference: string;
  readonly exercise: boolean;
  readonly streamSeq: number;
  /** How often it was tried, this time included. */
  readonly attempts: number;
  /** The entry's `data`; the sender takes from it what may leave. */
  readonly data: JsonObject;
}

export interface WebhookStore {
  /** From now on entries are announced to these receivers and no others; one that was left out before starts anew. */
  configure(endpoints: readonly WebhookEndpoint[]): Promise<void>;
  /** What is next for this receiver, under a lease of a minute; null when there is nothing, or it is disabled. */
  claim(endpoint: string): Promise<OutboundEvent | null>;
  delivered(entryId: string, endpoint: string): Promise<void>;
  putOff(entryId: string, endpoint: string, seconds: number): Promise<void>;
  /** Gives this one up, and enters that in the register. */
  abandon(entryId: string, endpoint: string): Promise<void>;
  /** The receiver is gone: nothing more is sent to it; entered in the register. */
  disable(endpoint: string): Promise<void>;
}

/** `failed` carries a reason without address or content. */
export type SendOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface WebhookSender {
  /** One attempt, 10 s at most; never throws for what a receiver does. */
  send(endpoint: WebhookEndpoint, event: OutboundEvent): Promise<SendOutcome>;
}
