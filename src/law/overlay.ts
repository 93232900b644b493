/** What a single authority demands beyond the rules: it can only raise a result, never lower it. */
import type { BreachFacts, FactName } from '../domain/facts.ts';
import type { Verification } from '../domain/obligation.ts';
import { compareLevels, highest } from './assessment.ts';
import type { RiskLevel } from './assessment.ts';
import { disclosureCertainty } from './parts.ts';
import type { RuleTrace } from './parts.ts';
import type { RuleId } from './rules.ts';

interface Overlay {
  readonly id: RuleId;
  readonly authorityId: string;
  readonly facts: readonly FactName[];
  readonly applies: (facts: BreachFacts) => boolean;
  readonly atLeast: RiskLevel;
  readonly source: string;
  readonly verification: Verification;
}

/** Each with the decisions it rests on; adding one is adding a row. */
const overlays: readonly Overlay[] = [
  {
    id: 'O-PL-ID',
    authorityId: 'pl-uodo',
    facts: ['data.categories', 'confidentiality.state', 'exfiltration'],
    applies: (facts) =>
      disclosureCertainty(facts) !== 'none' && facts.data.categories.includes('national_id'),
    atLeast: 'high-risk',
    source: 'UODO decisions on PESEL numbers sent to one wrong recipient; DKN.5131.16.2021',
    verification: 'secondary-source',
  },
];

/** The level after the overlays of the authorities concerned, and the rules that raised it. */
export function raisedBy(
  authorityIds: readonly string[],
  facts: BreachFacts,
  level: RiskLevel,
): { readonly level: RiskLevel; readonly rules: readonly RuleTrace[] } {
  const raising = overlays.filter(
    (overlay) =>
      authorityIds.includes(overlay.authorityId) &&
      overlay.applies(facts) &&
      compareLevels(overlay.atLeast, level) > 0,
  );
  return {
    level: highest([level, ...raising.map(({ atLeast }) => atLeast)]),
    rules: raising.map(({ id, facts: read }) => ({ id, facts: read })),
  };
}
