/** What a provider of public electronic communications owes on a track: every breach to every national authority, and its subscribers. */
import type { Instant } from '../domain/instant.ts';
import type { AuthorityChoice } from '../domain/obligation.ts';
import { choiceOf } from './authority-choice.ts';
import { lineOf, statutoryDues } from './line.ts';
import { engagementsBy } from './obligation-draft.ts';
import type { EngagementInput, ObligationDraft, TrackInput } from './obligation-draft.ts';
import type { Policy } from './policy.ts';
import type { Provision, ProvisionId } from './provision.ts';
import { provisionInForce } from './provisions.ts';
import type { Reasoned } from './reasons.ts';
import { telecomAuthorities } from './telecom-authorities.ts';

/** Recipient of a line whose authorities are not carried for the country. */
const unnamedAuthority = 'authority-to-be-named';

/**
 * Lines of a provider's track: Art. 2 to 5 of Regulation (EU) No 611/2013, or PECR reg. 5A in the UK. Engagements of
 * wholesale customers lead to the contracting provider alone, Art. 5: that one makes the notices.
 */
export function providerLines(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  const touched = engagements.filter((one) => one.exposure !== 'excluded');
  const wholesale = touched.filter((one) => one.wholesale === true);
  const retail = touched.filter((one) => one.wholesale !== true);
  const onlyWholesale = wholesale.length > 0 && retail.length === 0;
  return [
    ...(onlyWholesale ? [] : authorityLines(track, policy)),
    ...subscriberLines(track, retail, policy),
    ...wholesaleLines(track, wholesale, policy),
    ...inventoryLines(track),
  ];
}

function textInForce(track: TrackInput, union: ProvisionId, kingdom: ProvisionId | null) {
  const id = track.affiliate.country === 'GB' ? kingdom : union;
  return id === null ? null : provisionInForce(id, track.awareAt, track.affiliate.zone);
}

/** The instant a text counts from on this track; a detection nobody has recorded is awareness, never later. */
function clockOf(track: TrackInput, { runsFrom }: Provision): { fromAt: Instant; zone: string } {
  const fromAt = runsFrom === 'detection' ? (track.detectedAt ?? track.awareAt) : track.awareAt;
  return { fromAt, zone: track.affiliate.zone };
}

function authorityLines(track: TrackInput, policy: Policy): ObligationDraft[] {
  const first = textInForce(track, 'eprivacy-611/2/2', 'uk-pecr/5a/2');
  if (first === null) return [];
  const decision = everyBreach(track);
  const dues = statutoryDues(first, clockOf(track, first), policy.providerTargetHours);
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

function secondNotice(
  track: TrackInput,
  line: { recipientKey: string; authority: AuthorityChoice },
  policy: Policy,
): ObligationDraft[] {
  const second = textInForce(track, 'eprivacy-611/2/3', null);
  const submitted = track.firstSubmission;
  if (second === null || submitted === undefined || submitted.isComplete) return [];
  const clock = { fromAt: submitted.at, zone: track.affiliate.zone };
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

function everyBreach({ assessment }: TrackInput): Reasoned {
  return assessment.isBreach
    ? {
        state: 'owed',
        reason:
          'Owed, because every breach connected with the service is notified, whatever its risk.',
      }
    : { state: 'not-owed', reason: 'Not owed, because this is not a personal data breach.' };
}

function subscriberLines(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  const text = textInForce(track, 'eprivacy-611/3/1', 'uk-pecr/5a/3');
  if (text === null) return [];
  const decision = adverseEffect(track);
  const bySubscriber = engagementsBy(engagements, ({ customerKey }) => customerKey);
  return [...bySubscriber].map(([customerKey, theirs]) =>
    lineOf(track, text, {
      recipientKey: customerKey,
      ...decision,
      dues: statutoryDues(text, clockOf(track, text), policy.providerTargetHours),
      engagementKeys: theirs.map((one) => one.engagementKey).toSorted(),
    }),
  );
}

/** Art. 3(1), 3(2) and 4: adverse effect is judged by a person wherever the rules find any risk. */
function adverseEffect({ assessment }: TrackInput): Reasoned {
  if (!assessment.isBreach) {
    return { state: 'not-owed', reason: 'Not owed, because this is not a personal data breach.' };
  }
  if (assessment.rules.some(({ id }) => id === 'C-02') && assessment.riskLevel === 'unlikely') {
    return {
      state: 'not-owed',
      reason:
        'Not owed, because the data were unintelligible, Art. 4; the authority is shown the protection and may see it otherwise.',
    };
  }
  if (assessment.riskLevel === 'high-risk' && !assessment.restsOnUnknowns) {
    return {
      state: 'owed',
      reason: 'Owed, because an adverse effect on the data or privacy of subscribers is likely.',
    };
  }
  if (assessment.riskLevel === 'unlikely') {
    return {
      state: 'not-owed',
      reason: 'Not owed, because an adverse effect on subscribers is not likely.',
    };
  }
  return {
    state: 'to-decide',
    reason:
      'To decide: whether an adverse effect on subscribers is likely, by nature and content of the data, consequences and circumstances, Art. 3(2).',
  };
}

function wholesaleLines(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  const text = textInForce(track, 'eprivacy-611/5', null);
  if (text === null) return [];
  const { isBreach } = track.assessment;
  return [...engagementsBy(engagements, ({ customerKey }) => customerKey)].map(
    ([customerKey, theirs]) =>
      lineOf(track, text, {
        recipientKey: customerKey,
        state: isBreach ? 'owed' : 'not-owed',
        reason: isBreach
          ? 'Owed at once, because they have the contract with the subscribers and make the notices.'
          : 'Not owed, because this is not a personal data breach.',
        dues: statutoryDues(text, clockOf(track, text), policy.wholesaleTargetHours),
        engagementKeys: theirs.map((one) => one.engagementKey).toSorted(),
      }),
  );
}

function inventoryLines(track: TrackInput): ObligationDraft[] {
  const text = textInForce(track, 'eprivacy/4/4', null);
  if (text === null) return [];
  return [lineOf(track, text, { recipientKey: track.affiliate.key, ...inventory(track) })];
}

function inventory({ assessment }: TrackInput): Reasoned {
  return assessment.isBreach
    ? { state: 'owed', reason: 'Owed, because a provider keeps an inventory of every breach.' }
    : { state: 'not-owed', reason: 'Not owed, because this is not a personal data breach.' };
}
