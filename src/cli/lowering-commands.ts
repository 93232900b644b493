/** `tocsin lowering propose|list|advise|confirm|decline`: the one act by which a result is lowered, by three people. */
import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import type { JsonObject } from '../domain/json.ts';
import type { Lowering } from '../domain/lowering.ts';
import { withYes } from './case-decisions.ts';
import { CliError, exitCodes } from './exit.ts';
import { factsFrom } from './facts.ts';
import { examples, repeated } from './program-help.ts';
import { given, openSession, sayEngine } from './session.ts';
import type { Surroundings } from './session.ts';

/** Adds the commands of the governed act. */
export function addLoweringCommands(parent: Command, around: Surroundings): void {
  addPropose(parent, around);
  addList(parent, around);
  addAdvise(parent, around);
  addConfirm(parent, around);
  addDecline(parent, around);
}

const kinds = ['not-a-breach', 'facts', 'excluded', 'later-awareness', 'not-notified'] as const;
type Kind = (typeof kinds)[number];

interface Grounds {
  readonly reason: string;
  readonly evidence: string;
  readonly from: string;
  readonly until: string;
  readonly log: readonly string[];
  readonly gaps: string;
  readonly zone?: string;
  readonly select: string;
  readonly about?: string;
}

function addPropose(parent: Command, around: Surroundings): void {
  const command = parent
    .command('propose')
    .description('propose that less is owed, with reason, evidence and what the logs cover')
    .argument('<case>', 'reference or id')
    .addArgument(new Argument('<kind>', 'what is to be lowered').choices(kinds))
    .argument(
      '[what...]',
      'facts: name=value; excluded: keys; later-awareness: the time; not-notified: the obligation id',
    )
    .requiredOption('--reason <text>', 'why; kept in the register')
    .requiredOption('--evidence <text>', 'what shows it')
    .requiredOption('--from <time>', 'from when the logs reach, RFC 3339 with offset')
    .requiredOption('--until <time>', 'until when')
    .requiredOption('--log <name>', 'a log that was looked at (repeatable)', repeated)
    .requiredOption('--gaps <text>', 'what the logs do not show; "none known" is an answer')
    .option('--zone <zone>', 'time zone of a later awareness; left out, the one of the case')
    .option('--about <key>', 'what the facts are about; left out, the whole case')
    .addOption(
      new Option('--select <what>', 'what the keys to exclude name')
        .choices(['engagement', 'processing', 'product', 'asset', 'customer'])
        .default('engagement'),
    );
  examples(command, [
    'tocsin lowering propose B-2026-0042 facts exfiltration=ruled_out --reason "No transfer out" --evidence "Flow records" --from 2026-06-14T00:00:00Z --until 2026-06-15T16:00:00Z --log netflow --gaps "none known"',
  ]).action(async (reference: string, kind: Kind, what: string[], options: Grounds) => {
    const session = openSession(command, around, 'rita');
    const file = await session.findCase(reference);
    const answer = await session.api.post<{ loweringId: string; engine: string }>(
      `/cases/${file.caseId}/lowerings`,
      {
        act: actFrom(kind, what, { ...options, zone: options.zone ?? file.awareZone }),
        reason: options.reason,
        evidence: options.evidence,
        coverage: {
          fromAt: options.from,
          untilAt: options.until,
          logs: [...options.log],
          gaps: options.gaps,
        },
      },
    );
    session.answer(answer, () => [
      `Proposed for ${file.reference}; nothing is lowered yet.`,
      `Next, as DPO: tocsin lowering advise ${answer.loweringId} for --text "…"`,
    ]);
    sayEngine(session, answer);
  });
}

function actFrom(
  kind: Kind,
  what: readonly string[],
  options: Pick<Grounds, 'select' | 'about'> & { readonly zone: string },
): JsonObject {
  const [one = ''] = what;
  switch (kind) {
    case 'not-a-breach':
      return { kind };
    case 'facts':
      return {
        kind,
        facts: factsFrom(what, options.about === undefined ? {} : { about: options.about }),
      };
    case 'excluded':
      return {
        kind,
        entries: named(what, 'a key').map((key) => ({ select: options.select, key })),
      };
    case 'later-awareness':
      named(what, 'the time of awareness');
      return { kind, awareAt: one, zone: options.zone };
    case 'not-notified':
      named(what, 'the id of the obligation');
      return { kind, obligationId: one };
  }
}

function named(what: readonly string[], thing: string): readonly string[] {
  if (what.length > 0) return what;
  throw new CliError(
    exitCodes.usage,
    `${thing} is missing`,
    'see "tocsin lowering propose --help"',
  );
}

function addList(parent: Command, around: Surroundings): void {
  const command = parent
    .command('list')
    .description('lowerings of a case, with the result before and after')
    .argument('<case>', 'reference or id');
  examples(command, ['tocsin lowering list B-2026-0042']).action(async (reference: string) => {
    const session = openSession(command, around, 'leo');
    const file = await session.findCase(reference);
    const page = await session.api.get<{ items: Lowering[] }>(`/cases/${file.caseId}/lowerings`);
    session.answer(page, () =>
      page.items.length === 0
        ? [`Nothing was lowered in ${file.reference}, and nothing is proposed.`]
        : page.items.flatMap(linesOf),
    );
  });
}

function linesOf(one: Lowering): string[] {
  const { act, coverage, opinion, decision } = one;
  return [
    `${one.loweringId}  ${act.kind}  ${one.state}`,
    `  proposed by ${one.proposedByName} ${one.proposedAt}: ${one.reason}`,
    `  evidence: ${one.evidence}`,
    `  logs: ${coverage.logs.join(', ')} from ${coverage.fromAt} until ${coverage.untilAt}; gaps: ${coverage.gaps}`,
    `  without it: ${JSON.stringify(one.resultBefore)}`,
    `  with it:    ${JSON.stringify(one.resultAfter)}`,
    opinion === null
      ? '  missing: the opinion of the DPO'
      : `  opinion of ${opinion.byName}, ${opinion.favours ? 'for' : 'against'}: ${opinion.text}`,
    ...(decision === null
      ? []
      : [`  ${one.state} by ${decision.byName} ${decision.at}${reasonOf(decision.reason)}`]),
  ];
}

function reasonOf(reason: string | null): string {
  return reason === null ? '' : `: ${reason}`;
}

function addAdvise(parent: Command, around: Surroundings): void {
  const command = parent
    .command('advise')
    .description("put the DPO's opinion on a lowering on record")
    .argument('<lowering>', 'its id')
    .addArgument(new Argument('<side>', 'for or against it').choices(['for', 'against']))
    .requiredOption('--text <text>', 'the opinion; kept in the register');
  examples(command, [
    'tocsin lowering advise 0197… against --text "Two days of logs are missing"',
  ]).action(async (loweringId: string, side: string, options: { text: string }) => {
    const session = openSession(command, around, 'dora');
    const body = { text: options.text, favours: side === 'for' };
    const answer = await session.api.post<{ engine: string }>(
      `/lowerings/${loweringId}/opinion`,
      body,
    );
    session.answer(answer, () => [
      'The opinion is on record; a third person confirms or declines.',
      `Next: tocsin lowering confirm ${loweringId}`,
    ]);
  });
}

function addConfirm(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('confirm'))
    .description('confirm a lowering as a third person; it takes effect at once')
    .argument('<lowering>', 'its id')
    .option('--reason <text>', 'why; kept in the register');
  examples(command, ['tocsin lowering confirm 0197… --reason "The logs are complete"']).action(
    async (loweringId: string, options: { yes?: boolean; reason?: string }) => {
      const session = openSession(command, around, 'leo');
      await session.confirm({
        yes: options.yes,
        what: 'This lowers what is owed',
        word: 'lower',
      });
      const answer = await session.api.post<{ engine: string }>(
        `/lowerings/${loweringId}/confirmation`,
        given({ reason: options.reason }),
      );
      session.answer(answer, () => [
        'Confirmed: it counts from now on; what stood before is kept.',
      ]);
      sayEngine(session, answer);
    },
  );
}

function addDecline(parent: Command, around: Surroundings): void {
  const command = parent
    .command('decline')
    .description('decline a lowering: what stands goes on to count')
    .argument('<lowering>', 'its id')
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, ['tocsin lowering decline 0197… --reason "The logs have a gap"']).action(
    async (loweringId: string, options: { reason: string }) => {
      const session = openSession(command, around, 'leo');
      const answer = await session.api.post(`/lowerings/${loweringId}/refusal`, {
        reason: options.reason,
      });
      session.answer(answer, () => ['Declined: what stands goes on to count.']);
    },
  );
}
