/** Imports a catalogue file: read as it streams, checked in the database, entered whole or not at all. */
import { v7 as uuidv7 } from 'uuid';
import { mayDo, type Actor } from '../../domain/actor.ts';
import type {
  CatalogueKind,
  CatalogueStore,
  ImportFault,
  ImportFaults,
  ImportOutcome,
  StagedRow,
} from '../../domain/catalogue.ts';
import { refuse, type FieldFault, type ProblemType } from '../../domain/problem.ts';
import { readCsv } from './csv.ts';
import { faultList, faultsShown, Unreadable, type FaultList } from './faults.ts';
import { readNdjson } from './ndjson.ts';
import { textOf } from './text.ts';

export type ImportFormat = 'csv' | 'ndjson';

/**
 * Takes a file of one kind into the catalogue as a new version, with its register entry, in one transaction. Rows that
 * are as before keep their version; with `replace`, rows the file leaves out are closed. When anything is wrong nothing
 * is changed and the faults name line and field. Throws only what the stream or the database throws.
 */
export async function importCatalogue(
  catalogue: CatalogueStore,
  actor: Actor,
  kind: CatalogueKind,
  stream: AsyncIterable<Uint8Array>,
  format: ImportFormat,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<ImportOutcome> {
  if (!mayImport(actor)) {
    const none = { faults: [], total: 0 };
    return refused('forbidden', 'This needs the right "import-catalogue".', none);
  }
  const order = { importId: uuidv7(), kind, replace };
  const faults = faultList();
  const text = textOf(stream);
  const read = format === 'csv' ? readCsv : readNdjson;
  const counted = countRows(untilUnreadable(read(kind, text.chunks, faults), faults));
  try {
    await catalogue.stage(order.importId, counted.batches);
    const rows = counted.rows();
    if (rows === 0 && faults.found().total === 0) faults.add(0, '', 'The file holds no rows.');
    if (faults.found().total > 0) {
      // What the file leaves out says nothing while rows of it could not be read.
      const further = await catalogue.check({ ...order, replace: false }, faultsShown);
      return faulty(merge(faults.found(), further));
    }
    const entered = await catalogue.enter(
      actor,
      { ...order, digest: text.digest(), rows },
      faultsShown,
    );
    return entered.summary === null ? faulty(entered) : { ok: true, value: entered.summary };
  } finally {
    await catalogue.discard(order.importId);
  }
}

function mayImport(actor: Actor): boolean {
  const ownMachine = actor.kind === 'machine' && actor.name === 'import';
  return ownMachine || mayDo(actor, 'import-catalogue');
}

function refused(
  type: ProblemType,
  detail: string,
  { faults, total }: ImportFaults,
): ImportOutcome {
  return { ...refuse(type, detail, faults.map(atPointer)), faults, total };
}

// The file seen as a document of lines; a fault of the file as a whole points at all of it.
function atPointer({ line, field, detail }: ImportFault): FieldFault {
  const place = [`/line/${String(line)}`, ...(field === '' ? [] : [escaped(field)])].join('/');
  return { pointer: line === 0 ? '' : place, detail };
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function faulty(found: ImportFaults): ImportOutcome {
  const places = found.total === 1 ? 'one place' : `${String(found.total)} places`;
  return refused('invalid', `The file is wrong in ${places}; nothing was imported.`, found);
}

function merge(one: ImportFaults, other: ImportFaults): ImportFaults {
  const faults = [...one.faults, ...other.faults].sort((a, b) => a.line - b.line);
  return { faults: faults.slice(0, faultsShown), total: one.total + other.total };
}

async function* untilUnreadable(
  batches: AsyncIterable<readonly StagedRow[]>,
  faults: FaultList,
): AsyncGenerator<readonly StagedRow[]> {
  try {
    yield* batches;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    faults.add(error.line, '', error.message);
  }
}

function countRows(batches: AsyncIterable<readonly StagedRow[]>): {
  batches: AsyncGenerator<readonly StagedRow[]>;
  rows: () => number;
} {
  let rows = 0;
  async function* counting(): AsyncGenerator<readonly StagedRow[]> {
    for await (const batch of batches) {
      rows += batch.length;
      yield batch;
    }
  }
  return { batches: counting(), rows: () => rows };
}
