/** Whom a provider tells besides authorities: its subscribers, Art. 3, and as a supplier the provider that has them, Art. 5. */
import { contractualDues, customerClock, factsRead, lineOf, statutoryDues } from './line.ts';
import { engagementsBy } from './obligation-draft.ts';
import type {
  EngagementGroup,
  EngagementInput,
  ObligationDraft,
  TrackInput,
} from './obligation-draft.ts';
import type { Policy } from './policy.ts';
import { isProviderLawOf, providerClock, providerText } from './provider-law.ts';
import type { Reasoned } from './reasons.ts';

/** One line for each subscriber, who may be a company. */
export function subscriberLines(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  const text = providerText(track, 'eprivacy-611/3/1', 'uk-pecr/5a/3');
  if (text === null) return [];
  const dues = statutoryDues(text, providerClock(track, text), policy.providerTargetHours);
  return byCustomer(engagements).map((theirs) => {
    const { told, line } = sectionsOf(track, theirs);
    return lineOf(track, text, { ...line, ...adverseEffect(track, told), dues });
  });
}

/** One line for each customer that is itself the provider with the contract; at once, or within its contract's hours. */
export function wholesaleLines(
  track: TrackInput,
  engagements: readonly EngagementInput[],
  policy: Policy,
): ObligationDraft[] {
  const text = providerText(track, 'eprivacy-611/5', 'uk-pecr/611/5');
  if (text === null) return [];
  const { fromAt } = providerClock(track, text);
  const clock = customerClock(text, track, fromAt, policy.wholesaleTargetHours);
  return byCustomer(engagements).map((theirs) => {
    const { told, line } = sectionsOf(track, theirs);
    const dues = contractualDues(track, told, clock);
    return lineOf(track, text, { ...line, ...supplied(track, told), dues });
  });
}

function byCustomer(engagements: readonly EngagementInput[]): EngagementGroup[] {
  return [...engagementsBy(engagements, ({ customerKey }) => customerKey).values()];
}

/** What of a customer's a line is about: what is not excluded; where all of it is, all, so that the reason is on record. */
function sectionsOf(
  track: TrackInput,
  theirs: EngagementGroup,
): {
  readonly told: readonly EngagementInput[];
  readonly line: Pick<ObligationDraft, 'recipientKey' | 'engagementKeys' | 'factsUsed'>;
} {
  const told = theirs.filter((one) => one.exposure !== 'excluded');
  const named = (told.length > 0 ? told : theirs).toSorted((one, other) =>
    one.engagementKey < other.engagementKey ? -1 : 1,
  );
  return {
    told,
    line: {
      recipientKey: theirs[0].customerKey,
      engagementKeys: named.map(({ engagementKey }) => engagementKey),
      factsUsed: [
        ...factsRead(track.assessment),
        ...named.map(({ engagementKey, exposure }) => ({
          name: `exposure/${engagementKey}`,
          value: exposure,
        })),
      ],
    },
  };
}

const noBreach: Reasoned = {
  state: 'not-owed',
  reason: 'Not owed, because this is not a personal data breach.',
};
const excluded: Reasoned = {
  state: 'not-owed',
  reason: 'Not owed, because their lines are excluded; the evidence is kept.',
};
const notLikely: Reasoned = {
  state: 'not-owed',
  reason: 'Not owed, because an adverse effect on subscribers is not likely.',
};

const toDecide = (question: string): Reasoned => ({
  state: 'to-decide',
  reason: `To decide: ${question}`,
});

const otherLaw = (country: string): Reasoned =>
  toDecide(`which law binds a provider in ${country}: 611/2013 binds those in the EEA.`);

/** Art. 3(1), 3(2) and 4: adverse effect is judged by a person wherever the rules find any risk. */
function adverseEffect(
  { assessment, affiliate }: TrackInput,
  told: readonly EngagementInput[],
): Reasoned {
  if (!assessment.isBreach) return noBreach;
  if (told.length === 0) return excluded;
  if (assessment.rules.some(({ id }) => id === 'C-02') && assessment.riskLevel === 'unlikely') {
    return toDecide(
      'whether the authority is satisfied that the protection made the data unintelligible, Art. 4. Once it is, nobody is told; until then they may have to be.',
    );
  }
  if (assessment.riskLevel === 'unlikely') return notLikely;
  if (!isProviderLawOf(affiliate.country)) {
    return otherLaw(affiliate.country);
  }
  if (told.every(({ exposure }) => exposure === 'not-excluded')) {
    return toDecide('whether their lines are affected at all: that is only not excluded yet.');
  }
  if (assessment.riskLevel === 'high-risk' && !assessment.restsOnUnknowns) {
    return {
      state: 'owed',
      reason: 'Owed, because an adverse effect on the data or privacy of subscribers is likely.',
    };
  }
  return toDecide(
    'whether an adverse effect on subscribers is likely, by nature and content of the data, consequences and circumstances, Art. 3(2).',
  );
}

function supplied(
  { assessment, affiliate }: TrackInput,
  told: readonly EngagementInput[],
): Reasoned {
  if (!assessment.isBreach) return noBreach;
  if (told.length === 0) return excluded;
  if (!isProviderLawOf(affiliate.country)) return otherLaw(affiliate.country);
  return {
    state: 'owed',
    reason:
      'Owed at once, because they have the contract with the subscribers and make the notices.',
  };
}
