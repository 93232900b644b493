/** `tocsin obligation withdraw|supplement` and `tocsin case allow-fan-out|explain-delay|end-investigation`: who is told, and again. */
import { Argument, InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { withYes } from './case-decisions.ts';
import { examples } from './program-help.ts';
import { openSession, sayEngine } from './session.ts';
import type { Surroundings } from './session.ts';

interface Reasoned {
  readonly reason: string;
  readonly yes?: boolean;
}

/** Adds `obligation withdraw` and `obligation supplement`. */
export function addFollowUpCommands(parent: Command, around: Surroundings): void {
  addWithdraw(parent, around);
  addSupplement(parent, around);
}

function addWithdraw(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('withdraw'))
    .description('withdraw what was notified, or record why it stands')
    .argument('<obligation>', 'id')
    .addArgument(new Argument('<decision>').choices(['withdraw', 'keep']))
    .addOption(
      new Option('--cause <cause>', 'why it no longer stands')
        .choices(['not-a-breach', 'not-affected', 'wrong-recipient'])
        .default('not-a-breach'),
    )
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, [
    'tocsin obligation withdraw 0197… withdraw --cause wrong-recipient --reason "Two customers of one name"',
    'tocsin obligation withdraw 0197… keep --reason "They asked to be told of attempts as well"',
  ]).action(async (id: string, decision: string, options: Reasoned & { cause: string }) => {
    const session = openSession(command, around, 'leo');
    await session.confirm({
      yes: options.yes,
      what: `This decides "${decision}" on what was notified under obligation ${id}`,
      word: decision,
    });
    const withdraw = decision === 'withdraw';
    const answer = await session.api.post<{ noticeId: string | null; engine: string }>(
      `/obligations/${encodeURIComponent(id)}/withdrawal`,
      { withdraw, cause: options.cause, reason: options.reason },
    );
    session.answer(answer, () => [
      withdraw
        ? `The withdrawal is being drafted: tocsin notice show ${answer.noticeId ?? ''}`
        : 'It stands.',
    ]);
    sayEngine(session, answer);
  });
}

function addSupplement(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('supplement'))
    .description('tell a recipient of what changed, or declare a supplement unnecessary')
    .argument('<obligation>', 'id')
    .addArgument(new Argument('<decision>').choices(['tell', 'unnecessary']))
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, [
    'tocsin obligation supplement 0197… unnecessary --reason "A spelling only; the DPO agrees"',
  ]).action(async (id: string, decision: string, options: Reasoned) => {
    const session = openSession(command, around, 'leo');
    await session.confirm({
      yes: options.yes,
      what: `This decides "${decision}" on telling the recipient of obligation ${id} what changed`,
      word: decision,
    });
    const answer = await session.api.post<{ noticeId: string | null; engine: string }>(
      `/obligations/${encodeURIComponent(id)}/supplement`,
      { tell: decision === 'tell', reason: options.reason },
    );
    session.answer(answer, () => [
      decision === 'tell' ? 'They are told again.' : 'They are not told of it.',
    ]);
    sayEngine(session, answer);
  });
}

/** Adds `case allow-fan-out`, `case explain-delay` and `case end-investigation`. */
export function addFindingCommands(parent: Command, around: Surroundings): void {
  addFanOut(parent, around);
  const delay = parent
    .command('explain-delay')
    .description('record why the notification is late, Art. 33(1); a supplement carries it')
    .argument('<case>', 'reference or id')
    .requiredOption('--reasons <text>', 'they stand in the notice as written');
  examples(delay, [
    'tocsin case explain-delay B-2026-0042 --reasons "The report lay in a mailbox nobody read"',
  ]).action(async (reference: string, options: { reasons: string }) => {
    const session = openSession(delay, around, 'leo');
    const file = await session.findCase(reference);
    const path = `/cases/${file.caseId}/delay`;
    const answer = await session.api.post<{ engine: string }>(path, { reasons: options.reasons });
    session.answer(answer, () => ['Recorded; authorities that were told late get a supplement.']);
    sayEngine(session, answer);
  });
  addEnd(parent, around);
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('must be a whole number.');
};

function addFanOut(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('allow-fan-out'))
    .description('let many customers be told whose data are merely not excluded')
    .argument('<case>', 'reference or id')
    .argument('<customers>', 'how many, as "case show" says', wholeNumber)
    .requiredOption('--reason <text>', 'why now; kept in the register');
  examples(command, [
    'tocsin case allow-fan-out B-2026-0042 312 --reason "The host is shared by all of them"',
  ]).action(async (reference: string, customers: number, options: Reasoned) => {
    const session = openSession(command, around, 'leo');
    const file = await session.findCase(reference);
    const what = `This lets ${String(customers)} customers be told that their data are not excluded; each notice starts their own 72 hours`;
    await session.confirm({ yes: options.yes, what, word: 'tell' });
    const path = `/cases/${file.caseId}/fan-out`;
    const body = { customers, reason: options.reason };
    const answer = await session.api.post<{ engine: string }>(path, body);
    session.answer(answer, () => ['They may be told; each notice still needs its approval.']);
    sayEngine(session, answer);
  });
}

function addEnd(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('end-investigation'))
    .description('say that the investigation is over; final notices follow')
    .argument('<case>', 'reference or id')
    .option('--not-obtainable <facts...>', 'facts that could not be established')
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, [
    'tocsin case end-investigation B-2026-0042 --not-obtainable subjects.types --reason "Report of the response team"',
  ]).action(async (reference: string, options: Reasoned & { notObtainable?: string[] }) => {
    const session = openSession(command, around, 'leo');
    const file = await session.findCase(reference);
    await session.confirm({
      yes: options.yes,
      what: `This ends the investigation of ${file.reference}`,
      word: file.reference,
    });
    const answer = await session.api.post<{ endedAt: string; engine: string }>(
      `/cases/${file.caseId}/investigation-end`,
      { notObtainable: options.notObtainable ?? [], reason: options.reason },
    );
    session.answer(answer, () => [`Ended at ${answer.endedAt}; final notices are being drafted.`]);
    sayEngine(session, answer);
  });
}
