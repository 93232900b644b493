/** What obligations are derived from, and an obligation before it has an id and a history. */
import type { Grade, JointArrangement, TrackRole, Visibility } from '../domain/case.ts';
import type { ContractTerm } from '../domain/contract-term.ts';
import type { Instant } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Assessment } from './assessment.ts';
import type { ProvisionId } from './provision.ts';

/** When a provider's first notice reached an authority, and whether it said all that Annex I of 611/2013 asks. */
interface FirstSubmission {
  readonly authorityId: string;
  readonly at: Instant;
  readonly isComplete: boolean;
}

/** One legal position of one affiliate in a case, with its own awareness and assessment. */
export interface TrackInput {
  readonly trackId: string;
  readonly affiliate: {
    readonly key: string;
    /** ISO 3166-1 alpha-2. */
    readonly country: string;
    /** ISO 3166-2, where competence is regional (`DE-HE`). */
    readonly region?: string;
    readonly mainEstablishment: boolean;
    readonly zone: string;
  };
  readonly role: TrackRole;
  /** The own processing a controller track is about. */
  readonly processingKey?: string;
  readonly crossBorder?: boolean;
  readonly affectedCountries?: readonly string[];
  readonly awareAt: Instant;
  /** When it was detected in the sense of Art. 2(2) 611/2013, for hours of a provider. */
  readonly detectedAt?: Instant;
  /** When the first suspicion reached us, and when it was determined to be a breach: for contract terms that run from them. */
  readonly suspectedAt?: Instant;
  readonly confirmedAt?: Instant;
  readonly awarenessProvisional: boolean;
  /** True where its data belong to a communications service the affiliate notifies as provider. */
  readonly connectedService?: boolean;
  /** The first notices of a provider as they were actually submitted. */
  readonly firstSubmissions?: readonly FirstSubmission[];
  /** The arrangements with the other controllers on a joint controller's track. */
  readonly arrangements?: readonly JointArrangement[];
  readonly assessment: Assessment;
  readonly assessmentFactsVersion: number;
}

/** One engagement as it stands in the case, with the terms in force for it. */
export interface EngagementInput {
  readonly engagementKey: string;
  readonly customerKey: string;
  readonly affiliateKey: string;
  readonly trackId: string;
  readonly productKey: string;
  readonly role: TrackRole;
  readonly visibility: Visibility;
  readonly exposure: Grade;
  /** The terms of the master agreement and of the engagement itself. */
  readonly terms: readonly ContractTerm[];
  /** True where the customer is itself the provider that has the contract with the subscribers. */
  readonly wholesale?: boolean;
}

/** An obligation before it has an id and a history. */
export interface ObligationDraft extends Omit<
  Obligation,
  | 'obligationId'
  | 'caseId'
  | 'state'
  | 'provision'
  | 'dispatchedAt'
  | 'receiptAt'
  | 'dischargedAt'
  | 'late'
> {
  readonly provision: ProvisionId;
  readonly state: 'owed' | 'not-owed' | 'to-decide';
}

/** Engagements that go together, one at least. */
export type EngagementGroup = readonly [EngagementInput, ...EngagementInput[]];

/** Engagements by a key of theirs, in the order in which each key first comes. */
export function engagementsBy(
  engagements: readonly EngagementInput[],
  keyOf: (engagement: EngagementInput) => string,
): ReadonlyMap<string, EngagementGroup> {
  const groups = new Map<string, [EngagementInput, ...EngagementInput[]]>();
  for (const engagement of engagements) {
    const group = groups.get(keyOf(engagement));
    if (group === undefined) groups.set(keyOf(engagement), [engagement]);
    else group.push(engagement);
  }
  return groups;
}
