/** What a stack is made of before anything runs: folders, ports, addresses, and what each part is told. */
import { join } from 'node:path';
import { prepareDatabase, roleNames, roleUrl, type RoleName } from '../adapters/postgres/roles.ts';
import type { Config } from '../config.ts';
import { readPasswords } from './keys.ts';
import { freePort } from './ports.ts';
import { adminUrl } from './postgres.ts';
import type { PartName } from './run-file.ts';

export interface Ports {
  readonly api: number;
  readonly mailbox: number;
  readonly smtp: number;
  /** The second sandbox mailbox, which takes calls to people while mail is barred. */
  readonly outOfBandMailbox: number;
  readonly outOfBandSmtp: number;
  readonly temporal: number;
  readonly postgres: number;
  readonly ui: number;
}

/** Preferred ports of `tocsin start`. */
export const usualPorts: Ports = {
  api: 8080,
  mailbox: 8025,
  smtp: 1025,
  outOfBandMailbox: 8026,
  outOfBandSmtp: 1026,
  temporal: 7233,
  postgres: 54329,
  ui: 8233,
};

/** For private stacks: whatever is free. */
export const anyPorts: Ports = {
  ...{ api: 0, mailbox: 0, smtp: 0, outOfBandMailbox: 0, outOfBandSmtp: 0 },
  ...{ temporal: 0, postgres: 0, ui: 0 },
};

export type DatabaseUrls = Readonly<Record<RoleName, string>>;

/** Where everything of a running stack is. */
export interface StackInfo {
  readonly home: string;
  readonly keysDir: string;
  readonly logsDir: string;
  /** `<api>/openapi.json` describes the API. */
  readonly api: string;
  readonly page: string;
  readonly mailbox: string;
  /** Mail of cases outside drills. */
  readonly smtpUrl: string;
  readonly sandboxSmtpUrl: string;
  /** How people are called while mail is barred; null: by telephone only. */
  readonly outOfBand: Config['mail']['outOfBand'];
  /** Null where those calls leave for a provider. */
  readonly outOfBandMailbox: string | null;
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly ui: string | null;
  readonly database: DatabaseUrls;
  /** Null when there is no worker in this stack. */
  readonly workflowBundle: string | null;
  /** The settings of the parts, for `readConfig`: hand it on to a process that is to join the stack. */
  readonly env: Readonly<Record<string, string>>;
}

export interface StackOptions {
  /** `config.home` is the folder; a database or a Temporal address given there is used instead of an own one. */
  readonly config: Config;
  /** Preferred ports, 0 for any; default `usualPorts`. */
  readonly ports?: Partial<Ports>;
  readonly leaveOut?: readonly PartName[];
  /** What runs our own parts as its commands; default `src/main.ts`. */
  readonly program?: string;
  /** Without Temporal's web interface. */
  readonly headless?: boolean;
  /** `none` starts and writes faster and may lose data in a power cut: private stacks only. */
  readonly durability?: 'full' | 'none';
  /** Called with the database migrated and Temporal up, before our own parts start. */
  readonly afterMigrate?: (info: StackInfo) => Promise<void>;
  /** Told lines a person should read while things start, die and return. */
  readonly say?: (line: string) => void;
  /** Aborted: the start is given up and everything ended again. */
  readonly signal?: AbortSignal;
}

/** Chooses a free port for each part, telling `say` where a preferred one is taken. */
export async function choosePorts(preferred: Ports, say: (line: string) => void): Promise<Ports> {
  const taken = new Set<number>();
  const choose = async (name: keyof Ports): Promise<number> => {
    const wanted = preferred[name];
    const port = await freePort(wanted, taken);
    if (wanted !== 0 && port !== wanted) {
      say(`port ${String(wanted)} (${name}) is taken: using ${String(port)}`);
    }
    return port;
  };
  return {
    api: await choose('api'),
    mailbox: await choose('mailbox'),
    smtp: await choose('smtp'),
    outOfBandMailbox: await choose('outOfBandMailbox'),
    outOfBandSmtp: await choose('outOfBandSmtp'),
    temporal: await choose('temporal'),
    postgres: await choose('postgres'),
    ui: await choose('ui'),
  };
}

const databaseName = 'tocsin';

/** Where the embedded stack's own calls out of band seem to come from. */
export const sandboxCaller = 'tocsin@out-of-band.example';

/** The connection strings of every role: the embedded server's, or those the configuration names. */
export function databaseUrls(config: Config, keysDir: string, port: number): DatabaseUrls {
  const { app, owner, watch, signer, auditor } = config.database;
  if (app !== null) {
    // One role may stand in for a missing one on a server of the user's own; its rights then decide.
    return {
      app,
      owner: owner ?? app,
      watch: watch ?? app,
      signer: signer ?? app,
      auditor: auditor ?? app,
    };
  }
  const passwords = readPasswords(keysDir);
  const admin = adminUrl({ port, adminPassword: passwords.admin });
  const urlOf = (role: RoleName) => roleUrl(admin, databaseName, role, passwords[role]);
  return {
    app: urlOf('app'),
    owner: urlOf('owner'),
    watch: urlOf('watch'),
    signer: urlOf('signer'),
    auditor: urlOf('auditor'),
  };
}

/** Makes roles and database in the embedded server. */
export async function prepareEmbeddedDatabase(keysDir: string, port: number): Promise<void> {
  const passwords = readPasswords(keysDir);
  await prepareDatabase(
    adminUrl({ port, adminPassword: passwords.admin }),
    databaseName,
    passwords,
  );
}

/** The environment of one of our own parts: no more of the database than it works with. */
export function environmentOf(part: PartName, info: StackInfo): NodeJS.ProcessEnv {
  const hidden = new Set(part === 'sandbox' ? databaseVariables : ['DATABASE_URL_OWNER']);
  // The `_FILE` form of a value we pass on must not come in beside it.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !(name.replace(/_FILE$/, '') in info.env) && !databaseVariables.includes(name),
  );
  const told = Object.entries(info.env).filter(([name]) => !hidden.has(name));
  return Object.fromEntries([...inherited, ...told]);
}

const databaseVariables = roleNames.map(variableOf);

function variableOf(role: RoleName): string {
  return role === 'app' ? 'DATABASE_URL' : `DATABASE_URL_${role.toUpperCase()}`;
}

/** What `readConfig` needs to find every part of this stack. */
export function stackEnvironment(info: Omit<StackInfo, 'env'>): Record<string, string> {
  const api = new URL(info.api);
  const databases = roleNames.map((role) => [variableOf(role), info.database[role]]);
  return {
    ...(Object.fromEntries(databases) as Record<string, string>),
    TOCSIN_HOME: info.home,
    TOCSIN_KEYS: info.keysDir,
    TEMPORAL_ADDRESS: info.temporal.address,
    TEMPORAL_NAMESPACE: info.temporal.namespace,
    SMTP_URL: info.smtpUrl,
    TOCSIN_SANDBOX_SMTP_URL: info.sandboxSmtpUrl,
    TOCSIN_MAILBOX_URL: info.mailbox,
    ...(info.outOfBand === null
      ? {}
      : {
          TOCSIN_OUT_OF_BAND_URL: info.outOfBand.smtpUrl,
          TOCSIN_OUT_OF_BAND_SENDER: info.outOfBand.sender,
        }),
    ...(info.outOfBandMailbox === null
      ? {}
      : { TOCSIN_OUT_OF_BAND_MAILBOX_URL: info.outOfBandMailbox }),
    TOCSIN_API_HOST: api.hostname,
    TOCSIN_API_PORT: api.port,
    TOCSIN_API_URL: info.api,
    ...(info.workflowBundle === null ? {} : { TOCSIN_WORKFLOW_BUNDLE: info.workflowBundle }),
    TOCSIN_EMBEDDED: '1',
    TZ: 'UTC',
  };
}

/** Files of a home that more than one module names. */
export const placesIn = (home: string) => ({
  logs: join(home, 'logs'),
  postgres: join(home, 'postgres'),
  temporal: join(home, 'temporal.db'),
  mailbox: join(home, 'mailbox'),
  outOfBandMailbox: join(home, 'out-of-band'),
  cache: join(home, 'cache'),
  lock: join(home, 'start.lock'),
});
