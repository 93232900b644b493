/** The case: our handling of one suspected breach, its states and what it waits for next. */
import type { ContractTerm } from './contract-term.ts';
import type { CaseClock, Instant } from './instant.ts';
import type { JsonValue } from './json.ts';

export type CaseMode = 'real' | 'drill';
export type CaseState = 'investigating' | 'determined' | 'closed';
export type Determination = 'breach' | 'not-a-breach';
export type AwarenessState = 'provisional' | 'fixed';
export type HitKind = 'asset' | 'product' | 'processing';
export type Grade = 'confirmed' | 'likely' | 'not-excluded' | 'excluded';
export type Certainty = 'estimated' | 'range' | 'confirmed' | 'unknown';
/** `provider`: of public electronic communications, with clocks and recipients of its own. */
export type TrackRole = 'controller' | 'processor' | 'joint-controller' | 'provider';
export type Visibility = 'V0' | 'V1' | 'V2' | 'V3' | 'V4';

export interface Awareness {
  readonly awareAt: Instant;
  readonly zone: string;
  readonly offsetMinutes: number;
  readonly state: AwarenessState;
  readonly basis: string;
}

/** When a provider of public communications knew enough for a meaningful notice, Art. 2(2) Regulation 611/2013. */
export interface Detection {
  readonly detectedAt: Instant;
  readonly zone: string;
  readonly offsetMinutes: number;
  readonly basis: string;
}

/** A case as PostgreSQL holds it; every decision about its next step is made from this. */
export interface CaseFile {
  readonly caseId: string;
  readonly reference: string;
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly mode: CaseMode;
  readonly state: CaseState;
  readonly determination: Determination | null;
  readonly determinedAt: Instant | null;
  readonly clock: CaseClock;
  /** The first sign, as the report said it; neither awareness nor detection. */
  readonly detectedAt: Instant | null;
  readonly receivedAt: Instant;
  readonly awareness: Awareness;
  /** Null until a named person records it: a provider's hours then run from awareness. */
  readonly detection: Detection | null;
  readonly reportedLate: boolean;
  readonly source: string;
  readonly catalogueVersion: number | null;
  readonly factsVersion: number;
  /** Counts changes that ask for a new look; the engine has acted on `scopedRevision` and `obligationsRevision`. */
  readonly revision: number;
  readonly scopedRevision: number;
  readonly obligationsRevision: number;
  readonly closedAt: Instant | null;
}

/** What the breach-case workflow does next; it re-reads this after every step and every wake. */
export type CaseStep = 'investigate' | 'scope' | 'determine' | 'draft' | 'follow' | 'end';

/** The next step of a case, from its state alone: the same rows always give the same step. */
export function nextCaseStep(
  file: Pick<
    CaseFile,
    'state' | 'determination' | 'revision' | 'scopedRevision' | 'obligationsRevision'
  >,
  /** Obligations without a notice, and recipients whom the newest facts have not been compared for. */
  undrafted: number,
): CaseStep {
  if (file.state === 'closed') return 'end';
  if (file.state === 'investigating') return 'investigate';
  if (file.determination !== 'breach') {
    // What was owed while it was thought a breach is settled once more; then the case waits for its closing.
    const isUnsettled = file.obligationsRevision > 0 && file.obligationsRevision < file.revision;
    return isUnsettled ? 'determine' : 'investigate';
  }
  if (file.scopedRevision < file.revision) return 'scope';
  if (file.obligationsRevision < file.revision) return 'determine';
  return undrafted > 0 ? 'draft' : 'follow';
}

export interface Fact {
  readonly about: string;
  readonly name: string;
  readonly version: number;
  readonly value: JsonValue;
  readonly certainty: Certainty;
  readonly source: string;
  readonly observedAt: Instant;
  readonly recordedAt: Instant;
  readonly recordedBy: string;
}

export interface Track {
  readonly trackId: string;
  readonly affiliateKey: string;
  readonly role: TrackRole;
  /** The own processing a controller track is about; empty on a processor's or provider's track. */
  readonly processingKey: string;
  readonly awareness: Awareness;
}

/** Who of joint controllers acts. */
export type Party = 'us' | 'them';

/** The arrangement of Art. 26 with another controller: who files and who tells people; null where it does not say. */
export interface JointArrangement {
  readonly with: string;
  readonly files: Party | null;
  readonly tells: Party | null;
}

interface BreachContact {
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly language: string;
}

/** How one engagement or own processing stands in a case, with the terms snapshotted when scoped. */
export interface Exposure {
  readonly kind: 'engagement' | 'processing';
  readonly key: string;
  readonly affiliateKey: string;
  /** The affiliate that is the provider of the public communications service; null where it is none. */
  readonly providerKey: string | null;
  /** True where the customer is the provider that has the contract with the subscribers. */
  readonly wholesale: boolean;
  readonly role: TrackRole;
  readonly customerKey: string | null;
  readonly productKey: string | null;
  readonly visibility: Visibility | null;
  /** The fewest hours of its terms; `contractTerms` says the whole of them. */
  readonly contractHours: number | null;
  readonly contractTerms: readonly ContractTerm[];
  /** Null where no other controller stands beside us. */
  readonly joint: JointArrangement | null;
  /** True where the customer is processor for others, and we are its sub-processor. */
  readonly customerIsProcessor: boolean;
  /** Our own sub-processors who run what was hit. */
  readonly operatedBy: readonly string[];
  readonly serviceReference: string | null;
  readonly assetKeys: readonly string[];
  readonly contact: BreachContact | null;
  readonly grade: Grade;
  readonly evidence: string;
  readonly decidedBy: string;
}

/** How much of what named people was erased. */
// A type, not an interface: only so does it count as a JSON object.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type CaseErasure = {
  readonly deliveries: number;
  readonly contacts: number;
  readonly subjects: number;
  readonly events: number;
  readonly openings: number;
};
