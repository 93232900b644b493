/** The table a drill ends with: what was owed, when it was due and when it left. */
import { cell, tableLines } from '../table.ts';
import type { Paint } from '../terminal.ts';
import type { DrillReport } from './report.ts';

/** Of what was told in time, the table shows so many. */
const shownInTime = 60;

type Told = DrillReport['obligations'][number];

/** What went wrong is shown whole; of what went well as much as a screen takes, and how many more there are. */
export function reportLines({ obligations }: DrillReport, paint: Paint): string[] {
  const columns = [
    { title: 'PROVISION' },
    { title: 'TOLD', atMost: 40 },
    { title: 'DUE' },
    { title: 'DISPATCHED' },
    { title: 'IN TIME' },
  ];
  let well = 0;
  const shown = obligations.filter((one) => isWrong(one) || ++well <= shownInTime);
  const left = obligations.length - shown.length;
  return [
    ...tableLines(columns, shown.map(row), paint),
    ...(left === 0 ? [] : [`… and ${String(left)} more, told in time (--json has every one)`]),
  ];
}

function isWrong({ dispatchedAt, late }: Told): boolean {
  return dispatchedAt === null || late;
}

function row({ provision, recipient, dueAt, dispatchedAt, late }: Told) {
  const inTime = late ? cell('LATE', 'bad') : cell('yes', 'good');
  return [
    cell(provision),
    cell(recipient),
    cell(dueAt ?? '-'),
    cell(dispatchedAt ?? '-'),
    dispatchedAt === null ? cell('NOT TOLD', 'bad') : inTime,
  ];
}
