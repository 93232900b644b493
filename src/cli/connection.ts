/** Where the API is and who asks: from options, the environment, or the files of a running embedded stack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, exitCodes } from './exit.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConnectionOptions {
  readonly api?: string;
  readonly token?: string;
  readonly as?: string;
}

export interface Connection {
  /** Base address without a slash at its end, such as `http://127.0.0.1:8080/api/v1`. */
  readonly api: string;
  readonly token: string;
}

/** One of the demo people of an embedded stack. */
export interface Login {
  readonly login: string;
  readonly name: string;
  readonly token: string;
}

/** The API's base address. Throws a `CliError` naming every way to give it. */
export function findApi(options: ConnectionOptions, env: Environment): string {
  const given =
    options.api ??
    unlessEmpty(env['TOCSIN_API']) ??
    unlessEmpty(env['TOCSIN_API_URL']) ??
    runningStack(env).api;
  if (given === undefined) {
    throw new CliError(
      exitCodes.unreachable,
      'no API address: no stack runs here',
      'run "tocsin start", or give --api or TOCSIN_API',
    );
  }
  if (!URL.canParse(given)) {
    throw new CliError(
      exitCodes.usage,
      `"${given}" is not an API address`,
      'give one such as http://127.0.0.1:8080/api/v1',
    );
  }
  return given.replace(/\/+$/, '');
}

/** Address and token; `usual` is who does this kind of act when nobody is named. */
export function connect(options: ConnectionOptions, env: Environment, usual: string): Connection {
  const api = findApi(options, env);
  const token =
    options.token ?? (options.as === undefined ? unlessEmpty(env['TOCSIN_TOKEN']) : undefined);
  return { api, token: token ?? tokenOf(options.as ?? usual, env) };
}

/** What a running embedded stack says of itself. */
export function runningStack(env: Environment): {
  api?: string;
  mailbox?: string;
  outOfBandMailbox?: string;
} {
  const run = readJson(join(homeOf(env), 'run.json'));
  const api = textField(run, 'api');
  const mailbox = textField(run, 'mailbox');
  const outOfBandMailbox = textField(run, 'outOfBandMailbox');
  return {
    ...(api === undefined ? {} : { api }),
    ...(mailbox === undefined ? {} : { mailbox }),
    ...(outOfBandMailbox === undefined ? {} : { outOfBandMailbox }),
  };
}

/** The people an embedded stack made; empty where there is none. */
export function readLogins(env: Environment): readonly Login[] {
  const file = readJson(join(homeOf(env), 'people.json'));
  const people = isRecord(file) && Array.isArray(file['people']) ? file['people'] : [];
  return people.flatMap((person: unknown) => {
    const login = textField(person, 'login');
    const token = textField(person, 'token');
    if (login === undefined || token === undefined) return [];
    return [{ login, token, name: textField(person, 'name') ?? login }];
  });
}

function tokenOf(login: string, env: Environment): string {
  const logins = readLogins(env);
  const found = logins.find((person) => person.login === login.toLowerCase());
  if (found !== undefined) return found.token;
  if (logins.length === 0) {
    throw new CliError(
      exitCodes.notAllowed,
      'nobody is signed in',
      'give --token or TOCSIN_TOKEN, or run "tocsin start" for the demo people',
    );
  }
  const known = logins.map((person) => person.login).join(', ');
  throw new CliError(
    exitCodes.usage,
    `nobody here is called "${login}"`,
    `choose --as from ${known}`,
  );
}

function homeOf(env: Environment): string {
  return unlessEmpty(env['TOCSIN_HOME']) ?? '.tocsin';
}

function unlessEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function textField(value: unknown, name: string): string | undefined {
  const field = isRecord(value) ? value[name] : undefined;
  return typeof field === 'string' ? field : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
