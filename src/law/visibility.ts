/** What a notice to a controller states at each visibility: never more than we can see of the data. */
import type { Visibility } from '../domain/case.ts';

/** `ask`: not visible to us, the recipient is asked to assess; nothing is ever filled in for it. */
type Statement = 'must' | 'may' | 'ask' | 'must-not';

export interface StatementRule {
  readonly rule: Statement;
  /** A limit or condition on it, in plain words. */
  readonly note: string | null;
}

const must: StatementRule = { rule: 'must', note: null };
const may: StatementRule = { rule: 'may', note: null };
const ask: StatementRule = { rule: 'ask', note: null };
const mustNot: StatementRule = { rule: 'must-not', note: null };
const on = (base: StatementRule, note: string): StatementRule => ({ ...base, note });
const always = { V0: must, V1: must, V2: must, V3: must, V4: must };
const never = { V0: mustNot, V1: mustNot, V2: mustNot, V3: mustNot, V4: mustNot };

/** Our summary of Art. 33(2), 28(3)(f) GDPR, EDPB 9/2022 and 07/2020, by item and visibility. */
const table = {
  'breach-touched-service': always,
  times: always,
  'type-of-breach': { ...always, V0: on(must, 'as suspected') },
  'affected-assets': always,
  cause: { V0: may, V1: may, V2: may, V3: must, V4: must },
  'encryption-and-keys': { V0: may, V1: may, V2: must, V3: must, V4: must },
  categories: { V0: ask, V1: on(may, 'metadata only'), V2: ask, V3: may, V4: must },
  counts: {
    V0: ask,
    V1: on(may, 'connections, not people'),
    V2: on(ask, 'objects and bytes may be given'),
    V3: may,
    V4: must,
  },
  'likely-consequences': {
    V0: on(mustNot, 'no guess'),
    V1: on(mustNot, 'no guess'),
    V2: on(mustNot, 'no guess'),
    V3: on(may, 'as input to your own assessment, marked so'),
    V4: on(may, 'as input to your own assessment, marked so'),
  },
  measures: always,
  evidence: {
    V0: may,
    V1: may,
    V2: may,
    V3: on(must, 'on request'),
    V4: on(must, 'on request'),
  },
  'contact-and-next-update': always,
  'other-customers': never,
  'whether-to-notify': { ...never, V4: on(mustNot, 'unless mandated') },
  'draft-33-3-text': {
    V0: mustNot,
    V1: may,
    V2: may,
    V3: may,
    V4: on(must, 'if the contract says so'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Visibility, StatementRule>>>>;

/** One kind of statement in a notice to a controller. */
export type NoticeItem = keyof typeof table;

/** Every item, in the order of a notice. */
export const noticeItems: readonly NoticeItem[] = Object.keys(table).filter(
  (item): item is NoticeItem => item in table,
);

/** What is demanded of an item at a visibility, with its limits. */
export function statementRule(visibility: Visibility, item: NoticeItem): StatementRule {
  return table[item][visibility];
}

/** True if a notice at this visibility may state the item from our own knowledge. */
export function mayState(visibility: Visibility, item: NoticeItem): boolean {
  const { rule } = statementRule(visibility, item);
  return rule === 'must' || rule === 'may';
}
