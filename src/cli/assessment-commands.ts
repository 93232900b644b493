/** `tocsin case assessment|group`: what the rules made of the facts of a case, and people of it who stand apart. */
import type { Command } from 'commander';
import type { AssessmentView } from '../domain/assessment-ports.ts';
import type { Assessment } from '../law/assessment.ts';
import type { Severity } from '../law/enisa.ts';
import { assessmentLines } from './assessment-page.ts';
import { factsFrom } from './facts.ts';
import { examples, repeated } from './program-help.ts';
import { given, openSession, sayEngine } from './session.ts';
import type { Surroundings } from './session.ts';
import type { Paint } from './terminal.ts';

/** As the server kept it: results in the form of this program's own law. */
type Shown = Omit<AssessmentView, 'whole' | 'groups' | 'severity'> & {
  readonly whole: Assessment;
  readonly groups: readonly { name: string; people: number | null; result: Assessment }[];
  readonly severity: Severity | null;
};

/** Adds the commands about assessments of cases. */
export function addAssessmentCommands(parent: Command, around: Surroundings): void {
  const command = parent
    .command('assessment')
    .description('what the rules made of the facts, per track and group, with earlier results')
    .argument('<case>', 'reference or id');
  examples(command, ['tocsin case assessment B-2026-0042']).action(async (reference: string) => {
    const session = openSession(command, around, 'leo');
    const file = await session.findCase(reference);
    const page = await session.api.get<{ items: Shown[] }>(`/cases/${file.caseId}/assessments`);
    session.answer(page, () =>
      page.items.length === 0
        ? ['Nothing was assessed yet: it is, once a breach is determined.']
        : [...Map.groupBy(page.items, ({ trackId }) => trackId).values()].flatMap((track) =>
            trackLines(track, session.paint),
          ),
    );
  });
  addGroup(parent, around);
}

function trackLines([newest, ...earlier]: readonly Shown[], paint: Paint): string[] {
  if (newest === undefined) return [];
  const about = newest.processingKey === '' ? '' : `, ${newest.processingKey}`;
  const { largeScale, manyKnown, availabilityHoursNoRisk } = newest.policy;
  return [
    paint('title', `${newest.affiliateKey} as ${newest.role}${about}`),
    ...assessmentLines(newest.whole, newest.severity, paint),
    ...newest.groups.flatMap(({ name, people, result }) => [
      paint('title', `${name}${people === null ? '' : `, ${String(people)} people`}`),
      ...assessmentLines(result, null, paint),
    ]),
    paint(
      'faint',
      `Policy of the house, not law: large scale ${String(largeScale)} people, many ${String(manyKnown)} recipients, ${String(availabilityHoursNoRisk)} h without risk.`,
    ),
    ...earlier.map(
      ({ at, factsVersion, whole }) =>
        `earlier, ${at}, facts ${String(factsVersion)}: risk ${whole.riskLevel ?? 'not assessed'}`,
    ),
    '',
  ];
}

function addGroup(parent: Command, around: Surroundings): void {
  const command = parent
    .command('group')
    .description('name people who stand apart, and what is different for them')
    .argument('<case>', 'reference or id')
    .argument('<name>', 'who they are, such as "weak hashes"')
    .requiredOption('--fact <name=value>', 'what is different for them (repeatable)', repeated)
    .option('--people <n>', 'how many they are', Number)
    .option('--about <key>', 'the own processing they belong to; left out, the whole case')
    .option('--fact-source <text>', 'where it comes from');
  examples(command, [
    'tocsin case group B-2026-0042 "weak hashes" --people 212 --fact protection.credentialStorage=weak_hash',
  ]).action(
    async (
      reference: string,
      name: string,
      options: { fact: string[]; people?: number; about?: string; factSource?: string },
    ) => {
      const session = openSession(command, around, 'rita');
      const file = await session.findCase(reference);
      const { factSource } = options;
      const answer = await session.api.post<{ engine: string }>(
        `/cases/${file.caseId}/groups`,
        given({
          name,
          people: options.people,
          about: options.about,
          facts: factsFrom(options.fact, factSource === undefined ? {} : { factSource }),
        }),
      );
      session.answer(answer, () => [
        `"${name}" stands apart in ${file.reference}; further facts are about "set:${name}".`,
      ]);
      sayEngine(session, answer);
    },
  );
}
