/** The read models of pages, API and command line, as the actor of the transaction may see them. */
import type { Views } from '../../domain/views.ts';
import type { Sql } from './sql.ts';
import { caseByReference, caseList, caseView } from './views-case.ts';
import { noticeList, noticeView } from './views-notice.ts';
import { exposurePage, obligationList } from './views-obligation.ts';
import { casesUnder, countriesOf } from './views-countries.ts';
import { alarmList, taskList, timeline } from './views-record.ts';

/** Read models over one transaction; row-level security decides what they hold. */
export function views(sql: Sql): Views {
  return {
    cases: (filter) => caseList(sql, filter),
    case: (caseId) => caseView(sql, caseId),
    caseByReference: (reference) => caseByReference(sql, reference),
    obligations: (caseId) => obligationList(sql, caseId),
    countries: (caseId) => countriesOf(sql, caseId),
    casesUnder: (provision) => casesUnder(sql, provision),
    exposures: (caseId, limit, cursor) => exposurePage(sql, caseId, limit, cursor),
    notices: (filter) => noticeList(sql, filter),
    notice: (noticeId) => noticeView(sql, noticeId),
    timeline: (caseId, limit, beforeSeq) => timeline(sql, caseId, limit, beforeSeq),
    tasks: (filter) => taskList(sql, filter),
    alarms: (caseId) => alarmList(sql, caseId),
  };
}
