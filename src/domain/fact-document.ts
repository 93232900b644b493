/** The facts document: how single facts become one, what follows from what was said, and the way back. */
import { factFields } from './fact-fields.ts';
import type { FactField, FactName, FactValues } from './fact-fields.ts';
import { implications } from './fact-implications.ts';
import type { JsonValue } from './json.ts';

/** Breach facts v1.0: one position of ours (role) and what happened to the data it concerns. */
export interface BreachFacts {
  readonly schemaVersion: '1.0';
  readonly role: FactValues['role'];
  readonly personalDataInvolved: boolean;
  readonly breachOfSecurity: boolean;
  readonly actor: FactValues['actor'];
  readonly confidentiality: { readonly state: FactValues['confidentiality.state'] };
  readonly exfiltration: FactValues['exfiltration'];
  readonly integrity: {
    readonly state: FactValues['integrity.state'];
    readonly effectOnSubjects: FactValues['integrity.effectOnSubjects'];
  };
  readonly availability: {
    readonly state: FactValues['availability.state'];
    readonly backup: FactValues['availability.backup'];
    readonly restorationHours: number | null;
    readonly effectOnSubjects: FactValues['availability.effectOnSubjects'];
  };
  readonly data: {
    readonly categories: FactValues['data.categories'];
    readonly specialCategories: FactValues['data.specialCategories'];
    readonly criminalConvictions: boolean;
    readonly alreadyPublic: boolean;
  };
  readonly protection: {
    readonly encryption: FactValues['protection.encryption'];
    readonly keyCompromised: FactValues['protection.keyCompromised'];
    readonly credentialStorage: FactValues['protection.credentialStorage'];
  };
  readonly subjects: {
    readonly count: number | null;
    readonly countIsEstimate: boolean;
    readonly types: readonly string[];
    readonly vulnerable: boolean;
    readonly safetyCritical: boolean;
    readonly identifiability: FactValues['subjects.identifiability'];
  };
  readonly recipients: {
    readonly class: FactValues['recipients.class'];
    readonly count: number | null;
    readonly trustDocumented: boolean;
    readonly containment: FactValues['recipients.containment'];
  };
  readonly duration: { readonly exposureHours: number | null; readonly ongoing: boolean };
  readonly mitigation: {
    readonly measures: readonly string[];
    readonly highRiskNeutralised: boolean;
    readonly neutralisedReason: string | null;
    readonly individualContactDisproportionate: boolean;
  };
  readonly misuseObserved: boolean;
}

/** True for a name the facts document knows. */
export function isFactName(name: string): name is FactName {
  return Object.hasOwn(factFields, name);
}

/** Every fact name, in the document's order. */
export const factNames: readonly FactName[] = Object.keys(factFields).filter(isFactName);

/** A document, and the facts in it that nobody has said. */
export interface AssembledFacts {
  readonly facts: BreachFacts;
  readonly unknown: FactName[];
}

/**
 * Builds the document from what has been said. A fact nobody has said takes the value that follows from
 * another fact (no loss of availability: no effect of it), else the value that counts against us for
 * Art. 33(1) GDPR, and is then listed as unknown. A value that does not fit its fact counts as unsaid.
 */
export function assembleFacts(values: ReadonlyMap<FactName, JsonValue>): AssembledFacts {
  const said = (name: FactName): JsonValue | undefined => {
    const value = values.get(name);
    return factFields[name].fits(value) ? value : undefined;
  };
  const unknown: FactName[] = [];
  const complete = new Map<FactName, JsonValue>();
  for (const name of factNames) {
    const value = said(name);
    const known = value === undefined ? implications[name]?.(said) : value;
    if (known === undefined) unknown.push(name);
    else complete.set(name, known);
  }
  return { facts: documentOf(complete), unknown };
}

/**
 * What follows, for a fact nobody said, from facts that were said, and which those are. Undefined where nothing follows,
 * also for an exemption nobody claimed: the law takes it as not claimed, but nobody has said so.
 */
export function impliedFact(
  name: FactName,
  said: (name: FactName) => JsonValue | undefined,
): { readonly value: JsonValue; readonly from: readonly FactName[] } | undefined {
  const from = new Set<FactName>();
  const value = implications[name]?.((asked) => {
    const found = said(asked);
    if (found === undefined || !factFields[asked].fits(found)) return undefined;
    from.add(asked);
    return found;
  });
  return value === undefined || from.size === 0 ? undefined : { value, from: [...from] };
}

const fields: { readonly [N in FactName]: FactField<FactValues[N]> } = factFields;

function documentOf(values: ReadonlyMap<FactName, JsonValue>): BreachFacts {
  const take = <N extends FactName>(name: N): FactValues[N] => {
    const field: FactField<FactValues[N]> = fields[name];
    const value = values.get(name);
    return field.fits(value) ? value : field.whenUnsaid;
  };
  return {
    schemaVersion: '1.0',
    role: take('role'),
    personalDataInvolved: take('personalDataInvolved'),
    breachOfSecurity: take('breachOfSecurity'),
    actor: take('actor'),
    confidentiality: { state: take('confidentiality.state') },
    exfiltration: take('exfiltration'),
    integrity: {
      state: take('integrity.state'),
      effectOnSubjects: take('integrity.effectOnSubjects'),
    },
    availability: {
      state: take('availability.state'),
      backup: take('availability.backup'),
      restorationHours: take('availability.restorationHours'),
      effectOnSubjects: take('availability.effectOnSubjects'),
    },
    data: {
      categories: take('data.categories'),
      specialCategories: take('data.specialCategories'),
      criminalConvictions: take('data.criminalConvictions'),
      alreadyPublic: take('data.alreadyPublic'),
    },
    protection: {
      encryption: take('protection.encryption'),
      keyCompromised: take('protection.keyCompromised'),
      credentialStorage: take('protection.credentialStorage'),
    },
    subjects: {
      count: take('subjects.count'),
      countIsEstimate: take('subjects.countIsEstimate'),
      types: take('subjects.types'),
      vulnerable: take('subjects.vulnerable'),
      safetyCritical: take('subjects.safetyCritical'),
      identifiability: take('subjects.identifiability'),
    },
    recipients: {
      class: take('recipients.class'),
      count: take('recipients.count'),
      trustDocumented: take('recipients.trustDocumented'),
      containment: take('recipients.containment'),
    },
    duration: {
      exposureHours: take('duration.exposureHours'),
      ongoing: take('duration.ongoing'),
    },
    mitigation: {
      measures: take('mitigation.measures'),
      highRiskNeutralised: take('mitigation.highRiskNeutralised'),
      neutralisedReason: take('mitigation.neutralisedReason'),
      individualContactDisproportionate: take('mitigation.individualContactDisproportionate'),
    },
    misuseObserved: take('misuseObserved'),
  };
}

/** The document's facts by dotted name, in the document's order. */
export function factValues(facts: BreachFacts): Map<FactName, JsonValue> {
  const { integrity, availability, data, protection, subjects, recipients, mitigation } = facts;
  const values: FactValues = {
    role: facts.role,
    personalDataInvolved: facts.personalDataInvolved,
    breachOfSecurity: facts.breachOfSecurity,
    actor: facts.actor,
    'confidentiality.state': facts.confidentiality.state,
    exfiltration: facts.exfiltration,
    'integrity.state': integrity.state,
    'integrity.effectOnSubjects': integrity.effectOnSubjects,
    'availability.state': availability.state,
    'availability.backup': availability.backup,
    'availability.restorationHours': availability.restorationHours,
    'availability.effectOnSubjects': availability.effectOnSubjects,
    'data.categories': data.categories,
    'data.specialCategories': data.specialCategories,
    'data.criminalConvictions': data.criminalConvictions,
    'data.alreadyPublic': data.alreadyPublic,
    'protection.encryption': protection.encryption,
    'protection.keyCompromised': protection.keyCompromised,
    'protection.credentialStorage': protection.credentialStorage,
    'subjects.count': subjects.count,
    'subjects.countIsEstimate': subjects.countIsEstimate,
    'subjects.types': subjects.types,
    'subjects.vulnerable': subjects.vulnerable,
    'subjects.safetyCritical': subjects.safetyCritical,
    'subjects.identifiability': subjects.identifiability,
    'recipients.class': recipients.class,
    'recipients.count': recipients.count,
    'recipients.trustDocumented': recipients.trustDocumented,
    'recipients.containment': recipients.containment,
    'duration.exposureHours': facts.duration.exposureHours,
    'duration.ongoing': facts.duration.ongoing,
    'mitigation.measures': mitigation.measures,
    'mitigation.highRiskNeutralised': mitigation.highRiskNeutralised,
    'mitigation.neutralisedReason': mitigation.neutralisedReason,
    'mitigation.individualContactDisproportionate': mitigation.individualContactDisproportionate,
    misuseObserved: facts.misuseObserved,
  };
  return new Map(factNames.map((name) => [name, values[name]]));
}
