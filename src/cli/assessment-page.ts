/** An assessment as a person reads it: the answers, what they rest on, and how they came about. */
import type { Assessment, Change } from '../law/assessment.ts';
import { disagrees } from '../law/enisa.ts';
import type { Severity } from '../law/enisa.ts';
import { reviewText } from '../law/review-flags.ts';
import { ruleText } from '../law/rules.ts';
import { pairLines } from './table.ts';
import type { Paint } from './terminal.ts';

/** The lines of one result; with the severity of ENISA given, the derivation too, rule by rule with the facts each read. */
export function assessmentLines(
  result: Assessment,
  advice: Severity | null,
  paint: Paint,
): string[] {
  const ours = (answer: 'yes' | 'no' | null): string => answer ?? 'not ours to decide';
  return [
    ...pairLines(
      [
        ['personal data breach', result.isBreach ? 'yes' : 'no'],
        ['risk to people', result.riskLevel ?? 'not ours to assess'],
        ['tell the authority', ours(result.notifySA)],
        ['tell the people', ours(result.notifySubjects)],
        ['tell the public instead', ours(result.publicCommunication)],
        ['tell the controllers', ours(result.notifyController)],
        ['document it', result.document ? 'yes' : 'no'],
        [
          'rests on unknowns',
          result.restsOnUnknowns ? `yes: ${result.unknownsUsed.join(', ')}` : 'no',
        ],
      ],
      paint,
    ),
    ...(advice === null
      ? []
      : [...derivation(result, paint), ...severityLines(result, advice, paint)]),
    ...listed(
      'For a person to look at',
      result.humanReview.map((flag) => `${flag}: ${reviewText(flag)}`),
      paint,
    ),
    ...listed('What would change it', result.whatWouldChangeIt.map(changeText), paint),
    paint('faint', `Rules ${result.ruleSetVersion}. The engine proposes; a named person decides.`),
    '',
  ];
}

function derivation(result: Assessment, paint: Paint): string[] {
  const parts = [
    ['confidentiality', result.parts.c],
    ['availability', result.parts.a],
    ['integrity', result.parts.i],
  ] as const;
  return [
    '',
    paint('title', 'How it came about'),
    ...result.rules.flatMap(({ id, citation, factsUsed }, index) => {
      const isLast = index === result.rules.length - 1;
      const facts = factsUsed.map(({ name, value }) => `${name} = ${JSON.stringify(value)}`);
      return [
        `${isLast ? '└─' : '├─'} ${paint('title', id)} ${ruleText(id).label}`,
        `${isLast ? '  ' : '│ '}   ${paint('faint', citation)}`,
        ...facts.map((fact) => `${isLast ? '  ' : '│ '}   ${fact}`),
      ];
    }),
    ...parts.flatMap(([name, level]) => (level === null ? [] : [`   ${name}: ${level}`])),
  ];
}

function severityLines(result: Assessment, advice: Severity, paint: Paint): string[] {
  if (result.riskLevel === null) return [];
  const { dpc, ei, confidentiality, integrity, availability, malicious, se, band, flags } = advice;
  const circumstances = [confidentiality, integrity, availability, malicious]
    .map(String)
    .join(' + ');
  const differs = disagrees(advice, result.riskLevel) ? ' It would put the risk elsewhere.' : '';
  return [
    '',
    paint('title', 'ENISA severity, advice only'),
    `SE = ${String(dpc)} x ${String(ei)} + (${circumstances}) = ${String(se)}: ${band}.${differs}`,
    ...(flags.length === 0 ? [] : [`Beside the formula: ${flags.join(', ')}.`]),
  ];
}

function listed(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ['', paint('title', title), ...lines.map((line) => `- ${line}`)];
}

function changeText({ fact, from, to, riskLevel, notifySA, notifySubjects }: Change): string {
  const then = [
    `risk ${riskLevel ?? 'not assessed'}`,
    `authority ${notifySA ?? 'not ours'}`,
    `people ${notifySubjects ?? 'not ours'}`,
  ];
  return `${fact} ${JSON.stringify(to)} instead of ${JSON.stringify(from)}: ${then.join(', ')}`;
}
