/** `tocsin law list|show|what-if`: the rules with their sources and dates; needs no server. */
import type { Command } from 'commander';
import { parseInstant } from '../domain/instant.ts';
import { allProvisions } from '../law/provisions.ts';
import type { Provision } from '../law/provisions.ts';
import { periodText } from '../law/period.ts';
import { whatIf } from '../law/what-if.ts';
import type { Reading, WhatIf } from '../law/what-if.ts';
import { factsOf, parse } from './assess-command.ts';
import { calendarOf, instantOf, type CountingOptions } from './due-command.ts';
import { CliError, exitCodes } from './exit.ts';
import { examples, repeated } from './program-help.ts';
import type { CommonOptions, Surroundings } from './session.ts';
import { cell, pairLines, tableLines } from './table.ts';
import { paintFor, print, type Paint } from './terminal.ts';

/** Adds `law list`, `law show` and `law what-if`. */
export function addLawCommands(parent: Command, around: Surroundings): void {
  const answer = (command: Command, value: unknown, lines: (paint: Paint) => readonly string[]) => {
    const { json } = command.optsWithGlobals<CommonOptions>();
    const { terminal } = around;
    if (json === true) print(terminal, JSON.stringify(value, null, 2));
    else for (const line of lines(paintFor(terminal.out))) print(terminal, line);
  };
  const list = parent
    .command('list')
    .description('every rule: whom to tell, by when, since when, and how far its text was checked')
    .option('--on <day>', 'only texts in force on that day, such as 2026-06-12')
    .option('--regime <regime>', 'only one law, such as eu-gdpr');
  examples(list, ['tocsin law list', 'tocsin law list --on 2025-08-19 --regime uk-pecr']).action(
    (options: { on?: string; regime?: string }) => {
      const texts = listed(options);
      answer(list, texts, (paint) => listLines(texts, paint));
    },
  );
  const show = parent
    .command('show')
    .description('one rule with every dated text of it')
    .argument('<rule>', 'id such as gdpr/33/1');
  examples(show, ['tocsin law show gdpr/33/1']).action((rule: string) => {
    const texts = allProvisions.filter((provision) => provision.id === rule);
    if (texts.length === 0) {
      throw new CliError(exitCodes.usage, `there is no rule "${rule}"`, 'see "tocsin law list"');
    }
    answer(show, texts, (paint) => texts.flatMap((text) => textLines(text, paint)));
  });
  addWhatIf(parent, answer);
}

type Answer = (
  command: Command,
  value: unknown,
  lines: (paint: Paint) => readonly string[],
) => void;

function addWhatIf(parent: Command, answer: Answer): void {
  const command = parent
    .command('what-if')
    .description('what proposed law would change; it is never applied to a case')
    .argument('[facts]', 'a facts document: what would be owed')
    .requiredOption('--aware <time>', 'awareness, RFC 3339 with offset')
    .requiredOption('--zone <zone>', 'time zone, such as Europe/Berlin')
    .option('--holiday <day>', 'a public holiday there (repeatable)', repeated);
  examples(command, [
    'tocsin law what-if facts.json --aware 2026-06-12T17:45:00+02:00 --zone Europe/Berlin',
  ]).action((file: string | undefined, options: CountingOptions) => {
    const facts = file === undefined ? null : factsOf(file, parse(file));
    const lines = whatIf(instantOf('--aware', options.aware), calendarOf(options), facts);
    answer(command, lines, (paint) => lines.flatMap((line) => whatIfLines(line, paint)));
  });
}

function listed({ on, regime }: { on?: string; regime?: string }): readonly Provision[] {
  if (on !== undefined && !parseInstant(`${on}T00:00:00Z`).ok) {
    throw new CliError(exitCodes.usage, `"${on}" is not a day`, 'write it as 2026-06-12');
  }
  const regimes = [...new Set(allProvisions.map((provision) => provision.regime))];
  if (regime !== undefined && !regimes.some((known) => known === regime)) {
    throw new CliError(exitCodes.usage, `no law "${regime}"`, `name one of ${regimes.join(', ')}`);
  }
  return allProvisions.filter(
    (text) =>
      (regime === undefined || text.regime === regime) &&
      (on === undefined ||
        (text.status !== 'proposed' &&
          text.effectiveFrom !== null &&
          text.effectiveFrom <= on &&
          (text.effectiveTo === null || on <= text.effectiveTo))),
  );
}

function datesOf({ status, effectiveFrom, effectiveTo }: Provision): string {
  if (status === 'proposed') return 'proposed, not law';
  return `${effectiveFrom ?? ''} to ${effectiveTo ?? 'now'}`;
}

function givenBy({ period, runsFrom }: Provision): string {
  return period === null ? 'no number' : `${periodText(period)} from ${runsFrom}`;
}

function listLines(texts: readonly Provision[], paint: Paint): string[] {
  const columns = [
    { title: 'RULE' },
    { title: 'WHAT', atMost: 56 },
    { title: 'PERIOD' },
    { title: 'DATES' },
    { title: 'CHECKED' },
  ];
  const rows = texts.map((text) => [
    cell(text.id),
    cell(text.use === 'obligation' ? text.label : `${text.label} (shown beside)`),
    cell(givenBy(text)),
    cell(datesOf(text), text.status === 'in-force' ? 'plain' : 'faint'),
    cell(text.verification, text.verification === 'source-read' ? 'good' : 'tight'),
  ]);
  return tableLines(columns, rows, paint);
}

function textLines(text: Provision, paint: Paint): string[] {
  return [
    `${paint('title', text.id)}  ${text.label}`,
    ...pairLines(
      [
        ['citation', text.citation],
        ['says', text.summary],
        ['set off by', text.trigger],
        ['threshold', text.threshold],
        ['period', givenBy(text)],
        ['dates', datesOf(text)],
        [
          'use',
          text.use === 'obligation' ? 'carried out as an obligation' : 'a clock shown beside',
        ],
        ['source', text.source],
        ['checked', text.verification],
      ],
      paint,
    ),
    '',
  ];
}

function whatIfLines(line: WhatIf, paint: Paint): string[] {
  const say = ({ owed, due, citation }: Reading): string =>
    `${citation}: ${owed === null ? '' : `owed: ${owed}; `}due ${due?.local ?? 'nothing'}`;
  return [
    `${paint('title', line.rule)}  ${paint('tight', 'proposed law is never applied')}`,
    ...pairLines(
      [
        ['now', say(line.now)],
        ['proposed', say(line.proposed)],
        ['source', line.source],
      ],
      paint,
    ),
    ...line.differences.map((difference) => `- ${difference}`),
  ];
}
