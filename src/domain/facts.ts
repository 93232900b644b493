/** What is known of a breach: what may be said of it, what cannot be true together, and the facts document. */
import type { BreachFacts } from './fact-document.ts';
import { isFactName } from './fact-document.ts';
import { factFields } from './fact-fields.ts';
import type { FactKind, FactName } from './fact-fields.ts';
import { specialDataCategories } from './fact-implications.ts';
import type { JsonValue } from './json.ts';

export type { FactName } from './fact-fields.ts';
export type { BreachFacts } from './fact-document.ts';
export { assembleFacts, factNames, factValues, impliedFact, isFactName } from './fact-document.ts';

/** What may be said of each fact: for forms, and for telling a caller what would have been right. */
export function factChoices(name: FactName): {
  readonly kind: FactKind;
  readonly values: readonly string[];
} {
  const { kind, values } = factFields[name];
  return { kind, values };
}

/** Why a fact cannot be recorded, in one plain sentence; null when it can. */
export function checkFact(name: string, value: JsonValue): string | null {
  if (!isFactName(name)) return `${name} is not a fact of the breach-facts document`;
  const field = factFields[name];
  if (field.fits(value)) return null;
  switch (field.kind) {
    case 'choice':
      return `${name} must be one of ${field.values.join(', ')}`;
    case 'choices':
      return `${name} must be a list, without repeats, of ${field.values.join(', ')}`;
    case 'flag':
      return `${name} must be true or false`;
    case 'count':
      return `${name} must be a whole number of 0 or more, or null when nobody knows`;
    case 'number':
      return `${name} must be a number of 0 or more, or null when nobody knows`;
    case 'texts':
      return `${name} must be a list of texts`;
    case 'text-or-nothing':
      return `${name} must be a text, or null`;
  }
}

/** Facts that cannot be true together, and why. */
export interface Contradiction {
  readonly names: readonly FactName[];
  readonly detail: string;
}

interface Clash extends Contradiction {
  readonly holds: (facts: BreachFacts) => boolean;
}

const disclosed: readonly string[] = ['likely', 'confirmed'];
const felt: readonly string[] = ['minor', 'significant', 'severe'];
const nothingDisclosed = (facts: BreachFacts): boolean =>
  facts.confidentiality.state === 'none' || facts.confidentiality.state === 'ruled_out';

const clashes: readonly Clash[] = [
  {
    names: ['exfiltration', 'confidentiality.state'],
    detail:
      'Data that were copied out were disclosed: confidentiality cannot be none or ruled out.',
    holds: (facts) => nothingDisclosed(facts) && disclosed.includes(facts.exfiltration),
  },
  {
    names: ['misuseObserved', 'confidentiality.state'],
    detail:
      'Misuse shows that the data were disclosed: confidentiality cannot be none or ruled out.',
    holds: (facts) => nothingDisclosed(facts) && facts.misuseObserved,
  },
  {
    names: ['recipients.class', 'confidentiality.state'],
    detail: 'A confirmed disclosure has a recipient, even an unknown one.',
    holds: (facts) =>
      facts.confidentiality.state === 'confirmed' && facts.recipients.class === 'none',
  },
  {
    names: ['personalDataInvolved', 'data.categories'],
    detail: 'Categories of personal data are named, so personal data are involved.',
    holds: (facts) => !facts.personalDataInvolved && facts.data.categories.length > 0,
  },
  {
    names: ['data.categories', 'data.specialCategories'],
    detail: 'A category of Art. 9 GDPR is named, so special categories cannot be none.',
    holds: (facts) =>
      facts.data.specialCategories === 'none' &&
      facts.data.categories.some((item) => specialDataCategories.includes(item)),
  },
  {
    names: ['data.categories', 'data.criminalConvictions'],
    detail: 'Criminal data are named, so Art. 10 GDPR applies.',
    holds: (facts) => !facts.data.criminalConvictions && facts.data.categories.includes('criminal'),
  },
  {
    names: ['protection.encryption', 'protection.keyCompromised'],
    detail: 'Encrypted data have a key: say whether it is compromised, or that nobody knows.',
    holds: ({ protection }) =>
      protection.encryption === 'state_of_the_art' &&
      protection.keyCompromised === 'not_applicable',
  },
  {
    names: ['data.categories', 'protection.credentialStorage'],
    detail: 'Credentials are named: say how they were stored, or that nobody knows.',
    holds: ({ data, protection }) =>
      data.categories.includes('credentials') && protection.credentialStorage === 'not_applicable',
  },
  {
    names: ['integrity.state', 'integrity.effectOnSubjects'],
    detail: 'An effect of altered data on people needs altered data.',
    holds: ({ integrity }) =>
      integrity.state === 'none' && felt.includes(integrity.effectOnSubjects),
  },
  {
    names: ['availability.state', 'availability.effectOnSubjects'],
    detail: 'An effect of unavailable data on people needs a loss of availability.',
    holds: ({ availability }) =>
      availability.state === 'none' && felt.includes(availability.effectOnSubjects),
  },
  {
    names: ['mitigation.highRiskNeutralised', 'mitigation.neutralisedReason'],
    detail: 'Art. 34(3)(b) GDPR: say why the high risk is no longer likely.',
    holds: ({ mitigation }) =>
      mitigation.highRiskNeutralised && (mitigation.neutralisedReason ?? '').trim() === '',
  },
];

/** What the facts say that cannot be true together; a fact nobody has said contradicts nothing. */
export function contradictions(
  facts: BreachFacts,
  unknown: readonly FactName[] = [],
): Contradiction[] {
  return clashes
    .filter((clash) => clash.holds(facts) && !clash.names.some((name) => unknown.includes(name)))
    .map(({ names, detail }) => ({ names, detail }));
}
