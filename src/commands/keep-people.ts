/** Keeps the people of the house: entered, changed, deactivated and back again, each an entry of the house. */
import { actorLabel, type Actor, type Role } from '../domain/actor.ts';
import { isSameMail } from '../domain/out-of-band.ts';
import {
  conflictOf,
  deputyCycle,
  rolesWithoutHolder,
  type ListedPerson,
  type PersonEntry,
} from '../domain/people.ts';
import { toMs, type Instant } from '../domain/instant.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type FieldFault, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';

export interface EnteredPeople {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Roles nobody active holds: their alarms reach nobody. */
  readonly withoutHolder: readonly Role[];
}

/** Enters or changes people by issuer and subject, all or none. Who is not named stays as it was. */
export function enterPeople(
  house: House,
  request: Request,
  entries: readonly PersonEntry[],
): Promise<Answer<EnteredPeople>> {
  return runCommand(house, request, 'manage-people', (store) =>
    enter(store, request.actor, entries),
  );
}

/** Sets who is called after one person, in order; all else about them stays. */
export function changeDeputies(
  house: House,
  request: Request,
  input: { readonly personId: string; readonly deputies: readonly string[] },
): Promise<Answer<EnteredPeople>> {
  return runCommand(house, request, 'manage-people', async (store) => {
    const found = (await store.people.lock()).find(({ personId }) => personId === input.personId);
    if (found === undefined) return refuse('not-found', 'There is no such person.');
    const { issuer, subject, name, email, roles, units } = found;
    const { deputies } = input;
    return enter(store, request.actor, [{ issuer, subject, name, email, roles, units, deputies }]);
  });
}

/** The same inside a transaction under way, for whoever was allowed to begin it. */
export async function enter(
  store: Store,
  actor: Actor,
  entries: readonly PersonEntry[],
): Promise<Outcome<EnteredPeople>> {
  const before = new Map((await store.people.lock()).map((one) => [identity(one), one]));
  const faults = entries.flatMap((entry, index) => faultsOf(entry, index, entries, before));
  if (faults.length > 0) {
    return refuse('invalid', 'The people cannot be entered as they are; nobody was.', faults);
  }
  const changes = entries.filter((entry) => !isSame(entry, before.get(identity(entry))));
  const ids = await store.people.put(changes);
  const after = await store.people.list();
  if (!hasAdministrator(after)) return refuse('conflict', lastAdministrator);
  for (const [index, { issuer, subject, name, email, roles, units }] of changes.entries()) {
    await store.register.append({
      stream: 'house',
      type: 'person.entered',
      actor: actorLabel(actor),
      data: { personId: ids[index] ?? '', roles: [...roles], units: [...units] },
      personal: { issuer, subject, name, email },
    });
  }
  const added = changes.filter((entry) => !before.has(identity(entry))).length;
  return done({
    added,
    changed: changes.length - added,
    unchanged: entries.length - changes.length,
    withoutHolder: rolesWithoutHolder(after),
  });
}

const lastAdministrator =
  'Nobody active would be administrator any more: give the role to somebody else first.';

function hasAdministrator(people: readonly ListedPerson[]): boolean {
  return people.some(({ active, roles }) => active && roles.includes('administrator'));
}

function identity({ issuer, subject }: Pick<PersonEntry, 'issuer' | 'subject'>): string {
  return JSON.stringify([issuer, subject]);
}

function isSame(entry: PersonEntry, standing: ListedPerson | undefined): boolean {
  if (standing === undefined) return false;
  const told = ({ name, email, roles, units, deputies }: PersonEntry): string =>
    JSON.stringify([name, email, [...roles].sort(), [...units].sort(), deputies]);
  return told(entry) === told(standing);
}

function faultsOf(
  entry: PersonEntry,
  index: number,
  entries: readonly PersonEntry[],
  before: ReadonlyMap<string, ListedPerson>,
): FieldFault[] {
  const at = (field: string, detail: string): FieldFault => ({
    pointer: `/people/${String(index)}/${field}`,
    detail,
  });
  const faults: FieldFault[] = [];
  const own = identity(entry);
  if (entries.findIndex((other) => identity(other) === own) !== index) {
    faults.push(at('subject', 'stands in the list twice'));
  }
  if (before.get(own)?.active === false) {
    faults.push(at('subject', 'was deactivated: reactivate this person first'));
  }
  const route = before.get(own)?.outOfBand ?? null;
  if (route !== null && isSameMail(route, entry.email)) {
    faults.push(
      at('email', "has the domain of this person's out-of-band route: change that first"),
    );
  }
  const conflict = conflictOf(entry.roles);
  if (conflict !== null) faults.push(at('roles', conflict));
  return [...faults, ...deputyFaults(entry, entries, before).map((text) => at('deputies', text))];
}

function deputyFaults(
  entry: PersonEntry,
  entries: readonly PersonEntry[],
  before: ReadonlyMap<string, ListedPerson>,
): readonly string[] {
  const { issuer, subject, deputies } = entry;
  const faults = deputies.flatMap((deputy, place) => {
    if (deputy === subject) return [`${deputy} is the person itself`];
    if (deputies.indexOf(deputy) !== place) return [`${deputy} stands in the list twice`];
    const named = identity({ issuer, subject: deputy });
    const isKnown =
      before.get(named)?.active === true || entries.some((other) => identity(other) === named);
    return isKnown ? [] : [`${deputy} is nobody active of this issuer`];
  });
  if (faults.length > 0 || isSame(entry, before.get(identity(entry)))) return faults;
  const cycle = deputyCycle(subject, (of) => {
    const key = identity({ issuer, subject: of });
    return (entries.find((other) => identity(other) === key) ?? before.get(key))?.deputies ?? [];
  });
  return cycle === null ? [] : [`a call would come back: ${cycle.join(', then ')}`];
}

/** Takes sign-in, tokens and calls from a person, or gives sign-in and calls back; tokens stay revoked. */
export function setPersonActive(
  house: House,
  request: Request,
  input: { readonly personId: string; readonly active: boolean },
): Promise<Answer<{ active: boolean; withoutHolder: readonly Role[] }>> {
  return runCommand(house, request, 'manage-people', async (store) => {
    const { personId, active } = input;
    const person = (await store.people.lock()).find((one) => one.personId === personId);
    if (person === undefined) return refuse('not-found', 'There is no such person.');
    if (person.active === active) {
      return refuse('conflict', `This person is ${active ? 'active' : 'deactivated'} already.`);
    }
    await store.people.setActive(personId, active);
    const after = await store.people.list();
    if (!hasAdministrator(after)) return refuse('conflict', lastAdministrator);
    await store.register.append({
      stream: 'house',
      type: active ? 'person.reactivated' : 'person.deactivated',
      actor: actorLabel(request.actor),
      data: { personId },
    });
    return done({ active, withoutHolder: rolesWithoutHolder(after) });
  });
}

/** Says until when calls pass a person over, or (null) that they are back. Who is away may still sign in. */
export function setPersonAbsent(
  house: House,
  request: Request,
  input: { readonly personId: string; readonly until: Instant | null },
): Promise<Answer<{ absentUntil: Instant | null }>> {
  return runCommand(house, request, 'manage-people', async (store) => {
    const { personId, until } = input;
    const person = (await store.people.lock()).find((one) => one.personId === personId);
    if (person === undefined) return refuse('not-found', 'There is no such person.');
    if (until !== null && toMs(until) <= toMs(await store.house.now())) {
      return refuse('invalid', 'The absence would be over already.', [
        { pointer: '/until', detail: 'must lie ahead' },
      ]);
    }
    if (until === person.absentUntil) return done({ absentUntil: until });
    await store.people.setAbsent(personId, until);
    await store.register.append({
      stream: 'house',
      type: until === null ? 'person.returned' : 'person.absented',
      actor: actorLabel(request.actor),
      data: { personId, until },
    });
    return done({ absentUntil: until });
  });
}
