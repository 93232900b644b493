/** The assessment: what the rules make of the facts, with everything it rests on. */
import type { FactName } from '../domain/facts.ts';
import type { JsonValue } from '../domain/json.ts';
import type { ReviewFlag } from './review-flags.ts';
import type { RuleId } from './rules.ts';

/** Risk to people's rights and freedoms; the words of Art. 33(1) and 34(1) GDPR. */
export type RiskLevel = 'unlikely' | 'risk' | 'high-risk';

/** `null` means "not ours to decide" (we are processor), never "no". */
type Answer = 'yes' | 'no' | null;

/** A fact as a rule read it: `unknown` where nobody has said it, so that its worse value counted. */
interface FactRead {
  readonly name: FactName;
  readonly value: JsonValue;
}

export interface RuleUsed {
  readonly id: RuleId;
  readonly citation: string;
  readonly factsUsed: readonly FactRead[];
}

/** What follows from the facts: the answers a recipient or an authority can see. */
export interface Answers {
  readonly isBreach: boolean;
  readonly notifyController: Answer;
  readonly notifySA: Answer;
  readonly notifySubjects: Answer;
  readonly publicCommunication: Answer;
  readonly riskLevel: RiskLevel | null;
}

/** One fact that, changed alone, changes an answer. */
export interface Change extends Omit<Answers, 'isBreach' | 'notifyController'> {
  readonly fact: FactName;
  readonly from: JsonValue;
  readonly to: JsonValue;
}

export interface Assessment extends Answers {
  readonly ruleSetVersion: string;
  /** True if an answer would be milder were every unknown or unconfirmed fact to turn out well. */
  readonly restsOnUnknowns: boolean;
  /** Every personal data breach is documented, Art. 33(5) GDPR. */
  readonly document: boolean;
  /** Confidentiality, availability, integrity; null where the risk is not ours to assess. */
  readonly parts: {
    readonly c: RiskLevel | null;
    readonly a: RiskLevel | null;
    readonly i: RiskLevel | null;
  };
  readonly rules: readonly RuleUsed[];
  readonly unknownsUsed: readonly FactName[];
  readonly humanReview: readonly ReviewFlag[];
  readonly whatWouldChangeIt: readonly Change[];
}

const order: readonly RiskLevel[] = ['unlikely', 'risk', 'high-risk'];

/** The highest of several levels; `unlikely` for none. */
export function highest(levels: readonly RiskLevel[]): RiskLevel {
  return order.findLast((level) => levels.includes(level)) ?? 'unlikely';
}

/** Below 0 if the first level is the lower, 0 if equal, above 0 if it is the higher. */
export function compareLevels(one: RiskLevel, other: RiskLevel): number {
  return order.indexOf(one) - order.indexOf(other);
}
