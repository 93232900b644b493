/** `tocsin obligation decide`, `tocsin task list|done` and `tocsin import`: decisions, chores and catalogues. */
import { createReadStream } from 'node:fs';
import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import type { TaskView } from '../domain/views.ts';
import { withYes } from './case-decisions.ts';
import { taskLines } from './case-page.ts';
import { CliError, exitCodes } from './exit.ts';
import { examples } from './program-help.ts';
import { openSession, sayEngine } from './session.ts';
import type { Session, Surroundings } from './session.ts';

/** Adds `obligation decide`. */
export function addObligationCommands(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('decide'))
    .description('decide an obligation that the engine left to a person')
    .argument('<obligation>', 'id')
    .addArgument(new Argument('<decision>').choices(['owed', 'not-owed']))
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, [
    'tocsin obligation decide 0197… owed --reason "Credentials were usable"',
  ]).action(async (id: string, decision: string, options: { reason: string; yes?: boolean }) => {
    const session = openSession(command, around, 'leo');
    await session.confirm({
      yes: options.yes,
      what: `This decides obligation ${id} as "${decision}"`,
      word: decision,
    });
    const answer = await session.api.post<{ state: string; engine: string }>(
      `/obligations/${encodeURIComponent(id)}/decision`,
      { owed: decision === 'owed', reason: options.reason },
    );
    session.answer(answer, () => [`Decided: ${answer.state}.`]);
    sayEngine(session, answer);
  });
}

/** Adds `task list` and `task done`. */
export function addTaskCommands(parent: Command, around: Surroundings): void {
  const list = parent
    .command('list')
    .description('what people must do in a case')
    .argument('<case>', 'reference or id')
    .option('--all', 'those done too');
  examples(list, ['tocsin task list B-2026-0042']).action(
    async (reference: string, options: { all?: boolean }) => {
      const session = openSession(list, around, 'leo');
      const items = await tasksOf(session, reference, options.all === true);
      session.answer({ items }, () => taskLines(items, session.paint));
    },
  );
  const finish = parent
    .command('done')
    .description('record that a task is done, and how it came out')
    .argument('<task>', 'id')
    .requiredOption('--outcome <text>', 'how it came out; kept in the register');
  examples(finish, ['tocsin task done 0197… --outcome "Called; they confirm"']).action(
    async (id: string, options: { outcome: string }) => {
      const session = openSession(finish, around, 'leo');
      const path = `/tasks/${encodeURIComponent(id)}/completion`;
      const answer = await session.api.post<object>(path, { outcome: options.outcome });
      session.answer(answer, () => ['Done.']);
    },
  );
}

async function tasksOf(session: Session, reference: string, all: boolean): Promise<TaskView[]> {
  const file = await session.findCase(reference);
  const { items } = await session.api.get<{ items: TaskView[] }>(`/cases/${file.caseId}/tasks`);
  return items.filter((task) => all || task.state === 'open');
}

/** Adds `import KIND FILE`. */
export function addImportCommand(program: Command, around: Surroundings): void {
  const command = program
    .command('import')
    .description('load a part of the catalogue from CSV or NDJSON, all or nothing')
    .argument('<kind>', 'customers, engagements, products, assets, …')
    .argument('<file>', 'a .csv or .ndjson file')
    .addOption(
      new Option('--format <format>', 'if the name does not tell').choices(['csv', 'ndjson']),
    )
    .option('--replace', 'what the file does not name is removed');
  examples(command, ['tocsin import customers customers.csv']).action(
    async (kind: string, file: string, options: { format?: string; replace?: boolean }) => {
      const format = options.format ?? formatOf(file);
      const session = openSession(command, around, 'adam');
      const query = new URLSearchParams({ format });
      if (options.replace === true) query.set('replace', 'true');
      const answer = await session.api.upload<{ version: number; rows: number; changed: number }>(
        `/imports/${encodeURIComponent(kind)}?${query.toString()}`,
        await openFile(file),
        format === 'csv' ? 'text/csv' : 'application/x-ndjson',
      );
      session.answer(answer, () => [
        `${String(answer.rows)} rows read, ${String(answer.changed)} changed; the catalogue is at version ${String(answer.version)}.`,
      ]);
    },
  );
}

function formatOf(file: string): string {
  const ending = /\.(csv|ndjson)$/i.exec(file)?.[1];
  if (ending !== undefined) return ending.toLowerCase();
  throw new CliError(
    exitCodes.usage,
    `cannot tell the format of ${file}`,
    'add --format csv or ndjson',
  );
}

async function openFile(file: string) {
  const stream = createReadStream(file);
  await new Promise<void>((opened, failed) => {
    stream.once('open', () => {
      opened();
    });
    stream.once('error', () => {
      failed(new CliError(exitCodes.usage, `${file} cannot be read`, 'check the path of the file'));
    });
  });
  return stream;
}
