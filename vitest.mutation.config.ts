import { defineConfig } from 'vitest/config';

/**
 * What `npm run test:mutation` runs over each changed line of the law: the tests of the law, no server. Each property
 * takes 100 runs and the modules are read once for all files, or each changed line would wait seconds for its verdict.
 */
export default defineConfig({
  test: {
    include: ['tests/law/**/*.test.ts', 'tests/domain/difference.test.ts'],
    setupFiles: ['tests/support/fixed-seed.ts'],
    reporters: ['default'],
    isolate: false,
  },
});
