/** Which national authorities take the notices of a provider of electronic communications: all of those of its country, no one-stop-shop. */
import type { CompetentAuthority } from './authorities.ts';
import { authorityById } from './authorities.ts';
import type { TelecomAuthority } from './authority.ts';
import { telecomAuthorityData } from './data/telecom-authorities.ts';

/**
 * Every competent national authority of a provider established in the country; Germany has two. Empty where none is
 * carried. Source: Art. 2(1) Regulation (EU) No 611/2013; Directive 2002/58/EC, Art. 4; EDPB Opinion 5/2019 (each acts
 * for its own territory). In the UK it is the Information Commissioner, PECR reg. 5A.
 */
export function telecomAuthorities(country: string): CompetentAuthority[] {
  const why =
    country === 'GB'
      ? 'Reg. 5A PECR 2003'
      : `Art. 2(1) Regulation 611/2013: competent for providers established in ${country}; no one-stop-shop`;
  return telecomAuthorityData
    .filter((authority) => authority.country === country)
    .map(({ id, name, channel, languages, zone, verification }) => ({
      ...{ authorityId: id, name, role: 'competent' as const },
      ...{ channel, languages, zone, verification, why },
    }))
    .toSorted((one, other) => (one.authorityId < other.authorityId ? -1 : 1));
}

/** The authority of this id, whatever it takes notices of; its entry as taker of general notices goes first. Null for none. */
export function authorityNamed(
  id: string,
): Pick<TelecomAuthority, 'id' | 'name' | 'nativeName' | 'channel'> | null {
  return authorityById(id) ?? telecomAuthorityData.find((one) => one.id === id) ?? null;
}
