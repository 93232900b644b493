/** The command `tocsin doctor`: checks every part Tocsin leans on and says how to mend what fails. */
import { access, constants, readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { probeDatabase } from '../adapters/postgres/probe.ts';
import { probeTemporal, retentionDays } from '../adapters/temporal/connection.ts';
import { readKeyRing } from '../adapters/temporal/payload-codec.ts';
import type { Config } from '../config.ts';

export interface DoctorLine {
  readonly check: string;
  readonly ok: boolean;
  /** What was found. */
  readonly found: string;
  /** What to do; null when nothing is. */
  readonly fix: string | null;
}

const probeMs = 3_000;
/** More than this between two clocks and due instants are no longer the same everywhere. */
const largestClockDifferenceMs = 2_000;

/** Every check, in the order a person would mend them. Never throws. */
export async function doctor(config: Config): Promise<readonly DoctorLine[]> {
  const roles = ['app', 'owner', 'watch', 'signer', 'auditor'] as const;
  const checks = await Promise.all([
    check('Node', 'run "npm install" in the folder of Tocsin: it brings Node 24', nodeVersion),
    check('keys', 'run "tocsin start" once, or set TOCSIN_KEYS to their folder', () =>
      keys(config),
    ),
    ...roles.map((role) =>
      check(`database (${role})`, databaseFix(role), () => database(config.database[role])),
    ),
    check('clock', 'set the clocks of both machines by NTP', () => clock(config.database.app)),
    check('Temporal', 'run "tocsin start", or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE', () =>
      temporal(config),
    ),
    check('mail', 'run "tocsin start", or set SMTP_URL', () => greeting(config.mail.smtpUrl)),
    check('sandbox mail', 'run "tocsin start", or set TOCSIN_SANDBOX_SMTP_URL', () =>
      greeting(config.mail.sandboxSmtpUrl),
    ),
    check(
      'calls out of band',
      'set TOCSIN_OUT_OF_BAND_URL to a server outside your mail, or mend the one it names',
      () => outOfBand(config),
    ),
    check('API', 'run "tocsin start" or "tocsin serve"', () => api(config.api.url)),
  ]);
  return checks;
}

/** Lines for a terminal, a mark and a word each; the fix below what fails. */
export function renderDoctor(lines: readonly DoctorLine[]): string {
  return lines
    .map(({ check: name, ok, found, fix }) => {
      const mark = ok ? styleText('green', 'pass') : styleText('red', 'FAIL');
      return `${mark}  ${name}: ${found}${fix === null ? '' : `\n      fix: ${fix}`}\n`;
    })
    .join('');
}

async function check(
  name: string,
  fix: string,
  look: () => string | Promise<string>,
): Promise<DoctorLine> {
  try {
    return { check: name, ok: true, found: await look(), fix: null };
  } catch (error) {
    return { check: name, ok: false, found: reasonOf(error), fix };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${reasonOf(error.cause)})` : '';
  return `${error.message}${cause}`.replace(/\/\/[^@/\s]*@/g, '//');
}

function nodeVersion(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 24 || (major === 24 && minor < 21)) throw new Error(`${process.version} is too old`);
  return process.version;
}

async function keys(config: Config): Promise<string> {
  const dir = config.keysDir;
  for (const name of await readdir(dir)) {
    await access(join(dir, name), constants.R_OK);
    const { mode } = await stat(join(dir, name));
    if ((mode & 0o077) !== 0) throw new Error(`others may read ${name}: chmod 600 it`);
  }
  return `${dir}, payload key ${readKeyRing(join(dir, 'payload.json')).current}`;
}

function databaseFix(role: string): string {
  const name = role === 'app' ? 'DATABASE_URL' : `DATABASE_URL_${role.toUpperCase()}`;
  return `run "tocsin start", or set ${name} and run "tocsin migrate"`;
}

async function database(url: string | null): Promise<string> {
  const state = await probeDatabase(given(url), probeMs);
  if (state.migrations === 0) throw new Error('reached, but not migrated');
  const migrated = state.migrations === null ? '' : `, ${String(state.migrations)} migrations`;
  return `PostgreSQL ${state.serverVersion} as ${state.role}${migrated}`;
}

async function clock(url: string | null): Promise<string> {
  const { clockAheadMs } = await probeDatabase(given(url), probeMs);
  const found = `PostgreSQL is ${String(clockAheadMs)} ms ahead of Node`;
  if (Math.abs(clockAheadMs) > largestClockDifferenceMs) throw new Error(found);
  return found;
}

async function temporal(config: Config): Promise<string> {
  const state = await probeTemporal(
    {
      ...config.temporal,
      connectionOptions: {
        ...config.temporal.connectionOptions,
        address: given(config.temporal.address),
      },
    },
    probeMs,
  );
  if (state.retentionDays < retentionDays) {
    throw new Error(
      `history is kept ${String(state.retentionDays)} days, not ${String(retentionDays)}`,
    );
  }
  return `server ${state.serverVersion}, namespace ${config.temporal.namespace}`;
}

async function api(url: string): Promise<string> {
  const answer = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(probeMs) });
  if (!answer.ok) throw new Error(`${url}/openapi.json answers ${String(answer.status)}`);
  return url;
}

function given(value: string | null): string {
  if (value === null) throw new Error('not given');
  return value;
}

// Not to have it is a choice: people are then telephoned while mail is barred.
function outOfBand({ mail }: Config): Promise<string> | string {
  return mail.outOfBand === null
    ? 'none: while mail is barred people are to be telephoned'
    : greeting(mail.outOfBand.smtpUrl);
}

/** Waits for the server's 220: a port that only accepts connections is not a mail server. */
async function greeting(smtpUrl: string | null): Promise<string> {
  const { protocol, hostname, port } = new URL(given(smtpUrl));
  const secure = protocol === 'smtps:';
  const place = { host: hostname, port: Number(port || (secure ? 465 : 25)) };
  const socket = secure ? connectTls({ ...place, servername: hostname }) : connect(place);
  return new Promise<string>((resolve, reject) => {
    socket.setTimeout(probeMs, () => {
      socket.destroy(new Error('no greeting in time'));
    });
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('closed without a greeting'));
    });
    socket.once('data', (chunk: Buffer) => {
      const line = chunk.toString('latin1').split('\r\n')[0] ?? '';
      if (line.startsWith('220')) resolve(`${hostname}:${String(place.port)} ${line}`);
      else reject(new Error(`unexpected greeting: ${line}`));
      socket.end('QUIT\r\n');
    });
  });
}
