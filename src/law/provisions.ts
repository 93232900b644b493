/** Dated provisions: what the law demands, of whom, towards whom, by when; the date of awareness selects. */
import type { Instant } from '../domain/instant.ts';
import { provisions } from './data/provisions.ts';
import { localAt } from './zone.ts';
import type { Provision, ProvisionId } from './provision.ts';

export type { Provision, ProvisionId } from './provision.ts';

/** Every dated text of every provision, proposed ones included. */
export const allProvisions: readonly Provision[] = provisions;

/** The text of a provision in force on the day of awareness in the affiliate's zone; null if there was none. */
export function provisionInForce(
  id: ProvisionId,
  awareAt: Instant,
  zone = 'UTC',
): Provision | null {
  const day = localAt(awareAt, zone).slice(0, 10);
  const inForce = provisions.find(
    (provision) =>
      provision.id === id &&
      provision.status !== 'proposed' &&
      provision.effectiveFrom !== null &&
      provision.effectiveFrom <= day &&
      (provision.effectiveTo === null || day <= provision.effectiveTo),
  );
  return inForce ?? null;
}
