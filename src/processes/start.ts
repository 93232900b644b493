/** `tocsin start`: brings the embedded stack up, loads the demo house, shows one drill, and stays until told to stop. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { StackInfo } from '../embedded/layout.ts';
import { startStack, type RunningStack } from '../embedded/supervise.ts';
import type { Stack } from '../cli/program.ts';
import type { Config } from '../config.ts';
import type { DrillSize } from '../intake/demo/drill.ts';
import { anyPorts } from '../embedded/layout.ts';
import { prepareDemoHouse, readPeople } from './demo-house.ts';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));
const demoSeed = 1;

/** Resolves when `signal` is aborted and every part has stopped; the data stay. */
export async function runStart(
  config: Config,
  demo: boolean,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const house = { isNew: false };
  const stack = await startStack({
    config,
    say,
    signal,
    afterMigrate: async (info) => {
      house.isNew = await prepareDemoHouse(info.home, info.database.app, demoSeed, say);
    },
  });
  try {
    say(readyTable(stack));
    if (house.isNew && demo) await showDrill(signal, config, say);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    say('stopping …');
    await stack.close();
    say('stopped; the data are kept.');
  }
}

function readyTable(stack: StackInfo & Pick<RunningStack, 'processes'>): string {
  const people = readPeople(stack.home)?.people ?? [];
  const rows: [string, string][] = [
    ['page', stack.page],
    ['API', stack.api],
    ['mailbox', stack.mailbox],
    ['out of band', stack.outOfBandMailbox ?? 'not here'],
    ['Temporal UI', stack.ui ?? 'not started here'],
    ['sign in as', people.map(({ login, roles }) => `${login} (${roles.join(', ')})`).join(', ')],
    ['tokens', `${stack.home}/people.json`],
    ['data', stack.home],
    ['stop', 'Ctrl-C; the next start keeps the data'],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`);
  return [
    '',
    'Tocsin is ready. This is the embedded stack: for trying out and for drills.',
    '',
    ...lines,
    '',
  ].join('\n');
}

/** The first start shows the way of one breach; a drill that fails says why, and the stack stays up. */
async function showDrill(
  signal: AbortSignal,
  config: Config,
  say: (line: string) => void,
): Promise<void> {
  say('One drill, so that you see the way of a breach from the first report to the proven notice:');
  const drill = spawn(process.execPath, [program, 'drill', '--stack', 'running'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TOCSIN_HOME: config.home },
    signal,
  });
  drill.on('error', (error) => {
    if (error.name !== 'AbortError') say(`the drill could not be started: ${error.message}`);
  });
  const [code] = (await once(drill, 'close')) as [number | null];
  if (signal.aborted) return;
  say(
    code === 0
      ? 'The drill is over: look at its case on the page. Tocsin stays up.'
      : 'The drill did not end as it should; the stack stays up.',
  );
}

/** Nothing of the house the environment may name: an own database, its own mailboxes, and on a Temporal given from outside an own namespace. */
function privateConfig(config: Config, home: string): Config {
  const { temporal } = config;
  return {
    ...config,
    home,
    keysDir: `${home}/keys`,
    mail: { ...config.mail, smtpUrl: null, outOfBand: null, outOfBandMailboxUrl: null },
    database: { app: null, owner: null, watch: null, signer: null, auditor: null },
    temporal:
      temporal.address === null
        ? temporal
        : { ...temporal, namespace: `${temporal.namespace}-drill-${randomUUID()}` },
  };
}

/** A stack of its own for one drill: any ports, quick to start, gone with its folder. */
export async function startPrivateStack(
  config: Config,
  options: { home: string; say: (line: string) => void; signal: AbortSignal; size: DrillSize },
): Promise<Stack> {
  const stack = await startStack({
    config: privateConfig(config, options.home),
    ports: anyPorts,
    headless: true,
    durability: 'none',
    say: options.say,
    signal: options.signal,
    afterMigrate: async (info) => {
      await prepareDemoHouse(info.home, info.database.app, demoSeed, options.say, options.size);
    },
  });
  const people = readPeople(stack.home)?.people ?? [];
  return {
    api: stack.api,
    mailbox: stack.mailbox,
    outOfBandMailbox: stack.outOfBandMailbox,
    people: Object.fromEntries(people.map(({ login, token }) => [login, token])),
    stop: () => stack.close(),
  };
}
