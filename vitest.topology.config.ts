import { defineConfig } from 'vitest/config';
import { closingLine } from './tests/support/closing-line.ts';

/** The topology of docker-compose.yml as processes. Run it with npm run test:topology. */
export default defineConfig({
  test: {
    include: ['tests/topology/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    reporters: ['default', closingLine],
  },
});
