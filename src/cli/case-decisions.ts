/** `tocsin case determine|scope|exposure|awareness|detection|close|reopen|erase-persons`: the acts on a case that have legal effect. */
import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import type { CaseView } from '../domain/views.ts';
import { examples } from './program-help.ts';
import { given, openSession, sayEngine } from './session.ts';
import type { Session, Surroundings } from './session.ts';

interface Yes {
  readonly yes?: boolean;
}

/** Adds the commands that decide something about a case. */
export function addCaseDecisions(parent: Command, around: Surroundings): void {
  addDetermine(parent, around);
  addScope(parent, around);
  addExposure(parent, around);
  addAwareness(parent, around);
  addDetection(parent, around);
  addClose(parent, around);
  addReopen(parent, around);
  addErasePersons(parent, around);
}

/** Adds `--yes`, for acts that otherwise ask for a typed word. */
export function withYes(command: Command): Command {
  return command.option('-y, --yes', 'go on without asking for the typed confirmation');
}

function addDetermine(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('determine'))
    .description('record whether it is a personal data breach, Art. 4(12) GDPR')
    .argument('<case>', 'reference or id')
    .addArgument(
      new Argument('<determination>', 'the judgement').choices(['breach', 'not-a-breach']),
    )
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, [
    'tocsin case determine B-2026-0042 breach --reason "Dump of portal-db-01 found at the intruder"',
  ]).action(async (reference: string, determination: string, options: Yes & { reason: string }) => {
    const session = openSession(command, around, 'leo');
    const file = await session.findCase(reference);
    await session.confirm({
      yes: options.yes,
      what: `This determines ${file.reference} as "${determination}"`,
      word: determination,
    });
    await act(session, file, 'determination', { determination, reason: options.reason }, () => [
      `${file.reference} is determined: ${determination}.`,
      `Next: tocsin case show ${file.reference}`,
    ]);
  });
}

function addScope(parent: Command, around: Surroundings): void {
  const command = parent
    .command('scope')
    .description('find again the products, customers and data subjects affected')
    .argument('<case>', 'reference or id');
  examples(command, ['tocsin case scope B-2026-0042']).action(async (reference: string) => {
    const session = openSession(command, around, 'rita');
    const file = await session.findCase(reference);
    await act(session, file, 'scope', {}, () => [
      `${file.reference} is being scoped again; see "tocsin case show ${file.reference}".`,
    ]);
  });
}

function addExposure(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('exposure'))
    .description('grade how engagements or processings stand in a case, with evidence')
    .argument('<case>', 'reference or id')
    .argument('<key>', 'key of what --select names')
    .addArgument(
      new Argument('<grade>').choices(['confirmed', 'likely', 'not-excluded', 'excluded']),
    )
    .addOption(
      new Option('--select <what>', 'what the key names')
        .choices(['engagement', 'processing', 'product', 'asset', 'customer'])
        .default('engagement'),
    )
    .requiredOption('--evidence <text>', 'what it rests on; kept in the register');
  examples(command, [
    'tocsin case exposure B-2026-0042 managed-database likely --select product --evidence "Query log"',
  ]).action(
    async (
      reference: string,
      key: string,
      grade: string,
      options: Yes & { select: string; evidence: string },
    ) => {
      const session = openSession(command, around, grade === 'excluded' ? 'leo' : 'rita');
      const file = await session.findCase(reference);
      if (grade === 'excluded') {
        await session.confirm({
          yes: options.yes,
          what: `This excludes ${options.select} ${key}: it will be told nothing`,
          word: 'excluded',
        });
      }
      const { select, evidence } = options;
      const body = { entries: [{ select, key, grade, evidence }] };
      await act(session, file, 'exposure', body, (answer) => [
        `${String(answer.changed ?? 0)} graded ${grade} in ${file.reference}.`,
      ]);
    },
  );
}

function addAwareness(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('awareness'))
    .description('fix the instant of awareness, from which the hours of the law are counted')
    .argument('<case>', 'reference or id')
    .argument('[time]', 'RFC 3339 with offset; left out, the provisional instant is fixed')
    .option('--zone <zone>', 'time zone to show it in; left out, the one of the case')
    .requiredOption('--evidence <text>', 'what it rests on; kept in the register');
  examples(command, [
    'tocsin case awareness B-2026-0042 --evidence "Log review of 14:05 by the response team"',
    'tocsin case awareness B-2026-0042 2026-06-15T14:05:00+02:00 --evidence "Log review"',
  ]).action(
    async (
      reference: string,
      time: string | undefined,
      options: Yes & { zone?: string; evidence: string },
    ) => {
      const session = openSession(command, around, 'leo');
      const file = await session.findCase(reference);
      const awareAt = time ?? file.awareAt;
      await session.confirm({
        yes: options.yes,
        what: `This fixes the awareness of ${file.reference} at ${awareAt}; every due follows from it`,
        word: file.reference,
      });
      const body = { awareAt, zone: options.zone ?? file.awareZone, evidence: options.evidence };
      await act(session, file, 'awareness', body, (answer) => [
        `Awareness of ${file.reference} is fixed at ${answer.awareAt ?? awareAt}.`,
      ]);
    },
  );
}

function addDetection(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('detection'))
    .description('record when we detected it as provider of communications, Art. 2(2) 611/2013')
    .argument('<case>', 'reference or id')
    .argument('<time>', 'RFC 3339 with offset: when enough was known for a meaningful notice')
    .option('--zone <zone>', 'time zone to show it in; left out, the one of the case')
    .requiredOption('--evidence <text>', 'what it rests on; kept in the register');
  examples(command, [
    'tocsin case detection B-2026-0042 2026-06-15T13:20:00+02:00 --evidence "Switch log of 13:20"',
  ]).action(
    async (
      reference: string,
      detectedAt: string,
      options: Yes & { zone?: string; evidence: string },
    ) => {
      const session = openSession(command, around, 'leo');
      const file = await session.findCase(reference);
      await session.confirm({
        yes: options.yes,
        what: `This records the detection of ${file.reference} at ${detectedAt}; the 24 hours of a provider follow from it`,
        word: file.reference,
      });
      const { evidence, zone = file.awareZone } = options;
      await act(session, file, 'detection', { detectedAt, zone, evidence }, (answer) => [
        `Detection of ${file.reference} is recorded at ${answer.detectedAt ?? detectedAt}.`,
      ]);
    },
  );
}

function addClose(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('close'))
    .description('close a case; refused while an obligation is undecided')
    .argument('<case>', 'reference or id')
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, ['tocsin case close B-2026-0042 --reason "All notices proven"']).action(
    async (reference: string, options: Yes & { reason: string }) => {
      const session = openSession(command, around, 'leo');
      const file = await session.findCase(reference);
      await session.confirm({
        yes: options.yes,
        what: `This closes ${file.reference}`,
        word: file.reference,
      });
      await act(session, file, 'closure', { reason: options.reason }, () => [
        `${file.reference} is closed.`,
      ]);
    },
  );
}

function addReopen(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('reopen'))
    .description('open a closed case again; the engine takes it up where it stood')
    .argument('<case>', 'reference or id')
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, ['tocsin case reopen B-2026-0042 --reason "A second dump was found"']).action(
    async (reference: string, options: Yes & { reason: string }) => {
      const session = openSession(command, around, 'leo');
      const file = await session.findCase(reference);
      await session.confirm({
        yes: options.yes,
        what: `This opens ${file.reference} again`,
        word: file.reference,
      });
      await act(session, file, 'reopening', { reason: options.reason }, (answer) => [
        answer.state === 'investigating'
          ? `${file.reference} is open again, and is to be determined anew.`
          : `${file.reference} is open again.`,
        `Next: tocsin event list ${file.reference}`,
      ]);
    },
  );
}

function addErasePersons(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('erase-persons'))
    .description('erase for good what names people in a case closed for three years')
    .argument('<case>', 'reference or id')
    .requiredOption('--reason <text>', 'why; kept in the register, so name nobody in it');
  examples(command, ['tocsin case erase-persons B-2026-0042 --reason "Retention is over"']).action(
    async (reference: string, options: Yes & { reason: string }) => {
      const session = openSession(command, around, 'leo');
      const file = await session.findCase(reference);
      await session.confirm({
        yes: options.yes,
        what: `This erases for good what names people in ${file.reference}`,
        word: file.reference,
      });
      await act(session, file, 'persons/erasure', { reason: options.reason }, (answer) => [
        `Erased in ${file.reference}: ${String(answer.deliveries ?? 0)} deliveries and what else named people. The register still verifies.`,
      ]);
    },
  );
}

/** What an act on a case may answer. */
interface Answer {
  readonly engine?: string;
  readonly state?: string;
  readonly deliveries?: number;
  readonly changed?: number;
  readonly awareAt?: string;
  readonly detectedAt?: string;
}

async function act(
  session: Session,
  file: CaseView,
  kind: string,
  body: Parameters<typeof given>[0],
  lines: (answer: Answer) => string[],
): Promise<void> {
  const path = `/cases/${file.caseId}/${kind}`;
  const answer = await session.api.post<Answer>(path, given(body));
  session.answer(answer, () => lines(answer));
  sayEngine(session, answer);
}
