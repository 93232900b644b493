/** The composition root: hands the command line what it cannot reach over HTTP, and starts nothing by itself. */
import { readFileSync } from 'node:fs';
import { migrate } from './adapters/postgres/migrate.ts';
import { runProgram, type ProgramParts } from './cli/program.ts';
import { demand, environment, readConfig } from './config.ts';
import { joinRunningStack } from './embedded/running.ts';
import { runSandbox } from './embedded/run-sandbox.ts';
import { stopSignal } from './embedded/stop-signal.ts';
import { doctor, renderDoctor } from './processes/doctor.ts';
import { enterFirstPerson, giveToken } from './processes/first-people.ts';
import { faultOf, openLog } from './processes/log.ts';
import { runServe } from './processes/serve.ts';
import { runStart, startPrivateStack } from './processes/start.ts';
import { runWatch } from './processes/watch.ts';
import { startWorker } from './processes/worker-process.ts';
import { verifyExport } from './verify.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const version = versionOf(new URL('../package.json', import.meta.url));

const parts: ProgramParts = {
  env: environment(),
  terminal: { out: process.stdout, err: process.stderr, in: process.stdin },
  version,
  async start({ demo }) {
    await runStart(readConfig(), demo, stopSignal(), say);
  },
  async worker() {
    const config = readConfig();
    await startWorker(config, openLog(config.logLevel), stopSignal());
  },
  async serve() {
    const config = readConfig();
    await runServe(config, openLog(config.logLevel), stopSignal(), version);
  },
  async watch() {
    const config = readConfig();
    await runWatch(config, openLog(config.logLevel), stopSignal());
  },
  async sandbox() {
    const config = readConfig();
    const log = openLog(config.logLevel);
    await runSandbox(config, stopSignal(), (error) => {
      log('warn', 'sandbox', faultOf(error));
    });
  },
  migrate() {
    const config = joinRunningStack(readConfig());
    return migrate(demand(config.database.owner, 'DATABASE_URL_OWNER'));
  },
  firstPerson: (person) => enterFirstPerson(joinRunningStack(readConfig()), person),
  issueToken: (person) => giveToken(joinRunningStack(readConfig()), person),
  async doctor({ json }) {
    const lines = await doctor(joinRunningStack(readConfig()));
    process.stdout.write(json ? `${JSON.stringify(lines, null, 2)}\n` : renderDoctor(lines));
    return lines.every((line) => line.ok);
  },
  startPrivateStack: (options) => startPrivateStack(readConfig(), options),
  verifyExport,
};

function versionOf(file: URL): string {
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}

process.exitCode = await runProgram(parts, process.argv.slice(2));
