/** What is known of a supervisory authority: whom it covers, how it takes notices, and how far that was checked. */
import type { Verification } from '../domain/obligation.ts';
import type { GeneralRegime } from './regimes.ts';

/** How an authority takes notices; `form` and `portal` need a person, and so does `email` without an address. */
export interface AuthorityChannel {
  readonly kind: 'email' | 'portal' | 'form';
  readonly url: string | null;
  /** An address a source says breach notices go to; never a general mailbox. */
  readonly email: string | null;
  readonly note: string;
}

export interface Authority {
  /** Country and short name, `ee-aki`. */
  readonly id: string;
  /** ISO 3166-1 alpha-2, `EU` for the authority of the Union's own bodies. */
  readonly country: string;
  /** ISO 3166-2 where competence is regional. */
  readonly region: string | null;
  readonly regime: GeneralRegime | 'eu-2018-1725';
  readonly name: string;
  readonly nativeName: string;
  readonly competence: string;
  /** False for authorities of public bodies or single sectors only. */
  readonly coversPrivate: boolean;
  readonly channel: AuthorityChannel;
  readonly languages: readonly string[];
  readonly languagesVerification: Verification;
  readonly zone: string;
  readonly website: string | null;
  /** A general mailbox: to ask, not to notify. */
  readonly generalEmail: string | null;
  readonly source: string;
  readonly verification: Verification;
}

/** An authority as the taker of notices of providers of electronic communications. */
export interface TelecomAuthority {
  /** Country and short name; that of the data protection authority where it is the one. */
  readonly id: string;
  readonly country: string;
  readonly name: string;
  readonly nativeName: string;
  readonly channel: AuthorityChannel;
  readonly languages: readonly string[];
  readonly zone: string;
  readonly source: string;
  readonly verification: Verification;
}
