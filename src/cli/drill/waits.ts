/** What stood ready and waited for a person in a drill: approvals, decisions, filings, the closing. */
import type { JsonValue } from '../../domain/json.ts';
import type { TimelineEntry } from '../../domain/views.ts';
import type { Scene } from './play.ts';
import { isTold } from './report.ts';

/** A register entry with its instant in case time. */
export interface CaseEntry extends TimelineEntry {
  readonly caseMs: number;
}

export interface Wait {
  readonly for: 'approval' | 'decision' | 'filing' | 'mail' | 'closing';
  /** Case time. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Every wait that ended; what nobody ever did is a shortfall of the drill, not a wait. */
export function waitsOf(scene: Scene, entries: readonly CaseEntry[]): Wait[] {
  return [
    ...approvals(entries),
    ...decisions(entries),
    ...filings(scene, entries),
    ...openings(entries),
    ...closing(scene, entries),
  ].filter(({ fromMs, untilMs }) => untilMs > fromMs);
}

/** Milliseconds covered by any of the waits. */
export function unionMs(waits: readonly Wait[]): number {
  let [total, endMs] = [0, -Infinity];
  for (const { fromMs, untilMs } of waits.toSorted((one, other) => one.fromMs - other.fromMs)) {
    total += Math.max(0, untilMs - Math.max(fromMs, endMs));
    endMs = Math.max(endMs, untilMs);
  }
  return total;
}

/** A version waits from its freeze to its release; an earlier version that an edit replaced waits no more. */
function approvals(entries: readonly CaseEntry[]): Wait[] {
  const frozen = new Map<string, number>();
  const waits: Wait[] = [];
  for (const { type, data, caseMs } of entries) {
    if (type === 'notice.frozen') frozen.set(textOf(data['noticeId']), caseMs);
    if (type !== 'notice.released') continue;
    for (const noticeId of noticesOf(data['notices'])) {
      const fromMs = frozen.get(noticeId);
      if (fromMs !== undefined) waits.push({ for: 'approval', fromMs, untilMs: caseMs });
    }
  }
  return waits;
}

function decisions(entries: readonly CaseEntry[]): Wait[] {
  const known = entries.find(({ type }) => type === 'obligations.determined');
  if (known === undefined) return [];
  return entries
    .filter(({ type }) => type === 'obligation.decided')
    .map(({ caseMs }) => ({ for: 'decision', fromMs: known.caseMs, untilMs: caseMs }));
}

function filings({ notices }: Scene, entries: readonly CaseEntry[]): Wait[] {
  const portal = new Set(
    notices.filter(({ channel }) => channel === 'portal').map(({ noticeId }) => noticeId),
  );
  const released = entries.filter(({ type }) => type === 'notice.released');
  return entries.flatMap(({ type, data, caseMs }): Wait[] => {
    const noticeId = textOf(data['noticeId']);
    if (type !== 'receipt.recorded' || !portal.has(noticeId)) return [];
    const release = released.find((entry) => noticesOf(entry.data['notices']).includes(noticeId));
    return release === undefined
      ? []
      : [{ for: 'filing', fromMs: release.caseMs, untilMs: caseMs }];
  });
}

/** From the last release before mail was opened again: what could not be filed waited for two people to say so. */
function openings(entries: readonly CaseEntry[]): Wait[] {
  const opened = entries.find(
    ({ type, data }) => type === 'channel.opened' && data['isOpen'] === true,
  );
  if (opened === undefined) return [];
  const released = entries.findLast(
    ({ type, caseMs }) => type === 'notice.released' && caseMs <= opened.caseMs,
  );
  return released === undefined
    ? []
    : [{ for: 'mail', fromMs: released.caseMs, untilMs: opened.caseMs }];
}

/** From the last proof, or from when nothing was owed to anybody, to the closing. */
function closing({ obligations }: Scene, entries: readonly CaseEntry[]): Wait[] {
  const closed = entries.find(({ type }) => type === 'case.closed');
  const known = entries.findLast(({ type }) => type === 'obligations.determined');
  if (closed === undefined || known === undefined) return [];
  const proofs = obligations
    .filter(isTold)
    .map(({ receiptAt }) => (receiptAt === null ? Infinity : Date.parse(receiptAt)));
  // What followed the first notices, supplements and withdrawals, had to leave as well.
  const last = entries.findLast(({ type }) => type === 'notice.dispatched')?.caseMs ?? 0;
  const fromMs = Math.max(known.caseMs, last, ...proofs);
  return [{ for: 'closing', fromMs, untilMs: closed.caseMs }];
}

function noticesOf(value: JsonValue | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((item: JsonValue) =>
    typeof item === 'object' && item !== null && 'noticeId' in item ? textOf(item['noticeId']) : '',
  );
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
