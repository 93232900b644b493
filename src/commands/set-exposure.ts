/** Grades how engagements and own processings stand in a case, and asks for the scope to be looked at again. */
import { actorLabel } from '../domain/actor.ts';
import type { Grade } from '../domain/case.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';
import { needsLowering } from './needs-lowering.ts';

export interface ExposureEntry {
  readonly select: 'engagement' | 'processing' | 'product' | 'asset' | 'customer';
  readonly key: string;
  readonly grade: Grade;
  readonly evidence: string;
}

/** Sets grades with evidence; `excluded` means that nobody is told, so it is a lowering. */
export function setExposure(
  house: House,
  request: Request,
  input: { caseId: string; entries: readonly ExposureEntry[] },
): Promise<Answer<{ changed: number }>> {
  return runCommand(house, request, 'set-exposure', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    if (input.entries.some((entry) => entry.grade === 'excluded')) {
      return needsLowering('"Excluded"');
    }
    return enterGrades(store, input.caseId, input.entries, actorLabel(request.actor));
  });
}

/** Writes grades that may be written; the case is locked. Refused where nothing in scope matches. */
export async function enterGrades(
  store: Store,
  caseId: string,
  entries: readonly ExposureEntry[],
  by: string,
): Promise<Outcome<{ changed: number }>> {
  const changed = await store.cases.grade(caseId, by, entries);
  if (changed === 0) {
    return refuse('invalid', 'None of the entries is in the scope of this case; scope it first.', [
      { pointer: '/entries', detail: 'nothing in scope matches' },
    ]);
  }
  await store.cases.bump(caseId, 'scope');
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'exposure.graded',
    actor: by,
    data: { changed, entries: entries.map(({ select, key, grade }) => ({ select, key, grade })) },
    personal: { evidence: entries.map((entry) => entry.evidence) },
  });
  await store.house.wake('breach-case', caseId);
  return done({ changed });
}

/** Asks the engine to scope the case again. */
export function askScope(
  house: House,
  request: Request,
  input: { caseId: string },
): Promise<Answer<{ revision: number }>> {
  return runCommand(house, request, 'set-exposure', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    await store.cases.bump(input.caseId, 'scope');
    await store.register.append({
      stream: `case/${input.caseId}`,
      type: 'scope.asked',
      actor: actorLabel(request.actor),
      data: { revision: locked.value.revision + 1 },
    });
    await store.house.wake('breach-case', input.caseId);
    return done({ revision: locked.value.revision + 1 });
  });
}
