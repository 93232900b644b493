/** Runs the tests of this folder, or says in one line why not: without Java there is no time-skipping server. */
import { spawnSync } from 'node:child_process';
import { readConfig } from '../../src/config.ts';
import { hasJava, findTestServer } from '../support/time-skipping.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function run(): number | null {
  if (!hasJava()) {
    const isDemanded = process.env['CI'] !== undefined;
    say(`the 72-hour tests are ${isDemanded ? 'not run' : 'skipped'}: they need Java 17 or newer`);
    return isDemanded ? 1 : 0;
  }
  findTestServer(readConfig().cacheDir, say);
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.hours.config.ts'];
  return spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], { stdio: 'inherit' })
    .status;
}

process.exitCode = run() ?? 1;
