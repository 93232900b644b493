/** What a provision is: one citable, dated rule about whom to tell, and by when. */
import type { RecipientKind, Verification } from '../domain/obligation.ts';
import type { Period } from './period.ts';
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
  | 'ch-dpo/15/4'
  | 'gi-gdpr/33/1'
  | 'gi-gdpr/33/2'
  | 'gi-gdpr/33/5'
  | 'gi-gdpr/34/1'
  | 'je-dpl/20/1'
  | 'je-dpl/20/processor'
  | 'je-dpl/20/record'
  | 'je-dpl/20/people'
  | 'gg-dpl/42/1'
  | 'gg-dpl/41/processor'
  | 'gg-dpl/42/record'
  | 'gg-dpl/43/1'
  | 'im-gdpr/33/1'
  | 'im-gdpr/33/2'
  | 'im-gdpr/33/5'
  | 'im-gdpr/34/1'
  | 'eprivacy-611/2/2'
  | 'eprivacy-611/2/3'
  | 'eprivacy-611/3/1'
  | 'eprivacy-611/5'
  | 'eprivacy/4/4'
  | 'uk-pecr/5a/2'
  | 'uk-pecr/5a/3'
  | 'uk-pecr/5a/8'
  | 'uk-pecr/611/5'
  | 'nis2/23/4/a'
  | 'nis2/23/4/b'
  | 'nis2/23/4/d';

type Threshold =
  'every-breach' | 'unless-unlikely' | 'high-risk' | 'adverse-effect' | 'significant-incident';

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
  /** An obligation this product carries out, or a clock of another law that it only shows beside. */
  readonly use: 'obligation' | 'shown-beside';
  /** Null where the law gives no number. */
  readonly period: Period | null;
  /** What sets it off, in plain words. */
  readonly trigger: string;
  /** The recorded instant its period is counted from. */
  readonly runsFrom: 'awareness' | 'detection' | 'submission';
  readonly threshold: Threshold;
  readonly source: string;
  readonly verification: Verification;
}
