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
}

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
      notices: (await views.notices({ caseId, limit: noticeLimit, cursor: null })).items,
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
