/** The scripted approvers: one by one where a notice stands alone, one approval over the set to our customers. */
import type { NoticeSummary } from '../../domain/views.ts';
import { readScene, Stalled, untilCaseMinute, waitUntil } from './play.ts';
import type { Play, Scene } from './play.ts';
import type { Player } from './scenario.ts';
import { reviewNotices } from './review.ts';

const approvers: readonly Player[] = ['leo', 'eva'];
/** Case minutes that reading takes. */
const readingMinutes = 15;

/** Everything in review is read and approved, by a second person where one is not enough. */
export async function approveAll(play: Play, drafted: Scene): Promise<void> {
  let scene = drafted;
  const readMinute = play.account.caseMs() / 60_000 + readingMinutes;
  const faults = await reviewNotices(play, scene, inReview(scene));
  for (const fault of faults) play.account.tell(`leo finds: ${fault}`);
  if (faults.length > 0) throw new Stalled(`the review found ${String(faults.length)} faults`);
  play.account.tell(
    `leo and eva have ${String(inReview(scene).length)} notices to read; each names its own reader only`,
  );
  await untilCaseMinute(play, readMinute, 'leo and eva, who read');
  const caseId = scene.file.caseId;
  for (const approver of approvers) {
    scene = await readScene(play, caseId);
    await approveAs(play, approver, inReview(scene));
  }
  await waitUntil(play, async () => {
    scene = await readScene(play, caseId);
    const left = inReview(scene).length;
    return left === 0 ? null : `${String(left)} notices to be released`;
  });
}

async function approveAs(
  play: Play,
  approver: Player,
  notices: readonly NoticeSummary[],
): Promise<void> {
  const alone = notices.filter((notice) => notice.recipientKind !== 'controller');
  const set = notices.filter((notice) => notice.recipientKind === 'controller');
  for (const notice of alone) await approveOne(play, approver, notice);
  const [only] = set;
  if (set.length === 1 && only !== undefined) await approveOne(play, approver, only);
  if (set.length > 1) await approveSet(play, approver, set);
}

async function approveOne(play: Play, approver: Player, notice: NoticeSummary): Promise<void> {
  const { digest, recipientCount } = notice;
  const answer = await play
    .as(approver)
    .post<{ state: string; approvals: { counted: number; needed: number } }>(
      `/notices/${notice.noticeId}/approval`,
      { digest, recipientCount },
    );
  const { counted, needed } = answer.approvals;
  const come = answer.state === 'released' ? 'released' : `${String(counted)} of ${String(needed)}`;
  play.account.tell(
    `${approver} approves ${notice.provision} to ${notice.recipientName} (${String(recipientCount)}): ${come}`,
  );
}

async function approveSet(
  play: Play,
  approver: Player,
  notices: readonly NoticeSummary[],
): Promise<void> {
  const answer = await play
    .as(approver)
    .post<{ approved: number; released: number }>('/approvals', {
      notices: notices.map(({ noticeId, digest }) => ({ noticeId, digest })),
    });
  play.account.tell(
    `${approver} approves ${String(answer.approved)} notices to customers at once: ${String(answer.released)} released`,
  );
}

function inReview(scene: Scene): NoticeSummary[] {
  return scene.notices.filter((notice) => notice.state === 'in-review');
}
