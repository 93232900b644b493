/** What the documents point at exists. */
import { existsSync, readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { format, resolveConfig } from 'prettier';
import { settingsTable } from '../../src/config.ts';
import { obligationsPage } from '../support/obligations-page.ts';

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

  it('docs/faults.md names tests by titles they have', () => {
    const text = readFileSync(join(root, 'docs/faults.md'), 'utf8');
    const links = [...text.matchAll(/\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g)];
    const broken = links.filter(([, title = '', file = '']) => {
      const source = readFileSync(join(root, 'docs', file), 'utf8');
      return !["'", '"', '`'].some((quote) => source.includes(quote + title + quote));
    });
    expect(links.length).toBeGreaterThan(50);
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('docs/faults.md says of every fault where it is staged, or why it is not', () => {
    const text = readFileSync(join(root, 'docs/faults.md'), 'utf8');
    const rows = text.split('\n').filter((line) => /^\| F\d\d /.test(line));
    const silent = rows.filter((row) => (row.split('|')[5] ?? '').trim() === '');
    expect(rows).toHaveLength(42);
    expect(silent).toEqual([]);
  });

  it('the table of settings is the one the program reads', () => {
    const table = readFileSync(join(root, 'docs/settings.md'), 'utf8');
    expect(rowsOf(table)).toEqual(rowsOf(settingsTable()));
  });
});

describe('docs/obligations.md', () => {
  it('says what the rules say: after a change of the law run "npm run docs:obligations"', async () => {
    const path = join(root, 'docs/obligations.md');
    const written = await format(obligationsPage(), {
      filepath: path,
      ...(await resolveConfig(path)),
    });
    expect(readFileSync(path, 'utf8')).toBe(written);
  });
});

/** The cells of a table, however its columns are padded. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}
