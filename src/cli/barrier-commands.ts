/** `tocsin hold record|list|confirm|lift` and `tocsin mail bar|open`: what keeps released notices from leaving. */
import type { Command } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { barrierLines, type Barriers } from './barrier-page.ts';
import { examples, repeated } from './program-help.ts';
import { act, given, openSession, type Surroundings } from './session.ts';

/** Adds the commands that hold notices of a case back and let them go. */
export function addHoldCommands(parent: Command, around: Surroundings): void {
  const record = parent
    .command('record')
    .description('a lawful request to delay telling people')
    .argument('<case>', 'reference or id')
    .option('--to <kind>', 'data-subject unless named (repeatable)', repeated)
    .requiredOption('--requested-by <who>')
    .requiredOption('--reference <text>', 'theirs')
    .option('--document <text>', 'where the request is kept')
    .requiredOption('--until <time>', 'case time, RFC 3339 with offset')
    .requiredOption('--reason <text>');
  examples(record, [
    'tocsin hold record B-2026-0042 --requested-by "Public prosecutor" --reference "AZ 12/26" --until 2026-07-01T12:00:00Z --reason "An arrest is near"',
  ]).action(async (reference: string, options: HoldOptions) => {
    const session = openSession(record, around, 'leo');
    const { caseId } = await session.findCase(reference);
    const holdId = uuidv7();
    const body = given({
      holdId,
      recipientKinds: options.to === undefined ? undefined : [...options.to],
      requestedBy: options.requestedBy,
      reference: options.reference,
      document: options.document,
      reason: options.reason,
      expiresAt: options.until,
    });
    await act(session, `/cases/${caseId}/holds`, body, `Held: ${holdId}`);
  });
  const list = parent.command('list').description('holds and bars').argument('<case>');
  examples(list, ['tocsin hold list B-2026-0042']).action(async (reference: string) => {
    const session = openSession(list, around, 'leo');
    const { caseId } = await session.findCase(reference);
    const answer = await session.api.get<Barriers>(`/cases/${caseId}/barriers`);
    session.answer(answer, () => barrierLines(answer, session.paint));
  });
  const confirm = parent
    .command('confirm')
    .description('stand behind it as the second of legal and executive')
    .argument('<hold>', 'id');
  examples(confirm, ['tocsin hold confirm 0197…']).action(async (id: string) => {
    const session = openSession(confirm, around, 'eva');
    await act(session, `/holds/${encodeURIComponent(id)}/confirmation`, {}, 'Confirmed.');
  });
  addWithReason(parent, around, 'lift', 'end it: what was released goes on', 'holds', 'lifting');
}

interface HoldOptions {
  readonly to?: readonly string[];
  readonly requestedBy: string;
  readonly reference: string;
  readonly document?: string;
  readonly until: string;
  readonly reason: string;
}

/** Adds the commands that bar the mail channel and open it again. */
export function addMailCommands(parent: Command, around: Surroundings): void {
  const bar = parent
    .command('bar')
    .description('no machine sends notices by mail any more: of one case, or of the house')
    .option('--case <case>', 'reference or id; left out, the whole house')
    .requiredOption('--reason <text>', 'what makes you suspect mail');
  examples(bar, ['tocsin mail bar --case B-2026-0042 --reason "A mailbox reads along"']).action(
    async (options: { case?: string; reason: string }) => {
      const session = openSession(bar, around, 'rita');
      const barId = uuidv7();
      const named = options.case === undefined ? null : await session.findCase(options.case);
      const path = named === null ? '/bars' : `/cases/${named.caseId}/bars`;
      await act(session, path, { barId, reason: options.reason }, `Barred: ${barId}`);
    },
  );
  addWithReason(parent, around, 'open', 'open it again; it takes two people', 'bars', 'opening');
}

function addWithReason(
  parent: Command,
  around: Surroundings,
  name: string,
  description: string,
  things: string,
  path: string,
): void {
  const command = parent
    .command(name)
    .description(description)
    .argument('<id>')
    .requiredOption('--reason <text>');
  examples(command, [`tocsin ${parent.name()} ${name} 0197… --reason TEXT`]).action(
    async (id: string, { reason }: { reason: string }) => {
      const session = openSession(command, around, 'leo');
      await act(session, `/${things}/${encodeURIComponent(id)}/${path}`, { reason }, 'Recorded.');
    },
  );
}
