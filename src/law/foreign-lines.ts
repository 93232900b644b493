/** What a controller owes under the law of people who live where another law than its own protects them. */
import { competentAuthorities } from './authorities.ts';
import { choiceOf } from './authority-choice.ts';
import { dutyInForce } from './duties.ts';
import { lineOf, statutoryDues } from './line.ts';
import type { ObligationDraft, TrackInput } from './obligation-draft.ts';
import type { Policy } from './policy.ts';
import { authorityDecision, subjectDecision } from './reasons.ts';
import type { Reasoned } from './reasons.ts';
import { isInEea, regimeNames, regimeOf } from './regimes.ts';
import type { GeneralRegime } from './regimes.ts';

/**
 * The lines beside those of the affiliate's own law, one law after the other: the authority there, to be decided by a
 * person because a law reaches a controller abroad only in its own conditions; people are told once, by the one notice.
 */
export function foreignLines(track: TrackInput, policy: Policy): ObligationDraft[] {
  const own = regimeOf(track.affiliate.country);
  const affected = (track.affectedCountries ?? []).filter(isCarried);
  const laws = [...new Set(affected.map(regimeOf))].filter((regime) => regime !== own);
  return laws.flatMap((regime) => {
    const countries = affected.filter((country) => regimeOf(country) === regime);
    return [
      ...authorityLines(track, regime, countries, policy),
      ...peopleLine(track, regime, countries),
    ];
  });
}

/** True where the country has a law that is carried here; of others nothing is said, and coverage names them. */
function isCarried(country: string): boolean {
  return isInEea(country) || regimeOf(country) !== 'eu-gdpr';
}

function authorityLines(
  track: TrackInput,
  regime: GeneralRegime,
  countries: readonly string[],
  policy: Policy,
): ObligationDraft[] {
  const provision = dutyThere('authority', track, countries);
  if (provision === null) return [];
  const { state, reason } = reachOf(
    regime,
    countries,
    authorityDecision(track.assessment, provision),
  );
  const clock = { fromAt: track.awareAt, zone: track.affiliate.zone };
  const chosen = competentAuthorities({
    regime,
    processing: { crossBorder: true, affectedCountries: countries },
    affiliate: track.affiliate,
  });
  return chosen.map((authority) =>
    lineOf(track, provision, {
      recipientKey: authority.authorityId,
      state,
      reason,
      dues: statutoryDues(provision, clock, policy.authorityTargetHours),
      authority: choiceOf(authority),
    }),
  );
}

function peopleLine(
  track: TrackInput,
  regime: GeneralRegime,
  countries: readonly string[],
): ObligationDraft[] {
  const provision = dutyThere('data-subject', track, countries);
  if (provision === null) return [];
  const own = regimeNames[regimeOf(track.affiliate.country)];
  const decision = subjectDecision(track.assessment);
  const onceOnly = `Not owed apart, because people in ${countries.join(', ')} are told by the one notice under the ${own}, once and not twice; ${regimeNames[regime]} has the same aim.`;
  return [
    lineOf(track, provision, {
      recipientKey: track.processingKey ?? track.affiliate.key,
      state: 'not-owed',
      reason: decision.state === 'not-owed' ? decision.reason : onceOnly,
    }),
  ];
}

function dutyThere(
  kind: 'authority' | 'data-subject',
  { affiliate, awareAt }: TrackInput,
  [country = '']: readonly string[],
): ReturnType<typeof dutyInForce> {
  return dutyInForce(kind, { country, zone: affiliate.zone }, awareAt);
}

/** Why a law may reach a controller that does not sit there. */
const reaches: Readonly<Record<GeneralRegime, string>> = {
  'eu-gdpr':
    'the GDPR reaches a controller outside the EEA that offers goods or services there or monitors behaviour, Art. 3(2)',
  'uk-gdpr':
    'the UK GDPR reaches a controller outside the UK that offers goods or services there or monitors behaviour, Art. 3(2)',
  'ch-fadp': 'the FADP reaches what has an effect in Switzerland, Art. 3(1)',
  'gi-gdpr':
    'the Gibraltar GDPR reaches a controller outside that offers goods or services there or monitors behaviour, Art. 3(2)',
  'je-dpl': 'the Jersey law may reach a controller outside; its conditions were not read',
  'gg-dpl': 'the Guernsey law may reach a controller outside; its conditions were not read',
  'im-gdpr':
    'the law of the Isle of Man may reach a controller outside; its conditions were not read',
};

function reachOf(
  regime: GeneralRegime,
  countries: readonly string[],
  { state, reason }: Reasoned,
): Reasoned {
  if (state === 'not-owed') return { state, reason };
  return {
    state: 'to-decide',
    reason: `To decide: people in ${countries.join(', ')} are affected, and ${reaches[regime]}; a person says whether it does. If so: ${reason}`,
  };
}
