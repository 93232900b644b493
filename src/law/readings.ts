/** Two readings of the same facts: what nobody knows at its worst, and only what is established. */
import { assembleFacts, factValues } from '../domain/facts.ts';
import type { BreachFacts, FactName } from '../domain/facts.ts';
import type { JsonValue } from '../domain/json.ts';

/** Facts nobody has said, says are unknown, or has confirmed, so far as they could bear on the result. */
export function openFacts(facts: BreachFacts, unknown: readonly FactName[]): ReadonlySet<FactName> {
  const { availability, integrity, protection } = facts;
  const temporary = availability.state === 'temporary';
  const spoken: Partial<Record<FactName, boolean>> = {
    'confidentiality.state': facts.confidentiality.state === 'not_ruled_out',
    exfiltration: facts.exfiltration === 'not_ruled_out',
    'integrity.effectOnSubjects': integrity.effectOnSubjects === 'unknown',
    'availability.effectOnSubjects': availability.effectOnSubjects === 'unknown',
    'availability.backup': temporary && availability.backup === 'unknown',
    'availability.restorationHours': temporary && availability.restorationHours === null,
    'data.categories': facts.personalDataInvolved && facts.data.categories.length === 0,
    'protection.keyCompromised': protection.keyCompromised === 'unknown',
    'protection.credentialStorage': protection.credentialStorage === 'unknown',
    'subjects.count': facts.subjects.count === null,
    'recipients.count': facts.recipients.count === null && facts.recipients.class === 'known_many',
  };
  const open = new Set<FactName>(unknown);
  for (const [name] of factValues(facts)) if (spoken[name] === true) open.add(name);
  return open;
}

/** Where the document has no `unknown` of its own, or one that is milder than the worst. */
const worst: Partial<Record<FactName, JsonValue>> = {
  'data.categories': ['national_id'],
  'recipients.class': 'malicious',
};

const best: Partial<Record<FactName, JsonValue>> = {
  personalDataInvolved: false,
  breachOfSecurity: false,
  'confidentiality.state': 'ruled_out',
  exfiltration: 'ruled_out',
  'integrity.state': 'none',
  'integrity.effectOnSubjects': 'none',
  'availability.state': 'none',
  'availability.backup': 'full',
  'availability.restorationHours': 0,
  'availability.effectOnSubjects': 'none',
  'data.categories': [],
  'data.specialCategories': 'none',
  'data.criminalConvictions': false,
  'protection.encryption': 'state_of_the_art',
  'protection.keyCompromised': 'no',
  'protection.credentialStorage': 'strong_salted_hash',
  'subjects.count': 0,
  'subjects.vulnerable': false,
  'subjects.safetyCritical': false,
  'subjects.identifiability': 'not_reasonably',
  'recipients.class': 'internal_bound',
  'recipients.count': 0,
  'recipients.trustDocumented': true,
  'recipients.containment': 'confirmed',
  misuseObserved: false,
};

/** Every open fact at its worst: what Art. 33(1) GDPR demands, the burden being ours. */
export function cautiousReading(facts: BreachFacts, open: ReadonlySet<FactName>): BreachFacts {
  return replaced(facts, open, worst);
}

/** Every open fact at its best: what Art. 34(1) GDPR can already rest on. */
export function establishedReading(facts: BreachFacts, open: ReadonlySet<FactName>): BreachFacts {
  return replaced(facts, open, best);
}

function replaced(
  facts: BreachFacts,
  open: ReadonlySet<FactName>,
  by: Partial<Record<FactName, JsonValue>>,
): BreachFacts {
  const values = factValues(facts);
  for (const name of open) {
    const value = by[name];
    if (value !== undefined) values.set(name, value);
  }
  return assembleFacts(values).facts;
}
