/** One answer of a filing pack: what is known in words ready to copy, or why it is not. */
import type { CaseFile, Track } from '../domain/case.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { Notice } from '../domain/notice.ts';
import type { Speech } from '../domain/notice-ports.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Affiliate, Processing } from '../domain/ports.ts';
import type { FilingPlan } from '../domain/readiness.ts';
import type { FactReader } from './compose-common.ts';

/** `open`: being investigated. `by-filer`: nothing of ours knows it, the person who files enters it. */
type AnswerState = 'known' | 'open' | 'not-visible' | 'not-applicable' | 'by-filer';

export interface FilingAnswer {
  readonly state: AnswerState;
  /** Empty unless known. */
  readonly text: string;
  /** Keys of the options chosen, where the question has some. */
  readonly choices: readonly string[];
}

/** All that answers are made from, as it stands when the notice is frozen. */
export interface FilingSource {
  readonly notice: Notice;
  readonly file: CaseFile;
  readonly obligation: Obligation;
  readonly track: Track;
  readonly affiliate: Affiliate;
  readonly processing: Processing | null;
  readonly facts: FactReader;
  /** What the notice itself says, under the keys its templates use. */
  readonly content: JsonObject;
  /** Everything owed in the case: who else is told, and when. */
  readonly owed: readonly Obligation[];
  readonly previousReference: string | null;
  readonly plan: FilingPlan;
  readonly filerName: string | null;
  readonly speech: Speech;
}

/** Answers by the id of their question. */
export type Answers = Readonly<Record<string, FilingAnswer>>;

const bare = (state: AnswerState): FilingAnswer => ({ state, text: '', choices: [] });
export const open = bare('open');
export const notApplicable = bare('not-applicable');
export const notVisible = bare('not-visible');
export const byFiler = bare('by-filer');

/** What somebody said; open when it is blank or missing. */
export function said(text: JsonValue | undefined): FilingAnswer {
  return typeof text === 'string' && text.trim() !== ''
    ? { state: 'known', text: text.trim(), choices: [] }
    : open;
}

/** One or more options of a closed list; open when none is chosen. */
export function chosen(speech: Speech, ...keys: readonly string[]): FilingAnswer {
  if (keys.length === 0) return open;
  const text = keys.map((key) => speech.word('options', key)).join(', ');
  return { state: 'known', text, choices: keys };
}

/** The option a fact's value stands for; open for a value that stands for none. */
export function chosenBy(
  speech: Speech,
  value: JsonValue,
  options: Readonly<Record<string, string>>,
): FilingAnswer {
  const key = typeof value === 'string' ? options[value] : undefined;
  return key === undefined ? open : chosen(speech, key);
}

/** A part of the content that is itself an object; empty where it is missing. */
export function partOf(content: JsonObject, key: string): JsonObject {
  const part = content[key];
  return typeof part === 'object' && part !== null && !Array.isArray(part)
    ? (part as JsonObject)
    : {};
}
