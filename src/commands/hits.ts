/** Checks that what is named as hit exists in the catalogue. */
import type { HitKind } from '../domain/case.ts';
import type { Store } from '../domain/ports.ts';
import { refuse, type Outcome } from '../domain/problem.ts';

/** Null when every key is known; else a refusal naming each unknown one by its place. */
export async function checkHits(
  store: Store,
  hits: readonly { kind: HitKind; key: string }[],
): Promise<Outcome<never> | null> {
  if (hits.length === 0) return null;
  const unknown = await store.cases.unknownHits(hits);
  if (unknown.length === 0) return null;
  return refuse(
    'invalid',
    'Something named as hit is not in the catalogue; nothing was recorded.',
    unknown.map((miss) => ({
      pointer: `/hits/${String(hits.findIndex((hit) => hit.kind === miss.kind && hit.key === miss.key))}/key`,
      detail: `no ${miss.kind} "${miss.key}" in the catalogue`,
    })),
  );
}
