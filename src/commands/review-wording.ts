/** A lawyer's review of the words of a template, bound to their digest: without it no machine sends them unapproved. */
import { actorLabel } from '../domain/actor.ts';
import type { TemplateWords } from '../domain/release-ports.ts';
import type { House } from '../domain/ports.ts';
import type { Wording } from '../domain/notice-ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { personOf } from './lock-notice.ts';

export interface ReviewedWording extends TemplateWords {
  readonly verdict: 'reviewed' | 'withdrawn';
  readonly note: string;
}

/** Records the review, or its withdrawal; refused as `stale` when the template says something else by now. */
export function reviewWording(
  house: House,
  wording: Pick<Wording, 'templates'>,
  request: Request,
  input: ReviewedWording,
): Promise<Answer<{ verdict: 'reviewed' | 'withdrawn' }>> {
  return runCommand(house, request, 'review-wording', async (store) => {
    const { template, language, sha256, verdict, note } = input;
    const known = wording
      .templates()
      .find((one) => one.template === template && one.language === language);
    if (known === undefined)
      return refuse('not-found', `There is no template "${template}" in "${language}".`);
    if (known.sha256 !== sha256) {
      return refuse(
        'stale',
        'These are not the words this installation sends now: read the template again, then review what it says.',
      );
    }
    const { personId } = personOf(request.actor);
    await store.releases.reviewWording({ template, language, sha256, verdict, note, personId });
    await store.releases.wakeUnapproved();
    await store.register.append({
      stream: 'house',
      type: verdict === 'reviewed' ? 'wording.reviewed' : 'wording.withdrawn',
      actor: actorLabel(request.actor),
      data: { template, language, sha256 },
      personal: { note },
    });
    return done({ verdict });
  });
}
