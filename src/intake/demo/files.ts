/** Writes catalogue rows as the files that the importer reads. */
import { catalogueFields, type CatalogueKind, type CatalogueRow } from '../../domain/catalogue.ts';
import type { ImportFormat } from '../import/import-catalogue.ts';

const linesPerChunk = 500;

/** The rows as a file of the kind, in chunks, made as they are read. */
export async function* catalogueFile(
  kind: CatalogueKind,
  rows: Iterable<CatalogueRow>,
  format: ImportFormat,
): AsyncGenerator<Uint8Array> {
  let lines: string[] = format === 'csv' ? [`${columnsOf(kind).join(',')}\r\n`] : [];
  for (const row of rows) {
    lines.push(format === 'csv' ? csvLine(kind, row) : `${JSON.stringify(row)}\n`);
    if (lines.length < linesPerChunk) continue;
    yield await Promise.resolve(Buffer.from(lines.join('')));
    lines = [];
  }
  yield Buffer.from(lines.join(''));
}

function columnsOf(kind: CatalogueKind): string[] {
  return catalogueFields[kind].map(({ name }) => name);
}

function csvLine(kind: CatalogueKind, row: CatalogueRow): string {
  const cells = columnsOf(kind).map((name) => {
    const value = row[name] ?? '';
    const text = typeof value === 'string' ? value : value.join('|');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(',')}\r\n`;
}
