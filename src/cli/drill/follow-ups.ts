/** The part of a drill after notices have left: what is found out then, and the notices that follow from it. */
import type { CaseView, TaskView } from '../../domain/views.ts';
import { playActs } from './acts.ts';
import { approveAll } from './approve.ts';
import { followUpsOf, missingFollowUps } from './counted-follow-ups.ts';
import { readScene, untilCaseMinute, waitUntil } from './play.ts';
import type { Play, Scene } from './play.ts';
import type { FollowUps } from './scenario.ts';
import { waitForDischarge } from './settle.ts';

/** Case minutes in which a person reads what is proposed for withdrawal. */
const readingMinutes = 10;

/** Plays what the scenario has happen after sending, and waits until all that follows has left as well. */
export async function playLater(play: Play, file: CaseView): Promise<void> {
  const { later } = play.scenario;
  if (later === undefined) return;
  await playActs(play, file, later.acts, play.account.caseMs() / 60_000);
  if (later.followUps.withdrawals > 0) await acceptWithdrawals(play, file, later.followUps);
  await approveAll(play, await waitForFollowUps(play, file, later.followUps));
  await waitForDischarge(play, file.caseId);
  await waitUntil(play, async () => {
    const { notices } = await readScene(play, file.caseId);
    const unsent = notices.filter(({ state }) => state !== 'dispatched' && state !== 'cancelled');
    return unsent.length === 0 ? null : `${String(unsent.length)} further notices to leave`;
  });
}

async function acceptWithdrawals(
  play: Play,
  file: CaseView,
  { withdrawals }: FollowUps,
): Promise<void> {
  const path = `/cases/${file.caseId}/tasks`;
  let proposed: readonly TaskView[] = [];
  await waitUntil(play, async () => {
    const { items } = await play.as('leo').get<{ items: TaskView[] }>(path);
    proposed = items.filter(({ kind, state }) => kind === 'withdraw-notice' && state === 'open');
    return proposed.length === withdrawals ? null : `${String(withdrawals)} proposals to withdraw`;
  });
  await untilCaseMinute(play, play.account.caseMs() / 60_000 + readingMinutes, 'leo, who reads');
  for (const { subject } of proposed) {
    const body = { withdraw: true, cause: 'not-a-breach', reason: 'It was no breach after all' };
    await play.as('leo').post(`/obligations/${subject}/withdrawal`, body);
  }
  play.account.tell(`leo accepts ${String(proposed.length)} withdrawals of what was notified`);
}

async function waitForFollowUps(play: Play, file: CaseView, expected: FollowUps): Promise<Scene> {
  let scene = await readScene(play, file.caseId);
  await waitUntil(play, async () => {
    scene = await readScene(play, file.caseId);
    const drafting = scene.notices.filter(({ state }) => state === 'drafting').length;
    const undrafted = scene.obligations.filter(
      ({ recipientKind, state, noticeId }) =>
        recipientKind !== 'register' && state === 'owed' && noticeId === null,
    ).length;
    const missing = missingFollowUps(expected, followUpsOf(scene.notices));
    if (missing !== null) return `what follows (${missing})`;
    return drafting + undrafted === 0 && scene.file.engine !== 'waiting'
      ? null
      : 'the drafts of what follows';
  });
  return scene;
}
