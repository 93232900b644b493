/** Clocks of security law beside a case: from the same facts, shown and pressed for, never filed by this product. */
import type { Fact } from '../domain/case.ts';
import { assembleFacts, isFactName, type BreachFacts, type FactName } from '../domain/facts.ts';
import type { Instant } from '../domain/instant.ts';
import type { JsonValue } from '../domain/json.ts';
import type { Verification } from '../domain/obligation.ts';
import { dueWorking } from './due-working.ts';
import { periodEndAt } from './period.ts';
import type { ProvisionId } from './provision.ts';
import { provisionInForce } from './provisions.ts';
import { openFacts } from './readings.ts';
import { isInEea } from './regimes.ts';

/** What the facts say of a significant incident, Art. 23(3); whether it is one, a person says. */
export type Significance = 'indicated' | 'not-indicated' | 'not-known';

export interface BesideClock {
  readonly provision: string;
  readonly citation: string;
  readonly label: string;
  readonly verification: Verification;
  readonly significance: Significance;
  /** Null where it runs from a submission that is not recorded here. */
  readonly dueAt: Instant | null;
  readonly working: readonly string[];
}

export const notFiledHere =
  'Tocsin does not file this: it goes to the CSIRT or competent authority by whoever answers for network security.';

/** The provisions whose clocks these are. */
export const besideProvisions: readonly ProvisionId[] = [
  'nis2/23/4/a',
  'nis2/23/4/b',
  'nis2/23/4/d',
];

/**
 * The clocks of a provider in these countries; a provider of networks, cloud and communications is in scope wherever
 * it sits in the EEA. Empty elsewhere, and where nothing was in force.
 */
export function clocksBeside(
  countries: readonly string[],
  from: { readonly awareAt: Instant; readonly zone: string },
  significance: Significance,
): BesideClock[] {
  if (!countries.some(isInEea)) return [];
  return besideProvisions.flatMap((id) => {
    const text = provisionInForce(id, from.awareAt, from.zone);
    if (text === null) return [];
    const { citation, label, verification, period, runsFrom, summary } = text;
    const isDated = runsFrom !== 'submission' && period !== null;
    return [
      {
        ...{ provision: id, citation, label, verification, significance },
        dueAt: isDated ? periodEndAt(period, from.awareAt, from.zone) : null,
        working: isDated
          ? dueWorking(text, from.awareAt, { zone: from.zone, holidays: [] }).working
          : [`${summary} It runs from a submission that is made, and recorded, elsewhere.`],
      },
    ];
  });
}

/** What is read besides the actor: malicious access that took effect, or a loss that people feel. */
const read: readonly FactName[] = [
  'confidentiality.state',
  'integrity.state',
  'availability.state',
  'availability.effectOnSubjects',
];

/**
 * Art. 23(3): severe disruption or loss, or considerable damage to others; capable of it is enough, so what is open, or
 * said to be unknown, speaks neither for nor against.
 */
function significanceOf(facts: BreachFacts, open: ReadonlySet<FactName>): Significance {
  const malicious = facts.actor.startsWith('malicious');
  const taken = ['likely', 'confirmed'].includes(facts.confidentiality.state);
  const altered = !open.has('integrity.state') && facts.integrity.state !== 'none';
  const lost = !open.has('availability.state') && facts.availability.state !== 'none';
  const felt = ['significant', 'severe'].includes(facts.availability.effectOnSubjects);
  if ((malicious && (taken || altered || lost)) || (lost && felt)) return 'indicated';
  const isKnown = facts.actor !== 'unknown' && !read.some((name) => open.has(name));
  return isKnown ? 'not-indicated' : 'not-known';
}

/** In words, for pages and terminals. */
export const significanceWords: Readonly<Record<Significance, string>> = {
  indicated:
    'The facts speak for a significant incident, Art. 23(3): a named person says whether it is one.',
  'not-indicated': 'The facts do not speak for a significant incident, Art. 23(3).',
  'not-known':
    'The facts do not yet say whether it may be a significant incident, Art. 23(3): the clock is shown as if it were.',
};

/** What the facts of the case as a whole speak for; what is said of single processings is no matter here. */
export function significanceIn(
  facts: readonly Pick<Fact, 'about' | 'name' | 'value' | 'certainty'>[],
): Significance {
  const values = new Map<FactName, JsonValue>();
  for (const { about, name, value, certainty } of facts)
    if (about === 'case' && certainty !== 'unknown' && isFactName(name)) values.set(name, value);
  const { facts: assembled, unknown } = assembleFacts(values);
  return significanceOf(assembled, openFacts(assembled, unknown));
}
