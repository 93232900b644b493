/** The scripted reviewer of a late case: the reasons for the delay, Art. 33(1), go into what the authorities get. */
import type { NoticeView } from '../../domain/views.ts';
import type { Play, Scene } from './play.ts';
import { waitForDrafts } from './review.ts';

/** Adds the reasons to each notice to an authority, in its language; the case as it stands then. */
export async function giveReasons(play: Play, drafted: Scene): Promise<Scene> {
  const { late } = play.scenario;
  if (late === undefined) return drafted;
  const toAuthorities = drafted.notices.filter(
    (notice) => notice.recipientKind === 'authority' && notice.state === 'in-review',
  );
  for (const { noticeId, digest, recipientName } of toAuthorities) {
    const notice = await play.as('leo').get<NoticeView>(`/notices/${noticeId}`);
    const isGerman = notice.variants.every(({ language }) => language === 'de');
    const addition = isGerman ? late.reasons.de : late.reasons.en;
    await play.as('leo').post(`/notices/${noticeId}/wording`, { addition }, digest ?? '');
    play.account.tell(`leo adds the reasons for the delay to the notice to ${recipientName}`);
  }
  return waitForDrafts(play, drafted.file.caseId);
}
