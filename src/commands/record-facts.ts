/** Records facts as they come: each with its source, time and certainty; earlier ones stay. */
import { actorLabel } from '../domain/actor.ts';
import type { CaseFile, Certainty, HitKind } from '../domain/case.ts';
import {
  assembleFacts,
  checkFact,
  contradictions,
  isFactName,
  type FactName,
} from '../domain/facts.ts';
import { caseTimeAt, type Instant } from '../domain/instant.ts';
import type { JsonValue } from '../domain/json.ts';
import { lowersFact } from '../domain/lowering.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type FieldFault, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { checkHits } from './hits.ts';
import { checkSubjects } from './fact-subjects.ts';
import { lockOpenCase } from './lock-case.ts';
import { needsLowering } from './needs-lowering.ts';
import { pressBeside } from './press-beside.ts';

export interface FactInput {
  /** `case`, or the own processing or product the fact is about. */
  readonly about: string;
  readonly name: string;
  readonly value: JsonValue;
  readonly certainty: Certainty;
  readonly source: string;
  /** Null: when it is recorded. */
  readonly observedAt: Instant | null;
}

export interface RecordFacts {
  readonly caseId: string;
  readonly facts: readonly FactInput[];
  readonly hits: readonly { kind: HitKind; key: string }[];
}

/** Records facts and further hits on an open case; refuses contradictions, unknown names, times after now, and lowerings. */
export function recordFacts(
  house: House,
  request: Request,
  input: RecordFacts,
): Promise<Answer<{ factsVersion: number }>> {
  return runCommand(house, request, 'record-facts', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const file = locked.value;
    if (input.facts.length + input.hits.length === 0) {
      return refuse('invalid', 'Name at least one fact or one thing that was hit.');
    }
    const fault = await faultIn(store, file, input);
    if (fault !== null) return fault;
    const lowering = await loweringIn(store, file.caseId, input.facts);
    if (lowering.length > 0) return needsLowering(lowering.join(' and '));
    return done({ factsVersion: await enterFacts(store, file, input, actorLabel(request.actor)) });
  });
}

/** Null when the facts and hits can be recorded; else a refusal with the field and the reason. */
export async function faultIn(
  store: Store,
  file: CaseFile,
  { facts, hits }: Pick<RecordFacts, 'facts' | 'hits'>,
  newGroups: readonly string[] = [],
): Promise<Outcome<never> | null> {
  const caseNow = caseTimeAt(file.clock, await store.house.now());
  const known = await knownFacts(store, file.caseId);
  return (
    checkFacts(facts, known, caseNow) ??
    (await checkSubjects(store, file.caseId, facts, newGroups)) ??
    (await checkHits(store, hits))
  );
}

/** The facts, `name=value`, that would lower the result. */
export async function loweringIn(
  store: Store,
  caseId: string,
  facts: readonly FactInput[],
): Promise<readonly string[]> {
  const standing = new Map(
    (await store.cases.currentFacts(caseId)).map((fact) => [`${fact.about} ${fact.name}`, fact]),
  );
  return facts
    .filter((fact) => lowersFact(fact, standing.get(`${fact.about} ${fact.name}`)))
    .map(({ name, value, certainty }) =>
      certainty === 'unknown' ? `${name}=unknown` : `${name}=${JSON.stringify(value)}`,
    );
}

/** Writes facts that may be written; the case is locked. Gives the new version. */
export async function enterFacts(
  store: Store,
  file: CaseFile,
  { facts, hits }: Pick<RecordFacts, 'facts' | 'hits'>,
  by: string,
): Promise<number> {
  const caseNow = caseTimeAt(file.clock, await store.house.now());
  await store.cases.addHits(file.caseId, hits);
  const factsVersion = await store.cases.bump(file.caseId, 'facts');
  await addFacts(store, file, facts, factsVersion, caseNow, by);
  await store.register.append({
    stream: `case/${file.caseId}`,
    type: 'facts.recorded',
    actor: by,
    data: {
      factsVersion,
      facts: facts.map(({ about, name, value, certainty }) => ({ about, name, value, certainty })),
      hits: hits.map((hit) => `${hit.kind}/${hit.key}`),
    },
    personal: { sources: facts.map((fact) => fact.source) },
  });
  await store.house.wake('breach-case', file.caseId);
  return factsVersion;
}

type Known = ReadonlyMap<string, ReadonlyMap<FactName, JsonValue>>;

async function knownFacts(store: Store, caseId: string): Promise<Known> {
  const known = new Map<string, Map<FactName, JsonValue>>();
  for (const fact of await store.cases.currentFacts(caseId)) {
    if (!isFactName(fact.name) || fact.certainty === 'unknown') continue;
    const about = known.get(fact.about) ?? new Map<FactName, JsonValue>();
    known.set(fact.about, about.set(fact.name, fact.value));
  }
  return known;
}

/** Null when the facts may stand beside what is known; else a refusal with the field and the reason. */
export function checkFacts(
  facts: readonly FactInput[],
  known: Known,
  now: Instant,
): Outcome<never> | null {
  const faults: FieldFault[] = [];
  const merged = new Map([...known].map(([about, values]) => [about, new Map(values)]));
  facts.forEach((fact, index) => {
    const pointer = `/facts/${String(index)}`;
    if (fact.observedAt !== null && fact.observedAt > now) {
      faults.push({ pointer: `${pointer}/observedAt`, detail: `is after now (${now})` });
    }
    if (!isFactName(fact.name)) {
      faults.push({ pointer: `${pointer}/name`, detail: `there is no fact named "${fact.name}"` });
      return;
    }
    const wrong = fact.certainty === 'unknown' ? null : checkFact(fact.name, fact.value);
    if (wrong !== null) faults.push({ pointer: `${pointer}/value`, detail: wrong });
    const about = merged.get(fact.about) ?? new Map<FactName, JsonValue>();
    if (fact.certainty === 'unknown') about.delete(fact.name);
    else about.set(fact.name, fact.value);
    merged.set(fact.about, about);
  });
  if (faults.length === 0) faults.push(...clashes(facts, merged));
  return faults.length === 0
    ? null
    : refuse('invalid', 'The facts cannot be recorded as they are; nothing was changed.', faults);
}

function clashes(facts: readonly FactInput[], merged: Known): FieldFault[] {
  const base = merged.get('case') ?? new Map<FactName, JsonValue>();
  const views = [...merged].map(([about, values]) =>
    about === 'case' ? base : new Map([...base, ...values]),
  );
  return views.flatMap((values) => {
    const assembled = assembleFacts(values);
    return contradictions(assembled.facts, assembled.unknown).map((clash) => {
      const index = facts.findIndex((fact) => clash.names.some((name) => name === fact.name));
      return { pointer: `/facts/${String(Math.max(index, 0))}/value`, detail: clash.detail };
    });
  });
}

/** Writes facts already checked, under one version. */
export async function addFacts(
  store: Store,
  file: CaseFile,
  facts: readonly FactInput[],
  version: number,
  caseNow: Instant,
  by: string,
): Promise<void> {
  if (facts.length === 0) return;
  const newest = new Map(facts.map((fact) => [`${fact.about} ${fact.name}`, fact]));
  await store.cases.addFacts(
    file.caseId,
    version,
    [...newest.values()].map((fact) => ({
      ...fact,
      observedAt: fact.observedAt ?? caseNow,
      recordedAt: caseNow,
      recordedBy: by,
    })),
  );
  await pressBeside(store, file);
}
