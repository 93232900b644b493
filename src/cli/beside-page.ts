/** Beside the obligations in a terminal: clocks that are not carried out here, and laws that were not assessed. */
import type { Instant } from '../domain/instant.ts';
import { notFiledHere, significanceWords, type BesideClock } from '../law/beside.ts';
import type { Coverage } from '../law/coverage.ts';
import { cell, tableLines } from './table.ts';
import type { Paint } from './terminal.ts';
import { remaining, utc } from './when.ts';

export interface BesideOfCase extends Coverage {
  readonly clocks: readonly BesideClock[];
}

/** The clocks, then what was assessed here and what was not. */
export function besideLines(
  { clocks, assessed, notAssessed }: BesideOfCase,
  nowAt: Instant,
  paint: Paint,
): string[] {
  const [first] = clocks;
  const columns = [{ title: 'PROVISION' }, { title: 'WHAT' }, { title: 'DUE' }, { title: 'CLOCK' }];
  const rows = clocks.map(({ provision, label, dueAt }) => [
    cell(provision),
    cell(label),
    cell(dueAt === null ? 'a month after the notification' : utc(dueAt)),
    dueAt === null ? cell('-') : remaining(dueAt, nowAt),
  ]);
  return [
    ...(first === undefined
      ? []
      : [
          ...tableLines(columns, rows, paint, '  '),
          `  ${significanceWords[first.significance]}`,
          `  ${notFiledHere}`,
        ]),
    `  Assessed here: ${assessed.join(', ') || 'nothing yet'}.`,
    `  Not assessed here: ${notAssessed.join('; ')}.`,
  ];
}
