/** One item an article demands of a notice, and what it is about. */
import type { RecipientKind, Verification } from '../domain/obligation.ts';
import type { Regime } from './regimes.ts';

/** What an item is about; several articles ask for the same thing. */
export type ContentSubject =
  | 'advice'
  | 'breach-itself'
  | 'consequences'
  | 'contact'
  | 'cross-border'
  | 'delay-reasons'
  | 'exception'
  | 'form'
  | 'measures'
  | 'nature'
  | 'other-providers'
  | 'people-categories'
  | 'people-count'
  | 'phase-statement'
  | 'protection'
  | 'provider-name'
  | 'reasoning'
  | 'recipient'
  | 'record-categories'
  | 'record-count'
  | 'subscriber-notice'
  | 'times';

/** One item an article demands of a notice. */
export interface ContentItem {
  readonly id: string;
  readonly regime: Regime;
  readonly recipientKind: RecipientKind;
  readonly article: string;
  readonly summary: string;
  readonly subject: ContentSubject;
  readonly demand:
    | 'always'
    | 'where-possible'
    | 'where-applicable'
    | 'conditional'
    | 'by-contract'
    | 'recommended';
  readonly condition: string | null;
  /** True where it may follow in phases, Art. 33(4). */
  readonly mayFollow: boolean;
  readonly verification: Verification;
  readonly source: string;
}
