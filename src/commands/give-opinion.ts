/** Puts the DPO's opinion on record: advice, Art. 39 GDPR, never an approval. */
import { actorLabel } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { personOf } from './lock-notice.ts';

export function giveOpinion(
  house: House,
  request: Request,
  input: { noticeId: string; text: string },
): Promise<Answer<{ version: number }>> {
  return runCommand(house, request, 'give-opinion', async (store) => {
    const notice = await store.notices.lock(input.noticeId);
    if (notice === null) return refuse('not-found', 'There is no such notice.');
    const { caseId, noticeId, version } = notice;
    const { personId } = personOf(request.actor);
    await store.notices.note({
      caseId,
      noticeId,
      version,
      kind: 'opinion',
      text: input.text,
      personId,
    });
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'opinion.given',
      actor: actorLabel(request.actor),
      data: { noticeId, version },
      personal: { text: input.text },
    });
    return done({ version });
  });
}
