/** People of a case who stand apart, `212 of 3,140 with weak hashes`: named once, with what is different for them. */
import { actorLabel } from '../domain/actor.ts';
import { aboutSet } from '../domain/assessment-ports.ts';
import type { CaseFile } from '../domain/case.ts';
import { caseTimeAt } from '../domain/instant.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type FieldFault } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';
import { needsLowering } from './needs-lowering.ts';
import { enterFacts, faultIn, loweringIn, type FactInput } from './record-facts.ts';

export interface RecordGroup {
  readonly caseId: string;
  readonly name: string;
  /** `case`, or the own processing they belong to. */
  readonly about: string;
  /** Null: nobody knows how many. */
  readonly people: number | null;
  readonly facts: readonly Omit<FactInput, 'about'>[];
}

/** Names the group and records what is different for it. Their result can only raise that of the case. */
export function recordGroup(
  house: House,
  request: Request,
  input: RecordGroup,
): Promise<Answer<{ factsVersion: number }>> {
  return runCommand(house, request, 'record-facts', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const file = locked.value;
    const { caseId, name, about } = input;
    const faults = await groupFaults(store, file, input);
    if (faults.length > 0) {
      return refuse('invalid', 'The group cannot be recorded; nothing was changed.', faults);
    }
    const facts = factsOf(input);
    const fault = await faultIn(store, file, { facts, hits: [] }, [name]);
    if (fault !== null) return fault;
    const lowering = await loweringIn(store, caseId, facts);
    if (lowering.length > 0) return needsLowering(lowering.join(' and '));
    const by = actorLabel(request.actor);
    const at = caseTimeAt(file.clock, await store.house.now());
    await store.assessments.addSet(caseId, { name, about, by, at });
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'group.recorded',
      actor: by,
      data: { about, people: input.people },
      personal: { name },
    });
    return done({ factsVersion: await enterFacts(store, file, { facts, hits: [] }, by) });
  });
}

function factsOf({ name, people, facts }: RecordGroup): readonly FactInput[] {
  const about = aboutSet(name);
  const shared = { about, certainty: 'confirmed', source: 'group', observedAt: null } as const;
  return [
    ...(people === null ? [] : [{ ...shared, name: 'subjects.count', value: people }]),
    ...facts.map((fact) => ({ ...fact, about })),
  ];
}

async function groupFaults(
  store: Store,
  { caseId }: CaseFile,
  { name, about, people, facts }: RecordGroup,
): Promise<FieldFault[]> {
  const sets = await store.assessments.sets(caseId);
  const whole = (await store.cases.currentFacts(caseId)).find(
    (fact) =>
      fact.about === about && fact.name === 'subjects.count' && fact.certainty !== 'unknown',
  )?.value;
  const isTooMany = people !== null && typeof whole === 'number' && people > whole;
  return [
    ...(sets.some((one) => one.name === name)
      ? [{ pointer: '/name', detail: `is there already: record facts about "${aboutSet(name)}"` }]
      : []),
    ...(facts.length === 0
      ? [{ pointer: '/facts', detail: 'name what is different for them' }]
      : []),
    ...(isTooMany
      ? [{ pointer: '/people', detail: `is more than all of them (${String(whole)})` }]
      : []),
  ];
}
