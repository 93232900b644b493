/** What a controller or joint controller owes on a track: to authorities, to people, to its own record. */
import type { Instant } from '../domain/instant.ts';
import { competentAuthorities } from './authorities.ts';
import { choiceOf } from './authority-choice.ts';
import { dutyInForce } from './duties.ts';
import { foreignLines } from './foreign-lines.ts';
import { lineOf, statutoryDues } from './line.ts';
import type { EngagementInput, ObligationDraft, TrackInput } from './obligation-draft.ts';
import type { Policy } from './policy.ts';
import type { Provision } from './provision.ts';
import { authorityDecision, registerDecision, subjectDecision } from './reasons.ts';
import type { Reasoned } from './reasons.ts';
import { regimeOf } from './regimes.ts';

/** Recipient of a line whose authority cannot be named before the affected countries are. */
const unnamedAuthority = 'authority-to-be-named';

export function controllerLines(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  const engagementKeys = engagements
    .filter((engagement) => engagement.exposure !== 'excluded')
    .map((engagement) => engagement.engagementKey)
    .toSorted();
  const toSubjects = dutyInForce('data-subject', track.affiliate, track.awareAt);
  const toRegister = dutyInForce('register', track.affiliate, track.awareAt);
  const lines = [
    ...generalAuthorityLines(track, policy),
    ...(track.connectedService === true ? [] : foreignLines(track, policy)),
    ...(toSubjects === null ? [] : [subjectLine(track, toSubjects, policy)]),
    ...(toRegister === null ? [] : [registerLine(track, toRegister)]),
  ];
  return lines.map((line) => ({ ...line, engagementKeys }));
}

/** The lines of the general law to authorities for a track, whatever its role; empty where none was in force. */
export function generalAuthorityLines(track: TrackInput, policy: Policy): ObligationDraft[] {
  const provision = dutyInForce('authority', track.affiliate, track.awareAt);
  return provision === null ? [] : authorityLines(track, provision, policy);
}

function authorityLines(
  track: TrackInput,
  provision: Provision,
  policy: Policy,
): ObligationDraft[] {
  const chosen = competentAuthorities({
    regime: regimeOf(track.affiliate.country),
    processing: {
      crossBorder: track.crossBorder ?? false,
      affectedCountries: track.affectedCountries ?? [],
    },
    affiliate: track.affiliate,
  });
  const { state, reason } =
    track.connectedService === true
      ? notifiedAsProvider
      : jointly(track, authorityDecision(track.assessment, provision), 'files');
  const dues = statutoryDues(provision, clockOf(track), policy.authorityTargetHours);
  const notified = chosen.filter((authority) => authority.role !== 'concerned');
  if (notified.length === 0) {
    const missing = 'No authority can be named before the countries of the people affected are.';
    return [
      lineOf(track, provision, {
        recipientKey: unnamedAuthority,
        state: state === 'owed' ? 'to-decide' : state,
        reason: `${reason} ${missing}`,
        dues,
      }),
    ];
  }
  return notified.map((authority) =>
    lineOf(track, provision, {
      recipientKey: authority.authorityId,
      state,
      reason,
      dues,
      authority: choiceOf(authority),
    }),
  );
}

/** Art. 95 GDPR: no further duty where the provider's own law has the same aim; one filing, under that law. */
const notifiedAsProvider: Reasoned = {
  state: 'not-owed',
  reason:
    'Not owed, because the breach is connected with the communications service and is notified under Art. 2 or 5 of Regulation (EU) No 611/2013, in the UK under reg. 5A PECR: no second filing, Art. 95 GDPR.',
};

const toldAsProvider: Reasoned = {
  state: 'not-owed',
  reason:
    'Not owed, because subscribers and people are told under 611/2013 or PECR: the same duty is not owed twice, Art. 95 GDPR.',
};

function subjectLine(track: TrackInput, provision: Provision, policy: Policy): ObligationDraft {
  return lineOf(track, provision, {
    recipientKey: track.processingKey ?? track.affiliate.key,
    ...(track.connectedService === true
      ? toldAsProvider
      : jointly(track, subjectDecision(track.assessment), 'tells')),
    dues: statutoryDues(provision, clockOf(track), policy.subjectTargetHours),
  });
}

function clockOf(track: TrackInput): { fromAt: Instant; zone: string } {
  return { fromAt: track.awareAt, zone: track.affiliate.zone };
}

function registerLine(track: TrackInput, provision: Provision): ObligationDraft {
  return lineOf(track, provision, {
    recipientKey: track.affiliate.key,
    ...registerDecision(track.assessment),
  });
}

/** What the arrangement says of an act; only where it leaves the act to the others everywhere is it theirs, and a person says so. */
function jointly(track: TrackInput, decision: Reasoned, act: 'files' | 'tells'): Reasoned {
  if (track.role !== 'joint-controller' || decision.state === 'not-owed') return decision;
  const arrangements = track.arrangements ?? [];
  const { reason } = decision;
  const verb = { files: 'file', tells: 'tell people' }[act];
  const theirs = arrangements.filter((one) => one[act] === 'them');
  if (theirs.length > 0 && theirs.length === arrangements.length) {
    const others = theirs.map((one) => one.with).join(', ');
    return {
      state: 'to-decide',
      reason: `To decide: by the arrangement under Art. 26 GDPR ${others} ${verb}; a person says whether that was done, for we stay answerable. Without it: ${reason}`,
    };
  }
  const said = arrangements.some((one) => one[act] === 'us')
    ? `By the arrangement under Art. 26 GDPR we ${verb}.`
    : `No arrangement under Art. 26 GDPR on record says that another controller should ${verb}, so we do.`;
  return { ...decision, reason: `${reason} ${said}` };
}
