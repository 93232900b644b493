/** People of the house: who they are to the identity provider, what they may do, and which roles exclude each other. */
import type { Role } from './actor.ts';
import type { Instant } from './instant.ts';

export interface PersonEntry {
  /** Identity is issuer and subject together; the address is only where the person is called. */
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  /** Units whose cases the person may see; `*` for the whole group. */
  readonly units: readonly string[];
  /** Subjects, of the same issuer, of who is called when this person does not answer, first to last. */
  readonly deputies: readonly string[];
}

export interface ListedPerson extends PersonEntry {
  readonly personId: string;
  readonly active: boolean;
  /** Calls pass this person over until then; null for somebody who is there. */
  readonly absentUntil: Instant | null;
  /** Where the person is called while mail is barred; null: by telephone only. */
  readonly outOfBand: string | null;
}

export interface PeopleStore {
  /** Everybody, by issuer and subject. */
  list(): Promise<readonly ListedPerson[]>;
  /** As `list`, and nobody else changes people until the transaction ends. */
  lock(): Promise<readonly ListedPerson[]>;
  /** Enters or changes people by issuer and subject; gives their ids in the order of the input. */
  put(entries: readonly PersonEntry[]): Promise<readonly string[]>;
  /** Not active: signs in no more, and every token is revoked for good. */
  setActive(personId: string, active: boolean): Promise<void>;
  /** Calls pass the person over until then; null: they are back. */
  setAbsent(personId: string, until: Instant | null): Promise<void>;
  setOutOfBand(personId: string, address: string | null): Promise<void>;
  /** The addresses affiliates send from, now or once. */
  senderAddresses(): Promise<readonly string[]>;
  /** True while mail is barred for any open case or for the house. */
  isMailBarredAnywhere(): Promise<boolean>;
  putToken(personId: string, tokenSha256: Uint8Array, days: number): Promise<void>;
  /** Names the real organisation of this installation, once. */
  nameOrganisation(name: string): Promise<void>;
}

const deciding: readonly Role[] = ['legal', 'executive'];

/** Why no person may hold these roles together; null when one may. */
export function conflictOf(roles: readonly Role[]): string | null {
  const decides = deciding.find((role) => roles.includes(role));
  if (!roles.includes('dpo') || decides === undefined) return null;
  return `a DPO must not hold the role ${decides}: it decides and approves what the DPO advises on, a conflict of interests under Art. 38(6) GDPR`;
}

/** The way back to `subject` along the deputies of `deputies`, each called after the one before; null for none. */
export function deputyCycle(
  subject: string,
  deputies: (subject: string) => readonly string[],
): readonly string[] | null {
  const seen = new Set<string>();
  const walk = (from: string, way: readonly string[]): readonly string[] | null => {
    for (const next of deputies(from)) {
      if (next === subject) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(subject, [subject]);
}

/** Roles that no active person holds: their alarms reach nobody. */
export function rolesWithoutHolder(people: readonly ListedPerson[]): readonly Role[] {
  const called: readonly Role[] = ['responder', 'legal', 'dpo', 'executive'];
  const held = new Set(people.filter(({ active }) => active).flatMap(({ roles }) => roles));
  return called.filter((role) => !held.has(role));
}
