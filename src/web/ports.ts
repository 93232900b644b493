/** What the web edge needs from the rest of the house; the composition root hands it in. */
import type { FastifyBaseLogger } from 'fastify';
import type { FreezeDeps } from '../commands/freeze-notice.ts';
import type { Person } from '../domain/actor.ts';
import type { CatalogueKind, ImportOutcome } from '../domain/catalogue.ts';
import type { Segment } from '../domain/notice-ports.ts';
import type { House } from '../domain/ports.ts';
import type { HouseReadings } from '../domain/readings.ts';
import type { EngineState } from '../domain/views.ts';

interface ImportRequest {
  readonly actor: Person;
  readonly kind: CatalogueKind;
  readonly format: 'csv' | 'ndjson';
  /** True: rows of this kind that the file does not name end with this version. */
  readonly replace: boolean;
  readonly body: AsyncIterable<Uint8Array>;
}

interface Verified {
  readonly ok: boolean;
  readonly entries: number;
  readonly streams: number;
  readonly faults: readonly {
    readonly stream: string;
    readonly streamSeq: number;
    readonly fault: string;
  }[];
}

interface RegisterPort {
  verify(actor: Person): Promise<Verified>;
  /** Lines without line ends; `caseId` null for the whole register. */
  export(actor: Person, caseId: string | null): AsyncIterable<string>;
}

interface Sessions {
  open(sessionSha256: Uint8Array, tokenSha256: Uint8Array, hours: number): Promise<void>;
  tokenOf(sessionSha256: Uint8Array): Promise<Uint8Array | null>;
  end(sessionSha256: Uint8Array): Promise<void>;
}

/** One person of the demo organisation, offered on the sign-in page of the embedded stack. */
export interface DemoPerson {
  readonly name: string;
  /** What the person does, in words, such as "Legal reviewer". */
  readonly title: string;
  readonly token: string;
}

interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

interface Sample {
  readonly segments: readonly Segment[];
  readonly merge: Readonly<Record<string, string>>;
  readonly address: string;
  readonly messageId: string;
  /** In hex: what the assembled bytes must hash to. */
  readonly mimeSha256: string;
}

export interface MetricsPort {
  /** What a scraper must send; null: only this machine may ask. */
  readonly token: string | null;
  readonly version: string;
  read(): Promise<HouseReadings>;
}

/** Who signed an event: a configured source, the unit it speaks for, and the sender's own id of the message. */
export interface EventSigner {
  readonly source: string;
  readonly unit: string;
  readonly messageId: string;
}

export interface WebPorts {
  readonly house: House;
  /** What rewording a notice needs to freeze its next version. */
  readonly freeze: FreezeDeps;
  /** The source whose secret signed these bytes; null when none did, or not within 5 minutes of now. */
  readonly eventSigner: (
    headers: Readonly<Record<string, string | string[] | undefined>>,
    body: Uint8Array,
  ) => EventSigner | null;
  readonly sessions: Sessions;
  readonly register: RegisterPort;
  readonly importCatalogue: (request: ImportRequest) => Promise<ImportOutcome>;
  /** What one recipient's bytes are made of (the first one's when none is named); null when there is none to be seen. */
  readonly sample: (
    actor: Person,
    noticeId: string,
    version: number,
    recipientKey: string | null,
  ) => Promise<Sample | null>;
  readonly engine: () => Promise<EngineState>;
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
  readonly metrics: MetricsPort;
  /** The demo people; null outside the embedded stack. */
  readonly embedded: { readonly people: readonly DemoPerson[] } | null;
  /** Where the house's own calls to people come from. */
  readonly senderAddress: string;
  /** Where drills' mail can be read, shown on the pages; null when there is no such page. */
  readonly mailboxUrl: string | null;
  /** True when people reach the pages by https: cookies are then marked Secure. */
  readonly https: boolean;
  readonly requestsPerMinute: number;
  /** Null: nothing is logged. */
  readonly logger: FastifyBaseLogger | null;
}
