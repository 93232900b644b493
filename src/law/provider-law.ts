/** Which law of electronic communications binds a provider, and the instant its hours are counted from. */
import type { Instant } from '../domain/instant.ts';
import type { TrackInput } from './obligation-draft.ts';
import type { Provision, ProvisionId } from './provision.ts';
import { provisionInForce } from './provisions.ts';
import { isInEea } from './regimes.ts';

const kingdom = 'GB';

/** True where 611/2013 or PECR bind a provider of the country, so that its filing takes the place of that of the general law. */
export function isProviderLawOf(country: string): boolean {
  return isInEea(country) || country === kingdom;
}

/** The text in force on the track's day of awareness: that of the Union, or its counterpart in the UK; null where there is none. */
export function providerText(
  track: TrackInput,
  union: ProvisionId,
  inKingdom: ProvisionId | null,
): Provision | null {
  const id = track.affiliate.country === kingdom ? inKingdom : union;
  return id === null ? null : provisionInForce(id, track.awareAt, track.affiliate.zone);
}

/** The instant a text counts from on this track; a detection nobody has recorded is awareness, never later. */
export function providerClock(
  track: TrackInput,
  { runsFrom }: Provision,
): { fromAt: Instant; zone: string } {
  const fromAt = runsFrom === 'detection' ? (track.detectedAt ?? track.awareAt) : track.awareAt;
  return { fromAt, zone: track.affiliate.zone };
}
