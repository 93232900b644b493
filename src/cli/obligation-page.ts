/** Obligations in a terminal: one line each, never a hidden one; what is not owed says why. */
import type { Instant } from '../domain/instant.ts';
import type { ObligationState } from '../domain/obligation.ts';
import type { ObligationView } from '../domain/views.ts';
import { cell, tableLines } from './table.ts';
import type { Cell } from './table.ts';
import { plain } from './terminal.ts';
import type { Paint, Tone } from './terminal.ts';
import { remaining, utc } from './when.ts';

const tones: Readonly<Record<ObligationState, Tone>> = {
  owed: 'plain',
  'to-decide': 'tight',
  discharged: 'good',
  'not-owed': 'faint',
  withdrawn: 'faint',
};

/** `2026-06-18 15:45 UTC` in its own column, and what remains beside it. */
export function obligationLines(
  obligations: readonly ObligationView[],
  nowAt: Instant,
  paint: Paint,
): string[] {
  if (obligations.length === 0) return ['  None yet: they follow from a breach being determined.'];
  const columns = [
    { title: 'PROVISION' },
    { title: 'WHO IS TOLD', atMost: 40 },
    { title: 'STATE' },
    { title: 'DUE' },
    { title: 'BASIS' },
    { title: 'CLOCK' },
    { title: 'NOTICE' },
    { title: 'WHY', atMost: 60 },
  ];
  const rows = obligations.map((o) => [
    cell(o.provision),
    cell(o.recipientName),
    cell(o.state, tones[o.state]),
    cell(o.dueAt === null ? '-' : utc(o.dueAt)),
    cell(o.dueBasis),
    clockOf(o, nowAt),
    cell(o.noticeState ?? '-'),
    cell(o.state === 'owed' || o.state === 'discharged' ? o.label : o.reason),
  ]);
  return tableLines(columns, rows, paint, '  ');
}

/** Where a person files: when that must begin at the latest, for what has not left yet. */
export function filingLines(
  obligations: readonly ObligationView[],
  nowAt: Instant,
  paint: Paint,
): string[] {
  return obligations.flatMap(({ state, dispatchedAt, latestStartAt, recipientName, noticeId }) => {
    const isOpen = (state === 'owed' || state === 'to-decide') && dispatchedAt === null;
    if (!isOpen || latestStartAt === null) return [];
    const left = remaining(latestStartAt, nowAt);
    const pack = noticeId === null ? '' : `: tocsin notice pack ${noticeId}`;
    const when = `${utc(latestStartAt)} (${paint(left.tone, left.text)})`;
    return [`  file by hand: ${plain(recipientName)}, begin by ${when}${pack}`];
  });
}

function clockOf(o: ObligationView, nowAt: Instant): Cell {
  switch (o.state) {
    case 'not-owed':
    case 'withdrawn':
      return cell('-');
    case 'discharged':
      return o.late ? cell('done, LATE', 'bad') : cell('done', 'good');
    case 'owed':
    case 'to-decide':
      if (o.dispatchedAt !== null) return o.late ? cell('sent, LATE', 'bad') : cell('sent', 'good');
      return o.dueAt === null ? cell('without undue delay') : remaining(o.dueAt, nowAt);
  }
}
