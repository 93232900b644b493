/** Many customers told on "not excluded" alone: how many there are, and a person's word that they are told. */
import type { Instant } from './instant.ts';

/** What a case shows of it. */
export interface FanOut {
  /** Customers owed a notice that says only that their data are not excluded; those told already included. */
  readonly customers: number;
  /** Policy: above this many somebody has to say so first. */
  readonly over: number;
  /** The newest leave; null before there is one. */
  readonly leave: {
    readonly customers: number;
    readonly by: string;
    readonly reason: string;
    readonly at: Instant;
  } | null;
  /** True while none of them leaves for want of a leave that covers as many. */
  readonly isWithheld: boolean;
}

export interface FanOutStore {
  /** Counts the customers of the case anew from its obligations and grades, and keeps the figure. */
  count(caseId: string): Promise<FanOut>;
  /** The figure as it was last counted. */
  read(caseId: string): Promise<FanOut>;
  allow(row: {
    readonly caseId: string;
    readonly customers: number;
    readonly reason: string;
    readonly personId: string;
  }): Promise<void>;
  /** How many customers wait for a person's word, this version among them; 0 when it may leave. */
  withheldFor(versionId: string): Promise<number>;
}
