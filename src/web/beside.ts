/** What stands beside the obligations of a case: clocks of laws that are not carried out here, and what was not assessed. */
import type { Views } from '../domain/views.ts';
import { clocksBeside, significanceIn, type BesideClock } from '../law/beside.ts';
import { coverageOf, type Coverage } from '../law/coverage.ts';
import { notFound } from './api/seen-case.ts';

/** What pages, the API and the command line show of it. */
export interface CaseBeside extends Coverage {
  readonly clocks: readonly BesideClock[];
}

/** Read for one case. Throws `not-found` for one not to be seen. */
export async function besideOf(views: Views, caseId: string): Promise<CaseBeside> {
  const view = await views.case(caseId);
  if (view === null) throw notFound();
  const { affiliates, touched } = await views.countries(caseId);
  const from = { awareAt: view.awareAt, zone: view.awareZone };
  return {
    clocks: clocksBeside(affiliates, from, significanceIn(view.facts)),
    ...coverageOf(touched),
  };
}
