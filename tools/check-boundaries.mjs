// Checks the import table on the real tree, and proves that each rule bites by planting one violation of it.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../.dependency-cruiser.mjs';

const root = new URL('..', import.meta.url).pathname;
const rooms = ['workflows', 'activities', 'src'];
/** A tree that shrank to nothing would pass every rule. */
const fewestModules = 80;

/** One forbidden import for each rule: [rule, from, to, code]. */
const planted = [
  ['domain-imports', 'src/domain/a.ts', 'src/law/z.ts'],
  ['law-imports', 'src/law/a.ts', 'src/commands/z.ts'],
  ['register-imports', 'src/register/a.ts', 'src/commands/z.ts'],
  ['ledger-imports', 'src/ledger/a.ts', 'src/adapters/z.ts'],
  ['commands-imports', 'src/commands/a.ts', 'src/adapters/z.ts'],
  ['adapters-imports', 'src/adapters/a.ts', 'src/commands/z.ts'],
  ['watch-imports', 'src/watch/a.ts', 'src/adapters/z.ts'],
  ['web-imports', 'src/web/a.ts', 'src/adapters/z.ts'],
  ['intake-imports', 'src/intake/a.ts', 'src/adapters/z.ts'],
  ['cli-imports', 'src/cli/a.ts', 'src/commands/z.ts'],
  ['embedded-imports', 'src/embedded/a.ts', 'src/commands/z.ts'],
  ['workflows-only-domain', 'workflows/a.ts', 'src/commands/z.ts'],
  ['workflows-activities-as-types', 'workflows/a.ts', 'activities/z.ts'],
  ['activities-packages', 'activities/a.ts', 'pg'],
  ['activities-callers', 'activities/a.ts', 'src/adapters/z.ts'],
  ['processes-by-main-only', 'src/web/a.ts', 'src/processes/z.ts'],
  ['main-by-nobody', 'src/cli/a.ts', 'src/main.ts'],
  ['world-in-adapters', 'src/commands/a.ts', 'pg'],
  ['no-circular', 'src/domain/a.ts', 'src/domain/z.ts'],
  ['no-unresolvable', 'src/domain/a.ts', null],
];

async function violations(baseDir) {
  const options = { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true, baseDir };
  const found = rooms.filter((room) => baseDir === root || planted.some(([, from]) => from.startsWith(room)));
  const tsConfig = extractTSConfig(join(root, 'tsconfig.json'));
  const { output } = await cruise(found, options, undefined, { tsConfig });
  return output.summary;
}

async function plant([rule, from, to]) {
  const base = mkdtempSync(join(tmpdir(), 'tocsin-planted-'));
  const write = (path, text) => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  try {
    for (const room of rooms) mkdirSync(join(base, room), { recursive: true });
    for (const name of ['node_modules', 'package.json']) symlinkSync(join(root, name), join(base, name));
    const up = '../'.repeat(from.split('/').length - 1);
    const target = to === null ? './missing.ts' : to.includes('/') ? `${up}${to}` : to;
    write(from, `import { z } from '${target}';\nexport const a = z;\n`);
    if (to?.includes('/')) {
      const back = rule === 'no-circular' ? "import { a } from './a.ts';\nexport const b = a;\n" : '';
      write(to, `${back}export const z = 1;\n`);
    }
    const summary = await violations(base);
    return summary.violations.some((violation) => violation.rule.name === rule);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const faults = [];
const summary = await violations(root);
for (const { rule, from, to } of summary.violations) faults.push(`${rule.name}: ${from} -> ${to}`);
if (summary.totalCruised < fewestModules) faults.push(`only ${summary.totalCruised} modules were read`);
const unplanted = config.forbidden.filter(({ name }) => !planted.some(([rule]) => rule === name));
for (const { name } of unplanted) faults.push(`${name}: no violation is planted for it`);
for (const one of planted) if (!(await plant(one))) faults.push(`${one[0]}: the planted violation was not found`);

for (const fault of faults) process.stderr.write(`boundaries: ${fault}\n`);
if (faults.length === 0) {
  process.stdout.write(
    `boundaries: ${summary.totalCruised} modules keep the import table; ${planted.length} planted violations found\n`,
  );
}
process.exitCode = faults.length === 0 ? 0 : 1;
