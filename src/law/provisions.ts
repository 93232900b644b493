/** Dated provisions: what the law demands, of whom, towards whom, by when; the date of awareness selects. */
import type { Instant } from '../domain/instant.ts';
import { provisions } from './data/provisions.ts';
import type { Provision, ProvisionId } from './provision.ts';
import { dayAt } from './zone.ts';
import type { Day } from './zone.ts';

export type { Provision, ProvisionId } from './provision.ts';

/** Every dated text of every provision, proposed ones included. */
export const allProvisions: readonly Provision[] = provisions;

/** The text of a provision in force on the day of awareness in the affiliate's zone; null if there was none. */
export function provisionInForce(
  id: ProvisionId,
  awareAt: Instant,
  zone = 'UTC',
): Provision | null {
  const day = dayAt(awareAt, zone);
  return provisions.find((text) => text.id === id && isInForceOn(text, day)) ?? null;
}

/** From its first day to its last; a proposed text never, whatever its dates. */
export function isInForceOn({ status, effectiveFrom, effectiveTo }: Provision, day: Day): boolean {
  if (status === 'proposed' || effectiveFrom === null) return false;
  return effectiveFrom <= day && (effectiveTo === null || day <= effectiveTo);
}
