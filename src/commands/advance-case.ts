/** The engine's steps on a case: look where it stands, scope it, create its notices, press the people who must decide. */
import { actorLabel } from '../domain/actor.ts';
import { undeterminedAfterHours } from '../domain/alarm.ts';
import { nextCaseStep, type CaseFile, type CaseStep } from '../domain/case.ts';
import { plusHours, toMs, wallTimeAt } from '../domain/instant.ts';
import type { Channel, Obligation } from '../domain/obligation.ts';
import type { House, Store } from '../domain/ports.ts';
import { machineRequest } from './command.ts';
import { followNotices } from './follow-notices.ts';

/** Where a case stands, in ids, instants and counts only: this is what workflow history keeps. */
export interface CaseStatus {
  readonly step: CaseStep;
  readonly revision: number;
  /** Wall ms at which to press for a determination; null when there is nothing to press for. */
  readonly pressAtMs: number | null;
}

const engine = machineRequest('engine').actor;

/** Reads where the case stands. A case that is gone counts as ended. */
export function readCaseStatus(house: House, caseId: string): Promise<CaseStatus> {
  return house.as(engine, async (store) => {
    const file = await store.cases.read(caseId);
    return file === null ? { step: 'end', revision: 0, pressAtMs: null } : statusOf(store, file);
  });
}

/** The status from a case as just read in the same transaction. */
async function statusOf(store: Store, file: CaseFile): Promise<CaseStatus> {
  const settled = file.scopedRevision >= file.revision && file.obligationsRevision >= file.revision;
  const next = nextCaseStep(file, settled ? await undraftedIn(store, file) : 0);
  const step = settled && (await owesSecond(store, file)) ? 'determine' : next;
  return {
    step,
    revision: file.revision,
    pressAtMs: step === 'investigate' ? await pressAt(store, file) : null,
  };
}

/** What was submitted starts the days of a second notice: the law is asked again though no fact is new. */
async function owesSecond(
  store: Store,
  { caseId, state, determination }: CaseFile,
): Promise<boolean> {
  if (state === 'closed' || determination !== 'breach') return false;
  return (await store.obligations.awaitingSecond(caseId)) > 0;
}

/** Whether anything is left to draft or to follow up: 0 or 1, because reading thousands would take seconds. */
async function undraftedIn(store: Store, { caseId, determination }: CaseFile): Promise<number> {
  if (determination !== 'breach') return 0;
  const undrafted = await store.obligations.undrafted(caseId, 1);
  if (undrafted.length > 0) return undrafted.length;
  return (await store.followUps.uncompared(caseId, 1)).length;
}

/** Who is pressed for a determination, and how long after awareness: never the same person again. */
const presses = [
  { kind: 'determine', role: 'legal', afterHours: undeterminedAfterHours / 2 },
  { kind: 'determine-executive', role: 'executive', afterHours: undeterminedAfterHours },
] as const;

async function pressesLeft(
  store: Store,
  file: CaseFile,
): Promise<{ kind: string; role: 'legal' | 'executive'; atMs: number }[]> {
  const done = await store.tasks.kindsOf(file.caseId);
  return presses
    .filter(({ kind }) => !done.includes(kind))
    .map(({ kind, role, afterHours }) => {
      const at = wallTimeAt(file.clock, plusHours(file.awareness.awareAt, afterHours));
      return { kind, role, atMs: toMs(at) };
    });
}

async function pressAt(store: Store, file: CaseFile): Promise<number | null> {
  if (file.state !== 'investigating') return null;
  return (await pressesLeft(store, file))[0]?.atMs ?? null;
}

/** Works on the locked case and gives where it stands afterwards; a step already done is left as it is. */
export function onCase(
  house: House,
  caseId: string,
  work: (store: Store, file: CaseFile) => Promise<void>,
): Promise<CaseStatus> {
  return house.as(engine, async (store) => {
    const file = await store.cases.lock(caseId);
    if (file === null) return { step: 'end', revision: 0, pressAtMs: null };
    if (file.state !== 'closed') await work(store, file);
    const after = await store.cases.read(caseId);
    return statusOf(store, after ?? file);
  });
}

/** Finds affected engagements, customers and people by set-based SQL, as far as the newest revision asks. */
export function scopeStep(house: House, caseId: string): Promise<CaseStatus> {
  return onCase(house, caseId, async (store, file) => {
    if (file.determination !== 'breach' || file.scopedRevision >= file.revision) return;
    const scoped = await store.cases.scope(caseId);
    await store.cases.markScoped(caseId, file.revision);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'case.scoped',
      actor: actorLabel(engine),
      data: { ...scoped, revision: file.revision },
    });
  });
}

/** Creates a notice for each owed obligation that has none, wakes its workflow, and follows up what was told before. */
export function draftStep(house: House, caseId: string): Promise<CaseStatus> {
  return onCase(house, caseId, async (store, file) => {
    await followNotices(store, file);
    const undrafted = await store.obligations.undrafted(caseId);
    if (undrafted.length === 0) return;
    const parts = await store.followUps.initialParts(caseId);
    const notices = await store.notices.create(
      undrafted.flatMap((obligation) =>
        obligation.recipientKind === 'register'
          ? []
          : [
              {
                caseId,
                obligationId: obligation.obligationId,
                recipientKind: obligation.recipientKind,
                phase: 'initial' as const,
                part: (parts.get(obligation.obligationId) ?? 0) + 1,
                channel: channelOf(obligation),
              },
            ],
      ),
    );
    if (notices.length === 0) return;
    await store.house.wake(
      'notice',
      notices.map(({ noticeId }) => noticeId),
    );
    await store.register.appendInParts({
      stream: `case/${caseId}`,
      type: 'notices.drafted',
      actor: actorLabel(engine),
      data: { notices: notices.map(({ noticeId, obligationId }) => ({ noticeId, obligationId })) },
    });
  });
}

/** The channel the authority takes; freezing turns e-mail into a filing where nobody has confirmed the address. */
function channelOf({ recipientKind, authority }: Obligation): Channel {
  return recipientKind === 'authority' && authority !== null ? authority.channel : 'email';
}

/** Opens the tasks to determine the case that are due by now: for legal, and after the policy time for the executive. */
export function pressStep(house: House, caseId: string): Promise<CaseStatus> {
  return onCase(house, caseId, async (store, file) => {
    if (file.state !== 'investigating') return;
    const nowMs = toMs(await store.house.now());
    for (const { kind, role, atMs } of await pressesLeft(store, file)) {
      if (atMs > nowMs) continue;
      const title = `${file.reference}: determine whether a breach occurred`;
      await store.tasks.open({ caseId, kind, subject: 'case', title, role });
      await store.register.append({
        stream: `case/${caseId}`,
        type: 'determination.pressed',
        actor: actorLabel(engine),
        data: { role },
      });
    }
  });
}
