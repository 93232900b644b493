/** Alarms as people read them: what rings alike for thousands of customers is one line with its number. */
import type { AlarmView } from './views.ts';

export interface AlikeAlarms {
  /** The one that is due first. */
  readonly first: AlarmView;
  readonly count: number;
}

/** Alarms of one step, line, role, instant and state together, in the order in which the first of each stands. */
export function alikeAlarms(alarms: readonly AlarmView[]): readonly AlikeAlarms[] {
  const groups = Map.groupBy(alarms, (one) =>
    JSON.stringify([
      ...[one.step, one.line, one.role, one.ringAt, one.handedTo, one.handedWay],
      ...[one.rungAt, one.handedAt, one.answeredAt].map((at) => at !== null),
    ]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group.toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1));
    return first === undefined ? [] : [{ first, count: group.length }];
  });
}

/** "433 times: " before the line of as many. */
export function timesWords(count: number): string {
  return count === 1 ? '' : `${String(count)} times: `;
}

/** The subject of the mail about so many: begins as that about one does, so that both sort with their case. */
export function alarmSubject(line: string, count: number): string {
  return `[Tocsin] ${line}${count === 1 ? '' : ` (${String(count)} of these)`}`;
}

/** How many rings a mail of that subject stands for. */
export function ringsOf(subject: string): number {
  return Number(/ \((\d{1,9}) of these\)$/.exec(subject)?.[1] ?? '1');
}
