/** The way people are called while mail itself is suspected: an address, set in advance, outside the house's own mail. */

/** How a ring reached a person; by telephone only somebody who reads the page can. */
export type CallWay = 'mail' | 'out-of-band' | 'telephone';

/** What registries of countries hand out names below, as in `co.uk`. */
const secondLevel = /^(?:ac|co|com|edu|gov|go|gv|ltd|ne|net|nhs|nom|or|org|plc|sch)$/;

/**
 * The name somebody registered, behind an address. Where a registry hands out names below others that are not known
 * here, two houses look like one: a route is then refused that could do, never taken that could not.
 */
function registeredDomain(address: string): string {
  const labels = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '')
    .split('.');
  const [country = '', second = ''] = labels.toReversed();
  const count = country.length === 2 && secondLevel.test(second) ? 3 : 2;
  return labels.slice(-count).join('.');
}

/** True where one operator most likely keeps both mailboxes: their domains are the same, or below the same one. */
export function isSameMail(one: string, other: string): boolean {
  return registeredDomain(one) === registeredDomain(other);
}

/**
 * Why an address cannot be a person's out-of-band route, for the person who gave it; null when it can. `house` are the
 * addresses the house itself sends from.
 */
export function routeFault(route: string, email: string, house: readonly string[]): string | null {
  if (isSameMail(route, email))
    return 'has the same domain as the ordinary address of this person: who reads one mailbox may read the other';
  if (house.some((sender) => isSameMail(route, sender)))
    return "is in a domain of the house's own mail, which is what may be suspected";
  return null;
}
