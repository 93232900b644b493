/** The program `tocsin`: every command, its help, and how its end becomes an exit code. */
import { Command, CommanderError } from 'commander';
import { addAssessCommand } from './assess-command.ts';
import { addAssessmentCommands } from './assessment-commands.ts';
import { addHoldCommands, addMailCommands } from './barrier-commands.ts';
import { addCaseCommands } from './case-commands.ts';
import { addCaseDecisions } from './case-decisions.ts';
import { addFindingCommands, addFollowUpCommands } from './follow-up-commands.ts';
import { addDrillCommand } from './drill-command.ts';
import { addAlarmCommands, addEventCommands } from './event-commands.ts';
import { addAddressCommand, addClauseCommands, addDeliveryCommands } from './delivery-commands.ts';
import { addDueCommand } from './due-command.ts';
import { CliError, errorLine, exitCodeOf, exitCodes } from './exit.ts';
import { addLawCommands } from './law-commands.ts';
import { addLoweringCommands } from './lowering-commands.ts';
import { addNoticeCommands } from './notice-commands.ts';
import { addWordingCommands } from './notice-wording.ts';
import type { ProgramParts } from './parts.ts';
import { addPeopleCommands } from './people-commands.ts';
import { examples, exitCodeHelp } from './program-help.ts';
import { addReadinessCommands } from './readiness-commands.ts';
import { addRegisterCommands } from './register-commands.ts';
import {
  addAuthorisationCommands,
  addEmergencyCommands,
  addReviewCommands,
} from './release-commands.ts';
import { addStackCommands } from './stack-commands.ts';
import { paintFor, say } from './terminal.ts';
import { addImportCommand, addObligationCommands, addTaskCommands } from './work-commands.ts';

export type { ProgramParts, Stack } from './parts.ts';

/** Builds the command tree. Parsing throws: `runProgram` turns that into one line and an exit code. */
function buildProgram(parts: ProgramParts): Command {
  const program = new Command('tocsin')
    .description(
      'Carries a suspected personal-data breach from the first alarm to proven, lawful notice.',
    )
    .version(parts.version)
    .option('--json', 'one JSON value on stdout instead of text')
    .option('--api <url>', 'address of the API; else TOCSIN_API, else the stack running here')
    .option('--token <token>', 'bearer token; else TOCSIN_TOKEN, else a demo person')
    .option('--as <person>', 'which demo person acts: rita, leo, dora, eva, aud or adam')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => parts.terminal.out.write(text),
      writeErr: (text) => parts.terminal.err.write(text),
      // Said once, by runProgram, on one line.
      outputError: () => undefined,
    })
    .addHelpText('after', exitCodeHelp);
  examples(program, [
    'tocsin start                       the whole stack on this machine',
    'tocsin drill                       a breach from event to proven notice, unattended',
    'tocsin case open "Intruder on hypervisor-07" --drill --asset hypervisor-07',
    'tocsin case show B-2026-0042',
  ]);
  addStackCommands(program, parts);
  const group = (name: string, description: string, example: string) =>
    examples(program.command(name).description(description), [`tocsin ${name} ${example}`]);
  const cases = group('case', 'open cases, follow them, decide about them', 'show B-2026-0042');
  addCaseCommands(cases, parts);
  addCaseDecisions(cases, parts);
  addFindingCommands(cases, parts);
  addAssessmentCommands(cases, parts);
  const notices = group('notice', 'judge, approve and prove what leaves the house', 'list');
  addNoticeCommands(notices, parts);
  addWordingCommands(notices, parts);
  addEmergencyCommands(notices, parts);
  addAuthorisationCommands(
    group('authorisation', 'standing authorisations, signed in advance by two', 'list'),
    parts,
  );
  addReviewCommands(group('wording', 'what lawyers have reviewed', 'list'), parts);
  addHoldCommands(group('hold', 'lawful delays of notices', 'list B-2026-0042'), parts);
  addMailCommands(
    group('mail', 'the mail channel, when it is suspected', 'bar --reason TEXT'),
    parts,
  );
  addAddressCommand(notices, parts);
  addDeliveryCommands(
    group(
      'delivery',
      'what follows when a copy did not simply arrive',
      'resend 0197… --reason TEXT',
    ),
    parts,
  );
  addClauseCommands(
    group('clause', 'what the machine may do alone because two people signed it', 'list'),
    parts,
  );
  const obligations = group(
    'obligation',
    'decide what the engine leaves to a person',
    'decide 0197… owed --reason TEXT',
  );
  addObligationCommands(obligations, parts);
  addFollowUpCommands(obligations, parts);
  addLoweringCommands(
    group(
      'lowering',
      'say that less is owed: one proposes, the DPO advises, another confirms',
      'list B-2026-0042',
    ),
    parts,
  );
  addTaskCommands(group('task', 'what people must do', 'list B-2026-0042'), parts);
  addEventCommands(group('event', 'what came in signed and waits for a person', 'list'), parts);
  addAlarmCommands(group('alarm', 'what rings, and who takes it up', 'list B-2026-0042'), parts);
  addPeopleCommands(group('people', 'who may sign in, and as what', 'list'), parts);
  addReadinessCommands(group('readiness', 'who can file at an authority', 'list'), parts);
  addImportCommand(program, parts);
  addRegisterCommands(group('register', 'verify and export the history', 'verify'), parts);
  addDrillCommand(program, parts);
  addLawCommands(group('law', 'the rules, their sources and their dates', 'show gdpr/33/1'), parts);
  addDueCommand(program, parts);
  addAssessCommand(program, parts);
  return program;
}

/** Runs one command line (without program and script) and gives its exit code; never throws. */
export async function runProgram(parts: ProgramParts, argv: readonly string[]): Promise<number> {
  try {
    await buildProgram(parts).parseAsync(argv, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(parts, error, argv);
    say(parts.terminal, paintFor(parts.terminal.err)('bad', `tocsin: ${errorLine(error)}`));
    return exitCodeOf(error);
  }
}

/** Help and version end parsing too; only the rest is a fault of the command line. */
function endOfParsing(parts: ProgramParts, error: CommanderError, argv: readonly string[]): number {
  if (error.exitCode === 0) return exitCodes.done;
  if (error.code === 'commander.help') return exitCodes.usage;
  const said = error.message.replace(/^error: /, '');
  const words = argv.slice(0, argv.findIndex((word) => word.startsWith('-')) + 1 || argv.length);
  const [first = ''] = words;
  const place = groups.includes(first) ? `tocsin ${first} --help` : 'tocsin --help';
  const line = errorLine(new CliError(exitCodes.usage, said, `see "${place}"`));
  say(parts.terminal, paintFor(parts.terminal.err)('bad', `tocsin: ${line}`));
  return exitCodes.usage;
}

const groups: readonly string[] = [
  'case',
  'notice',
  'authorisation',
  'wording',
  'hold',
  'mail',
  'delivery',
  'clause',
  'obligation',
  'lowering',
  'task',
  'event',
  'alarm',
  'people',
  'register',
  'readiness',
  'drill',
  'import',
  'law',
];
