import { defineConfig } from 'vitest/config';
import { closingLine } from './tests/support/closing-line.ts';

/** Seventy-two hours at speed 1 on the time-skipping server: few tests, one after another. Run it with npm run test:72h. */
export default defineConfig({
  test: {
    include: ['tests/hours/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    reporters: ['default', closingLine],
  },
});
