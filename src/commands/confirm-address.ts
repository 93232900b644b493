/** A named person answers for the address a machine may send an authority's notices to; a change needs two. */
import { actorLabel } from '../domain/actor.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { authorityNamed } from '../law/telecom-authorities.ts';
import { foldedAddress, isPlainAddress } from '../ledger/plain-text.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { personOf } from './lock-notice.ts';

export interface AddressSaid {
  readonly authorityId: string;
  readonly email: string;
  /** How the person knows: a call back, a letter, the authority's own page. */
  readonly evidence: string;
}

/**
 * The first address of an authority is in force when one person confirms it. Any later one, and the same one after it
 * was withdrawn, stands as proposed until a second person confirms the same address; until then the old one stands.
 */
export function confirmAddress(
  house: House,
  request: Request,
  input: AddressSaid,
): Promise<Answer<{ state: 'proposed' | 'confirmed' }>> {
  return runCommand(house, request, 'confirm-address', async (store) => {
    const { authorityId, evidence } = input;
    const email = input.email.trim();
    if (authorityNamed(authorityId) === null)
      return refuse('not-found', 'There is no such authority.');
    if (!isPlainAddress(email)) {
      return refuse('invalid', 'This is no address a mail can reach.', [
        { pointer: '/email', detail: 'is not a plain e-mail address' },
      ]);
    }
    const { personId } = personOf(request.actor);
    const wasConfirmed = await store.readiness.wasConfirmed(authorityId);
    const standing = await store.readiness.addresses(authorityId);
    const same = standing.find((one) => foldedAddress(one.email) === foldedAddress(email));
    if (same?.state === 'confirmed') return refuse('conflict', 'This address is in force already.');
    const state = same !== undefined || !wasConfirmed ? 'confirmed' : 'proposed';
    if (same === undefined) {
      await store.readiness.endAddresses(authorityId, 'proposed');
      await store.readiness.nameAddress({ authorityId, email, evidence, personId, state });
    } else if (same.namedById === personId) {
      return refuse('four-eyes', 'You proposed this address: somebody else has to confirm it.');
    } else {
      await store.readiness.secondAddress(same.addressId, personId);
    }
    await store.register.append({
      stream: 'house',
      type: state === 'confirmed' ? 'authority-address.confirmed' : 'authority-address.proposed',
      actor: actorLabel(request.actor),
      data: { authorityId, email, isChange: wasConfirmed },
      personal: { evidence },
    });
    return done({ state });
  });
}

/** Takes an authority's address out of use at once: from then on a person files. One person may do it. */
export function withdrawAddress(
  house: House,
  request: Request,
  input: { readonly authorityId: string; readonly reason: string },
): Promise<Answer<{ state: 'withdrawn' }>> {
  return runCommand(house, request, 'confirm-address', async (store) => {
    const { authorityId, reason } = input;
    await store.readiness.wasConfirmed(authorityId);
    if ((await store.readiness.endAddresses(authorityId, 'all')) === 0)
      return refuse('conflict', 'No address of this authority is in force or proposed.');
    await store.register.append({
      stream: 'house',
      type: 'authority-address.withdrawn',
      actor: actorLabel(request.actor),
      data: { authorityId },
      personal: { reason },
    });
    return done({ state: 'withdrawn' });
  });
}
