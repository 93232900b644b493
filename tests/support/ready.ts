/** Has a Temporal server at hand before the tests: building one takes minutes, once, and no test should wait for it. */
import { readConfig } from '../../src/config.ts';
import { findTemporal } from '../../src/embedded/temporal-binary.ts';

const binary = await findTemporal(
  readConfig().cacheDir,
  (line) => {
    process.stderr.write(`${line}\n`);
  },
  new AbortController().signal,
);
process.stderr.write(`tests use the Temporal server ${binary}\n`);
