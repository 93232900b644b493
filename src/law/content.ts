/** Whether a notice says all its article demands: each item known, under investigation, not visible to us, or not applicable. */
import type { Visibility } from '../domain/case.ts';
import { factValues } from '../domain/facts.ts';
import type { BreachFacts, FactName } from '../domain/facts.ts';
import type { JsonValue } from '../domain/json.ts';
import type { RecipientKind } from '../domain/obligation.ts';
import type { ContentItem, ContentSubject } from './content-item.ts';
import { contentItems } from './data/notice-content.ts';
import type { Regime } from './regimes.ts';
import { openFacts } from './readings.ts';
import { mayState } from './visibility.ts';
import type { NoticeItem } from './visibility.ts';

type ContentState = 'known' | 'being-investigated' | 'not-visible' | 'not-applicable';

interface ContentLine extends ContentItem {
  readonly state: ContentState;
  /** Facts that would complete it. */
  readonly missingFacts: readonly FactName[];
}

export interface ContentQuestion {
  readonly regime: Regime;
  readonly recipientKind: RecipientKind;
  readonly facts: BreachFacts;
  /** As `assembleFacts` listed them. */
  readonly unknown: readonly FactName[];
  /** What we can see of a customer's data; null for data of our own. */
  readonly visibility: Visibility | null;
  /** Subjects answered otherwise than by facts: recipient, contact, times, reasons. */
  readonly given: ReadonlySet<ContentSubject>;
  /** True once the notice leaves after its due: reasons are then owed. */
  readonly isLate: boolean;
}

export interface Completeness {
  readonly lines: readonly ContentLine[];
  /** What must be there before anything is sent: it may not follow later. */
  readonly missingBeforeSending: readonly ContentLine[];
  /** What may follow in phases and is not known yet. */
  readonly toFollow: readonly ContentLine[];
}

const factsOf: Readonly<Partial<Record<ContentSubject, readonly FactName[]>>> = {
  nature: [
    'confidentiality.state',
    'exfiltration',
    'integrity.state',
    'availability.state',
    'actor',
  ],
  'people-categories': ['subjects.types'],
  'people-count': ['subjects.count'],
  'record-categories': ['data.categories'],
  consequences: [
    ...(['confidentiality.state', 'recipients.class', 'data.categories'] as const),
    ...(['availability.effectOnSubjects', 'integrity.effectOnSubjects'] as const),
  ],
  measures: ['mitigation.measures'],
  protection: ['protection.encryption', 'protection.keyCompromised'],
};

/** The statement of a notice to a controller that a subject is, for what the product lets us see. */
const visibleAs: Readonly<Partial<Record<ContentSubject, NoticeItem>>> = {
  'people-count': 'counts',
  'people-categories': 'categories',
  'record-categories': 'categories',
  'record-count': 'counts',
  consequences: 'likely-consequences',
  protection: 'encryption-and-keys',
};

/** The least an initial notice in an emergency must say, Art. 33(3) with 33(4) GDPR: the rest may follow. */
export const emergencyMinimum: readonly ContentSubject[] = [
  ...(['recipient', 'breach-itself', 'provider-name', 'contact', 'times'] as const),
];

/** Every item the article demands of this notice, with how it stands. Conditions that do not hold are not applicable. */
export function completeness(question: ContentQuestion): Completeness {
  const open = openFacts(question.facts, question.unknown);
  const values = factValues(question.facts);
  const lines = contentItems
    .filter(
      (item) => item.regime === question.regime && item.recipientKind === question.recipientKind,
    )
    .map((item): ContentLine => {
      const asked = factsOf[item.subject] ?? [];
      const missingFacts = asked.filter((name) => open.has(name) || isEmpty(values.get(name)));
      return { ...item, missingFacts, state: stateOf(item, question, asked, missingFacts) };
    });
  const investigated = lines.filter((line) => line.state === 'being-investigated');
  const isDue = (line: ContentLine): boolean => demanded.includes(line.demand);
  return {
    lines,
    missingBeforeSending: investigated.filter((line) => isDue(line) && !line.mayFollow),
    toFollow: investigated.filter((line) => line.mayFollow),
  };
}

const demanded: readonly ContentItem['demand'][] = ['always', 'conditional'];

/** A number nobody knows is open already. */
function isEmpty(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}

function stateOf(
  item: ContentItem,
  { visibility, given, isLate }: ContentQuestion,
  asked: readonly FactName[],
  missing: readonly FactName[],
): ContentState {
  if (item.subject === 'delay-reasons' && !isLate) return 'not-applicable';
  const shown = visibleAs[item.subject];
  if (visibility !== null && shown !== undefined && !mayState(visibility, shown)) {
    return 'not-visible';
  }
  if (given.has(item.subject)) return 'known';
  if (asked.length > 0) return missing.length === 0 ? 'known' : 'being-investigated';
  const onlyIf = item.demand === 'where-applicable' || item.demand === 'conditional';
  return onlyIf && item.subject !== 'delay-reasons' ? 'not-applicable' : 'being-investigated';
}
