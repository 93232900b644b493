/** Which engagements stand on which track, and what the law is asked besides of a provider's track and of those it covers. */
import type { CaseFile, Exposure, Track } from '../domain/case.ts';
import { caseTimeAt } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Affiliate, Store } from '../domain/ports.ts';
import type { EngagementInput, TrackInput } from '../law/obligations.ts';
import { isProviderLawOf } from '../law/provider-law.ts';

/**
 * Every engagement once on the track of its role, and one of a public communications service once more on that of its
 * provider: two positions of ours, each with its own outcome.
 */
export function engagementsOnTracks(
  tracks: readonly Track[],
  exposures: readonly Exposure[],
): EngagementInput[] {
  return exposures.flatMap((one) =>
    tracks.flatMap((track) => (standsOn(one, track) ? engagementInput(one, track) : [])),
  );
}

/** True for the track of the exposure's role, and for that of its provider. */
function standsOn(one: Exposure, { role, affiliateKey, processingKey }: Track): boolean {
  if (one.kind !== 'engagement') return false;
  if (role === 'provider') return affiliateKey === one.providerKey;
  if (role !== one.role || affiliateKey !== one.affiliateKey) return false;
  return role === 'processor' || processingKey === productTrackKey(one);
}

/** What scope names a controller's track after that is about no processing of the catalogue. */
function productTrackKey({ productKey }: Exposure): string {
  return `product:${productKey ?? ''}`;
}

function engagementInput(one: Exposure, track: Track): EngagementInput[] {
  const { customerKey, productKey, visibility } = one;
  if (customerKey === null || productKey === null || visibility === null) return [];
  return [
    {
      engagementKey: one.key,
      customerKey,
      affiliateKey: track.affiliateKey,
      trackId: track.trackId,
      productKey,
      role: one.role,
      visibility,
      exposure: one.grade,
      terms: one.contractTerms,
      wholesale: one.wholesale,
    },
  ];
}

/** The arrangements with the other controllers of what stands on a joint controller's track. */
export function arrangementsOn(
  track: Track,
  exposures: readonly Exposure[],
): Pick<TrackInput, 'arrangements'> {
  const arrangements = exposures.flatMap((one) => {
    const isOwn = one.kind === 'processing' && one.key === track.processingKey;
    const stands = one.grade !== 'excluded' && (isOwn || standsOn(one, track));
    return stands && one.joint !== null ? [one.joint] : [];
  });
  return { arrangements };
}

/** The instants besides awareness that a contract term may run from: the report that came in, and the determination. */
export function termStarts({
  receivedAt,
  determinedAt,
  clock,
}: CaseFile): Pick<TrackInput, 'suspectedAt' | 'confirmedAt'> {
  return {
    suspectedAt: receivedAt,
    ...(determinedAt === null ? {} : { confirmedAt: caseTimeAt(clock, determinedAt) }),
  };
}

type ProviderPart = Pick<TrackInput, 'detectedAt' | 'firstSubmissions' | 'connectedService'>;

/** What the law is asked besides: of a provider its detection and first submissions, of other tracks whether a provider files. */
export async function providerPart(
  store: Store,
  file: CaseFile,
  track: Track,
  {
    exposures,
    affiliates,
  }: {
    readonly exposures: readonly Exposure[];
    readonly affiliates: ReadonlyMap<string, Affiliate>;
  },
): Promise<ProviderPart> {
  if (track.role !== 'provider') {
    const theirs = exposures.filter((one) => standsOn(one, track));
    const isFiled = ({ providerKey }: Exposure): boolean =>
      providerKey !== null && isProviderLawOf(affiliates.get(providerKey)?.country ?? '');
    return { connectedService: theirs.length > 0 && theirs.every(isFiled) };
  }
  const firstSubmissions: NonNullable<ProviderPart['firstSubmissions']>[number][] = [];
  for (const one of await store.obligations.firstSubmitted(file.caseId)) {
    if (one.trackId !== track.trackId || one.dispatchedAt === null) continue;
    const isComplete = await saidAll(store, one);
    firstSubmissions.push({ authorityId: one.recipientKey, at: one.dispatchedAt, isComplete });
  }
  return {
    ...(file.detection === null ? {} : { detectedAt: file.detection.detectedAt }),
    firstSubmissions,
  };
}

/** A first notice that left nothing of Annex I open needs no second one; what nobody can read did. */
async function saidAll(store: Store, { obligationId }: Obligation): Promise<boolean> {
  const told = await store.followUps.told(obligationId);
  return told?.content['incomplete'] === false;
}
