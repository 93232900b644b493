/** What docs/obligations.md says, made from the rules and the published cases. */
import { assess } from '../../src/law/assess.ts';
import { authorities } from '../../src/law/authorities.ts';
import { periodText } from '../../src/law/period.ts';
import { allProvisions, type Provision } from '../../src/law/provisions.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { regimeNames } from '../../src/law/regimes.ts';
import { reviewFlagIds, reviewText } from '../../src/law/review-flags.ts';
import { ruleIds, ruleSetVersion, ruleText } from '../../src/law/rules.ts';
import { publishedCases } from '../law/published-cases.ts';

function provisionPage(text: Provision): string[] {
  const given =
    text.period === null ? 'no number' : `${periodText(text.period)} from ${text.runsFrom}`;
  const dates =
    text.status === 'proposed'
      ? '**proposed, not law**: read in `tocsin law what-if` only'
      : `${text.effectiveFrom ?? ''} to ${text.effectiveTo ?? 'now'}`;
  return [
    `### \`${text.id}\` ${text.label}`,
    '',
    text.summary,
    '',
    `- Citation: ${text.citation}`,
    `- Dates: ${dates}`,
    `- Set off by: ${text.trigger}; threshold: ${text.threshold}; period: ${given}`,
    `- Use: ${text.use === 'obligation' ? 'carried out as an obligation' : 'a clock shown beside a case'}`,
    `- Source: ${text.source} (${text.verification})`,
    '',
  ];
}

/** The published cases in which a rule fires. */
function casesOf(): Map<string, number[]> {
  const cases = new Map<string, number[]>();
  for (const { no, facts } of publishedCases) {
    for (const { id } of assess(facts).rules) cases.set(id, [...(cases.get(id) ?? []), no]);
  }
  return cases;
}

function rulesTable(): string[] {
  const cases = casesOf();
  return [
    '| rule | what it says | citation | EDPB 01/2021 cases in which it fires |',
    '| --- | --- | --- | --- |',
    ...ruleIds.map((id) => {
      const { label, citation } = ruleText(id);
      const fired = cases.get(id) ?? [];
      return `| ${id} | ${label} | ${citation} | ${fired.length === 0 ? 'none' : fired.join(', ')} |`;
    }),
    '',
  ];
}

/** The whole page as Markdown. */
export function obligationsPage(): string {
  const regimes = [...new Set(allProvisions.map((text) => text.regime))];
  const checked = authorities.filter(
    (authority) => authority.verification === 'source-read',
  ).length;
  return [
    '# Obligations',
    '',
    `Written from the rules in [src/law](../src/law) by \`npm run docs:obligations\`; a test fails when it no longer says what they say. Rule set ${ruleSetVersion}.`,
    '',
    'Not legal advice. "source-read" means that an official page or a copy of the text was read; "secondary-source" and "to-verify" want a check by counsel before they are relied on.',
    '',
    ...regimes.flatMap((regime) => [
      `## ${regimeNames[regime]}`,
      '',
      ...allProvisions.filter((text) => text.regime === regime).flatMap(provisionPage),
    ]),
    '## How the risk is assessed',
    '',
    'The rules in the order of their ids; the engine proposes, a named person decides.',
    '',
    ...rulesTable(),
    '## Where a person must look',
    '',
    '| flag | what to look at |',
    '| --- | --- |',
    ...reviewFlagIds.map((flag) => `| ${flag} | ${reviewText(flag)} |`),
    '',
    '## Numbers that are policy, not law',
    '',
    '| number | value |',
    '| --- | --- |',
    ...Object.entries(defaultPolicy).map(([name, value]) => `| ${name} | ${String(value)} |`),
    '',
    '## Authorities',
    '',
    `${String(authorities.length)} authorities are carried, ${String(checked)} of them read at their own source; each shows its state of verification where it is named.`,
    '',
  ].join('\n');
}
