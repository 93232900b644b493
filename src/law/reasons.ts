/** Why something is owed, is not, or is still to be decided: one or two plain sentences for each line. */
import type { Grade } from '../domain/case.ts';
import type { Assessment, RiskLevel } from './assessment.ts';
import type { Provision } from './provision.ts';

type Decision = 'owed' | 'not-owed' | 'to-decide';

export interface Reasoned {
  readonly state: Decision;
  readonly reason: string;
}

/** Whether the authority is told, by the threshold of the provision. */
export function authorityDecision(assessment: Assessment, provision: Provision): Reasoned {
  if (!assessment.isBreach) return noBreach;
  const level = assessment.riskLevel ?? 'unlikely';
  if (provision.threshold === 'high-risk' && level !== 'high-risk') {
    return notOwed(`a high risk to people is not likely (${riskWords[level]})`);
  }
  if (assessment.notifySA !== 'yes') {
    return notOwed('a risk to people is unlikely; the reasons are documented');
  }
  const because = `${riskWords[level]}${weighing(assessment)}.${unknowns(assessment)}`;
  return provision.threshold === 'high-risk' && assessment.restsOnUnknowns
    ? { state: 'to-decide', reason: `To decide: ${because}` }
    : { state: 'owed', reason: `Owed, because ${because}` };
}

/** Whether people are told. Art. 34(3)(b) and (c) GDPR are never for the engine alone. */
export function subjectDecision(assessment: Assessment): Reasoned {
  if (!assessment.isBreach) return noBreach;
  const fired = (id: string): boolean => assessment.rules.some((rule) => rule.id === id);
  if (assessment.riskLevel !== 'high-risk') {
    const level = riskWords[assessment.riskLevel ?? 'unlikely'];
    return notOwed(`a high risk to people is not likely (${level})`);
  }
  if (fired('E-34-3-b')) {
    return toDecide(
      'measures are said to have ended the high risk, Art. 34(3)(b); a person decides.',
    );
  }
  if (fired('E-34-3-c')) {
    return toDecide(
      'telling each person is said to be disproportionate, Art. 34(3)(c); a person decides whether the public is told instead.',
    );
  }
  if (assessment.restsOnUnknowns) {
    return toDecide(`a high risk follows only from what is not known.${unknowns(assessment)}`);
  }
  return {
    state: 'owed',
    reason: `Owed, because ${riskWords['high-risk']}${weighing(assessment)}.`,
  };
}

/** Whether a breach is documented: always. */
export function registerDecision(assessment: Assessment): Reasoned {
  return assessment.document
    ? { state: 'owed', reason: 'Owed, because every personal data breach is documented.' }
    : noBreach;
}

/** Whether a customer is told, by how the most exposed of its engagements stands. */
export function customerDecision(assessment: Assessment, exposure: Grade): Reasoned {
  if (assessment.notifyController !== 'yes') return noBreach;
  switch (exposure) {
    case 'confirmed':
      return owedTo('their data are confirmed to be affected');
    case 'likely':
      return owedTo('their data are likely to be affected');
    case 'not-excluded':
      return owedTo('their data cannot yet be excluded; the notice says only that');
    case 'excluded':
      return notOwed('their data are excluded; the evidence is kept');
  }
}

const noBreach: Reasoned = {
  state: 'not-owed',
  reason: 'Not owed, because this is not a personal data breach, Art. 4(12) GDPR.',
};

const riskWords: Readonly<Record<RiskLevel, string>> = {
  unlikely: 'a risk to people is unlikely',
  risk: 'a risk to people is not unlikely',
  'high-risk': 'a high risk to people is likely',
};

function notOwed(because: string): Reasoned {
  return { state: 'not-owed', reason: `Not owed, because ${because}.` };
}

function owedTo(because: string): Reasoned {
  return { state: 'owed', reason: `Owed, because ${because}.` };
}

function toDecide(because: string): Reasoned {
  return { state: 'to-decide', reason: `To decide: ${because}` };
}

/** Which of confidentiality, availability and integrity make the level. */
function weighing({ parts, riskLevel }: Assessment): string {
  const named = { confidentiality: parts.c, availability: parts.a, integrity: parts.i };
  const weighty = Object.entries(named)
    .filter(([, level]) => level === riskLevel)
    .map(([name]) => name);
  return weighty.length === 0 ? '' : ` (${weighty.join(', ')})`;
}

/** What would settle a result that rests on unknowns. */
function unknowns({ restsOnUnknowns, unknownsUsed }: Assessment): string {
  if (!restsOnUnknowns || unknownsUsed.length === 0) return '';
  const named = unknownsUsed.slice(0, 4).join(', ');
  const more = unknownsUsed.length > 4 ? ` and ${String(unknownsUsed.length - 4)} more` : '';
  return ` Not known, and so counted at its worse: ${named}${more}.`;
}
