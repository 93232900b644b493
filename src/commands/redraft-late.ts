/** Words that its due has made untrue: a notice in review that left now would not say that it is late, Art. 33(1). */
import { actorLabel, mayDo, type Actor } from '../domain/actor.ts';
import { toMs } from '../domain/instant.ts';
import type { House, Store } from '../domain/ports.ts';
import { machineRequest } from './command.ts';
import { freezeInto, keptOf, type FreezeDeps } from './freeze-notice.ts';

const engine = machineRequest('engine').actor;

/**
 * Freezes the notice anew when its due has passed since it was written and it does not say so, or when it says so and a
 * later due stands by now; gives whether it did. What a person wrote into it stays, and so does who wrote it. A version
 * that has been released is left alone: no release waits for words.
 */
export function redraftLate(house: House, deps: FreezeDeps, noticeId: string): Promise<boolean> {
  return house.as(engine, async (store) => {
    const notice = await store.notices.lock(noticeId);
    const untrueAt = await store.releases.untrueAt(noticeId);
    if (notice === null || untrueAt === null) return false;
    if (toMs(untrueAt) > toMs(await store.house.now())) return false;
    const { author, edit } = await keptOf(store, notice);
    const frozen = await freezeInto(store, deps, notice, author, edit);
    if (!frozen.ok) {
      await askForHelp(store, notice.caseId, noticeId, frozen.problem.detail);
      return false;
    }
    await store.register.append({
      stream: `case/${notice.caseId}`,
      type: 'notice.redrafted',
      actor: actorLabel(engine),
      data: { noticeId, version: frozen.value.version, because: 'due' },
    });
    await store.house.wake('notice', noticeId);
    return true;
  });
}

/**
 * The same for notices a person is about to approve, whether Temporal is there or not. Only what the person may approve
 * and see is looked at.
 */
export async function redraftLateAmong(
  house: House,
  deps: FreezeDeps,
  actor: Actor,
  noticeIds: readonly string[],
): Promise<number> {
  if (!mayDo(actor, 'approve-notice')) return 0;
  const untrue = await house.as(actor, ({ releases }) => releases.untrueAmong(noticeIds));
  let redrafted = 0;
  for (const noticeId of untrue) if (await redraftLate(house, deps, noticeId)) redrafted++;
  return redrafted;
}

// While the task is open the version counts as it is: a late notice must not wait for its words.
async function askForHelp(
  store: Store,
  caseId: string,
  noticeId: string,
  detail: string,
): Promise<void> {
  await store.tasks.open({
    caseId,
    kind: 'draft-blocked',
    subject: `notice/${noticeId}`,
    title: `It does not say that it is late, and could not be drafted anew: ${detail}`,
    role: 'legal',
  });
}
