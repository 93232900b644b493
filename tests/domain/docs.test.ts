/** What the documents point at exists. */
import { existsSync, readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { settingsTable } from '../../src/config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root });

describe('documents', () => {
  it.each(documents)('%s links only to what is there', (document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    const broken = links.filter(
      (link) => !/^[a-z]+:/.test(link) && !existsSync(join(root, dirname(document), link)),
    );
    expect(broken).toEqual([]);
  });

  it('the table of settings is the one the program reads', () => {
    const table = readFileSync(join(root, 'docs/settings.md'), 'utf8');
    expect(rowsOf(table)).toEqual(rowsOf(settingsTable()));
  });
});

/** The cells of a table, however its columns are padded. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}
