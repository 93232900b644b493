/** How a command ends: its exit code, and the one line that says what is wrong and what to do next. */

/** Documented in `tocsin --help`; scripts may rely on them. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  notAllowed: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An end that is not a success; `nextStep` completes the line a person reads. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly nextStep: string;
  constructor(exitCode: ExitCode, message: string, nextStep: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.nextStep = nextStep;
  }
}

/** The line a person reads for any error: never a stack trace, never more than one line. */
export function errorLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const cause =
    error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const next = error instanceof CliError ? `; ${error.nextStep}` : '';
  return `${text.replace(/[.\s]+$/, '')}${cause}${next}`.replace(/\s*\n\s*/g, '; ');
}

/** The exit code of any error. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof CliError ? error.exitCode : exitCodes.refused;
}
