/** Aligned columns for a terminal: widths counted before colour, long cells cut with an ellipsis. */
import { plain } from './terminal.ts';
import type { Paint, Tone } from './terminal.ts';

export interface Cell {
  readonly text: string;
  readonly tone: Tone;
}

export interface Column {
  readonly title: string;
  /** Longer texts are cut; absent means as wide as the longest. */
  readonly atMost?: number;
  readonly align?: 'right';
}

/** A cell; the tone is how it should strike the reader. */
export function cell(text: string, tone: Tone = 'plain'): Cell {
  return { text: plain(text), tone };
}

/** The table as lines, with its titles on top; no trailing blanks. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
  indent = '',
): string[] {
  const widths = columns.map((column, index) => {
    const longest = Math.max(
      column.title.length,
      ...rows.map((row) => row[index]?.text.length ?? 0),
    );
    return Math.min(longest, column.atMost ?? longest);
  });
  const line = (cells: readonly Cell[]) =>
    (indent + cells.map((c, i) => fit(c, widths[i] ?? 0, columns[i], paint)).join('  ')).trimEnd();
  const titles = columns.map((column) => cell(column.title, 'faint'));
  return [line(titles), ...rows.map(line)];
}

function fit(cell: Cell, width: number, column: Column | undefined, paint: Paint): string {
  const text = cell.text.length > width ? `${cell.text.slice(0, width - 1)}…` : cell.text;
  const blanks = ' '.repeat(width - text.length);
  const painted = paint(cell.tone, text);
  return column?.align === 'right' ? blanks + painted : painted + blanks;
}

/** Name and value pairs, values aligned. */
export function pairLines(pairs: readonly (readonly [string, string])[], paint: Paint): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${paint('faint', name.padEnd(width))}  ${value}`);
}
