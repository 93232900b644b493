import { defineConfig } from 'vitest/config';

/** What `npm run test:mutation` runs over each changed line of the law: the tests of the law, no server. */
export default defineConfig({
  test: {
    include: ['tests/law/**/*.test.ts', 'tests/domain/difference.test.ts'],
    setupFiles: ['tests/support/fixed-seed.ts'],
    reporters: ['default'],
  },
});
