/** What a provider of public electronic communications owes to authorities and its own inventory: every breach, to every national authority. */
import type { Instant } from '../domain/instant.ts';
import type { AuthorityChoice } from '../domain/obligation.ts';
import { choiceOf } from './authority-choice.ts';
import { generalAuthorityLines } from './controller-lines.ts';
import { lineOf, statutoryDues } from './line.ts';
import type { EngagementInput, ObligationDraft, TrackInput } from './obligation-draft.ts';
import type { Policy } from './policy.ts';
import { isProviderLawOf, providerClock, providerText } from './provider-law.ts';
import type { Reasoned } from './reasons.ts';
import { subscriberLines, wholesaleLines } from './subscriber-lines.ts';
import { telecomAuthorities } from './telecom-authorities.ts';

/** Recipient of a line whose authorities are not carried for the country. */
const unnamedAuthority = 'authority-to-be-named';

/**
 * Lines of a provider's track: Art. 2 to 5 of Regulation (EU) No 611/2013, or PECR reg. 5A in the UK. Engagements of
 * wholesale customers lead to the contracting provider alone, Art. 5: that one makes the notices. The line of the general
 * law stands beside them as not owed, Art. 95 GDPR: one filing, not two.
 */
export function providerLines(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  const wholesale = engagements.filter((one) => one.wholesale === true);
  const retail = engagements.filter((one) => one.wholesale !== true);
  const isOpen = (one: EngagementInput): boolean => one.exposure !== 'excluded';
  const isSubmitted = (track.firstSubmissions ?? []).length > 0;
  const suppliesOnly = wholesale.some(isOpen) && !retail.some(isOpen) && !isSubmitted;
  const decision = everyBreach(track, engagements.length > 0 && !engagements.some(isOpen));
  return [
    ...(suppliesOnly ? [] : authorityLines(track, decision, policy)),
    ...(isProviderLawOf(track.affiliate.country)
      ? generalAuthorityLines({ ...track, connectedService: true }, policy)
      : []),
    ...subscriberLines(track, retail, policy),
    ...wholesaleLines(track, wholesale, policy),
    ...inventoryLines(track, decision),
  ];
}

function authorityLines(track: TrackInput, decision: Reasoned, policy: Policy): ObligationDraft[] {
  const first = providerText(track, 'eprivacy-611/2/2', 'uk-pecr/5a/2');
  if (first === null) return [];
  const dues = statutoryDues(first, providerClock(track, first), policy.providerTargetHours);
  const authorities = telecomAuthorities(track.affiliate.country);
  if (authorities.length === 0) {
    const reason = `${decision.reason} No competent authority is carried for ${track.affiliate.country}: name it.`;
    const state = decision.state === 'owed' ? 'to-decide' : decision.state;
    return [lineOf(track, first, { recipientKey: unnamedAuthority, state, reason, dues })];
  }
  return authorities.flatMap((authority) => {
    const choice = choiceOf(authority);
    const line = { recipientKey: authority.authorityId, authority: choice };
    return [
      lineOf(track, first, { ...line, ...decision, dues }),
      ...secondNotice(track, line, policy),
    ];
  });
}

/** Three days run from the first notice to this very authority as it was submitted, Art. 2(3). */
function secondNotice(
  track: TrackInput,
  line: { recipientKey: string; authority: AuthorityChoice },
  policy: Policy,
): ObligationDraft[] {
  const second = providerText(track, 'eprivacy-611/2/3', null);
  const submitted = track.firstSubmissions?.find((one) => one.authorityId === line.recipientKey);
  if (second === null || submitted === undefined) return [];
  if (submitted.isComplete) {
    const reason = 'Not owed, because the first notice said all that Annex I asks.';
    return [lineOf(track, second, { ...line, state: 'not-owed', reason })];
  }
  const clock: { fromAt: Instant; zone: string } = {
    fromAt: submitted.at,
    zone: track.affiliate.zone,
  };
  return [
    lineOf(track, second, {
      ...line,
      state: 'owed',
      reason:
        'Owed, because the first notice was not complete; what is still missing is justified.',
      dues: statutoryDues(second, clock, policy.providerTargetHours),
    }),
  ];
}

function everyBreach({ assessment }: TrackInput, isExcluded: boolean): Reasoned {
  if (!assessment.isBreach) {
    return { state: 'not-owed', reason: 'Not owed, because this is not a personal data breach.' };
  }
  return isExcluded
    ? {
        state: 'not-owed',
        reason: 'Not owed, because every line of the service is excluded; the evidence is kept.',
      }
    : {
        state: 'owed',
        reason:
          'Owed, because every breach connected with the service is notified, whatever its risk.',
      };
}

function inventoryLines(track: TrackInput, decision: Reasoned): ObligationDraft[] {
  const text = providerText(track, 'eprivacy/4/4', 'uk-pecr/5a/8');
  if (text === null) return [];
  const kept =
    decision.state === 'owed'
      ? 'Owed, because a provider keeps an inventory of every breach.'
      : decision.reason;
  return [
    lineOf(track, text, {
      recipientKey: track.affiliate.key,
      state: decision.state,
      reason: kept,
    }),
  ];
}
