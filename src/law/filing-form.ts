/** The shape of what is known of a form: questions, fields, and how far each was read. */
import type { Verification } from '../domain/obligation.ts';

/** One question of the common template. Its id is ours; options are named in our words, not the template's. */
export interface FilingQuestion {
  readonly id: string;
  readonly section: string;
  readonly kind: 'enum' | 'multi' | 'bool' | 'text' | 'date' | 'number' | 'file';
  readonly options: readonly string[] | null;
  readonly citation: string;
  readonly verification: Verification;
}

/** A field that a national form asks for, and the answers that fill it; none: only the one who files can. */
export interface FormField {
  readonly id: string;
  readonly answeredBy: readonly string[];
}

/** A national form as far as somebody read it. */
export interface NationalForm {
  readonly authorityId: string;
  readonly source: string;
  readonly readOn: string;
  readonly verification: Verification;
  readonly fields: readonly string[];
  readonly secondHand?: readonly string[];
  /** Characters a field takes, where that was read. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Answers a field offers, where that was read. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
}
