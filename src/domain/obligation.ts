/** What is owed in a case: one provision applied to one recipient, with its due instant or why nothing is owed. */
import type { Instant } from './instant.ts';
import type { JsonValue } from './json.ts';

export type RecipientKind = 'authority' | 'controller' | 'data-subject' | 'register';
export type ObligationState = 'owed' | 'not-owed' | 'to-decide' | 'discharged' | 'withdrawn';
export type DueBasis = 'statute' | 'contract' | 'policy' | 'none';
export type Verification = 'source-read' | 'secondary-source' | 'to-verify';
export type Channel = 'email' | 'portal';

/** The authority chosen for an obligation, and why that one. */
export interface AuthorityChoice {
  readonly authorityId: string;
  readonly name: string;
  readonly role: 'lead' | 'concerned' | 'competent';
  readonly channel: Channel;
  /** Where a machine may send; null when only a portal or form is known. */
  readonly email: string | null;
  readonly url: string | null;
  readonly languages: readonly string[];
  readonly zone: string;
  readonly verification: Verification;
  readonly why: string;
}

export interface FactUsed {
  readonly name: string;
  readonly value: JsonValue;
}

export interface Obligation {
  readonly obligationId: string;
  readonly caseId: string;
  readonly provision: string;
  readonly affiliateKey: string;
  readonly trackId: string;
  readonly recipientKind: RecipientKind;
  readonly recipientKey: string;
  readonly state: ObligationState;
  readonly reason: string;
  readonly citation: string;
  readonly label: string;
  readonly verification: Verification;
  readonly factsUsed: readonly FactUsed[];
  readonly ruleSetVersion: string;
  readonly engagementKeys: readonly string[];
  readonly authority: AuthorityChoice | null;
  readonly dueAt: Instant | null;
  readonly dueBasis: DueBasis;
  /** How the due was counted, a sentence a line: the law, our own aim, the terms of contracts. */
  readonly dueWorking: readonly string[];
  /** Our own aim; missing it is never late. */
  readonly targetAt: Instant | null;
  readonly dispatchedAt: Instant | null;
  readonly receiptAt: Instant | null;
  readonly dischargedAt: Instant | null;
  readonly late: boolean;
}
