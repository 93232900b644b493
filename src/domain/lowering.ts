/** What lowers a result, and the act that may: proposed with evidence, advised on by the DPO, confirmed by a third person. */
import type { Certainty } from './case.ts';
import type { Instant } from './instant.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** A fact as a lowering claims it. */
interface ClaimedFact {
  readonly about: string;
  readonly name: string;
  readonly value: JsonValue;
  readonly certainty: Certainty;
  readonly source: string;
  readonly observedAt: Instant | null;
}

interface ExcludedEntry {
  readonly select: 'engagement' | 'processing' | 'product' | 'asset' | 'customer';
  readonly key: string;
}

/** What is to be lowered. `not-notified`: an obligation that is owed, or undecided, is not to be discharged by telling anybody. */
export type LoweringAct =
  | { readonly kind: 'not-a-breach' }
  | { readonly kind: 'facts'; readonly facts: readonly ClaimedFact[] }
  | { readonly kind: 'excluded'; readonly entries: readonly ExcludedEntry[] }
  | {
      readonly kind: 'later-awareness';
      readonly awareAt: Instant;
      readonly zone: string;
      readonly offsetMinutes: number;
    }
  | { readonly kind: 'not-notified'; readonly obligationId: string };

/** Which logs were looked at, for which time, and what they do not show. */
export interface LogCoverage {
  readonly fromAt: Instant;
  readonly untilAt: Instant;
  readonly logs: readonly string[];
  readonly gaps: string;
}

export interface LoweringGrounds {
  readonly reason: string;
  readonly evidence: string;
  readonly coverage: LogCoverage;
}

export interface Lowering extends LoweringGrounds {
  readonly loweringId: string;
  readonly caseId: string;
  readonly act: LoweringAct;
  readonly factsVersion: number;
  /** What the rules say without it. */
  readonly resultBefore: JsonObject;
  /** What is to count, or counts, instead. */
  readonly resultAfter: JsonObject;
  readonly proposedBy: string;
  readonly proposedByName: string;
  readonly proposedAt: Instant;
  readonly opinion: {
    readonly text: string;
    readonly favours: boolean;
    readonly by: string;
    readonly byName: string;
    readonly at: Instant;
  } | null;
  readonly state: 'proposed' | 'confirmed' | 'declined';
  readonly decision: {
    readonly reason: string | null;
    readonly by: string;
    readonly byName: string;
    readonly at: Instant;
  } | null;
}

export interface LoweringStore {
  propose(
    proposal: LoweringGrounds &
      Pick<
        Lowering,
        | 'loweringId'
        | 'caseId'
        | 'act'
        | 'factsVersion'
        | 'resultBefore'
        | 'resultAfter'
        | 'proposedBy'
      >,
  ): Promise<void>;
  /** Null when unknown or not visible to this actor; locked for change. */
  lock(loweringId: string): Promise<Lowering | null>;
  advise(
    loweringId: string,
    opinion: { text: string; favours: boolean; by: string },
  ): Promise<void>;
  /** Confirmed, it lets this transaction lower what its act names; no other one. */
  decide(
    loweringId: string,
    decision: { state: 'confirmed' | 'declined'; reason: string | null; by: string },
  ): Promise<void>;
  /** Newest first. */
  ofCase(caseId: string): Promise<readonly Lowering[]>;
}

type Stated = Pick<ClaimedFact, 'name' | 'value' | 'certainty'>;

const nothingToTell: Readonly<Record<string, readonly JsonValue[]>> = {
  personalDataInvolved: [false],
  breachOfSecurity: [false],
  role: ['processor'],
  'confidentiality.state': ['none', 'ruled_out'],
  exfiltration: ['ruled_out'],
};
const disclosure: readonly string[] = ['confidentiality.state', 'exfiltration'];

/**
 * True for a claim that there is nothing to tell (no personal data, no breach of security, not ours, nothing disclosed),
 * and for less of a disclosure than stands. Said again as it stands it lowers nothing. The database checks the same.
 */
export function lowersFact(
  fact: Stated,
  stands: Pick<Stated, 'value' | 'certainty'> | undefined,
): boolean {
  const isUnknown = fact.certainty === 'unknown';
  if (stands?.value === fact.value && (stands.certainty === 'unknown') === isUnknown) return false;
  const claims = Object.hasOwn(nothingToTell, fact.name) ? nothingToTell[fact.name] : undefined;
  if (!isUnknown && claims?.includes(fact.value) === true) return true;
  if (!disclosure.includes(fact.name) || stands === undefined) return false;
  return disclosureRank(stands) > disclosureRank(fact);
}

function disclosureRank({ value, certainty }: Pick<Stated, 'value' | 'certainty'>): number {
  if (certainty === 'unknown' || value === 'not_ruled_out') return 1;
  return value === 'confirmed' ? 3 : value === 'likely' ? 2 : 0;
}
