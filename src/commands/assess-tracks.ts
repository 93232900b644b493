/** Asks the law for each track of a case: its facts, its groups of people, the demands of its authorities, the house's policy. */
import { aboutSet } from '../domain/assessment-ports.ts';
import type { FactSetRow, KeptAssessment, KeptGroup } from '../domain/assessment-ports.ts';
import type { CaseFile, Track } from '../domain/case.ts';
import { assembleFacts, isFactName, type BreachFacts, type FactName } from '../domain/facts.ts';
import type { JsonValue } from '../domain/json.ts';
import type { Policy } from '../domain/policy.ts';
import type { Affiliate, Processing, Store } from '../domain/ports.ts';
import type { Assessment } from '../law/assessment.ts';
import { notifiedAuthorities } from '../law/authorities.ts';
import { disagrees, severity } from '../law/enisa.ts';
import { assessSets, type AssessedSets } from '../law/fact-sets.ts';

/** A fact as far as the law reads it. */
export interface StatedFact {
  readonly about: string;
  readonly name: string;
  readonly value: JsonValue;
  readonly certainty: string;
}

export interface AssessedTrack {
  readonly track: Track;
  /** For the track as a whole: the worst answer of any of its groups. */
  readonly whole: Assessment;
  readonly kept: KeptAssessment;
  /** What it was asked of; unknown: nobody has said these. */
  readonly facts: BreachFacts;
  readonly unknown: readonly FactName[];
}

/** Every track as the law sees it now; `claimed` are facts laid over those recorded, to see what would follow. */
export async function assessTracks(
  store: Store,
  file: CaseFile,
  policy: Policy,
  claimed: readonly StatedFact[] = [],
): Promise<readonly AssessedTrack[]> {
  const version = file.catalogueVersion ?? 0;
  const affiliates = await store.cases.affiliates(version);
  const processings = await store.cases.processings(version);
  const facts = [...(await store.cases.currentFacts(file.caseId)), ...claimed];
  const sets = await store.assessments.sets(file.caseId);
  const assessed: AssessedTrack[] = [];
  for (const track of await store.cases.tracks(file.caseId)) {
    const processing = processings.find(({ key }) => key === track.processingKey);
    const affiliate = affiliates.find(({ key }) => key === track.affiliateKey);
    const subjects = await store.cases.subjectCount(file.caseId, track.processingKey);
    const values = valuesOf(track, processing, subjects, facts);
    const authorityIds = authoritiesOf(track, affiliate, processing);
    const read = { values, facts, sets, authorityIds, policy };
    assessed.push(assessOne(file, track, read));
  }
  return assessed;
}

interface Read {
  readonly values: ReadonlyMap<FactName, JsonValue>;
  readonly facts: readonly StatedFact[];
  readonly sets: readonly FactSetRow[];
  readonly authorityIds: readonly string[];
  readonly policy: Policy;
}

function assessOne(file: CaseFile, track: Track, read: Read): AssessedTrack {
  const { values, facts, authorityIds, policy } = read;
  const sets = read.sets
    .filter(({ about }) => about === 'case' || about === track.processingKey)
    .map(({ name }) => ({ name, different: said(facts, [aboutSet(name)]) }));
  const document = assembleFacts(values);
  const result = assessSets(document.facts, document.unknown, sets, policy, authorityIds);
  return {
    track,
    whole: result.whole,
    ...document,
    kept: {
      ...{ trackId: track.trackId, revision: file.revision, factsVersion: file.factsVersion },
      ...{ authorityIds, policy, whole: result.whole },
      groups: groupsOf(result, sets),
      severity: severityOf(document.facts, result.whole),
    },
  };
}

function groupsOf(
  { groups }: AssessedSets,
  sets: readonly { name: string; different: ReadonlyMap<FactName, JsonValue> }[],
): readonly KeptGroup[] {
  return groups.map(({ name, assessment }) => {
    const people = sets.find((set) => set.name === name)?.different.get('subjects.count');
    return { name, people: typeof people === 'number' ? people : null, result: assessment };
  });
}

function severityOf(facts: BreachFacts, { riskLevel }: Assessment): KeptAssessment['severity'] {
  if (riskLevel === null) return null;
  const scored = severity(facts);
  return { ...scored, disagrees: disagrees(scored, riskLevel) };
}

/** What the catalogue says of the processing, beneath what people recorded of the case and of it. */
function valuesOf(
  track: Track,
  processing: Processing | undefined,
  subjects: number,
  facts: readonly StatedFact[],
): ReadonlyMap<FactName, JsonValue> {
  const beneath: readonly (readonly [FactName, JsonValue])[] =
    processing === undefined
      ? []
      : [
          ['data.categories', processing.dataCategories],
          ['subjects.count', subjects],
        ];
  const values = new Map(beneath);
  said(facts, ['case', track.processingKey], values);
  values.set('role', factRole[track.role]);
  return values;
}

function said(
  facts: readonly StatedFact[],
  subjects: readonly string[],
  values = new Map<FactName, JsonValue>(),
): Map<FactName, JsonValue> {
  for (const about of subjects) {
    for (const fact of facts) {
      if (fact.about !== about || !isFactName(fact.name)) continue;
      if (fact.certainty === 'unknown') values.delete(fact.name);
      else values.set(fact.name, fact.value);
    }
  }
  return values;
}

/** The facts document knows no provider: it judges effects on its own subscribers, as a controller does. */
const factRole = {
  controller: 'controller',
  processor: 'processor',
  'joint-controller': 'joint_controller',
  provider: 'controller',
} as const;

// A processor notifies no authority, and those of communications make no such demands.
function authoritiesOf(
  { role }: Track,
  affiliate: Affiliate | undefined,
  processing: Processing | undefined,
): readonly string[] {
  if (affiliate === undefined || role === 'processor' || role === 'provider') return [];
  return notifiedAuthorities({
    processing: {
      crossBorder: processing?.crossBorder ?? false,
      affectedCountries: [...(processing?.countries ?? [])],
    },
    affiliate: {
      country: affiliate.country,
      ...(affiliate.region === null ? {} : { region: affiliate.region }),
      mainEstablishment: affiliate.mainEstablishment,
    },
  });
}
