/** `tocsin start|worker|serve|watch|migrate|doctor`: bringing the parts of Tocsin up and looking after them. */
import type { Command } from 'commander';
import { CliError, exitCodes } from './exit.ts';
import type { ProgramParts } from './parts.ts';
import { examples } from './program-help.ts';
import { print } from './terminal.ts';

/** Adds the commands that run parts of Tocsin on this machine. */
export function addStackCommands(program: Command, parts: ProgramParts): void {
  examples(
    program
      .command('start')
      .description('bring up the whole stack here: database, Temporal, mailbox, worker, API, watch')
      .option('--no-demo', 'without opening a drill case on the first start'),
    ['tocsin start'],
  ).action((options: { demo: boolean }) => parts.start({ demo: options.demo }));
  examples(program.command('worker').description('run the engine: workflows and activities'), [
    'tocsin worker',
  ]).action(() => parts.worker());
  examples(program.command('serve').description('run the HTTP API and the pages'), [
    'tocsin serve',
  ]).action(() => parts.serve());
  examples(
    program.command('watch').description('run the watch: alarms, relays and the reconciler'),
    ['tocsin watch'],
  ).action(() => parts.watch());
  program
    .command('sandbox', { hidden: true })
    .description('run the sandbox mailbox of an embedded stack')
    .action(() => parts.sandbox());
  examples(
    program.command('migrate').description('bring the database to the form this version needs'),
    ['tocsin migrate'],
  ).action(async (_options: object, command: Command) => {
    const applied = await parts.migrate();
    if (command.optsWithGlobals<{ json?: boolean }>().json === true) {
      print(parts.terminal, JSON.stringify({ applied }, null, 2));
    } else if (applied.length === 0) print(parts.terminal, 'Nothing to migrate.');
    else for (const name of applied) print(parts.terminal, `applied ${name}`);
  });
  examples(
    program.command('doctor').description('check every part and say how to mend what fails'),
    ['tocsin doctor', 'tocsin doctor --json'],
  ).action(async (_options: object, command: Command) => {
    const json = command.optsWithGlobals<{ json?: boolean }>().json === true;
    if (await parts.doctor({ json })) return;
    throw new CliError(
      exitCodes.refused,
      'not every check passes',
      'mend what it names, then run it again',
    );
  });
}
