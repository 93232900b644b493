/** Derives every obligation of a case from its tracks and engagements: owed, not owed because, or to decide. */
import { controllerLines } from './controller-lines.ts';
import { engagementsBy } from './obligation-draft.ts';
import type { EngagementInput, ObligationDraft, TrackInput } from './obligation-draft.ts';
import { defaultPolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import { processorLines } from './processor-lines.ts';
import { providerLines } from './provider-lines.ts';

export type { EngagementInput, ObligationDraft, TrackInput } from './obligation-draft.ts';

export interface ObligationsInput {
  readonly tracks: readonly TrackInput[];
  readonly engagements: readonly EngagementInput[];
  readonly policy?: Policy;
}

/**
 * Every line of every track, one per provision, affiliate, recipient and track, in the order of track,
 * provision and recipient whatever the order of the input. Each cites a text in force on the day of
 * awareness; a provision not yet or no longer in force then yields no line.
 */
export function deriveObligations(input: ObligationsInput): ObligationDraft[] {
  const policy = input.policy ?? defaultPolicy;
  const byTrack = engagementsBy(input.engagements, (engagement) => engagement.trackId);
  const lines = input.tracks.flatMap((track) => {
    const engagements = byTrack.get(track.trackId) ?? [];
    return linesOf(track, engagements, policy);
  });
  return lines.toSorted(byTrackProvisionRecipient);
}

function linesOf(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  switch (track.role) {
    case 'processor':
      return processorLines(track, engagements, policy);
    case 'provider':
      return providerLines(track, engagements, policy);
    case 'controller':
    case 'joint-controller':
      return controllerLines(track, engagements, policy);
  }
}

function byTrackProvisionRecipient(one: ObligationDraft, other: ObligationDraft): number {
  return (
    compareText(one.trackId, other.trackId) ||
    compareText(one.provision, other.provision) ||
    compareText(one.affiliateKey, other.affiliateKey) ||
    compareText(one.recipientKey, other.recipientKey)
  );
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
