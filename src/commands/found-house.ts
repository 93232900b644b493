/** What the operator of the host may do before anybody can sign in: name the organisation, enter its first administrator. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { PersonEntry } from '../domain/people.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { enter } from './keep-people.ts';

// Whoever runs this holds the database's password and the keys: there is no one to ask for a right.
const operator: Actor = { kind: 'machine', name: 'operator' };

interface Token {
  readonly sha256: Uint8Array;
  readonly days: number;
}

class Refused extends Error {}

/** Refused once the house has an administrator, and in the demo organisation. */
export function foundHouse(
  house: House,
  input: { readonly organisation: string; readonly person: PersonEntry; readonly token: Token },
): Promise<Outcome<{ personId: string }>> {
  return asOperator(house, async (store) => {
    const { organisation, person, token } = input;
    const kind = await store.house.organisationKind();
    if (kind === 'demo') {
      return refuse('conflict', 'This is the demo organisation: found yours in a new database.');
    }
    const people = await store.people.lock();
    if (people.some(({ active, roles }) => active && roles.includes('administrator'))) {
      return refuse('conflict', 'There is an administrator already, who enters everybody else.');
    }
    if (kind === null) {
      await store.people.nameOrganisation(organisation);
      await store.register.append({
        stream: 'house',
        type: 'organisation.named',
        actor: actorLabel(operator),
        data: { kind: 'own', name: organisation },
      });
    }
    const roles = [...new Set([...person.roles, 'administrator' as const])];
    const entered = await enter(store, operator, [{ ...person, roles }]);
    if (!entered.ok) return entered;
    return issue(store, person, token);
  });
}

/** Gives a person a token to sign in with. */
export function issueToken(
  house: House,
  input: { readonly issuer: string; readonly subject: string; readonly token: Token },
): Promise<Outcome<{ personId: string }>> {
  return asOperator(house, (store) => issue(store, input, input.token));
}

async function issue(
  store: Store,
  { issuer, subject }: Pick<PersonEntry, 'issuer' | 'subject'>,
  { sha256, days }: Token,
): Promise<Outcome<{ personId: string }>> {
  const person = (await store.people.lock()).find(
    (one) => one.issuer === issuer && one.subject === subject,
  );
  if (person?.active !== true) {
    return refuse('not-found', `Nobody active is "${subject}" of the issuer "${issuer}".`);
  }
  const { personId } = person;
  await store.people.putToken(personId, sha256, days);
  await store.register.append({
    stream: 'house',
    type: 'token.issued',
    actor: actorLabel(operator),
    data: { personId, days },
  });
  return done({ personId });
}

async function asOperator<T>(
  house: House,
  fn: (store: Store) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  let refusal: Outcome<T> | undefined;
  try {
    return await house.as(operator, async (store) => {
      const outcome = await fn(store);
      if (outcome.ok) return outcome;
      refusal = outcome;
      throw new Refused();
    });
  } catch (error) {
    if (error instanceof Refused && refusal !== undefined) return refusal;
    throw error;
  }
}
