/** Refuses what would lower a result outside the governed act, and names what is missing. */
import { refuse, type FieldFault, type Refusal } from '../domain/problem.ts';

const parts: readonly FieldFault[] = [
  { pointer: '/evidence', detail: 'is missing: what shows that less is owed' },
  {
    pointer: '/coverage',
    detail: 'is missing: which logs, from when until when, and what they do not show',
  },
  { pointer: '/opinion', detail: 'is missing: the opinion of the DPO' },
  { pointer: '/confirmation', detail: 'is missing: another decision-maker who confirms it' },
];

/** `what` begins the sentence, such as "Not a breach". Nothing has been recorded when this is answered. */
export function needsLowering(what: string): Refusal {
  return refuse(
    'conflict',
    `${what} lowers what is owed, so nothing was recorded. Propose it as a lowering with reason, evidence and the logs' coverage; the DPO gives an opinion and another person confirms it.`,
    parts,
  );
}
