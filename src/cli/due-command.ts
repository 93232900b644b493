/** `tocsin due`: when something is due, with its working; needs no server. */
import type { Command } from 'commander';
import { parseInstant } from '../domain/instant.ts';
import type { Instant } from '../domain/instant.ts';
import { dueWorking } from '../law/due-working.ts';
import type { DueWorking } from '../law/due-working.ts';
import type { Provision } from '../law/provisions.ts';
import { allProvisions, provisionInForce } from '../law/provisions.ts';
import { isZone } from '../law/zone.ts';
import { CliError, exitCodes } from './exit.ts';
import { examples, repeated } from './program-help.ts';
import type { CommonOptions, Surroundings } from './session.ts';
import { pairLines } from './table.ts';
import { paintFor, print, type Paint } from './terminal.ts';

/** From when and where a period is counted, as typed. */
export interface CountingOptions {
  readonly aware?: string;
  readonly zone?: string;
  readonly holiday?: readonly string[];
}

interface DueOptions extends CountingOptions {
  readonly from?: string;
  readonly rule: string;
}

/** Adds `due`. */
export function addDueCommand(program: Command, around: Surroundings): void {
  const command = program
    .command('due')
    .description('when something is due, by the strict instant and the readings beside it')
    .option('--aware <time>', 'awareness (or detection), RFC 3339 with offset')
    .option('--from <time>', 'the instant another rule runs from, such as an actual submission')
    .requiredOption('--zone <zone>', 'time zone to count and show in, such as Europe/Berlin')
    .option('--rule <id>', 'a provision of "tocsin law list"', 'gdpr/33/1')
    .option('--holiday <day>', 'a public holiday there, 2026-12-25 (repeatable)', repeated);
  examples(command, [
    'tocsin due --aware 2026-06-12T17:45:00+02:00 --zone Europe/Berlin',
    'tocsin due --from 2026-09-05T20:00:00+01:00 --zone Europe/Lisbon --rule eprivacy-611/2/3',
  ]).action((options: DueOptions) => {
    const { json } = command.optsWithGlobals<CommonOptions>();
    const fromAt = instantOf('--aware', options.from ?? options.aware);
    const calendar = calendarOf(options);
    const working = dueWorking(textOf(options.rule, fromAt, calendar.zone), fromAt, calendar);
    if (json === true) print(around.terminal, JSON.stringify(working, null, 2));
    else
      for (const line of dueLines(working, paintFor(around.terminal.out)))
        print(around.terminal, line);
  });
}

/** The instant of an option; a fault names the option and says what would be right. */
export function instantOf(option: string, text: string | undefined): Instant {
  const next = 'write it with seconds and offset, such as 2026-06-12T17:45:00+02:00';
  if (text === undefined) throw new CliError(exitCodes.usage, `${option} is missing`, next);
  const parsed = parseInstant(text);
  if (parsed.ok) return parsed.at;
  const faults = {
    'not-a-time': 'is not a time',
    'no-zone': 'says no offset',
    'no-such-day': 'names a day that does not exist',
    'no-such-time': 'names a time that does not exist',
  };
  throw new CliError(exitCodes.usage, `${option} "${text}" ${faults[parsed.fault]}`, next);
}

/** Zone and holidays of a command. */
export function calendarOf({ zone, holiday = [] }: CountingOptions): {
  zone: string;
  holidays: readonly string[];
} {
  if (zone === undefined || !isZone(zone)) {
    throw new CliError(
      exitCodes.usage,
      `"${zone ?? ''}" is not a time zone`,
      'name one of the IANA database, such as Europe/Berlin',
    );
  }
  const wrong = holiday.find((day) => !parseInstant(`${day}T00:00:00Z`).ok);
  if (wrong !== undefined) {
    throw new CliError(exitCodes.usage, `"${wrong}" is not a day`, 'write it as 2026-12-25');
  }
  return { zone, holidays: holiday };
}

/** The text of a rule on the day, or the one line that says why there is none. */
function textOf(rule: string, fromAt: Instant, zone: string): Provision {
  const known = allProvisions.find((provision) => provision.id === rule);
  if (known === undefined) {
    throw new CliError(exitCodes.usage, `there is no rule "${rule}"`, 'see "tocsin law list"');
  }
  const inForce = provisionInForce(known.id, fromAt, zone);
  if (inForce !== null) return inForce;
  throw new CliError(
    exitCodes.refused,
    `${rule} was not in force on that day`,
    `see "tocsin law show ${rule}" for its dates`,
  );
}

function dueLines(due: DueWorking, paint: Paint): string[] {
  const strict =
    due.strict === null
      ? 'without undue delay: no number'
      : `${due.strict.local}  (${due.strict.utc})`;
  return [
    paint('title', due.rule),
    ...pairLines(
      [
        ['due', strict],
        ...(due.reg1182 === null ? [] : [['Reg. 1182/71', due.reg1182.local] as const]),
        ...(due.art3_5 === null
          ? []
          : [
              [
                'Art. 3(5), contested',
                `${due.art3_5.partialDays.local} or ${due.art3_5.wholeDays.local}`,
              ] as const,
            ]),
      ],
      paint,
    ),
    '',
    ...due.working.map((line) => `- ${line}`),
  ];
}
