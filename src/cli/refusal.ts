/** What the API refused, as one line and an exit code: RFC 9457 problems read from the wire. */
import { CliError, exitCodes } from './exit.ts';
import type { ExitCode } from './exit.ts';

interface Refused {
  /** The problem type, such as `/problems/stale`. */
  readonly type: string;
  asError(): CliError;
}

/** The problem in an answer that is not a success; an answer from something else is still a problem. */
export async function problemOf(answer: Response): Promise<Refused> {
  const body: unknown = await answer.json().catch(() => undefined);
  const type = textOf(body, 'type') ?? 'about:blank';
  const said =
    textOf(body, 'detail') ?? textOf(body, 'title') ?? `the API answered ${String(answer.status)}`;
  const faults = faultsOf(body);
  return {
    type,
    asError: () =>
      new CliError(
        exitCodeFor(answer.status),
        faults.length === 0 ? said : `${said.replace(/[.\s]+$/, '')}: ${faults.join('; ')}`,
        nextStepFor(answer.status, type, textOf(body, 'correlationId')),
      ),
  };
}

function exitCodeFor(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  return [502, 503, 504].includes(status) ? exitCodes.unreachable : exitCodes.refused;
}

function nextStepFor(status: number, type: string, correlationId: string | undefined): string {
  if (status === 401) return 'give a valid --token, or choose --as one of the demo people';
  if (status === 403) return 'ask someone who may, or choose another --as';
  if (status === 404) return 'see "tocsin case list" or "tocsin notice list"';
  if (type.endsWith('stale'))
    return 'read it again with "tocsin notice show", then approve what it says now';
  if (type.endsWith('four-eyes')) return 'another person has to do it';
  if (status === 409) return 'see "tocsin case show" for where it stands';
  if (status === 422 || status === 400) return 'correct it and send it again';
  if (status === 429) return 'try again in a moment, nothing was changed';
  if (status === 503) return 'look whether it was done, then try again in a moment';
  const quoted = correlationId === undefined ? '' : ` and quote ${correlationId}`;
  return `look into the log of "serve"${quoted}`;
}

function faultsOf(body: unknown): string[] {
  const errors = isRecord(body) && Array.isArray(body['errors']) ? body['errors'] : [];
  return errors.flatMap((fault: unknown) => {
    const detail = textOf(fault, 'detail');
    const pointer = textOf(fault, 'pointer') ?? '';
    return detail === undefined ? [] : [pointer === '' ? detail : `${pointer} ${detail}`];
  });
}

function textOf(value: unknown, name: string): string | undefined {
  const field = isRecord(value) ? value[name] : undefined;
  return typeof field === 'string' && field !== '' ? field : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
