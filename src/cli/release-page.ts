/** How a notice is released, in a terminal: on what basis, what holds it back, and when something happens by itself. */
import type { Emergency, ReleaseBasis } from '../domain/barrier-ports.ts';
import type { NoticeBarrier, StandingPlan } from '../domain/release-ports.ts';
import type { NoticeView } from '../domain/views.ts';
import { plain } from './terminal.ts';
import type { Paint } from './terminal.ts';
import { utc } from './when.ts';

/** What `GET /notices/{id}/release` answers. */
export interface NoticeRelease {
  readonly release: ReleaseBasis | null;
  readonly emergency: Pick<Emergency, 'by' | 'reason' | 'review'> | null;
  readonly barrier: NoticeBarrier['kind'] | null;
  readonly wordingReviewed: boolean;
  readonly plan: Pick<StandingPlan, 'kind' | 'title' | 'fault' | 'actAt'> | null;
}

/** What is out of the ordinary, the most pressing first; nothing when the notice goes its usual way. */
export function releaseLines(
  { release, emergency, barrier, plan }: NoticeRelease,
  notice: Pick<NoticeView, 'state' | 'noticeId' | 'recipientKind' | 'caseReference'>,
  paint: Paint,
): string[] {
  const lines = [
    ...(release?.stands === false && notice.state === 'released'
      ? [paint('bad', 'Nothing more leaves: what gave it leave no longer stands.')]
      : []),
    ...(barrier === null ? [] : barrierLines(barrier, notice, paint)),
    ...(emergency === null ? [] : emergencyLines(emergency, notice.noticeId, paint)),
    ...(release?.basis === 'standing-authorisation'
      ? [
          `Released under the standing authorisation "${plain(release.authorisation ?? '')}"; nobody approved it afresh.`,
        ]
      : []),
    ...(plan === null ? [] : [planLine(plan)]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function barrierLines(
  barrier: NoticeBarrier['kind'],
  { state, noticeId, recipientKind, caseReference }: Parameters<typeof releaseLines>[1],
  paint: Paint,
): string[] {
  switch (barrier) {
    case 'held':
      return [
        paint('bad', 'Held by a lawful request: it does not leave yet.'),
        `  see: tocsin hold list ${caseReference}`,
      ];
    case 'barred': {
      const isUnsent = state === 'in-review' || state === 'returned' || state === 'released';
      const otherWay =
        recipientKind === 'authority'
          ? `  tocsin notice file-instead ${noticeId}`
          : '  Once released, tell them by telephone or post and record that: tocsin notice receipt';
      const lines = [paint('bad', 'Mail is barred: no machine sends it.')];
      return isUnsent ? [...lines, otherWay] : lines;
    }
  }
}

function emergencyLines(
  { by, reason, review }: NonNullable<NoticeRelease['emergency']>,
  noticeId: string,
  paint: Paint,
): string[] {
  const what = `Released by ${plain(by)} alone: ${plain(reason)}`;
  if (review !== null)
    return [what, `  ${plain(review.by)} ${review.verdict} it: ${plain(review.reason)}`];
  return [
    what,
    paint('tight', '  A second review by somebody else is owed:'),
    `  tocsin notice second-review ${noticeId} --verdict confirmed|objected --reason TEXT`,
  ];
}

function planLine({
  kind,
  title,
  fault,
  actAt,
}: Pick<StandingPlan, 'kind' | 'title' | 'fault' | 'actAt'>): string {
  switch (kind) {
    case 'release':
      return `Unless somebody decides, it leaves by itself at ${utc(actAt)} under "${plain(title)}".`;
    case 'call-out':
      return `A person has to file it; filers and deputies are called at ${utc(actAt)}.`;
    case 'short':
      return `It does not leave by itself under "${plain(title)}": ${plain(fault ?? '')}. The executive is called at ${utc(actAt)}.`;
  }
}
