/** What the newest facts change of obligations that stand: at once what is earlier or more, as a proposal what is less. */
import type { Alarm } from '../domain/alarm.ts';
import type { CaseFile } from '../domain/case.ts';
import { wallTimeAt } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { ObligationChange, StandingObligation, Store, TaskToOpen } from '../domain/ports.ts';
import type { ObligationDraft } from '../law/obligations.ts';
import { askContracts } from './ask-contracts.ts';
import { alarmsOf } from './filing-plan.ts';

/** An obligation as it stands, and as the law would have it now. */
interface Revision {
  readonly before: StandingObligation;
  readonly draft: ObligationDraft;
}

/** What was written of an obligation that stood. */
export interface Moved {
  readonly before: StandingObligation;
  readonly change: ObligationChange;
}

/**
 * Raises what is more and brings forward what is earlier; a later due, or something no longer owed, becomes a task for
 * legal. Gives what changed; what had left meanwhile stays. However many there are, each kind of writing is one statement.
 */
export async function reviseAll(
  store: Store,
  file: CaseFile,
  revisions: readonly Revision[],
): Promise<readonly Moved[]> {
  const moves: Moved[] = [];
  const tasks: TaskToOpen[] = [];
  for (const revision of revisions) {
    const { before } = revision;
    if (before.state === 'discharged' || before.state === 'withdrawn') continue;
    const change = changeOf(file, revision);
    if (change !== null) moves.push({ before, change });
    else if (asksForLess(revision)) tasks.push(reviewTask(file, before, lessTitle(before)));
  }
  tasks.push(...(await reviewsOfWithdrawn(store, file, revisions)));
  const written = await store.obligations.changeAll(moves.map(({ change }) => change));
  const moved = moves.filter(({ before }) => written.has(before.obligationId));
  await setAlarms(store, file, moved);
  const owed = moved.filter(({ change }) => change.state === 'owed');
  await askContracts(
    store,
    file,
    owed.map(({ before, change }) => ({ ...before, ...change })),
  );
  await store.tasks.openAll(tasks);
  return moved;
}

async function setAlarms(store: Store, file: CaseFile, moved: readonly Moved[]): Promise<void> {
  const alarms: Alarm[] = [];
  for (const { before, change } of moved) {
    const { dueAt } = change;
    if (dueAt === null || change.state === 'not-owed') continue;
    alarms.push(...(await alarmsOf(store, { ...before, dueAt }, file)));
  }
  await store.alarms.set(alarms);
}

function changeOf(file: CaseFile, { before, draft }: Revision): ObligationChange | null {
  const raised = rank(draft.state) > rank(before.state);
  const earlier = draft.dueAt !== null && (before.dueAt === null || draft.dueAt < before.dueAt);
  const isGrown = draft.state === before.state && hasMore(draft, before);
  if (!raised && !earlier && !isGrown) return null;
  const keepDue = !raised && !earlier;
  const dueAt = keepDue ? before.dueAt : draft.dueAt;
  return {
    ...draft,
    obligationId: before.obligationId,
    state: raised ? draft.state : before.state,
    dueAt,
    dueBasis: keepDue ? before.dueBasis : draft.dueBasis,
    dueWorking: keepDue ? before.dueWorking : draft.dueWorking,
    dueRingAt: dueAt === null ? null : wallTimeAt(file.clock, dueAt),
  };
}

function hasMore(draft: ObligationDraft, before: StandingObligation): boolean {
  const known = new Set(before.engagementKeys);
  return draft.engagementKeys.some((key) => !known.has(key));
}

function asksForLess({ before, draft }: Revision): boolean {
  const isLater = before.dueAt !== null && (draft.dueAt === null || draft.dueAt > before.dueAt);
  return isLater || rank(draft.state) < rank(before.state);
}

function lessTitle({ label }: StandingObligation): string {
  return `The facts now ask for less than stands: ${label}. Accept it or keep it.`;
}

// Telling somebody again after a withdrawal is for a person to say; a wrong recipient stays withdrawn.
async function reviewsOfWithdrawn(
  store: Store,
  file: CaseFile,
  revisions: readonly Revision[],
): Promise<TaskToOpen[]> {
  const asked = revisions.filter(
    ({ before, draft }) => before.state === 'withdrawn' && draft.state !== 'not-owed',
  );
  if (asked.length === 0) return [];
  const wrong = await store.followUps.wronglyTold(file.caseId);
  return asked
    .filter(({ before }) => !wrong.has(before.obligationId))
    .map(({ before }) =>
      reviewTask(
        file,
        before,
        `Withdrawn before, and the facts ask for it: ${before.label}. Decide whether it is owed again.`,
      ),
    );
}

function reviewTask(
  file: CaseFile,
  { obligationId }: StandingObligation,
  title: string,
): TaskToOpen {
  const { caseId } = file;
  return { caseId, kind: 'review-obligation', subject: obligationId, title, role: 'legal' };
}

function rank(state: Obligation['state']): number {
  return state === 'owed' || state === 'discharged' ? 2 : state === 'to-decide' ? 1 : 0;
}
