/** `tocsin notice opinion|revise`: the DPO's word on a notice, and a person's words in it. */
import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { NoticeView } from '../domain/views.ts';
import { CliError, exitCodes } from './exit.ts';
import { examples } from './program-help.ts';
import { given, openSession, sayEngine } from './session.ts';
import type { Surroundings } from './session.ts';

/** Adds the commands about the words of a notice. */
export function addWordingCommands(parent: Command, around: Surroundings): void {
  addOpinion(parent, around);
  addRevise(parent, around);
}

function addOpinion(parent: Command, around: Surroundings): void {
  const command = parent
    .command('opinion')
    .description("put the DPO's opinion on record, Art. 39 GDPR; it is never an approval")
    .argument('<notice>', 'id')
    .requiredOption('--text <text>', 'the opinion; kept in the register');
  examples(command, ['tocsin notice opinion 0197… --text "Say when the logs end"']).action(
    async (id: string, options: { text: string }) => {
      const session = openSession(command, around, 'dora');
      const path = `/notices/${encodeURIComponent(id)}/opinion`;
      const answer = await session.api.post<{ engine: string }>(path, { text: options.text });
      session.answer(answer, () => ['Your opinion is on record.']);
    },
  );
}

interface ReviseOptions {
  readonly subject?: string;
  readonly additionFile?: string;
  readonly removeAddition?: boolean;
  readonly digest?: string;
}

function addRevise(parent: Command, around: Surroundings): void {
  const command = parent
    .command('revise')
    .description('change the words of a notice: a new version, and earlier approvals are void')
    .argument('<notice>', 'id')
    .option('--subject <text>', 'another subject line; empty for the one of the template')
    .addOption(
      new Option('--addition-file <file>', 'text to stand in the notice, UTF-8').conflicts(
        'removeAddition',
      ),
    )
    .option('--remove-addition', 'take the added text out again')
    .option('--digest <digest>', 'refuse unless the notice has this digest, as it was read');
  examples(command, [
    'tocsin notice revise 0197… --addition-file what-we-know.txt',
    'tocsin notice revise 0197… --subject "Security incident: your portal account"',
  ]).action(async (id: string, options: ReviseOptions) => {
    const body = given({ subject: options.subject, addition: await additionOf(options) });
    if (Object.keys(body).length === 0) {
      const hint = 'give --subject, --addition-file or --remove-addition';
      throw new CliError(exitCodes.usage, 'nothing to change', hint);
    }
    const session = openSession(command, around, 'leo');
    const path = `/notices/${encodeURIComponent(id)}`;
    const digest = options.digest ?? (await session.api.get<NoticeView>(path)).digest;
    if (digest === null) {
      const hint = 'wait until it is in review';
      throw new CliError(exitCodes.refused, 'the notice has no words yet', hint);
    }
    const answer = await session.api.post<{ version: number; digest: string; engine: string }>(
      `${path}/wording`,
      body,
      digest,
    );
    session.answer(answer, () => [
      `Version ${String(answer.version)}, digest ${answer.digest}. You are its author now: others approve it.`,
    ]);
    sayEngine(session, answer);
  });
}

async function additionOf(options: ReviseOptions): Promise<string | undefined> {
  if (options.removeAddition === true) return '';
  if (options.additionFile === undefined) return undefined;
  const text = await readText(options.additionFile);
  if (text.trim() !== '') return text.replace(/\r\n/g, '\n').trimEnd();
  const hint = 'use --remove-addition to take the text out';
  throw new CliError(exitCodes.usage, `${options.additionFile} is empty`, hint);
}

async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const why = error instanceof TypeError ? 'is not UTF-8 text' : 'cannot be read';
    throw new CliError(exitCodes.usage, `${file} ${why}`, 'check the path of the file');
  }
}
