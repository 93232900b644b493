/** Reads rows from CSV (RFC 4180): a header of the exact field names, comma or semicolon, lists separated by `|`. */
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { catalogueFields, type CatalogueKind, type StagedRow } from '../../domain/catalogue.ts';
import { Unreadable, type FaultList } from './faults.ts';
import { makeRow } from './row.ts';
import { longestRecord } from './text.ts';

const batchRows = 500;

interface CsvRecord {
  readonly record: readonly string[];
  /** `lines` is the line on which the record ends. */
  readonly info: { readonly lines: number };
}

/** The rows of a CSV file in batches; rows with a fault are left out and the fault is added. */
export async function* readCsv(
  kind: CatalogueKind,
  chunks: AsyncIterable<string>,
  faults: FaultList,
): AsyncGenerator<readonly StagedRow[]> {
  let columns: ReadonlyMap<string, number> | null = null;
  let width = 0;
  let lastLine = 0;
  let batch: StagedRow[] = [];
  for await (const { record, info } of records(chunks)) {
    const line = lastLine + 1;
    lastLine = info.lines;
    if (columns === null) {
      columns = readHeader(kind, record, faults);
      width = record.length;
      if (columns === null) return;
    } else if (record.length !== width) {
      if (record.length === 1 && record[0] === '') continue;
      faults.add(
        line,
        '',
        `has ${String(record.length)} cells where the header has ${String(width)}`,
      );
    } else {
      const at = columns;
      const row = makeRow(kind, line, (name) => record[at.get(name) ?? width], faults);
      if (row !== null) batch.push({ line, row });
      if (batch.length >= batchRows) {
        yield batch;
        batch = [];
      }
    }
  }
  yield batch;
}

async function* records(chunks: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const { head, rest } = await firstLine(chunks);
  const parser = parse({
    delimiter: head.includes(';') && !head.includes(',') ? ';' : ',',
    info: true,
    max_record_size: longestRecord,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
  });
  // The loop below throws what breaks the pipeline; nothing is left to report here.
  pipeline(Readable.from(rest), parser, () => undefined);
  try {
    for await (const record of parser as AsyncIterable<CsvRecord>) yield record;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Unreadable(lineOf(error), whatBroke[error.code] ?? 'cannot be read as CSV');
  }
}

async function firstLine(
  chunks: AsyncIterable<string>,
): Promise<{ head: string; rest: AsyncGenerator<string> }> {
  const source = chunks[Symbol.asyncIterator]();
  let seen = '';
  while (!seen.includes('\n') && seen.length < longestRecord) {
    const next = await source.next();
    if (next.done === true) break;
    seen += next.value;
  }
  async function* rest(): AsyncGenerator<string> {
    if (seen !== '') yield seen;
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      yield next.value;
    }
  }
  return { head: seen.split('\n', 1)[0] ?? '', rest: rest() };
}

function lineOf(error: CsvError): number {
  const lines: unknown = error['lines'];
  return typeof lines === 'number' ? lines : 0;
}

const whatBroke: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'is the end of the file, but a quote before it is never closed',
  INVALID_OPENING_QUOTE:
    'has a quote inside an unquoted cell: quote the whole cell and double the quotes in it',
  CSV_INVALID_CLOSING_QUOTE:
    'has text after a closing quote: double the quotes inside a quoted cell',
  CSV_MAX_RECORD_SIZE: 'belongs to a row that is too long: look for a quote that is never closed',
};

function readHeader(
  kind: CatalogueKind,
  header: readonly string[],
  faults: FaultList,
): ReadonlyMap<string, number> | null {
  const before = faults.found().total;
  const wanted = catalogueFields[kind].map(({ name }) => name);
  if (header.some((name) => name.includes('\r'))) {
    faults.add(1, '', 'has lines that end in CR alone: save the file with LF or CRLF');
    return null;
  }
  const columns = new Map<string, number>();
  for (const [index, name] of header.entries()) {
    if (columns.has(name)) faults.add(1, name.slice(0, 100), 'is a column twice');
    else if (!wanted.includes(name)) {
      const known = wanted.join(', ');
      faults.add(1, name.slice(0, 100), `is not a column of ${kind}; the columns are ${known}`);
    }
    columns.set(name, index);
  }
  for (const { name, columnRequired } of catalogueFields[kind])
    if (columnRequired && !columns.has(name)) faults.add(1, name, 'is a missing column');
  return faults.found().total === before ? columns : null;
}
