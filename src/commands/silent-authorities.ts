/** Authorities that are not notified of a breach because the risk is judged unlikely: a decision with the weight of notifying. */
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';

/** Those that no confirmed lowering covers yet; the rules alone never settle that an authority hears nothing. */
export async function silentAuthorities(
  store: Store,
  caseId: string,
): Promise<readonly Obligation[]> {
  const newest = new Map<string, boolean>();
  for (const { trackId, whole } of await store.assessments.ofCase(caseId)) {
    if (!newest.has(trackId)) newest.set(trackId, whole.isBreach && whole.notifySA === 'no');
  }
  const settled = (await store.lowerings.ofCase(caseId)).flatMap(({ act, state }) =>
    act.kind === 'not-notified' && state === 'confirmed' ? [act.obligationId] : [],
  );
  return (await store.obligations.ofCase(caseId)).filter(
    ({ obligationId, trackId, recipientKind, state }) =>
      recipientKind === 'authority' &&
      state === 'not-owed' &&
      newest.get(trackId) === true &&
      !settled.includes(obligationId),
  );
}
