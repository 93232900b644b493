/** What a drill is made of: what is hit, what people find out and decide at which case minute, and what must come of it. */
import type { Certainty, Determination, Grade, HitKind } from '../../domain/case.ts';
import type { FactName } from '../../domain/facts.ts';
import type { JsonValue } from '../../domain/json.ts';

/** The demo people, by login. */
export type Player = 'rita' | 'leo' | 'dora' | 'eva' | 'aud' | 'adam';

export interface FactSaid {
  readonly name: FactName;
  readonly value: JsonValue;
  readonly certainty: Certainty;
  /** The whole case, or the key of the processing it is about. */
  readonly about: string;
}

type ActKind =
  | { readonly kind: 'facts'; readonly facts: readonly FactSaid[] }
  | { readonly kind: 'hits'; readonly hits: readonly { kind: HitKind; key: string }[] }
  | {
      readonly kind: 'exposure';
      readonly select: 'product' | 'asset' | 'customer' | 'engagement' | 'processing';
      readonly key: string;
      readonly grade: Grade;
      readonly evidence: string;
    }
  | {
      readonly kind: 'determination';
      readonly determination: Determination;
      readonly reason: string;
    }
  | { readonly kind: 'awareness'; readonly evidence: string }
  | { readonly kind: 'bar-mail'; readonly reason: string }
  /** Proposed by who acts, advised on by dora, confirmed by eva: all three on the spot. */
  | {
      readonly kind: 'lowering';
      readonly claims: 'not-a-breach' | readonly FactSaid[];
      readonly reason: string;
      readonly evidence: string;
      readonly logs: readonly string[];
    };

/** One scripted act; it happens at this case minute after the case was opened, give or take the seed. */
export type Act = ActKind & {
  readonly by: Player;
  readonly atMinutes: number;
  /** For the running account. */
  readonly says: string;
};

export interface Scenario {
  readonly name: string;
  readonly summary: string;
  readonly title: string;
  readonly description: string;
  readonly hits: readonly { readonly kind: HitKind; readonly key: string }[];
  readonly firstFacts: readonly FactSaid[];
  readonly acts: readonly Act[];
  /** What happens when everybody has been told, and what must follow from it. */
  readonly later?: { readonly acts: readonly Act[]; readonly followUps: FollowUps };
  /** Case time against wall time when nobody asks for another; 600 for most. */
  readonly speed?: number;
  /**
   * Set where the report comes when its hours are over. Such a drill is good when the lateness was recorded on the case
   * and on everything with a due, and the reasons, Art. 33(1), stand in what the authorities got.
   */
  readonly late?: Lateness;
  /** Set where mail is barred: everything is approved and what cannot be filed waits until two people open it again. */
  readonly barred?: {
    readonly openedBy: readonly [Player, Player];
    /** Case minutes after everything waits. */
    readonly afterMinutes: number;
    readonly reason: string;
  };
  /** Who must have been told in the end, and how many. */
  readonly expected: {
    /** Keys of the authorities. */
    readonly authorities: readonly string[];
    /** Different customers; one may be told by more than one affiliate of ours. */
    readonly controllers: number;
    readonly dataSubjects: number;
    /** Provisions that must have come out as not owed, each with its reason. */
    readonly notOwed?: readonly string[];
  };
}

/** Notices after the first ones, none of them cancelled. */
export interface FollowUps {
  readonly supplements: number;
  readonly withdrawals: number;
  /** Initial notices to people found later. */
  readonly furtherParts: number;
}

interface Lateness {
  /** How long the report had lain about when the case was opened. */
  readonly reportedHoursAgo: number;
  /** Why it is late, by language. */
  readonly reasons: { readonly en: string; readonly de: string };
}

type FactsByName = Partial<Record<FactName, JsonValue>>;

/** Facts that are certain, by name, about the whole case or one processing. */
export function confirmed(facts: FactsByName, about = 'case'): FactSaid[] {
  return factsOf(facts, 'confirmed', about);
}

/** Facts that are a considered estimate, by name. */
export function estimated(facts: FactsByName, about = 'case'): FactSaid[] {
  return factsOf(facts, 'estimated', about);
}

function factsOf(facts: FactsByName, certainty: Certainty, about: string): FactSaid[] {
  const names = Object.keys(facts) as FactName[];
  return names.flatMap((name) => {
    const value = facts[name];
    return value === undefined ? [] : [{ name, value, certainty, about }];
  });
}
