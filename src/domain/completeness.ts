/** Whether a notice says all its article demands, item by item, as people are shown it. */
import type { Verification } from './obligation.ts';

export type ItemState = 'known' | 'being-investigated' | 'not-visible' | 'not-applicable';

export interface CompletenessLine {
  readonly id: string;
  readonly article: string;
  readonly summary: string;
  readonly demand:
    | 'always'
    | 'where-possible'
    | 'where-applicable'
    | 'conditional'
    | 'by-contract'
    | 'recommended';
  readonly condition: string | null;
  /** True where it may follow in phases. */
  readonly mayFollow: boolean;
  readonly verification: Verification;
  readonly state: ItemState;
  /** Facts that would complete it. */
  readonly missingFacts: readonly string[];
}

export interface NoticeCompleteness {
  readonly noticeId: string;
  readonly provision: string;
  readonly regime: string;
  readonly lines: readonly CompletenessLine[];
  /** Ids of what must be there before anything is sent: it may not follow later. */
  readonly missingBeforeSending: readonly string[];
  /** Ids of what may follow in phases and is not known yet. */
  readonly toFollow: readonly string[];
  /** The least an initial notice must say in an emergency, and whether it does; empty for later phases. */
  readonly emergencyMinimum: readonly { readonly subject: string; readonly isThere: boolean }[];
}
