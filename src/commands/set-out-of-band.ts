/** Sets where a person is called while mail is barred: in advance, never in the house's own mail. */
import { actorLabel } from '../domain/actor.ts';
import { routeFault } from '../domain/out-of-band.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';

export interface OutOfBandRoute {
  readonly personId: string;
  /** Null takes the route away: the person is telephoned then. */
  readonly address: string | null;
}

/** `sender` is the address the house's own calls come from. */
export function setOutOfBand(
  house: House,
  request: Request,
  { personId, address }: OutOfBandRoute,
  sender: string,
): Promise<Answer<{ outOfBand: string | null }>> {
  return runCommand(house, request, 'manage-people', async (store) => {
    const person = (await store.people.lock()).find((one) => one.personId === personId);
    if (person === undefined) return refuse('not-found', 'There is no such person.');
    if (person.outOfBand === address) return done({ outOfBand: address });
    if (address !== null) {
      const may = await mayBecome(store, address, person.email, sender);
      if (!may.ok) return may;
    }
    await store.people.setOutOfBand(personId, address);
    await store.register.append({
      stream: 'house',
      type: address === null ? 'person.route-removed' : 'person.route-set',
      actor: actorLabel(request.actor),
      data: { personId },
      ...(address === null ? {} : { personal: { address } }),
    });
    return done({ outOfBand: address });
  });
}

async function mayBecome(
  store: Store,
  address: string,
  email: string,
  sender: string,
): Promise<Outcome<null>> {
  if (await store.people.isMailBarredAnywhere()) {
    return refuse(
      'conflict',
      "Mail is barred: a route set now could be the intruder's. Telephone this person, or have two people open mail first.",
    );
  }
  const fault = routeFault(address, email, [sender, ...(await store.people.senderAddresses())]);
  return fault === null
    ? done(null)
    : refuse('invalid', `This address cannot be the out-of-band route: it ${fault}.`, [
        { pointer: '/address', detail: fault },
      ]);
}
