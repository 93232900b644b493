/** All that the page of one case shows, read in one transaction as the person who looks. */
import type {
  NoticeSummary,
  AlarmView,
  CaseView,
  ObligationView,
  TaskView,
  TimelineEntry,
  Views,
} from '../../domain/views.ts';
import { mostInOneApproval } from '../../domain/notice.ts';
import type { Hold, MailBar } from '../../domain/barrier-ports.ts';
import type { AssessmentView } from '../../domain/assessment-ports.ts';
import type { Lowering } from '../../domain/lowering.ts';
import type { Person } from '../../domain/actor.ts';
import { eventsOf, type ShownEvent } from '../api/case-events.ts';
import { readOfCase, notFound } from '../api/seen-case.ts';
import { besideOf, type CaseBeside } from '../beside.ts';
import type { WebPorts } from '../ports.ts';
import type { Session } from '../who.ts';
import type { RefusedForm } from './layout.ts';

export interface CaseData {
  readonly view: CaseView;
  readonly obligations: readonly ObligationView[];
  readonly notices: readonly NoticeSummary[];
  /** True where the case has more notices than are shown. */
  readonly hasMoreNotices: boolean;
  readonly tasks: readonly TaskView[];
  readonly alarms: readonly AlarmView[];
  readonly timeline: readonly TimelineEntry[];
  readonly events: readonly ShownEvent[];
  readonly holds: readonly Hold[];
  readonly bars: readonly MailBar[];
  readonly lowerings: readonly Lowering[];
  readonly beside: CaseBeside;
  readonly assessments: readonly AssessmentView[];
}

/** The page of a case being drawn: what is shown, to whom, and what its last form said. */
export interface CasePage extends CaseData {
  readonly session: Session;
  readonly refused: RefusedForm | null;
  /** The fact chosen to be recorded, before its value is asked for. */
  readonly fact: string | null;
  /** The obligation to show in full where its group is long. */
  readonly obligation: string | null;
}

/** Notices shown besides those that wait for an approval, of which one act's worth is shown. */
const noticeLimit = 1_000;
export const timelineLimit = 60;

/** Reads the case a path names. Throws `not-found` for one not to be seen. */
export function readCase(
  ports: WebPorts,
  person: Person,
  named: string,
  beforeSeq: number | null,
): Promise<CaseData> {
  return readOfCase(ports, person, named, async (views: Views, caseId, store) => {
    const view = await views.case(caseId);
    if (view === null) throw notFound();
    return {
      view,
      obligations: await views.obligations(caseId),
      ...(await noticesOf(views, caseId)),
      tasks: await views.tasks({ caseId, state: 'open', limit: 200 }),
      alarms: await views.alarms(caseId),
      timeline: await views.timeline(caseId, timelineLimit, beforeSeq),
      events: await eventsOf(store, caseId),
      holds: await store.releases.holds(caseId),
      bars: await store.releases.bars(caseId),
      lowerings: await store.lowerings.ofCase(caseId),
      beside: await besideOf(views, caseId),
      assessments: await store.assessments.ofCase(caseId),
    };
  });
}

// What waits for somebody to approve it stands here however many were made before it.
async function noticesOf(
  views: Views,
  caseId: string,
): Promise<Pick<CaseData, 'notices' | 'hasMoreNotices'>> {
  const made = await views.notices({ caseId, limit: noticeLimit, cursor: null });
  if (made.next === null) return { notices: made.items, hasMoreNotices: false };
  const waiting = await views.notices({
    ...{ caseId, state: 'in-review', limit: mostInOneApproval, cursor: null },
  });
  const shown = new Set(waiting.items.map(({ noticeId }) => noticeId));
  const others = made.items.filter(({ noticeId }) => !shown.has(noticeId));
  return { notices: [...waiting.items, ...others], hasMoreNotices: true };
}
