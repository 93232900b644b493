/** What every command that talks to the API is given: a client for one person, the terminal, and how to answer. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { CaseView } from '../domain/views.ts';
import { apiClient } from './api.ts';
import type { Api } from './api.ts';
import { connect } from './connection.ts';
import type { Environment } from './connection.ts';
import { CliError, exitCodes } from './exit.ts';
import { isInteractive, paintFor, print, say } from './terminal.ts';
import type { Paint, Terminal } from './terminal.ts';

/** Options every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly api?: string;
  readonly token?: string;
  readonly as?: string;
}

export interface Surroundings {
  readonly env: Environment;
  readonly terminal: Terminal;
}

export interface Session {
  readonly api: Api;
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly paint: Paint;
  /** The answer: the object itself with `--json`, else the lines for a person. */
  answer(value: unknown, lines: () => readonly string[]): void;
  /** A case by its reference or id. */
  findCase(reference: string): Promise<CaseView>;
  /** A legal act goes on only when a person typed the word, or gave `--yes`. */
  confirm(act: { yes: boolean | undefined; what: string; word: string }): Promise<void>;
}

/** Opens the session of one command; `usual` is the demo person who does such acts when nobody is named. */
export function openSession(command: Command, around: Surroundings, usual: string): Session {
  const options = command.optsWithGlobals<CommonOptions>();
  const { terminal } = around;
  const api = apiClient(connect(options, around.env, usual), (line) => {
    say(terminal, line);
  });
  const json = options.json === true;
  return {
    api,
    json,
    terminal,
    paint: paintFor(terminal.out),
    answer(value, lines) {
      if (json) print(terminal, JSON.stringify(value, null, 2));
      else for (const line of lines()) print(terminal, line);
    },
    findCase: (reference) => api.get<CaseView>(`/cases/${encodeURIComponent(reference)}`),
    confirm: (act) => confirm(terminal, act),
  };
}

/** What the engine will do about an act: a line for stderr, so that data stays data. */
export function sayEngine(session: Session, answer: { readonly engine?: string }): void {
  if (session.json || answer.engine !== 'waiting') return;
  say(session.terminal, 'Recorded. The engine is not following yet; it takes this up by itself.');
}

/** One question to a person, asked on stderr. Throws a `CliError` unless the word is typed or `yes` given. */
async function confirm(
  terminal: Terminal,
  act: { yes: boolean | undefined; what: string; word: string },
): Promise<void> {
  if (act.yes === true) return;
  if (!isInteractive(terminal)) {
    throw new CliError(
      exitCodes.usage,
      `not confirmed: ${act.what.toLowerCase().slice(0, 1)}${act.what.slice(1)}`,
      'add --yes to go on',
    );
  }
  const asked = createInterface({ input: terminal.in, output: terminal.err });
  const typed = await asked.question(`${act.what}. Type "${act.word}" to go on: `);
  asked.close();
  if (typed.trim() !== act.word) {
    throw new CliError(
      exitCodes.refused,
      'not confirmed, nothing was done',
      'run it again to decide',
    );
  }
}

/** Removes what was not given, so that the API applies its own defaults. */
export function given(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const entries = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

/** Does one act whose answer is said in a line of ours. */
export async function act(
  session: Session,
  path: string,
  body: JsonObject,
  line: string,
): Promise<void> {
  const answer = await session.api.post<{ engine?: string }>(path, body);
  session.answer(answer, () => [line]);
  sayEngine(session, answer);
}
