/** `tocsin event list|open|record|settle` and `tocsin alarm list|answer`: what came in and waits, and what rings. */
import { alikeAlarms, timesWords } from '../domain/alike-alarms.ts';
import type { Command } from 'commander';
import type { Instant } from '../domain/instant.ts';
import type { AlarmView } from '../domain/views.ts';
import { hitsFrom, type HitOptions } from './facts.ts';
import { examples, repeated } from './program-help.ts';
import { given, openSession, sayEngine } from './session.ts';
import type { Surroundings } from './session.ts';
import { cell, tableLines, type Column } from './table.ts';
import type { Paint } from './terminal.ts';
import { utc } from './when.ts';

interface ListedEvent {
  readonly source: string;
  readonly eventId: string;
  readonly type: string | null;
  readonly at: Instant;
  readonly body: string;
  /** Of an event without a case: why no program could take it. */
  readonly reason?: string;
  /** Of an event of a case. */
  readonly waits?: boolean;
  readonly carries?: number;
}

/** Adds the commands about events. */
export function addEventCommands(parent: Command, around: Surroundings): void {
  addList(parent, around);
  addOpen(parent, around);
  addRecord(parent, around);
  addSettle(parent, around);
}

function addList(parent: Command, around: Surroundings): void {
  const command = parent
    .command('list')
    .description('events that wait for a person, or those of one case; --json has what they say')
    .argument('[case]', 'reference or id');
  examples(command, ['tocsin event list', 'tocsin event list B-2026-0042']).action(
    async (reference: string | undefined) => {
      const session = openSession(command, around, 'leo');
      const path =
        reference === undefined ? '/events' : `/cases/${encodeURIComponent(reference)}/events`;
      const answer = await session.api.get<{ items: ListedEvent[] }>(path);
      session.answer(answer, () => eventLines(answer.items, session.paint));
    },
  );
}

function eventLines(events: readonly ListedEvent[], paint: Paint): string[] {
  if (events.length === 0) return ['No event.'];
  const columns = [
    { title: 'SOURCE' },
    { title: 'ID' },
    { title: 'CAME' },
    { title: 'TYPE', atMost: 40 },
    { title: 'STANDS', atMost: 60 },
  ];
  const rows = events.map((event) => [
    cell(event.source, 'title'),
    cell(event.eventId),
    cell(utc(event.at)),
    cell(event.type ?? '-'),
    cell(standing(event)),
  ]);
  return tableLines(columns, rows, paint);
}

function standing({ reason, waits, carries = 0 }: ListedEvent): string {
  if (reason !== undefined) return `waits: ${reason}`;
  if (waits !== true) return 'dealt with';
  return carries === 0 ? 'waits' : `waits; carries ${String(carries)} facts or hits`;
}

function addOpen(parent: Command, around: Surroundings): void {
  const command = parent
    .command('open')
    .description('open a case from an event that waits; its clock runs from when the event came')
    .argument('<source>')
    .argument('<id>', 'of the event')
    .requiredOption('--title <text>', 'what happened, in one line')
    .option('--description <text>', 'what is known so far')
    .option('--unit <unit>', 'whose case it is')
    .option('--asset <key>', 'a system that was hit; may be given again', repeated)
    .option('--product <key>', 'a product that was hit; may be given again', repeated)
    .option('--processing <key>', 'an own processing that was hit; may be given again', repeated);
  examples(command, ['tocsin event open siem evt-4711 --title "Intruder on hypervisor-07"']).action(
    async (
      source: string,
      eventId: string,
      options: HitOptions & { title: string; description?: string; unit?: string },
    ) => {
      const session = openSession(command, around, 'rita');
      const { title, description, unit } = options;
      const hits = hitsFrom(options).map(({ kind, key }) => ({ kind, key }));
      const body = given({ source, eventId, title, description, unit, hits });
      const answer = await session.api.post<{ reference: string; engine: string }>(
        '/events/case',
        body,
      );
      session.answer(answer, () => [
        `${answer.reference} is open. Next: tocsin case show ${answer.reference}`,
      ]);
      sayEngine(session, answer);
    },
  );
}

function addRecord(parent: Command, around: Surroundings): void {
  const command = parent
    .command('record')
    .description('record the facts of an event that came while its case was closed')
    .argument('<case>', 'reference or id; it must be open again')
    .argument('<source>')
    .argument('<id>', 'of the event');
  examples(command, ['tocsin event record B-2026-0042 siem evt-4712']).action(
    async (reference: string, source: string, eventId: string) => {
      const session = openSession(command, around, 'rita');
      const path = `/cases/${encodeURIComponent(reference)}/events/facts`;
      const answer = await session.api.post<{ engine: string }>(path, { source, eventId });
      session.answer(answer, () => [`The facts of ${eventId} stand in ${reference}.`]);
      sayEngine(session, answer);
    },
  );
}

function addSettle(parent: Command, around: Surroundings): void {
  const command = parent
    .command('settle')
    .description('say what became of an event that waits; it stays on record')
    .argument('<source>')
    .argument('<id>', 'of the event')
    .requiredOption('--note <text>', 'what became of it; kept in the register');
  examples(command, ['tocsin event settle siem evt-4711 --note "A test of theirs"']).action(
    async (source: string, eventId: string, options: { note: string }) => {
      const session = openSession(command, around, 'leo');
      const body = { source, eventId, note: options.note };
      const answer = await session.api.post<object>('/events/settlement', body);
      session.answer(answer, () => ['Settled.']);
    },
  );
}

/** Adds `alarm list` and `alarm answer`. */
export function addAlarmCommands(parent: Command, around: Surroundings): void {
  const list = parent
    .command('list')
    .description('what rings or will ring in a case, or, without one, in the house')
    .argument('[case]', 'reference or id');
  examples(list, ['tocsin alarm list B-2026-0042', 'tocsin alarm list']).action(
    async (reference: string | undefined) => {
      const session = openSession(list, around, 'leo');
      const path =
        reference === undefined ? '/alarms' : `/cases/${encodeURIComponent(reference)}/alarms`;
      const answer = await session.api.get<{ items: AlarmView[] }>(path);
      session.answer(answer, () => alarmLines(answer.items, session.paint));
    },
  );
  const take = parent
    .command('answer')
    .description('take up an alarm that rang, and all that rang alike, so that no deputy is called')
    .argument('<subject>', 'as "alarm list" names it')
    .argument('<step>', 'as "alarm list" names it');
  examples(take, ['tocsin alarm answer case/0197… determine']).action(
    async (subject: string, step: string) => {
      const session = openSession(take, around, 'leo');
      const answer = await session.api.post<object>('/alarms/answer', { subject, step });
      session.answer(answer, () => ['You took it up.']);
    },
  );
}

const alarmColumns: readonly Column[] = [
  { title: 'RINGS' },
  { title: 'STATE' },
  { title: 'FOR' },
  { title: 'SUBJECT' },
  { title: 'STEP' },
  { title: 'WHAT', atMost: 70 },
];

function alarmLines(alarms: readonly AlarmView[], paint: Paint): string[] {
  if (alarms.length === 0) return ['No alarm.'];
  const rows = alikeAlarms(alarms).map(({ first: alarm, count }) => {
    const rings = alarm.rungAt !== null && alarm.answeredAt === null;
    return [
      cell(utc(alarm.ringAt)),
      cell(alarmState(alarm), rings ? 'bad' : 'plain'),
      cell(alarm.role),
      cell(alarm.subject),
      cell(alarm.step),
      cell(`${timesWords(count)}${alarm.line}`),
    ];
  });
  return tableLines(alarmColumns, rows, paint);
}

function alarmState(alarm: AlarmView): string {
  if (alarm.answeredAt !== null) return 'answered';
  return alarm.rungAt === null ? 'to ring' : 'rings';
}
