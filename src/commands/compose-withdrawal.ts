/** The withdrawal: tells the same recipient that an earlier notice no longer stands, and why; nothing of the case besides. */
import type { JsonObject } from '../domain/json.ts';
import { commonContent, factReader, type Composed, type NoticeSource } from './compose-common.ts';
import { earlierContent } from './compose-follow-up.ts';

/** `to` names the recipient for the heading of the letter; `worded` whose letter it is like, where not that of its kind. Throws if the notice has no cause or follows nothing. */
export function composeWithdrawal(
  source: NoticeSource,
  to: JsonObject,
  worded: string = source.notice.recipientKind,
): Composed {
  const { notice, earlier } = source;
  if (earlier === null || notice.cause === null)
    throw new Error('a withdrawal needs a cause and a notice to withdraw');
  const template = `${worded}/withdrawal`;
  return {
    template,
    groupKey: `${template} ${notice.cause}`,
    content: {
      ...commonContent(source, factReader(source.facts)),
      ...to,
      kind: notice.recipientKind,
      cause: notice.cause,
      earlier: earlierContent(earlier),
    },
  };
}
