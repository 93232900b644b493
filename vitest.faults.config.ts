import { defineConfig } from 'vitest/config';
import { closingLine } from './tests/support/closing-line.ts';

/** The longer fault suite, `npm run test:faults`: kills at every place, whole stacks, many recipients. */
export default defineConfig({
  test: {
    include: ['tests/faults/long/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    // A file may run a whole stack, which is two cores' work already.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['default', closingLine],
  },
});
