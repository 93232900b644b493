/** What every notice is composed from, and the parts all of them share. Pure: rows in, content out, no words yet. */
import type { CaseFile, Certainty, Fact, Track } from '../domain/case.ts';
import { impliedFact, type FactName } from '../domain/facts.ts';
import type { Finding, Told } from '../domain/follow-up-ports.ts';
import { plusHours, type Instant } from '../domain/instant.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { Notice } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Affiliate } from '../domain/ports.ts';
import { catalogue } from './known-facts.ts';

/** The notice that a later one follows, as its reader knows it. */
export interface Earlier {
  readonly told: Told;
  readonly reference: string;
  /** Case time. */
  readonly sentAt: Instant;
}

export interface NoticeSource {
  readonly notice: Notice;
  readonly file: CaseFile;
  readonly obligation: Obligation;
  readonly track: Track;
  readonly affiliate: Affiliate;
  readonly facts: readonly Fact[];
  /** Case time of the freeze. */
  readonly writtenAt: Instant;
  /** What a person added to the wording; null for nothing. */
  readonly addition: string | null;
  readonly finding: Finding;
  /** The first notice, which this one follows; null on an initial one. */
  readonly earlier: Earlier | null;
}

/** A notice before its words: the template to use and what it may say. */
export interface Composed {
  readonly template: string;
  readonly content: JsonObject;
  /** Notices of one group read alike: visibility, language, template. */
  readonly groupKey: string;
}

/** A fact as templates say it; certainty `unknown` where nobody has said it. */
// A type, not an interface: only so does it count as a JSON object.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type SaidFact = {
  readonly name: FactName;
  readonly value: JsonValue;
  readonly certainty: Certainty;
};

/** Our own aim for the next word to a recipient; policy, not law. */
const nextUpdateHours = 24;

/** The reference a recipient quotes: the case and the notice, nothing countable. */
export function referenceOf(caseReference: string, noticeId: string): string {
  return `${caseReference}-${noticeId.slice(-6)}`;
}

/** What stands in every notice. */
export function commonContent(source: NoticeSource, facts: FactReader): JsonObject {
  const { affiliate, file, track, writtenAt, addition } = source;
  const { awareness } = track;
  return {
    v: 1,
    exercise: file.mode === 'drill',
    reference: referenceOf(file.reference, source.notice.noticeId),
    phase: source.notice.phase,
    writtenAt,
    nextUpdateAt: plusHours(writtenAt, nextUpdateHours),
    us: {
      name: affiliate.name,
      country: affiliate.country,
      dpoName: affiliate.dpoName,
      dpoEmail: affiliate.dpoEmail,
      dpoPhone: affiliate.dpoPhone,
    },
    times: {
      awareAt: awareness.awareAt,
      zone: awareness.zone,
      offsetMinutes: awareness.offsetMinutes,
      awareState: awareness.state,
      detectedAt: file.detectedAt,
      ongoing: facts.said('duration.ongoing'),
    },
    measures: facts.texts('mitigation.measures'),
    addition,
  };
}

export interface FactReader {
  said(name: FactName): SaidFact;
  /** True when the fact is one of the values. */
  is(name: FactName, ...values: readonly string[]): boolean;
  texts(name: FactName): readonly string[];
}

/**
 * Reads facts about the given subjects, the first that has one; `case` and the catalogue come last by themselves. What
 * nobody said but what follows from facts that were said is read as the law reads it, no surer than what it follows from.
 */
export function factReader(facts: readonly Fact[], ...about: readonly string[]): FactReader {
  const order = [...about, 'case', catalogue];
  const find = (name: FactName): Fact | undefined => {
    const found = order
      .map((subject) => facts.find((fact) => fact.about === subject && fact.name === name))
      .find(Boolean);
    return found?.certainty === 'unknown' ? undefined : found;
  };
  const said = (name: FactName): SaidFact => {
    const fact = find(name);
    if (fact !== undefined) return { name, value: fact.value, certainty: fact.certainty };
    const implied = impliedFact(name, (asked) => find(asked)?.value);
    if (implied === undefined) return { name, value: null, certainty: 'unknown' };
    const certainties = implied.from.map((asked) => find(asked)?.certainty);
    return { name, value: implied.value, certainty: leastCertain(certainties) };
  };
  const texts = (name: FactName): readonly string[] => {
    const { value } = said(name);
    return Array.isArray(value)
      ? value.filter((item): item is string => typeof item === 'string')
      : [];
  };
  return {
    said,
    texts,
    is: (name, ...values) => {
      const { value } = said(name);
      return typeof value === 'string' && values.includes(value);
    },
  };
}

function leastCertain(certainties: readonly (Certainty | undefined)[]): Certainty {
  const fromWorst: readonly Certainty[] = ['estimated', 'range'];
  return fromWorst.find((one) => certainties.includes(one)) ?? 'confirmed';
}

/** True for a fact nobody knows yet, so that the notice says so. */
export function isUnknown(fact: SaidFact): boolean {
  return (
    fact.certainty === 'unknown' ||
    fact.value === null ||
    fact.value === 'unknown' ||
    (Array.isArray(fact.value) && fact.value.length === 0)
  );
}

const byCategory: readonly (readonly [string, readonly string[]])[] = [
  ['account-misuse', ['credentials', 'username']],
  ['fraud', ['bank_account', 'payment_card', 'transaction_history', 'billing', 'financial_status']],
  ['identity-theft', ['national_id', 'id_document', 'dob']],
  ['phishing', ['name', 'contact', 'ip_address', 'customer_relation', 'purchase_item']],
  [
    'disclosure-distress',
    [
      'health',
      'biometric_genetic',
      'political_religious_union',
      'sexual_life',
      'ethnic_origin',
      'criminal',
      'communications_content',
      'photo_video',
    ],
  ],
  ['physical-safety', ['location', 'protected_address']],
];

/** Likely consequences that follow from the facts, as keys of the vocabulary: Art. 33(3)(c), 34(2). */
export function consequencesOf(facts: FactReader): readonly string[] {
  const categories = facts.texts('data.categories');
  const exposed = facts.is('confidentiality.state', 'not_ruled_out', 'likely', 'confirmed');
  const named = byCategory.filter(
    ([, kinds]) => exposed && kinds.some((kind) => categories.includes(kind)),
  );
  return [
    ...named.map(([key]) => key),
    ...(exposed && named.length === 0 ? ['confidentiality-general'] : []),
    ...(facts.is('integrity.state', 'altered_restored', 'altered_not_restored')
      ? ['integrity']
      : []),
    ...(facts.is('availability.state', 'temporary', 'permanent') ? ['availability'] : []),
  ];
}

const adviceFor: Readonly<Record<string, string>> = {
  'account-misuse': 'change-password',
  fraud: 'watch-bank',
  'identity-theft': 'watch-identity',
  'physical-safety': 'be-careful-location',
};

/** What a person can do about the consequences, as keys of the vocabulary: recital 86. */
export function adviceOn(consequences: readonly string[]): readonly string[] {
  const special = consequences.flatMap((key) => adviceFor[key] ?? []);
  return [...special, 'beware-phishing', 'contact-us'];
}
