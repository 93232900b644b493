/** Loads the demo organisation by the importer that users use. */
import type { Actor } from '../../domain/actor.ts';
import { catalogueKinds, type CatalogueKind, type CatalogueStore } from '../../domain/catalogue.ts';
import { importCatalogue, type ImportFormat } from '../import/import-catalogue.ts';
import type { DrillSize } from './drill.ts';
import { catalogueFile } from './files.ts';
import { groupName } from './house.ts';
import { demoOrganisation } from './organisation.ts';

const machine: Actor = { kind: 'machine', name: 'import' };
const asCsv: ReadonlySet<CatalogueKind> = new Set(['customer', 'subject']);

/**
 * Loads the demo organisation of this seed and then names the organisation, so a load that broke off is seen and can be
 * repeated; a second load changes nothing. Throws if the house already belongs to a real organisation.
 */
export async function loadDemo(
  catalogue: CatalogueStore,
  seed: number,
  size?: DrillSize,
): Promise<void> {
  if ((await catalogue.organisationKind()) === 'own') {
    throw new Error(
      'This house belongs to a real organisation: the demo needs a database of its own.',
    );
  }
  const rows = demoOrganisation(seed, size);
  for (const kind of catalogueKinds) {
    const format: ImportFormat = asCsv.has(kind) ? 'csv' : 'ndjson';
    const file = catalogueFile(kind, rows[kind], format);
    const outcome = await importCatalogue(catalogue, machine, kind, file, format);
    if (outcome.ok) continue;
    const first = outcome.faults[0];
    const place =
      first === undefined
        ? ''
        : ` (${kind} line ${String(first.line)}, ${first.field} ${first.detail})`;
    throw new Error(`The demo organisation was not loaded: ${outcome.problem.detail}${place}`);
  }
  await catalogue.nameOrganisation(machine, 'demo', groupName);
}
