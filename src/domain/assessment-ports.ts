/** Assessments as they are kept: what the rules made of the facts at one revision, whole and for each group of people. */
import type { TrackRole } from './case.ts';
import type { Instant } from './instant.ts';
import type { JsonValue } from './json.ts';
import type { Policy } from './policy.ts';

type Level = 'unlikely' | 'risk' | 'high-risk' | null;
type Answer = 'yes' | 'no' | null;

interface KeptAnswers {
  readonly notifySA: Answer;
  readonly notifySubjects: Answer;
  readonly publicCommunication: Answer;
  readonly riskLevel: Level;
}

/** One result of the rules as it was at the time. */
export interface KeptResult extends KeptAnswers {
  readonly isBreach: boolean;
  readonly notifyController: Answer;
  readonly ruleSetVersion: string;
  readonly restsOnUnknowns: boolean;
  readonly document: boolean;
  readonly parts: { readonly c: Level; readonly a: Level; readonly i: Level };
  readonly rules: readonly {
    readonly id: string;
    readonly citation: string;
    readonly factsUsed: readonly { readonly name: string; readonly value: JsonValue }[];
  }[];
  /** Where it rests on unknowns, knowing these would settle it. */
  readonly unknownsUsed: readonly string[];
  readonly humanReview: readonly string[];
  readonly whatWouldChangeIt: readonly (KeptAnswers & {
    readonly fact: string;
    readonly from: JsonValue;
    readonly to: JsonValue;
  })[];
}

/** ENISA's severity with its working, and whether it would put the risk elsewhere: advice beside the rules. */
export interface KeptSeverity {
  readonly dpc: number;
  readonly ei: number;
  readonly confidentiality: number;
  readonly integrity: number;
  readonly availability: number;
  readonly malicious: number;
  readonly se: number;
  readonly band: 'low' | 'medium' | 'high' | 'very-high';
  readonly flags: readonly string[];
  readonly disagrees: boolean;
}

export interface KeptGroup {
  readonly name: string;
  readonly people: number | null;
  readonly result: KeptResult;
}

export interface KeptAssessment {
  readonly trackId: string;
  readonly revision: number;
  readonly factsVersion: number;
  /** Whose demands beyond the rules were looked at. */
  readonly authorityIds: readonly string[];
  readonly policy: Policy;
  readonly whole: KeptResult;
  readonly groups: readonly KeptGroup[];
  /** Null where we assess no risk, as processor. */
  readonly severity: KeptSeverity | null;
}

export interface AssessmentView extends KeptAssessment {
  readonly affiliateKey: string;
  readonly role: TrackRole;
  readonly processingKey: string;
  readonly at: Instant;
}

/** People of a case who stand apart; what is different for them are facts about `set:<name>`. */
export interface FactSetRow {
  readonly name: string;
  /** `case`, or the own processing they belong to. */
  readonly about: string;
}

export interface AssessmentStore {
  policy(): Promise<Policy>;
  /** Keeps what is new; one of a track and revision that is there stays as it was. */
  keep(caseId: string, assessments: readonly KeptAssessment[]): Promise<void>;
  /** Newest first within each track. */
  ofCase(caseId: string): Promise<readonly AssessmentView[]>;
  sets(caseId: string): Promise<readonly FactSetRow[]>;
  addSet(caseId: string, set: FactSetRow & { by: string; at: Instant }): Promise<void>;
}

/** What facts about a group of people are recorded about. */
export function aboutSet(name: string): string {
  return `set:${name}`;
}
