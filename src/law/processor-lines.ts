/** What a processor owes on a track: one notice to each customer, and nothing else of its own. */
import type { Grade } from '../domain/case.ts';
import { dutyInForce } from './duties.ts';
import { contractualDues, customerClock, factsRead, lineOf } from './line.ts';
import { engagementsBy } from './obligation-draft.ts';
import type {
  EngagementGroup,
  EngagementInput,
  ObligationDraft,
  TrackInput,
} from './obligation-draft.ts';
import type { Policy } from './policy.ts';
import type { Provision } from './provision.ts';
import { customerDecision } from './reasons.ts';

/** Recipient of the line that says why a processor owes nothing to authorities or people. */
const controllersDecide = 'controllers-decide';

const grades: readonly Grade[] = ['confirmed', 'likely', 'not-excluded', 'excluded'];

export function processorLines(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  const toAuthority = dutyInForce('authority', track.affiliate, track.awareAt);
  const toControllers = dutyInForce('controller', track.affiliate, track.awareAt);
  const byCustomer = engagementsBy(
    engagements,
    ({ affiliateKey, customerKey }) => `${affiliateKey} ${customerKey}`,
  );
  return [
    ...(toAuthority === null ? [] : [notOursLine(track, toAuthority)]),
    ...(toControllers === null
      ? []
      : customerLines(track, toControllers, [...byCustomer.values()], policy)),
  ];
}

function notOursLine(track: TrackInput, provision: Provision): ObligationDraft {
  return lineOf(track, provision, {
    recipientKey: controllersDecide,
    state: 'not-owed',
    reason:
      'Not owed, because we are processor here: each controller decides about its authority and its people.',
  });
}

function customerLines(
  track: TrackInput,
  provision: Provision,
  customers: readonly EngagementGroup[],
  policy: Policy,
): ObligationDraft[] {
  const clock = customerClock(provision, track, track.awareAt, policy.controllerTargetHours);
  return customers.map((theirs) => customerLine(track, provision, theirs, clock));
}

/** One line per customer and affiliate, its engagements as sections; the earliest contract term is the due. */
function customerLine(
  track: TrackInput,
  provision: Provision,
  engagements: EngagementGroup,
  clock: ReturnType<typeof customerClock>,
): ObligationDraft {
  const [first] = engagements;
  const inOrder = engagements.toSorted((one, other) =>
    one.engagementKey < other.engagementKey ? -1 : 1,
  );
  const sections = inOrder.filter((engagement) => engagement.exposure !== 'excluded');
  const told = sections.length > 0 ? sections : inOrder;
  const exposure = grades.find((grade) => told.some((item) => item.exposure === grade));
  const decision = customerDecision(track.assessment, exposure ?? 'not-excluded');
  const leftOut = engagements.length - told.length;
  const line = lineOf(track, provision, {
    recipientKey: first.customerKey,
    state: decision.state,
    reason: leftOut === 0 ? decision.reason : `${decision.reason} ${leftOutText(leftOut)}`,
    dues: contractualDues(track, sections, clock),
    engagementKeys: told.map((engagement) => engagement.engagementKey),
    factsUsed: [
      ...factsRead(track.assessment),
      ...told.map(({ engagementKey, exposure: value }) => ({
        name: `exposure/${engagementKey}`,
        value,
      })),
    ],
  });
  return { ...line, affiliateKey: first.affiliateKey };
}

function leftOutText(count: number): string {
  return count === 1
    ? 'One further engagement of theirs is excluded and left out.'
    : `${String(count)} further engagements of theirs are excluded and left out.`;
}
