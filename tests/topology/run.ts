/** Runs the tests of this folder, or says in one line why not: without Go there is no Temporal server of production's kind. */
import { spawnSync } from 'node:child_process';
import { readConfig } from '../../src/config.ts';
import { findServer, hasGo } from './temporal-server.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function run(): number | null {
  if (!hasGo()) {
    const isDemanded = process.env['CI'] !== undefined;
    const verb = isDemanded ? 'not run' : 'skipped';
    say(`the topology tests are ${verb}: they need Go 1.26 or newer to build a Temporal server`);
    return isDemanded ? 1 : 0;
  }
  findServer(readConfig().cacheDir, say);
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.topology.config.ts'];
  return spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], { stdio: 'inherit' })
    .status;
}

process.exitCode = run() ?? 1;
