/** The one reader of the environment: validated settings, every fault named at once. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import type { EventSource, WebhookEndpoint } from './domain/event-ports.ts';
import { eventSources, webhookEndpoints } from './event-settings.ts';
import { outOfBandFaults, outOfBandOf, type OutOfBandTarget } from './out-of-band-settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Setting {
  readonly name: string;
  readonly meaning: string;
  readonly fallback: string;
  /** True if the value may also come from the file named in `<NAME>_FILE`. */
  readonly secret?: true;
}

const settings = [
  { name: 'TOCSIN_HOME', meaning: 'folder of the embedded stack', fallback: '.tocsin' },
  { name: 'TOCSIN_KEYS', meaning: 'folder of the keys', fallback: '<TOCSIN_HOME>/keys' },
  { name: 'DATABASE_URL', meaning: 'PostgreSQL, application role', fallback: '', secret: true },
  { name: 'DATABASE_URL_OWNER', meaning: 'the migration role', fallback: '', secret: true },
  { name: 'DATABASE_URL_WATCH', meaning: 'the watch role', fallback: '', secret: true },
  { name: 'DATABASE_URL_SIGNER', meaning: 'the signer role', fallback: '', secret: true },
  { name: 'DATABASE_URL_AUDITOR', meaning: 'the auditor role', fallback: '', secret: true },
  {
    name: 'TEMPORAL_ADDRESS',
    meaning: 'Temporal, host:port; the variables and file of the Temporal SDKs are read too',
    fallback: '',
  },
  { name: 'TEMPORAL_NAMESPACE', meaning: 'Temporal namespace', fallback: 'tocsin' },
  { name: 'SMTP_URL', meaning: 'mail out, smtp:// or smtps://', fallback: '', secret: true },
  { name: 'TOCSIN_SENDER', meaning: 'sender address', fallback: 'tocsin@tocsin.example' },
  {
    name: 'TOCSIN_OUT_OF_BAND_URL',
    meaning:
      "calls to people while mail is barred, smtps:// at a provider outside the house's mail",
    fallback: '',
    secret: true,
  },
  {
    name: 'TOCSIN_OUT_OF_BAND_SENDER',
    meaning: "their sender address, in that provider's domain",
    fallback: '',
  },
  { name: 'TOCSIN_SANDBOX_SMTP_URL', meaning: 'mail of drills', fallback: '' },
  { name: 'TOCSIN_MAILBOX_URL', meaning: 'page and API of the sandbox mailbox', fallback: '' },
  {
    name: 'TOCSIN_OUT_OF_BAND_MAILBOX_URL',
    meaning: 'page and API of the sandbox mailbox that takes those calls',
    fallback: '',
  },
  { name: 'TOCSIN_API_HOST', meaning: 'address the API listens on', fallback: '127.0.0.1' },
  { name: 'TOCSIN_API_PORT', meaning: 'port the API listens on', fallback: '8080' },
  { name: 'TOCSIN_API_URL', meaning: 'where the API is reached', fallback: 'from host and port' },
  { name: 'TOCSIN_TOKEN', meaning: 'bearer token of the CLI', fallback: '', secret: true },
  {
    name: 'TOCSIN_EVENT_SOURCES',
    meaning: 'who may send events, JSON: `{"<source>": {"secrets": ["whsec_…"], "unit": "*"}}`',
    fallback: '',
    secret: true,
  },
  {
    name: 'TOCSIN_WEBHOOKS',
    meaning:
      'who is told by webhook, JSON: `[{"url", "secret", "types", "exercises", "allowPrivate"}]`',
    fallback: '',
    secret: true,
  },
  {
    name: 'TOCSIN_WORKFLOW_BUNDLE',
    meaning: 'workflow bundle made beforehand',
    fallback: 'bundled at start',
  },
  {
    name: 'TOCSIN_EMBEDDED',
    meaning: '1 in the embedded stack: the page offers the demo people on loopback',
    fallback: '0',
  },
  {
    name: 'TOCSIN_METRICS_TOKEN',
    meaning: 'bearer token for /metrics; without it only this machine may read them',
    fallback: '',
    secret: true,
  },
  {
    name: 'TOCSIN_WORKER_METRICS',
    meaning: "host:port where a worker shows the Temporal SDK's metrics",
    fallback: '',
  },
  { name: 'TOCSIN_LOG_LEVEL', meaning: 'debug, info, warn or error', fallback: 'info' },
  {
    name: 'XDG_CACHE_HOME',
    meaning: 'where a built Temporal server is kept',
    fallback: '~/.cache',
  },
] as const satisfies readonly Setting[];

type SettingName = (typeof settings)[number]['name'];

/** Everything a process of Tocsin is told from outside; null means "not given". */
export interface Config {
  /** Absolute. */
  readonly home: string;
  readonly keysDir: string;
  readonly cacheDir: string;
  readonly embedded: boolean;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly database: Readonly<
    Record<'app' | 'owner' | 'watch' | 'signer' | 'auditor', string | null>
  >;
  readonly temporal: {
    /** `host:port`, or null when nothing names a server. */
    readonly address: string | null;
    readonly namespace: string;
    readonly connectionOptions: NonNullable<ClientConnectConfig['connectionOptions']>;
  };
  readonly mail: {
    readonly smtpUrl: string | null;
    readonly sandboxSmtpUrl: string | null;
    readonly mailboxUrl: string | null;
    readonly sender: string;
    /** The way people are called while mail is barred; null: by telephone only. */
    readonly outOfBand: OutOfBandTarget | null;
    readonly outOfBandMailboxUrl: string | null;
  };
  readonly api: { readonly host: string; readonly port: number; readonly url: string };
  readonly token: string | null;
  readonly eventSources: readonly EventSource[];
  readonly webhooks: readonly WebhookEndpoint[];
  readonly workflowBundle: string | null;
  readonly metrics: {
    readonly token: string | null;
    /** `host:port` the worker listens on for Prometheus; null: it does not. */
    readonly workerAddress: string | null;
  };
}

/** Settings that cannot be used; the message names each one. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`the environment cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const urlOf = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `must be a URL such as ${example}` }).optional();
const postgresUrl = urlOf(/^postgres(ql)?$/, 'postgres://user:password@host:5432/tocsin');
const smtpUrl = urlOf(/^smtps?$/, 'smtp://host:25');
const httpUrl = urlOf(/^https?$/, 'http://127.0.0.1:8080');

const schema = z.object({
  TOCSIN_HOME: z.string().default('.tocsin'),
  TOCSIN_KEYS: z.string().optional(),
  DATABASE_URL: postgresUrl,
  DATABASE_URL_OWNER: postgresUrl,
  DATABASE_URL_WATCH: postgresUrl,
  DATABASE_URL_SIGNER: postgresUrl,
  DATABASE_URL_AUDITOR: postgresUrl,
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().optional(),
  SMTP_URL: smtpUrl,
  TOCSIN_SENDER: z.email('must be an e-mail address').default('tocsin@tocsin.example'),
  TOCSIN_OUT_OF_BAND_URL: smtpUrl,
  TOCSIN_OUT_OF_BAND_SENDER: z.email('must be an e-mail address').optional(),
  TOCSIN_SANDBOX_SMTP_URL: smtpUrl,
  TOCSIN_MAILBOX_URL: httpUrl,
  TOCSIN_OUT_OF_BAND_MAILBOX_URL: httpUrl,
  TOCSIN_API_HOST: z.string().default('127.0.0.1'),
  TOCSIN_API_PORT: z.coerce.number('must be a port').int().min(1).max(65_535).default(8080),
  TOCSIN_API_URL: httpUrl,
  TOCSIN_TOKEN: z.string().optional(),
  TOCSIN_EVENT_SOURCES: eventSources.optional(),
  TOCSIN_WEBHOOKS: webhookEndpoints.optional(),
  TOCSIN_WORKFLOW_BUNDLE: z.string().optional(),
  TOCSIN_EMBEDDED: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  TOCSIN_METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,512}$/, 'must be 16 visible characters or more')
    .optional(),
  TOCSIN_WORKER_METRICS: z
    .string()
    .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be host:port')
    .optional(),
  TOCSIN_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error')
    .default('info'),
  XDG_CACHE_HOME: z.string().optional(),
} satisfies Record<SettingName, z.ZodType>);

type Values = z.infer<typeof schema>;

/** Reads and checks every setting. Throws `ConfigError` naming all faults together. */
export function readConfig(env: Environment = process.env): Config {
  const faults: string[] = [];
  const parsed = schema.safeParse(gather(env, faults));
  if (!parsed.success) {
    faults.push(...parsed.error.issues.map((i) => `${String(i.path[0])} ${i.message}`));
  }
  if (parsed.success) faults.push(...outOfBandFaults(outOfBandValues(parsed.data)));
  const temporal = readTemporal(env, faults);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return { ...configFrom(parsed.data), temporal };
}

function outOfBandValues(values: Values): Parameters<typeof outOfBandOf>[0] {
  return {
    url: values.TOCSIN_OUT_OF_BAND_URL,
    sender: values.TOCSIN_OUT_OF_BAND_SENDER,
    ordinary: { url: values.SMTP_URL, sender: values.TOCSIN_SENDER },
  };
}

function configFrom(values: Values): Omit<Config, 'temporal'> {
  const home = resolve(values.TOCSIN_HOME);
  const host = values.TOCSIN_API_HOST;
  const port = values.TOCSIN_API_PORT;
  return {
    home,
    keysDir: resolve(values.TOCSIN_KEYS ?? join(home, 'keys')),
    cacheDir: join(values.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tocsin'),
    embedded: values.TOCSIN_EMBEDDED === '1',
    logLevel: values.TOCSIN_LOG_LEVEL,
    database: {
      app: values.DATABASE_URL ?? null,
      owner: values.DATABASE_URL_OWNER ?? null,
      watch: values.DATABASE_URL_WATCH ?? null,
      signer: values.DATABASE_URL_SIGNER ?? null,
      auditor: values.DATABASE_URL_AUDITOR ?? null,
    },
    mail: {
      smtpUrl: values.SMTP_URL ?? null,
      sandboxSmtpUrl: values.TOCSIN_SANDBOX_SMTP_URL ?? null,
      mailboxUrl: values.TOCSIN_MAILBOX_URL ?? null,
      sender: values.TOCSIN_SENDER,
      outOfBand: outOfBandOf(outOfBandValues(values)),
      outOfBandMailboxUrl: values.TOCSIN_OUT_OF_BAND_MAILBOX_URL ?? null,
    },
    api: { host, port, url: values.TOCSIN_API_URL ?? `http://${host}:${String(port)}/api/v1` },
    token: values.TOCSIN_TOKEN ?? null,
    eventSources: values.TOCSIN_EVENT_SOURCES ?? [],
    webhooks: values.TOCSIN_WEBHOOKS ?? [],
    workflowBundle: values.TOCSIN_WORKFLOW_BUNDLE ?? null,
    metrics: {
      token: values.TOCSIN_METRICS_TOKEN ?? null,
      workerAddress: values.TOCSIN_WORKER_METRICS ?? null,
    },
  };
}

/** Picks the known variables; an empty one counts as not given, `<NAME>_FILE` stands in for a secret. */
function gather(env: Environment, faults: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const setting of settings) {
    const file = 'secret' in setting ? env[`${setting.name}_FILE`] : undefined;
    const direct = env[setting.name];
    if (direct !== undefined && direct !== '') values[setting.name] = direct;
    if (file === undefined || file === '') continue;
    if (values[setting.name] !== undefined) {
      faults.push(`${setting.name} and ${setting.name}_FILE are both given: keep one`);
      continue;
    }
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (text !== '') values[setting.name] = text;
    } catch {
      faults.push(`${setting.name}_FILE names a file that cannot be read: ${file}`);
    }
  }
  return values;
}

function readTemporal(env: Environment, faults: string[]): Config['temporal'] {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('TEMPORAL_') && value !== undefined && value !== '') given[name] = value;
  }
  try {
    const { namespace, connectionOptions } = loadClientConnectConfig({
      overrideEnvVars: given,
    });
    return {
      address: connectionOptions.address ?? null,
      namespace: namespace ?? 'tocsin',
      connectionOptions,
    };
  } catch (error) {
    faults.push(`Temporal: ${error instanceof Error ? error.message : String(error)}`);
    return { address: null, namespace: 'tocsin', connectionOptions: {} };
  }
}

/** The value, or a `ConfigError` that names the variable a process cannot do without. */
export function demand<T>(
  value: T | null,
  name: string,
  wayOut = 'set it, or run "tocsin start"',
): T {
  if (value === null) throw new ConfigError([`${name} is not given: ${wayOut}`]);
  return value;
}

/** The reference table for the docs, in Markdown. */
export function settingsTable(): string {
  const rows = settings.map((setting) => {
    const names = `\`${setting.name}\`${'secret' in setting ? ` (or \`${setting.name}_FILE\`)` : ''}`;
    return `| ${names} | ${setting.meaning} | ${setting.fallback === '' ? 'not set' : setting.fallback} |`;
  });
  return ['| Variable | Meaning | Default |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** The variables this process was started with, for what reads them itself. */
export function environment(): Environment {
  return process.env;
}
