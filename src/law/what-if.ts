/** What a proposed text would change: beside the law in force, and never in its place. */
import type { BreachFacts } from '../domain/facts.ts';
import type { Instant } from '../domain/instant.ts';
import { assess } from './assess.ts';
import { compareLevels } from './assessment.ts';
import type { Assessment, RiskLevel } from './assessment.ts';
import { dueWorking } from './due-working.ts';
import type { Moment } from './due-working.ts';
import type { Provision } from './provision.ts';
import { allProvisions, provisionInForce } from './provisions.ts';
import type { WorkingCalendar } from './regulation-1182.ts';

export interface Reading {
  readonly citation: string;
  readonly status: Provision['status'];
  /** Null where no facts were given, or where they are no breach of ours to judge. */
  readonly owed: 'yes' | 'no' | null;
  readonly due: Moment | null;
}

export interface WhatIf {
  readonly rule: string;
  readonly now: Reading;
  readonly proposed: Reading;
  readonly source: string;
  /** In plain words; empty where nothing would change. */
  readonly differences: readonly string[];
}

/** One line for each proposed text, beside the one in force at awareness. Facts, if given, decide what would be owed. */
export function whatIf(
  awareAt: Instant,
  calendar: WorkingCalendar,
  facts: BreachFacts | null,
): WhatIf[] {
  const assessment = facts === null ? null : assess(facts);
  return allProvisions
    .filter((provision) => provision.status === 'proposed')
    .flatMap((proposal) => {
      const inForce = provisionInForce(proposal.id, awareAt, calendar.zone);
      if (inForce === null) return [];
      const now = reading(inForce, awareAt, calendar, assessment);
      const proposed = reading(proposal, awareAt, calendar, assessment);
      const { id: rule, source } = proposal;
      return [
        { rule, now, proposed, source, differences: differences(inForce, proposal, now, proposed) },
      ];
    });
}

function reading(
  provision: Provision,
  awareAt: Instant,
  calendar: WorkingCalendar,
  assessment: Assessment | null,
): Reading {
  const owed = assessment === null ? null : owedUnder(provision, assessment);
  const due = owed === 'no' ? null : dueWorking(provision, awareAt, calendar).strict;
  return { citation: provision.citation, status: provision.status, owed, due };
}

/** The least level of risk that meets a threshold; the others are not of risk. */
const leastLevel: Partial<Record<Provision['threshold'], RiskLevel>> = {
  'every-breach': 'unlikely',
  'unless-unlikely': 'risk',
  'high-risk': 'high-risk',
};

/** Whether a threshold is met by a level of risk; null where the risk is not ours to judge, or not what is asked. */
function owedUnder(
  { threshold }: Provision,
  { isBreach, riskLevel }: Assessment,
): 'yes' | 'no' | null {
  if (!isBreach) return 'no';
  const least = leastLevel[threshold];
  if (riskLevel === null || least === undefined) return null;
  return compareLevels(riskLevel, least) < 0 ? 'no' : 'yes';
}

function differences(
  inForce: Provision,
  proposal: Provision,
  now: Reading,
  proposed: Reading,
): string[] {
  const lines: string[] = [];
  if (now.owed !== proposed.owed) {
    lines.push(
      proposed.owed === 'no'
        ? 'It would no longer be owed.'
        : 'It would be owed although it is not now.',
    );
  }
  if (inForce.threshold !== proposal.threshold) {
    lines.push(`The threshold would be "${proposal.threshold}" instead of "${inForce.threshold}".`);
  }
  if (now.due !== null && proposed.due !== null && now.due.utc !== proposed.due.utc) {
    lines.push(`It would be due ${proposed.due.local} instead of ${now.due.local}.`);
  }
  return lines;
}
