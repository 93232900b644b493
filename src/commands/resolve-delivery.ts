/** A person's answer to deliveries in doubt: they arrived after all, or they are given up; one, or many of a notice at once. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';

interface Resolution {
  readonly how: 'sent' | 'abandoned';
  /** How the person knows. */
  readonly reason: string;
}

/** Resolves one delivery; refused when it is not in doubt. */
export function resolveDelivery(
  house: House,
  request: Request,
  input: Resolution & { readonly deliveryId: string },
): Promise<Answer<{ noticeId: string }>> {
  return runCommand(house, request, 'record-receipt', (store) =>
    resolveOne(store, request.actor, input.deliveryId, input),
  );
}

/** Which doubts of a notice a person means: exactly these, or all there were when they looked, known by their digest. */
export type MeantDoubts = { readonly deliveryIds: readonly string[] } | { readonly digest: string };

/**
 * Resolves many doubts of one notice with one reason, all or none, each with an entry of its own. Refused as `stale` when
 * another doubt has come, or one has gone, since the person looked: what they know holds for what they saw.
 */
export function resolveDoubts(
  house: House,
  request: Request,
  input: Resolution & { readonly noticeId: string; readonly meant: MeantDoubts },
): Promise<Answer<{ resolved: number }>> {
  return runCommand(house, request, 'record-receipt', async (store) => {
    const { noticeId, meant } = input;
    if ((await store.notices.lock(noticeId)) === null)
      return refuse('not-found', 'There is no such notice.');
    const standing = await store.notices.doubts(noticeId);
    const wanted =
      'digest' in meant ? standing.deliveryIds : [...new Set(meant.deliveryIds)].sort();
    const isSame =
      'digest' in meant
        ? meant.digest === standing.digest
        : wanted.every((id) => standing.deliveryIds.includes(id));
    if (!isSame) {
      return refuse(
        'stale',
        `What is in doubt has changed since you looked: ${String(standing.deliveryIds.length)} are by now. Look again.`,
      );
    }
    if (wanted.length === 0) return refuse('conflict', 'Nothing of this notice is in doubt.');
    for (const deliveryId of wanted) {
      const resolved = await resolveOne(store, request.actor, deliveryId, input);
      if (!resolved.ok) return resolved;
    }
    return done({ resolved: wanted.length });
  });
}

async function resolveOne(
  store: Store,
  actor: Actor,
  deliveryId: string,
  { how, reason }: Resolution,
): Promise<Outcome<{ noticeId: string }>> {
  const row = await store.notices.resolveInDoubt(deliveryId, how);
  if (row === null) return refuse('not-found', 'There is no such delivery in doubt.');
  if (how === 'sent') await store.resends.cancelLater(deliveryId);
  const by = actorLabel(actor);
  await store.tasks.completeBySubject(row.caseId, 'in-doubt', `delivery/${deliveryId}`, by, how);
  // The workflow finishes the notice: it alone knows whether this was the last row.
  await store.house.wake('notice', row.noticeId);
  await store.register.append({
    stream: `case/${row.caseId}`,
    type: 'delivery.resolved',
    actor: by,
    data: { deliveryId, noticeId: row.noticeId, how },
    personal: { reason },
  });
  return done({ noticeId: row.noticeId });
}
