/** `tocsin register verify|export`: the history, checked by the server and again here by the outsider's verifier. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { JsonValue } from '../domain/json.ts';
import type { Api } from './api.ts';
import { CliError, exitCodes } from './exit.ts';
import type { ProgramParts, Verdict } from './parts.ts';
import { examples } from './program-help.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';
import { plain, say } from './terminal.ts';

interface ServerVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly streams: number;
  readonly faults: readonly JsonValue[];
}

/** What the server says of its register, and what an outsider finds in its export. */
export interface RegisterCheck {
  readonly ok: boolean;
  readonly server: ServerVerdict;
  readonly outsider: Verdict;
}

/** Adds `register verify` and `register export`. */
export function addRegisterCommands(parent: Command, parts: ProgramParts): void {
  const verify = parent
    .command('verify')
    .description(
      'export the register, verify it here without trusting the server, and ask the server too',
    );
  examples(verify, ['tocsin register verify', 'tocsin register verify --json']).action(async () => {
    const session = openSession(verify, parts, 'aud');
    const check = await checkRegister(session.api, parts.verifyExport);
    session.answer(check, () => verdictLines(session, check));
    if (check.ok) return;
    throw new CliError(
      exitCodes.refused,
      'the register does not verify',
      'keep it and call the auditor',
    );
  });
  const exported = parent
    .command('export')
    .description('the register, or one case of it, as NDJSON')
    .argument('[file]', 'where to; left out or -, stdout')
    .option('--case <case>', 'only the stream of this case');
  examples(exported, [
    'tocsin register export register.ndjson',
    'tocsin register export --case B-2026-0042',
  ]).action(async (file: string | undefined, options: { case?: string }) => {
    const session = openSession(exported, parts, 'aud');
    const query =
      options.case === undefined ? '' : `?case=${(await session.findCase(options.case)).caseId}`;
    const lines = Readable.from(withEnds(session.api.lines(`/register/export${query}`)));
    if (file === undefined || file === '-')
      await pipeline(lines, session.terminal.out, { end: false });
    else {
      await pipeline(lines, createWriteStream(file, { mode: 0o600 }));
      say(session.terminal, `Written to ${file}. Check it with: node src/verify.ts ${file}`);
    }
  });
}

/** Verifies the whole register twice: by the server, and by the outsider's verifier over the export. */
export async function checkRegister(
  api: Api,
  verifyExport: ProgramParts['verifyExport'],
): Promise<RegisterCheck> {
  const server = await api.get<ServerVerdict>('/register/verification');
  const outsider = await verifyExport(api.lines('/register/export'));
  return { ok: server.ok && outsider.ok, server, outsider };
}

async function* withEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

function verdictLines(session: Session, check: RegisterCheck): string[] {
  const { server, outsider } = check;
  const word = (ok: boolean) =>
    ok ? session.paint('good', 'verifies') : session.paint('bad', 'DOES NOT VERIFY');
  return [
    `Outsider's verifier  ${word(outsider.ok)}  ${String(outsider.entries)} entries in ${String(outsider.streams)} streams`,
    ...outsider.faults.map((f) => `  line ${String(f.line)}: ${plain(f.fault)}`),
    `Server               ${word(server.ok)}  ${String(server.entries)} entries in ${String(server.streams)} streams`,
    ...server.faults.map((f) => `  ${plain(typeof f === 'string' ? f : JSON.stringify(f))}`),
  ];
}
