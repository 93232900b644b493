/** Standing authorisations: proposed, signed by two people, advised on by the DPO, and revoked by one at once. */
import { actorLabel } from '../domain/actor.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import type { StandingAuthorisation, StandingTerms } from '../domain/release-ports.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { personOf } from './lock-notice.ts';

export interface SignedAuthorisation {
  readonly authorisationId: string;
  readonly signatures: number;
  readonly inForce: boolean;
}

/** Writes the terms and signs them as the first of two; the id comes from the caller. */
export function proposeAuthorisation(
  house: House,
  request: Request,
  input: StandingTerms & { readonly authorisationId: string },
): Promise<Answer<SignedAuthorisation>> {
  return runCommand(house, request, 'sign-authorisation', async (store) => {
    const { authorisationId, ...terms } = input;
    const fault = faultOf(terms);
    if (fault !== null) return refuse('invalid', fault);
    const { personId, units } = personOf(request.actor);
    if (!units.includes('*')) return refuse('forbidden', wholeGroup);
    if ((await store.releases.authorisation(authorisationId)) !== null)
      return refuse('conflict', 'An authorisation with this id exists already.');
    await store.releases.propose(authorisationId, terms, personId);
    await store.register.append({
      stream: 'house',
      type: 'authorisation.proposed',
      actor: actorLabel(request.actor),
      data: {
        authorisationId,
        recipientKinds: terms.recipientKinds,
        affiliateKeys: terms.affiliateKeys,
        maxRecipients: terms.maxRecipients,
        withinHoursOfDue: terms.withinHoursOfDue,
        unapprovedMinutesBeforeDue: terms.unapprovedMinutesBeforeDue,
        validFrom: terms.validFrom,
        validUntil: terms.validUntil,
      },
      personal: { title: terms.title, reason: terms.reason },
    });
    return sign(store, request, authorisationId);
  });
}

const wholeGroup =
  'An authorisation is for the whole group: somebody who sees every unit has to sign it.';

function faultOf(terms: StandingTerms): string | null {
  if (terms.validUntil <= terms.validFrom) return 'It ends before it begins.';
  if (terms.unapprovedMinutesBeforeDue > terms.withinHoursOfDue * 60) {
    return 'It would act before the due is as near as it asks for: fewer minutes, or more hours.';
  }
  return null;
}

/** Signs as the second person; with two who may sign it is in force, and notices in review look at it. */
export function signAuthorisation(
  house: House,
  request: Request,
  input: { readonly authorisationId: string },
): Promise<Answer<SignedAuthorisation>> {
  return runCommand(house, request, 'sign-authorisation', async (store) => {
    if (!personOf(request.actor).units.includes('*')) return refuse('forbidden', wholeGroup);
    const found = await standing(store, input.authorisationId);
    if (!found.ok) return found;
    return sign(store, request, input.authorisationId);
  });
}

async function standing(
  store: Store,
  authorisationId: string,
): Promise<Outcome<StandingAuthorisation>> {
  const found = await store.releases.authorisation(authorisationId);
  if (found === null) return refuse('not-found', 'There is no such authorisation.');
  if (found.revoked !== null)
    return refuse('conflict', 'It is revoked: propose a new one with the terms you want.');
  return done(found);
}

async function sign(
  store: Store,
  request: Request,
  authorisationId: string,
): Promise<Outcome<SignedAuthorisation>> {
  const { personId } = personOf(request.actor);
  const isNew = await store.releases.sign(authorisationId, personId);
  if (!isNew)
    return refuse('four-eyes', 'You have signed it already: another person has to sign as well.');
  await store.register.append({
    stream: 'house',
    type: 'authorisation.signed',
    actor: actorLabel(request.actor),
    data: { authorisationId },
  });
  const after = await store.releases.authorisation(authorisationId);
  const inForce = after !== null && after.fault === null;
  if (inForce) await store.releases.wakeUnapproved();
  return done({ authorisationId, signatures: after?.signers.length ?? 0, inForce });
}

/** Puts the DPO's opinion on an authorisation on record: advice, never a signature. */
export function adviseOnAuthorisation(
  house: House,
  request: Request,
  input: { readonly authorisationId: string; readonly text: string },
): Promise<Answer<{ authorisationId: string }>> {
  return runCommand(house, request, 'give-opinion', async (store) => {
    const { authorisationId, text } = input;
    const found = await standing(store, authorisationId);
    if (!found.ok) return found;
    await store.releases.addOpinion(authorisationId, personOf(request.actor).personId, text);
    await store.register.append({
      stream: 'house',
      type: 'opinion.given',
      actor: actorLabel(request.actor),
      data: { authorisationId },
      personal: { text },
    });
    return done({ authorisationId });
  });
}

/** Ends an authorisation at once: what was released under it and has not left does not leave any more. */
export function revokeAuthorisation(
  house: House,
  request: Request,
  input: { readonly authorisationId: string; readonly reason: string },
): Promise<Answer<{ authorisationId: string }>> {
  return runCommand(house, request, 'revoke-authorisation', async (store) => {
    const { authorisationId, reason } = input;
    const found = await standing(store, authorisationId);
    if (!found.ok) return found;
    await store.releases.revoke(authorisationId, personOf(request.actor).personId, reason);
    await store.releases.wakeUnapproved();
    await store.register.append({
      stream: 'house',
      type: 'authorisation.revoked',
      actor: actorLabel(request.actor),
      data: { authorisationId },
      personal: { reason },
    });
    return done({ authorisationId });
  });
}
