/** Holds and bars in a terminal: what they keep back, who stands behind them, and until when. */
import type { Hold, MailBar } from '../domain/barrier-ports.ts';
import { cell, tableLines } from './table.ts';
import { plain } from './terminal.ts';
import type { Paint } from './terminal.ts';
import { utc } from './when.ts';

/** What `GET /cases/{case}/barriers` answers. */
export interface Barriers {
  readonly holds: readonly Hold[];
  readonly bars: readonly MailBar[];
}

/** Everything on record, what is over too: whoever asks why a notice left late reads it here. */
export function barrierLines({ holds, bars }: Barriers, paint: Paint): string[] {
  if (holds.length === 0 && bars.length === 0) return ['Nothing holds a notice of this case back.'];
  return [...barTable(bars, paint), ...holdTable(holds, paint)];
}

function barTable(bars: readonly MailBar[], paint: Paint): string[] {
  if (bars.length === 0) return [];
  const columns = [
    { title: 'BAR' },
    { title: 'OF' },
    { title: 'STATE' },
    { title: 'SINCE' },
    { title: 'BY' },
    { title: 'WHY', atMost: 60 },
  ];
  const rows = bars.map((bar) => [
    cell(bar.barId),
    cell(bar.caseId === null ? 'the whole house' : 'this case'),
    stateOfBar(bar),
    cell(utc(bar.at)),
    cell(bar.by),
    cell(bar.reason),
  ]);
  const hint = bars.some((bar) => !bar.isOpen)
    ? ['  open it, two people: tocsin mail open BAR --reason TEXT']
    : [];
  return [paint('title', 'Mail barred'), ...tableLines(columns, rows, paint, '  '), ...hint];
}

function stateOfBar({ isOpen, openedBy }: MailBar) {
  if (isOpen) return cell('open again', 'faint');
  const [first] = openedBy;
  return first === undefined ? cell('barred', 'bad') : cell(`barred; ${first} would open`, 'bad');
}

function holdTable(holds: readonly Hold[], paint: Paint): string[] {
  if (holds.length === 0) return [];
  const columns = [
    { title: 'HOLD' },
    { title: 'HOLDS BACK NOW' },
    { title: 'UNTIL' },
    { title: 'ASKED BY', atMost: 40 },
    { title: 'BEHIND IT' },
    { title: 'WHY', atMost: 60 },
  ];
  const rows = holds.map((hold) => [
    cell(hold.holdId),
    stateOfHold(hold),
    cell(utc(hold.expiresAt)),
    cell(`${plain(hold.requestedBy)}, ${hold.reference}`),
    cell([hold.recordedBy, ...hold.confirmedBy].join(', ')),
    cell(hold.reason),
  ]);
  const hint = holds.some((hold) => hold.liftedBy === null)
    ? ['  tocsin hold confirm HOLD, or: tocsin hold lift HOLD --reason TEXT']
    : [];
  return [paint('title', 'Lawful holds'), ...tableLines(columns, rows, paint, '  '), ...hint];
}

function stateOfHold({ holds, liftedBy }: Hold) {
  if (liftedBy !== null) return cell(`lifted by ${liftedBy}`, 'faint');
  return holds.length === 0 ? cell('nothing', 'tight') : cell(holds.join(', '), 'bad');
}
