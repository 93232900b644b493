/** Makes and pulls the notices that follow a first one: same recipient, same channel, referring to it. */
import { actorLabel } from '../domain/actor.ts';
import { targetStep, type Alarm } from '../domain/alarm.ts';
import type { CaseFile } from '../domain/case.ts';
import type { Told } from '../domain/follow-up-ports.ts';
import { caseTimeAt, plusHours, wallTimeAt, type Instant } from '../domain/instant.ts';
import type { Notice, NoticePhase, WithdrawalCause } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import { supplementTargetHours } from '../law/supplements.ts';
import { machineRequest } from './command.ts';

const unsentStates: readonly Notice['state'][] = ['drafting', 'in-review', 'returned'];
const ofNotice = ['approve', 'file-at-portal', 'revise', 'draft-blocked'];

/** Creates the next part of a phase unless one is unsent, wakes its workflow, and gives its id; its register entry is the caller's. */
export async function createFollowUp(
  store: Store,
  file: CaseFile,
  obligation: Obligation,
  standing: readonly Notice[],
  input: { phase: NoticePhase; told: Told; cause: WithdrawalCause | null },
): Promise<readonly string[]> {
  const { phase, told, cause } = input;
  const first = standing.find(({ noticeId }) => noticeId === told.firstNoticeId);
  if (first === undefined || obligation.recipientKind === 'register') return [];
  const parts = standing.filter((one) => one.phase === phase).map(({ part }) => part);
  const nowAt = caseTimeAt(file.clock, await store.house.now());
  const targetAt = plusHours(nowAt, supplementTargetHours);
  const made = await store.notices.create([
    {
      caseId: file.caseId,
      obligationId: obligation.obligationId,
      recipientKind: obligation.recipientKind,
      phase,
      part: Math.max(0, ...parts) + 1,
      refersTo: told.firstNoticeId,
      cause,
      channel: first.channel,
      targetAt,
    },
  ]);
  for (const { noticeId } of made) await store.house.wake('notice', noticeId);
  await store.alarms.set(made.map(({ noticeId }) => targetAlarm(file, noticeId, targetAt)));
  return made.map(({ noticeId }) => noticeId);
}

/** Rings when our own target is over and it has not left; the law says only "without undue further delay". */
function targetAlarm(
  { caseId, reference, clock }: CaseFile,
  noticeId: string,
  dueAt: Instant,
): Alarm {
  return {
    subject: `notice/${noticeId}`,
    step: targetStep,
    dueAt,
    ringAt: wallTimeAt(clock, dueAt),
    caseId,
    role: 'legal',
    line: `${reference}: what follows a sent notice has not left by our own target. Approve it, or say why it is not needed.`,
  };
}

/** Cancels unsent notices of the phases, whatever stage of review they are at; gives those that were. */
export async function pullUnsent(
  store: Store,
  standing: readonly Notice[],
  phases: readonly NoticePhase[],
  by: string = actorLabel(machineRequest('engine').actor),
): Promise<readonly string[]> {
  const pulled: string[] = [];
  for (const { noticeId, caseId, phase } of standing) {
    if (!phases.includes(phase)) continue;
    const notice = await store.notices.lock(noticeId);
    if (notice === null || !unsentStates.includes(notice.state)) continue;
    await store.notices.cancelRows(noticeId);
    await store.notices.setState(noticeId, 'cancelled');
    await store.alarms.silence(`notice/${noticeId}`, targetStep);
    await store.tasks.completeBySubject(caseId, ofNotice, `notice/${noticeId}`, by, 'cancelled');
    await store.house.wake('notice', noticeId);
    pulled.push(noticeId);
  }
  return pulled;
}

/** A supplement that is only composed to compare with; it is never stored. */
export function unsavedFollowUp(obligation: Obligation, told: Told): Notice {
  const { caseId, obligationId, recipientKind } = obligation;
  if (recipientKind === 'register') throw new Error('nobody is told by the register');
  return {
    noticeId: told.firstNoticeId,
    caseId,
    obligationId,
    recipientKind,
    phase: 'supplementary',
    part: 1,
    refersTo: told.firstNoticeId,
    cause: null,
    channel: 'portal',
    state: 'drafting',
    version: 0,
  };
}
