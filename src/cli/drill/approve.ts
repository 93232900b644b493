/** The scripted approvers: one by one where a notice stands alone, one approval over the set to our customers. */
import type { NoticeSummary } from '../../domain/views.ts';
import { approvalActs } from '../approval-acts.ts';
import { CliError, exitCodes } from '../exit.ts';
import { readScene, Stalled, untilCaseMinute, waitUntil } from './play.ts';
import type { Play, Scene } from './play.ts';
import type { Player } from './scenario.ts';
import { reviewNotices } from './review.ts';

const approvers: readonly Player[] = ['leo', 'eva'];
/** Case minutes that reading takes. */
const readingMinutes = 15;

/** Everything in review is read and approved, by a second person where one is not enough. */
export async function approveAll(play: Play, drafted: Scene): Promise<void> {
  const caseId = drafted.file.caseId;
  const read = new Set<string>();
  const asked = new Set<string>();
  if (inReview(drafted).length === 0) return;
  const readMinute = play.account.caseMs() / 60_000 + readingMinutes;
  await readAll(play, drafted, read);
  await untilCaseMinute(play, readMinute, 'leo and eva, who read');
  await waitUntil(play, async () => {
    const scene = await readScene(play, caseId);
    const pending = inReview(scene);
    if (pending.length === 0) return null;
    // What was drafted again meanwhile is read again before anyone approves it.
    await readAll(play, scene, read);
    for (const approver of approvers) {
      const mine = pending.filter((notice) => !asked.has(`${approver} ${digestOf(notice)}`));
      if (mine.length === 0) continue;
      await approveAs(play, approver, mine).catch(tellRefusal(play, approver));
      // Noted only now: what could not even be asked is asked again.
      for (const notice of mine) asked.add(`${approver} ${digestOf(notice)}`);
      return `${approver}'s approvals`;
    }
    return `${String(pending.length)} notices to be released`;
  });
}

/** Reads what has not been read in these very words. Throws `Stalled` when something is wrong with it. */
async function readAll(play: Play, scene: Scene, read: Set<string>): Promise<void> {
  const unread = inReview(scene).filter((notice) => !read.has(digestOf(notice)));
  if (unread.length === 0) return;
  const faults = await reviewNotices(play, scene, unread);
  for (const fault of faults) play.account.tell(`leo finds: ${fault}`);
  if (faults.length > 0) throw new Stalled(`the review found ${String(faults.length)} faults`);
  for (const notice of unread) read.add(digestOf(notice));
  play.account.tell(
    `leo and eva read ${String(unread.length)} notices: each names its own reader only`,
  );
}

/** A refusal, such as of words that changed meanwhile, is told; what is left shows in the next look. */
function tellRefusal(play: Play, approver: Player): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof CliError) || error.exitCode === exitCodes.unreachable) throw error;
    play.account.tell(`${approver} is refused: ${error.message}`);
  };
}

function digestOf(notice: NoticeSummary): string {
  return notice.digest ?? notice.noticeId;
}

async function approveAs(
  play: Play,
  approver: Player,
  notices: readonly NoticeSummary[],
): Promise<void> {
  const of = (kind: NoticeSummary['recipientKind']) =>
    notices.filter((notice) => notice.recipientKind === kind);
  const [set, alone] = [of('controller'), [of('authority'), of('data-subject')].flat()];
  const [only] = set;
  if (set.length > 1) await approveSet(play, approver, set);
  else if (only !== undefined) alone.unshift(only);
  for (const notice of alone) await approveOne(play, approver, notice);
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
  const bound = notices.map(({ noticeId, digest }) => ({ noticeId, digest: digest ?? '' }));
  for await (const { approved, released } of approvalActs(play.as(approver), bound)) {
    play.account.tell(
      `${approver} approves ${String(approved)} notices to customers at once: ${String(released)} released`,
    );
  }
}

function inReview(scene: Scene): NoticeSummary[] {
  return scene.notices.filter((notice) => notice.state === 'in-review');
}
