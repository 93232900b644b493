import { defineConfig } from 'vitest/config';

/**
 * What `npm run test:mutation` runs over each changed line of the law: the tests of the law, no server. The property of
 * 100,000 runs takes 100 here, or each changed line would wait for it; the claims written out by hand are meant to find it.
 */
export default defineConfig({
  test: {
    include: ['tests/law/**/*.test.ts', 'tests/domain/difference.test.ts'],
    setupFiles: ['tests/support/fixed-seed.ts'],
    reporters: ['default'],
  },
});
