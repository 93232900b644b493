/** How help reads and how options repeat, the same for every command. */
import type { Command } from 'commander';
import { exitCodes } from './exit.ts';

/** Puts examples in front of everything else in the help of a command. */
export function examples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText('before', `Examples:\n${lines.map((l) => `  ${l}`).join('\n')}\n`);
}

/** For options that may be given more than once. */
export function repeated(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** The exit codes, for the end of the main help. */
export const exitCodeHelp = `
Exit codes:
  ${String(exitCodes.done)}    done
  ${String(exitCodes.refused)}    refused or failed; the message says why
  ${String(exitCodes.usage)}    the command line is wrong
  ${String(exitCodes.unreachable)}    the API cannot be reached
  ${String(exitCodes.notAllowed)}    not signed in, or not allowed
  ${String(exitCodes.interrupted)}  interrupted

Data goes to stdout, messages to stderr. NO_COLOR turns colours off.`;
