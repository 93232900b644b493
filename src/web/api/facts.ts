/** Facts and hits as they come over the wire. */
import { z } from 'zod';
import type { FactInput } from '../../commands/record-facts.ts';
import { key, line, time } from './fields.ts';
import { certainty, hitKind } from './states.ts';

const scalar = z.union([z.string().max(5_000), z.number(), z.boolean(), z.null()]);

export const hitBody = z.strictObject({ kind: hitKind, key });

export const factBody = z.strictObject({
  name: line(100),
  value: z.union([scalar, z.array(scalar).max(500)]),
  certainty: certainty.default('confirmed'),
  source: line(500).default('api'),
  observedAt: time.optional(),
  about: key.default('case'),
});

/** A fact as the command takes it; without a time it counts as observed when it is recorded. */
export function toFact({ observedAt, ...fact }: z.output<typeof factBody>): FactInput {
  return { ...fact, observedAt: observedAt?.at ?? null };
}
