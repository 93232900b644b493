/** `tocsin drill`: the main job unattended, in a private stack or the running one, with its result as an exit code. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { apiClient, longPausesMs } from './api.ts';
import { findApi, readLogins, runningStack } from './connection.ts';
import { startAccount } from './drill/account.ts';
import type { Account } from './drill/account.ts';
import type { Play } from './drill/play.ts';
import type { Reach } from './drill/hosting-intrusion.ts';
import {
  mostControllers,
  mostPeople,
  positive,
  reachOf,
  scenarioAt,
  upTo,
  whole,
  type DrillOptions,
} from './drill/options.ts';
import type { DrillReport } from './drill/report.ts';
import { reportLines } from './drill/report-page.ts';
import { runDrill } from './drill/run.ts';
import type { Scenario } from './drill/scenario.ts';
import { defaultScenario, scenarios } from './drill/scenarios.ts';
import { CliError, exitCodes } from './exit.ts';
import type { ProgramParts, Stack } from './parts.ts';
import { examples } from './program-help.ts';
import type { CommonOptions } from './session.ts';
import { cell, tableLines } from './table.ts';
import { paintFor, print } from './terminal.ts';

/** Case time against wall time. */
const usualSpeed = 600;

/** Adds `drill`. */
export function addDrillCommand(program: Command, parts: ProgramParts): void {
  const command = program
    .command('drill')
    .description('play a breach from event to proven notice; exit 0 only if all of it held')
    .addOption(
      new Option('--stack <which>', 'a stack of its own, or the one that runs here')
        .choices(['private', 'running'])
        .default('private'),
    )
    .option('--list', 'the scenarios there are')
    .option('--scenario <name>', 'which of them', defaultScenario)
    .option(
      '--speed <n>',
      'case time against wall time: 600, as most scenarios have it, makes an hour six seconds',
      positive,
    )
    .option('--seed <n>', 'varies when people act', whole, 1)
    .option('--people <n>', 'how many people the default scenario reaches', upTo(mostPeople))
    .option('--controllers <n>', 'how many customers it reaches', upTo(mostControllers))
    .option('--keep <dir>', 'leave messages, documents and the register export there')
    .option('--patience <seconds>', 'give up when nothing changes for so long', positive, 180);
  examples(command, [
    'tocsin drill',
    'tocsin drill --json --keep out',
    'tocsin drill --stack running --speed 60',
    'tocsin drill --people 5000 --controllers 100',
  ]).action(async () => {
    const options = command.optsWithGlobals<DrillOptions>();
    if (options.list === true) {
      listScenarios(parts, options.json === true);
      return;
    }
    const report = await withInterrupt((signal) => play(parts, options, signal));
    if (options.json === true) print(parts.terminal, JSON.stringify(report, null, 2));
    else
      for (const line of reportLines(report, paintFor(parts.terminal.out)))
        print(parts.terminal, line);
    if (!report.ok) {
      throw new CliError(exitCodes.refused, 'the drill failed', 'read what falls short above');
    }
  });
}

async function play(
  parts: ProgramParts,
  options: DrillOptions,
  signal: AbortSignal,
): Promise<DrillReport> {
  const reach = reachOf(options);
  const scenario = scenarioAt(options, reach);
  const account = startAccount(parts.terminal);
  try {
    const onStack = (stack: Stack) =>
      runDrill({
        play: playOn(stack, { scenario, options, account, signal }),
        mailbox: stack.mailbox,
        outOfBandMailbox: stack.outOfBandMailbox,
        keep: options.keep === undefined ? null : resolve(options.keep),
        verifyExport: parts.verifyExport,
      });
    if (options.stack === 'running') return await onStack(joinStack(parts, options));
    return await onPrivateStack(parts, { account, signal, size: reach }, onStack);
  } finally {
    account.end();
  }
}

function playOn(
  stack: Stack,
  given: { scenario: Scenario; options: DrillOptions; account: Account; signal: AbortSignal },
): Play {
  const { scenario, options, account, signal } = given;
  return {
    scenario,
    speed: options.speed ?? scenario.speed ?? usualSpeed,
    seed: options.seed,
    patienceMs: options.patience * 1000,
    account,
    signal,
    as(player) {
      const token = stack.people[player];
      if (token === undefined) {
        throw new CliError(
          exitCodes.notAllowed,
          `the stack has no ${player}`,
          'load the demo organisation',
        );
      }
      return apiClient({ api: stack.api, token }, account.tell, longPausesMs);
    },
  };
}

/** The home of a drill that failed stays, for its logs. */
async function onPrivateStack(
  parts: ProgramParts,
  { account, signal, size }: { account: Account; signal: AbortSignal; size: Reach },
  use: (stack: Stack) => Promise<DrillReport>,
): Promise<DrillReport> {
  const home = mkdtempSync(join(tmpdir(), 'tocsin-drill-'));
  let isProven = false;
  account.tell('bringing up a private stack with the demo organisation');
  try {
    const stack = await parts.startPrivateStack({ home, say: account.tell, signal, size });
    try {
      account.tell(`the stack is up: API ${stack.api}, mailbox ${stack.mailbox}`);
      const report = await use(stack);
      isProven = report.ok;
      return report;
    } finally {
      account.waitFor('the private stack to stop');
      await stack.stop();
    }
  } finally {
    if (isProven || signal.aborted) rmSync(home, { recursive: true, force: true });
    else account.tell(`the logs of the private stack are in ${join(home, 'logs')}`);
  }
}

function joinStack(parts: ProgramParts, options: CommonOptions): Stack {
  const mailbox = runningStack(parts.env).mailbox ?? parts.env['TOCSIN_MAILBOX_URL'];
  const apart =
    runningStack(parts.env).outOfBandMailbox ?? parts.env['TOCSIN_OUT_OF_BAND_MAILBOX_URL'];
  if (mailbox === undefined) {
    throw new CliError(
      exitCodes.unreachable,
      'no stack runs here',
      'run "tocsin start", or leave out --stack running',
    );
  }
  const people = readLogins(parts.env).map(({ login, token }) => [login, token] as const);
  return {
    api: findApi(options, parts.env),
    mailbox: mailbox.replace(/\/+$/, ''),
    outOfBandMailbox: apart?.replace(/\/+$/, '') ?? null,
    people: Object.fromEntries(people),
    stop: () => Promise.resolve(),
  };
}

/** Ctrl-C ends what the drill started, and then the drill. */
async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = () => {
    abort.abort(new CliError(exitCodes.interrupted, 'interrupted', 'what it had started is ended'));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await work(abort.signal);
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function listScenarios(parts: ProgramParts, json: boolean): void {
  const listed = scenarios.map(({ name, summary }) => ({ name, summary }));
  if (json) {
    print(parts.terminal, JSON.stringify({ scenarios: listed }, null, 2));
    return;
  }
  const rows = listed.map(({ name, summary }) => [cell(name), cell(summary)]);
  const columns = [{ title: 'SCENARIO' }, { title: 'WHAT HAPPENS' }];
  for (const line of tableLines(columns, rows, paintFor(parts.terminal.out)))
    print(parts.terminal, line);
}
