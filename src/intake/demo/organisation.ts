/** The demo organisation: a fictitious provider, whole and the same for the same seed, in reserved domains only. */
import type { CatalogueKind, CatalogueRow } from '../../domain/catalogue.ts';
import { customers, engagements } from './customers.ts';
import { usualDrillSize, type DrillSize } from './drill.ts';
import { affiliates, processings } from './house.ts';
import { assets, products } from './offer.ts';
import { randomOf } from './random.ts';
import { subjects } from './subjects.ts';

/** Every kind's rows. Whatever the seed, the assets of the main drill touch exactly `size`: 30 customers and 500 people. */
export function demoOrganisation(
  seed: number,
  size: DrillSize = usualDrillSize,
): Readonly<Record<CatalogueKind, Iterable<CatalogueRow>>> {
  const random = randomOf(seed);
  const customer = customers(random, size.customers);
  const engagement = engagements(random, customer, size.customers);
  return {
    affiliate: affiliates(),
    processing: processings(),
    product: products(),
    asset: assets(),
    customer,
    engagement,
    subject: subjects(random, size.people),
  };
}
