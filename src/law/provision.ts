/** What a provision is: one citable, dated rule about whom to tell, and by when. */
import type { RecipientKind, Verification } from '../domain/obligation.ts';
import type { Regime } from './regimes.ts';

export type ProvisionId =
  | 'gdpr/33/1'
  | 'gdpr/33/2'
  | 'gdpr/33/5'
  | 'gdpr/34/1'
  | 'uk-gdpr/33/1'
  | 'uk-gdpr/33/2'
  | 'uk-gdpr/33/5'
  | 'uk-gdpr/34/1'
  | 'ch-fadp/24/1'
  | 'ch-fadp/24/3'
  | 'ch-fadp/24/4'
  | 'ch-dpo/15/4';

type Threshold = 'every-breach' | 'unless-unlikely' | 'high-risk';

/** One provision between two dates; a repealed text keeps its entry and gets an end date. */
export interface Provision {
  readonly id: ProvisionId;
  readonly regime: Regime;
  readonly citation: string;
  /** Plain words for people who do not read law. */
  readonly label: string;
  readonly summary: string;
  /** A proposed text is never in force, whatever its dates. */
  readonly status: 'in-force' | 'superseded' | 'proposed';
  /** First day of validity, `2018-05-25`; null while proposed. */
  readonly effectiveFrom: string | null;
  /** Last day of validity; null while it has no end. */
  readonly effectiveTo: string | null;
  readonly recipientKind: RecipientKind;
  /** Hours from the trigger; null where the law gives no number. */
  readonly periodHours: number | null;
  readonly trigger: string;
  readonly threshold: Threshold;
  readonly source: string;
  readonly verification: Verification;
}
