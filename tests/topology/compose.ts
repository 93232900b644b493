/** docker-compose.yml read as processes on one machine: its commands, environments and health checks, with other addresses. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { installation } from '../../src/embedded/installation.ts';
import { textOf, yamlOf } from '../support/yaml.ts';

const service = z.object({
  image: z.string(),
  entrypoint: z.array(z.string()).default([]),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
});
const file = z.object({
  services: z.record(z.string(), z.looseObject({})),
  configs: z.record(z.string(), z.object({ content: z.string() })),
});

export interface ComposeOptions {
  /** What `.env` would hold. */
  readonly variables: Readonly<Record<string, string>>;
  /** What stands in for what only exists between containers; the first that fits is taken first. */
  readonly instead: readonly (readonly [string, string])[];
  /** Searched first for programs the images bring. */
  readonly programs: string;
}

export interface ComposeProcess {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** The service's own health check, run once. */
  readonly isHealthy: () => Promise<boolean>;
}

/** A service as a process. `changes` come last, for one replica of several. */
export function processOf(
  name: string,
  options: ComposeOptions,
  changes: ComposeOptions['instead'] = [],
): ComposeProcess {
  const given = service.parse(
    translated(file.parse(yamlOf('docker-compose.yml')).services[name], options, changes),
  );
  const image = given.image.startsWith('tocsin:') ? ownImage(options) : { command: [], env: {} };
  const [program, ...args] = [...image.command, ...given.entrypoint, ...given.command];
  if (program === undefined) throw new Error(`${name} has no command`);
  const env = {
    PATH: `${options.programs}:${process.env['PATH'] ?? ''}`,
    ...image.env,
    ...given.environment,
  };
  return {
    command: [program, ...args],
    env,
    isHealthy: () => succeeds(given.healthcheck?.test ?? [], env),
  };
}

/** Runs a job to its end; throws with what it said unless it succeeds. */
export function runJob(name: string, options: ComposeOptions): void {
  const { command, env } = processOf(name, options);
  const [program, ...args] = command;
  const run = spawnSync(program, args, { env, encoding: 'utf8', cwd: installation });
  if (run.status === 0) return;
  throw new Error(`the job ${name} failed (${String(run.status)}): ${run.stdout}${run.stderr}`);
}

/** The content of a config of the file. */
export function configText(name: string): string {
  const found = file.parse(yamlOf('docker-compose.yml')).configs[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no config ${name}`);
  return found.content.replaceAll('$$', '$');
}

/** Writes the secrets as docs/operations.md has people do it, for a database elsewhere; gives their folder. */
export function makeSecrets(home: string, database: string): string {
  const script = /^mkdir -m 700 secrets[\s\S]*?^(?=chmod )/m.exec(
    textOf('docs/operations.md'),
  )?.[0];
  if (script === undefined)
    throw new Error('docs/operations.md no longer shows how secrets are made');
  const text = script.replaceAll('@postgres:5432', `@${database}`);
  const run = spawnSync('bash', ['-ec', text], { cwd: home, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the secrets cannot be made: ${run.stderr}`);
  return join(home, 'secrets');
}

/** The SQL that makes roles and databases in a new cluster, as the script in the file gives it to psql. */
export function rolesSql(home: string, secrets: string): readonly string[] {
  const folder = join(home, 'roles');
  mkdirSync(folder);
  writeFileSync(join(folder, 'psql'), `#!/bin/sh\ncat > '${folder}/sql'\n`, { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, SECRETS: secrets };
  const run = spawnSync('bash', ['-ec', configText('postgres-roles')], { env, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the roles cannot be made: ${run.stderr}`);
  const sql = readFileSync(join(folder, 'sql'), 'utf8');
  return sql.split(';').filter((statement) => statement.trim() !== '');
}

/** What the Dockerfile adds to a service of ours. */
function ownImage({ variables }: ComposeOptions) {
  const program = [process.execPath, join(installation, 'bin/tocsin.mjs')];
  const bundle = variables['TOCSIN_WORKFLOW_BUNDLE'] ?? '';
  return { command: program, env: { NODE_ENV: 'production', TOCSIN_WORKFLOW_BUNDLE: bundle } };
}

function translated(
  value: unknown,
  { variables, instead }: ComposeOptions,
  changes: ComposeOptions['instead'],
): unknown {
  const places = new Map([...changes, ...instead]);
  const pattern = [...places.keys()].map((from) => from.replaceAll(/[.$()]/g, '\\$&')).join('|');
  const text = (given: string): string =>
    // In one pass, so that what was put in is not taken for something of the file.
    filled(
      given.replaceAll(new RegExp(pattern, 'g'), (from) => places.get(from) ?? from),
      variables,
    );
  const walk = (given: unknown): unknown => {
    if (typeof given === 'string') return text(given);
    if (Array.isArray(given)) return given.map(walk);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value);
}

/** `$$`, `${NAME}`, `${NAME:-fallback}` and `${NAME:?complaint}`, as Compose fills them. */
function filled(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})/g,
    (_all, dollar: string | undefined, name = '', kind = '', rest = '') => {
      if (dollar !== undefined) return '$';
      const found = variables[String(name)] ?? '';
      if (found !== '') return found;
      if (kind === '?') throw new Error(`docker-compose.yml asks for ${String(name)}`);
      return kind === '-' ? String(rest) : '';
    },
  );
}

function succeeds(
  test: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const [, program = '', ...args] = test;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: 'ignore' });
    child.once('error', () => {
      resolve(false);
    });
    child.once('exit', (code) => {
      resolve(code === 0);
    });
  });
}
