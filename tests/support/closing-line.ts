/** The last line of every suite, `N passed, N failed`, which `.ci/run` adds up. */
import type { Reporter } from 'vitest/node';

export const closingLine: Reporter = {
  onTestRunEnd(modules, errors) {
    const all = modules.flatMap((m) => [...m.children.allTests()]);
    const count = (state: string) => all.filter((t) => t.result().state === state).length;
    const broken = errors.length + modules.filter((m) => m.errors().length > 0).length;
    const failed = count('failed') + broken;
    process.stdout.write(`\n${String(count('passed'))} passed, ${String(failed)} failed\n`);
  },
};
