/** Takes a notice to an authority off the mail while mail is barred: the next version is a filing pack, for a person. */
import { actorLabel } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { barredTask } from './barred-task.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { freezeInto, type FreezeDeps } from './freeze-notice.ts';
import { lockNotice } from './lock-notice.ts';

const unsent: readonly string[] = ['in-review', 'returned', 'released'];

/** The words stay and so does their author; approvals are void, because they covered the way as well. */
export function fileInstead(
  house: House,
  deps: FreezeDeps,
  request: Request,
  { noticeId }: { readonly noticeId: string },
): Promise<Answer<{ version: number; digest: string }>> {
  return runCommand(house, request, 'edit-notice', async (store) => {
    const found = await lockNotice(store, noticeId);
    if (!found.ok) return found;
    const { notice, version } = found.value;
    const { caseId, channel, recipientKind } = notice;
    if (recipientKind !== 'authority' || channel !== 'email' || !unsent.includes(notice.state))
      return refuse('conflict', 'Only an unsent notice to an authority by mail can be filed.');
    if (!(await store.releases.isMailBarred(caseId)))
      return refuse('conflict', 'Mail is not barred: the notice leaves by itself.');
    await store.notices.cancelRows(noticeId);
    // Asked after the rows are cancelled: from here on no other row can reach its dot.
    if (await store.notices.mayHaveLeft(noticeId))
      return refuse('conflict', 'A copy may have left by mail already: say first how it ended.');
    const text = (name: string): string | null => {
      const value = version.content[name];
      return typeof value === 'string' ? value : null;
    };
    const edit = { addition: text('addition'), subject: text('subjectEdited') };
    const frozen = await freezeInto(store, deps, notice, version.author, edit);
    if (!frozen.ok) return frozen;
    const by = actorLabel(request.actor);
    const { version: number, digest } = frozen.value;
    const kinds = [barredTask, 'revise'];
    await store.tasks.completeBySubject(caseId, kinds, `notice/${noticeId}`, by, 'a person files');
    await store.house.wake('notice', noticeId);
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'notice.rerouted',
      actor: by,
      data: { noticeId, version: number, from: channel, to: 'portal', was: notice.state },
    });
    return done({ version: number, digest });
  });
}
