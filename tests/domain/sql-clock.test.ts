/** SQL reads one clock: `clock_timestamp()`. A transaction's start is older than what the transaction has just read. */
import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { textOf } from '../support/yaml.ts';

const otherClocks =
  /(?<![\w.]|async )now\(\)|\b(transaction|statement)_timestamp\(|\b(current_(timestamp|date|time)|localtime(stamp)?)\b/gi;

it.each(globSync(['migrations/*.sql', 'src/adapters/postgres/*.ts']))('%s', (file) => {
  expect(textOf(file).match(otherClocks)).toBeNull();
});
